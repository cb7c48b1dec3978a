package bench

import (
	"fmt"
	"strconv"
	"strings"
)

// Size is how many waiting orders a batch has, and how many riders.
type Size struct{ Orders, Riders int }

// Sizes are those that are measured unless asked otherwise: a large city, five of them, twenty; with riders enough and scarce.
var Sizes = []Size{{1000, 2000}, {1000, 800}, {5000, 10_000}, {5000, 4000}, {20_000, 40_000}}

// largest bounds a batch: beyond it only memory is measured.
const largest = 1_000_000

// Scarce reports whether there are fewer riders than orders.
func (s Size) Scarce() bool { return s.Riders < s.Orders }

// String is "1000x2000".
func (s Size) String() string { return fmt.Sprintf("%dx%d", s.Orders, s.Riders) }

// MarshalText is String.
func (s Size) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads "1000x2000".
func (s *Size) UnmarshalText(text []byte) error {
	orders, riders, _ := strings.Cut(strings.ReplaceAll(string(text), "×", "x"), "x")
	for _, part := range []struct {
		n    *int
		text string
	}{{&s.Orders, orders}, {&s.Riders, riders}} {
		n, err := strconv.Atoi(part.text)
		if err != nil || n < 1 || n > largest {
			return fmt.Errorf("%q is no batch: write orders x riders, like 1000x2000, each at most %d", text, largest)
		}
		*part.n = n
	}
	return nil
}
