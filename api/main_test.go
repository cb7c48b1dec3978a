package api

import (
	"testing"

	"github.com/paidan/paidan/internal/pg/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }
