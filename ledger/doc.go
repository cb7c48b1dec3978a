// Package ledger is who owes whom: double entry, append-only, and the settlements that are made of it every day.
//
// A transaction is at least two postings that add up to zero in each currency. The code refuses any other, and so does the
// database, when the transaction commits. Debits are positive: what a merchant owes stands positive on the merchant's account, what
// a rider is owed negative on the rider's. Nothing is ever changed; what was wrong is put right by an adjustment, with who and why.
//
// What an order posts when it ends is a pure function of the order and of the tariff that made its fee (OfOrder). EndOrder writes it
// in the transaction of the event, so that there is no moment at which an order is delivered and not paid. Its natural key
// is the kind, the order and the order's version: a repeated event posts nothing.
//
// CloseDays turns what has been posted to a merchant or rider until the end of a day, of the tenant's time zone, into a
// settlement with lines. A day is closed once. What is posted to it afterwards (a transaction that took long to commit) goes to the
// next day, and every posting is settled exactly once.
package ledger
