// Package webhook sends merchants the events of their orders.
//
// An Endpoint is an address, a choice of event types, and a place in the merchant's feed (order.Feed). Events become deliveries by being
// passed: fanOut reads the feed after every endpoint's place, inserts a row per event and endpoint, and moves the places on, for all
// endpoints of a tenant in three statements. A delivery is named by its endpoint and its event, so making it twice makes it once.
//
// Each tenant is served by one process at a time, by lease (keeper.go). It is level-triggered: changes of orders and endpoints only wake
// it, what it does follows from the tables, and a lost wake costs one interval. For every endpoint with something due it runs a lane
// (lane.go): the due deliveries, oldest first, several at once, but never two of the same order. A lane shares nothing with another but
// a few database connections, which nobody holds while waiting for an answer; so an endpoint that hangs or fails delays no other.
//
// What an attempt means for the delivery and for the endpoint is decided by one pure function, judge: the delivery is retried by
// Delays; an endpoint that has failed sickAfter times in a row is sick, gets one attempt at a time, and no delivery is given up because
// of it; one that fails for giveUpAfter is disabled. A sick endpoint's later events stay in the feed until it has answered.
//
// Attempts are recorded together, some tens in a transaction, beside the sending: an order's next event goes out as soon as the one before
// has been answered. The attempt and its record are two things, so a process that dies between them makes the next one repeat the attempt:
// an event arrives at least once. The record itself changes pending rows only, so an owner that comes back late can't undo what its successor did.
package webhook
