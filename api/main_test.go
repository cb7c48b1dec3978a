package api

import (
	"flag"
	"testing"

	"github.com/paidan/paidan/internal/pg/pgtest"
)

func TestMain(m *testing.M) {
	// A random case is dozens of requests here; -rapid.checks asks for more of them.
	if err := flag.Set("rapid.checks", "20"); err != nil {
		panic(err)
	}
	pgtest.Main(m)
}
