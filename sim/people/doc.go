// Package people is people: riders, kitchens and merchants that use Paidan through its public HTTP API alone, as real
// ones would. It knows nothing of the server's inside, so what works here works for everyone.
//
// Two worlds are made of them. Replay plays a recorded day (sim/rappi) against a server and reports how it went.
// RunCity keeps a lively city around Florence going for as long as it may (city_*.go).
//
// A rider (agent*.go) is a small machine that sleeps until something is due: a leg driven, food ready, an offer
// considered, fixes to send, a break when the zone's rules want one. Its stream wakes it when the server changes the plan. Where it is between two moments
// is computed when it is asked for (leg.go), so a rider costs nothing while it drives, and thousands fit on a core.
// What it does when is drawn from its own dice (sim/florence), so a seed gives the same people every time.
//
// Everything follows one clock, the server's, which may run many times faster than the wall. How late people were
// with what they wanted to do (lag.go) tells whether the server, and this machine, kept up.
//
// The physics are stated in vehicle.go and person.go.
package people
