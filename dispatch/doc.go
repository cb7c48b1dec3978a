// Package dispatch decides who gets what.
//
// A zone is dispatched in rounds. One process holds the zone's lease (internal/pg) and runs its Loop; events only wake
// the loop, a round always re-reads the truth, so a lost wake costs one interval and nothing else:
//
//	snapshot.go  what is so: open orders, riders on shift, plans, open offers (one REPEATABLE READ read), positions (index)
//	problem.go   the snapshot as a solver.Problem (pure)
//	solver/      the problem's plan (pure)
//	decide.go    what of the plan is committed now, and what is held, and why (pure)
//	commit.go    decisions written in groups, each checked against the lease's term and the rows' versions
//	explain.go   why: one row per decision, one per order and reason of waiting
//
// What people do to orders (accept an offer, arrive, deliver, assign by hand) goes through Service, which changes the
// order, the rider's plan and the offer in one transaction and tells the bus afterwards.
//
// Locks are taken in the order plans, offers, orders, each sorted by id, so that no two writers wait for each other.
package dispatch
