// Package bus carries what is fast and may be lost: wakes, positions, changes for consoles. It is NATS core, and the only
// package that knows so.
//
// Nothing durable goes this way. A message reaches whoever listens at that moment, at most once; a listener that is too slow loses
// the newest, and the loss is counted and logged. So every reader must be able to re-read the truth: subscribe
// first, then load, then apply what comes.
//
// Without a URL an embedded server runs in the process, reached through memory by the same client code. With one, the client
// connects, and reconnects for ever, holding what is published meanwhile up to a limit.
package bus
