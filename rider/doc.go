// Package rider is who can deliver: profiles, sign-in, shifts, offers, plans, positions.
//
// What is durable lives in PostgreSQL, and each function that changes it works inside the caller's transaction, so that an
// accepted offer, the orders it holds and the rider's plan change together or not at all. Three invariants are indexes, not
// promises of this code: a rider has one open shift, a rider has one open offer, an order is in one open offer. Functions that
// may lose such a race say who won and never abort the transaction.
//
// Lock order, for whoever combines these functions: plans (LockPlans takes an advisory lock per rider, in a fixed order),
// then offers, then orders.
//
// What is fast lives in memory. A phone's fixes go to Ingest.Accept, which
//
//  1. tells good fixes from duplicate, late, future, inaccurate, impossible and made-up ones (judge),
//  2. moves the rider in the Index, a grid with every rider of whom something was heard lately, as far as the fix is worth (smooth),
//  3. tells the bus, in one message with all who moved in the zone within 50 ms; every node's Index follows (Follow),
//  4. queues the fixes for the writer (Ingest.Run), which stores them in batches of thousands, each once (doubtError).
//
// The newest fix by the phone's time wins everywhere, so messages may be lost, repeated or reordered and all nodes still agree
// on a rider's last position. A starting node subscribes first (Follow), then loads (Load): whatever arrives in between is merged
// by the same rule.
//
// Presence, Merge and the filter are pure functions of their arguments; time comes from the caller or from a clock.Clock.
package rider
