// Package client speaks Paidan's public HTTP API: the merchant's, the rider's and the staff's side of it.
//
// A Client is one server; Merchant, Rider and Staff are one caller each, with their way of proving who they are.
// All of them share the Client's connections and counters.
//
// A call that is safe to send twice is sent again, with a growing pause, when the server is away: reads, and the writes
// that carry a key by which the server knows them (an order's Idempotency-Key, a rider's action_id, a fix's seq).
// So a caller survives a server that is killed and started again without losing or doubling anything. A caller that
// must survive its own end as well keeps the key and sends it again.
//
// An answer that is not 2xx becomes a *Problem (RFC 9457); Code tells what happened.
//
// Rider.Stream follows what a rider has to do: the whole plan and all open offers at every change, so that a missed
// change costs nothing once the next one or the snapshot after a reconnection has come.
package client
