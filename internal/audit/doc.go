// Package audit keeps who changed what, and when: one row for each act of a person or a program, in the table audit_log, to which
// the application can add but in which it can change nothing.
//
// Whoever lets a request in begins a Pen and hands its context on. The pen watches the transactions that are made with
// that context (pg.Witness) and writes its row in the first one that has written something: both commit, or neither. So what does
// the change need not know of it, and can't forget it. Who creates something may tell its id (Target), who finds out later who
// is acting may tell that (By). Where nothing was written (a refusal, a repetition), End writes the row by itself, with the outcome.
//
// An order's changes are not here: order_events is their log.
package audit
