// Package order is what an order is: one delivery job, from a store to a customer, and the rules by which it changes.
//
// An order moves through the states of lifecycle.go, one table of events (from which states, into which, with what
// effect) behind one pure function, Order.Apply. The picture of it, docs/lifecycle.md, is generated from that table.
// Kitchen progress (accepted, ready estimate, ready) is data and no state, because a rider must be found before the food is ready.
//
// Two functions write orders. PlaceAll makes them; ApplyAll is the only writer afterwards: it locks the rows, applies
// the events, writes the rows and the history, all in the caller's transaction and in a fixed number of statements however many
// orders it is given. The history (order_events) replays to the row, which Replay proves, and the database repeats the
// invariants as CHECKs.
//
// A person's action may be sent twice, late or out of order. An event that carries an ActionID which the order has seen,
// or that already happened (ErrRepeated), changes nothing and is answered with the order as it is; one that is impossible now is a
// *TransitionError, which names what would be possible.
//
// Reference data (merchants, stores, API keys) lives in merchant.go, store.go and key.go, over GORM.
package order
