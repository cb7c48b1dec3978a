// Package sandbox delivers test orders, so that who writes a shop's software can see a whole delivery without a rider.
//
// Orders made with a test key live in a tenant of their own (order.CreateKey opens it), the twin of the one whose key it is: the same API on
// the same tables, kept apart by row-level security. No rounds are run there. A robot takes each order through its life by
// the script of script.go, at fixed times after it was due, unless a fault was asked for. What it does are the lifecycle's own
// events, made by real rider rows with plans and offers, so everything that follows orders works as it does in earnest.
//
// The robot has no memory: what comes next for an order follows from its row, its fault and the clock. Run looks every second
// for orders whose next step is due and takes them all in a few statements (act.go), under a lease for each sandbox;
// after a restart or a take-over it goes on where the database is. Advance takes one order on at once, by the same steps.
package sandbox
