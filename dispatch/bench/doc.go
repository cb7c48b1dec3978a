// Package bench measures the solver on synthetic batches, and puts other solvers on the same footing.
//
// # Batches
//
// Batch draws a city at noon from a seed: stores in clusters, a few of them popular, doors 0.3 to 4 km away, riders on two kinds
// of vehicle near the stores, some of them with food aboard. A batch is scarce when it has fewer riders than orders; more of
// them are busy then. The same size and seed give the same batch. Every rider is paid by the order, and it doesn't matter where a route
// ends: both are as other solvers know it.
//
// # What is measured
//
// Measure solves one batch from cold, on the wall clock or by the process's CPU time, and notes
//
//   - candidates: until the batch is validated and indexed (riders in their grid, orders by place) and the kept routes are in
//     place. From here on candidates are found while pricing; no list is built.
//   - first plan: until each waiting order has been offered its cheapest slot.
//   - the cost at marks, counted from the start of the call, in minutes; see package solver for what it adds up. A mark's value
//     is that of the first look, every eight iterations, at or after it.
//   - iterations of improvement a second, counted from the first plan.
//   - insertions evaluated a second: pairs of places for an order's pickup and drop-off in the routes looked at. A bound decides
//     most of them without a full price, often all of a rider's at once. Areas that are ruled out as a whole don't count.
//   - peak memory: on Linux the peak resident set of the process (VmHWM), reset before the batch; everywhere the live and not
//     yet collected heap, sampled at the ends of the phases. Both hold the batch itself.
//   - the share of one core that the process had. Well below 1 on a busy machine: only CPU times say something then.
//
// Each plan is verified by solver.Check after the measurement.
//
// # VROOM
//
//	paidan bench solve --batch 500x1000 --export vroom --out in.json
//	vroom -t 1 -i in.json -o out.json        # one thread, as here
//	paidan bench solve --batch 500x1000 --score out.json
//
// ExportVroom writes a batch as input of VROOM (https://github.com/VROOM-Project/vroom), ReadVroom takes its answer and returns
// it as a plan under our cost. The objectives differ: VROOM serves as many orders as it can and then minimises time on the road;
// it has no price for waiting or lateness, only windows. The mapping, in both directions:
//
//   - places become rows of a matrix of travel times, one for each kind of vehicle (a profile);
//   - a waiting order is a shipment: its amount is the load, the pickup's window starts in time for the food (ready − service),
//     the drop-off's ends Deadline after the promise;
//   - the service at a pickup is VROOM's setup, which consecutive tasks at one place share, as orders of one stop do here. (Here the
//     later of two orders may hold up the rider a little longer than in VROOM: until its food is ready.)
//   - an order on board is a job that delivers, tied to its vehicle by a skill of its own and by the highest priority. Its window
//     never ends before the kept route serves it;
//   - a fixed order that is not on board is a shipment tied to its vehicle in the same way;
//   - a vehicle is there from free_at to the end of its shift (or of its kept route), and takes max_tasks for its most orders;
//   - ids are indexes + 1, and descriptions name rider and batch, so that an answer to another batch is noticed.
//
// Limits of the zone, refusals and stops under way have no counterpart; a batch with one of them is not exported. Nor is one
// with more than 6,000 places, whose matrix nobody wants to read.
package bench
