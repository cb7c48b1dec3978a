// Package backtest plays a zone's recorded days again under another policy.
//
// Read (history.go) takes from a tenant's database, in one read-only transaction that sees that tenant alone, what happened in a zone
// in a window. History.Day (day.go) makes of it the simulator's Day, whose second 0 is the window's beginning, beside what really became of its
// orders. Play (report.go) runs the day under the zone's policy and under another one, and sets three columns side by side:
// recorded, and both simulations. What the policies differ in is the difference of the simulations, since both leave out the
// same things; how far the first simulation is from the record tells what they leave out.
package backtest
