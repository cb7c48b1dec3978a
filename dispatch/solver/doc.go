// Package solver decides which rider takes which orders, in which sequence: the
// pure core of dispatch. Problem in, Plan out; it reads no clock, does no I/O,
// and draws random numbers only from the seed that it is given.
//
// # The question
//
// A route interleaves pickups and drop-offs of several stores. Consecutive
// pickups of one Store at one place are one physical stop: the rider arrives
// once and leaves at
//
//	max(arrival + PickupService, ready times of its orders)
//
// with the longest PickupService of those orders. Where ready times are
// uncertain, it counts as left halfway between that with all of them ReadySpread
// sooner and that with all of them ReadySpread later. A drop-off ends
// DropoffService after arrival; that end is the order's delivery time. A rider
// who has been at a place for a while (Waited) is as far with serving there.
// Travel is Travel.Seconds, everywhere. Times are whole seconds from the snapshot
// on.
//
// The cost, in minutes, is per order delivered at t
//
//	ClickToDoor × (t − placed) + Late × (t − target)⁺ + VeryLate × (t − target − VeryLateAfter)⁺
//
// and per rider Work × (end of route − FreeAt), Pay × PayShare + Idle + Earned for each order, and
// the difference in EndCost between the last door and where the rider is now, as
// far as the rider stays. An order without a rider costs Unassigned and the delay that it has
// suffered so far.
//
// Constraints are in constraint_*.go: capacity, number of orders, shift,
// skills, vehicle and refusals, groups, and the zone's limits on stops, detour and
// mixing stores. Orders of one Group go to one rider, all or none; once a rider is bound to some,
// the others go to that rider or wait, each for itself. Orders that are fixed, on board, or have a stop among the
// first Held ones are bound: they stay with their rider, come what may. When
// bound orders break a constraint by themselves, they are served as they stand,
// and the constraints restrict only what else the rider gets.
//
// # The answer
//
//  1. state: orders and riders sorted by id, places as points on the globe, riders
//     in a flat grid.
//  2. warm: the kept routes, bound orders first; free ones so far as they are still
//     allowed.
//  3. search: each waiting order, most urgent first, gets its cheapest slot. Riders
//     are met in growing rings around the pickup until a lower bound of the cost
//     reaches the best slot; price looks at all slots of one route in one walk and
//     copies nothing.
//  4. lns: ruin a few related orders or one rider's, put them back greedily, keep
//     the result if it is cheaper. Only touched routes are journalled and rolled
//     back. Each search is bounded by what may still be spent for the whole to
//     improve, which ends most iterations early. A warmed-up iteration allocates
//     nothing. A group is put in a route, and taken out, as a whole; but mostly only some of its orders are taken
//     out, to come back to the same route.
//
// Any moment after warm holds a valid plan, so the call may be stopped at any
// time. Check verifies a plan slowly, sharing nothing with the search but
// Travel.Seconds. Rank explains one order: who else could have had it, at what
// price, and why not.
//
// # Sources
//
// Ruin and recreate with blinks: Christiaens and Vanden Berghe, "Slack induction
// by string removals for vehicle routing problems", Transportation Science 54(2),
// 2020. Related removal: Shaw 1998; Ropke and Pisinger, "An adaptive large
// neighborhood search heuristic for the pickup and delivery problem with time
// windows", Transportation Science 40(4), 2006. Pricing an insertion by pushing
// times forward until waiting absorbs the push: Savelsbergh, "The vehicle routing
// problem with time windows: minimizing route duration", ORSA Journal on
// Computing 4(2), 1992.
package solver
