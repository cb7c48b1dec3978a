// Package archtest checks the shape of the module: who may import what, who may read the clock, how long a file may get.
// The rules are tables in the tests. golangci-lint's depguard says the same about direct imports while one types; these tests
// also see what comes in through a third package.
package archtest
