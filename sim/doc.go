// Package sim plays days on the engine's own decisions: the same problem, solver and policy code that the server's rounds
// run, with a clock of its own and no database, as fast as the machine goes.
//
// A Day (day.go) is all that will happen: stores, riders with their shifts, orders with their true ready times. The world
// (world.go) plays it in rounds. In each one, what has been placed becomes known (kitchen.go tells what may be known of
// ready times), riders go on with what they do, a Snapshot (snapshot.go) is taken in the form in which the server reads
// its database, dispatch.NewInstance and dispatch.Decide make of it what they make of it there, and act.go has the
// riders do it. Orders stay open, free for a better plan, until they are picked up: a rider who is sent to a store is
// told there what to take along.
//
// Grubhub's days (mdrp*.go) come with rules, and papers' results to compare with. Every run is checked by code that shares
// nothing with the simulator (check*.go): from the log of instructions alone it computes the day anew.
package sim
