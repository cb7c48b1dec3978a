// Package jobs runs work that must happen even if this process dies: webhooks, pushes, settlement, exports, chores by
// the clock. It is River on PostgreSQL, and the only package that knows so.
//
// A job is inserted in the transaction of the change that causes it: both happen or neither. Its arguments are a struct with a
// Kind; a handler for that kind, on any node that registered one, runs it at least once, so handlers are idempotent. A failed
// attempt is retried by the arguments' Policy; Discard gives up at once.
//
// Cron chores are timed by every node's own clock and inserted as jobs that are unique by arguments and due time, so
// only one runs, wherever. A chore that came due while every node was down is not made up for: a handler covers what has
// gathered since it last ran.
package jobs
