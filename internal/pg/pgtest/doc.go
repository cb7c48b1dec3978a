// Package pgtest gives every test a database of its own.
//
// A test binary starts one private server (fsync off, in a temporary folder) when its first test asks, migrates a template once, and
// clones it per test, which takes some tens of milliseconds. Tests may all run in parallel. A package that uses it declares
//
//	func TestMain(m *testing.M) { pgtest.Main(m) }
//
// which removes the server at the end and fails the run when a goroutine was left behind. With PAIDAN_TEST_DATABASE_URL (a user who may
// create databases and roles) the clones are made on that server instead.
package pgtest
