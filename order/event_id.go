package order

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/paidan/paidan/internal/id"
)

// EventID names an event for ever: it is the order's id under another prefix, and the version that the event made.
type EventID struct {
	Order   id.Order
	Version int64
}

const (
	eventPrefix = "evt_"
	orderPrefix = "ord_"
)

func (e EventID) String() string {
	return eventPrefix + strings.TrimPrefix(e.Order.String(), orderPrefix) + "_" + strconv.FormatInt(e.Version, 10)
}

// MarshalText writes it as evt_01h455vb4pex5vsknk084sn02q_3.
func (e EventID) MarshalText() ([]byte, error) { return []byte(e.String()), nil }

// UnmarshalText reads what MarshalText writes, and nothing else.
func (e *EventID) UnmarshalText(b []byte) error {
	var x EventID
	rest, ok := strings.CutPrefix(string(b), eventPrefix)
	suffix, version, cut := strings.Cut(rest, "_")
	if ok && cut && len(b) < 64 {
		err := x.Order.UnmarshalText([]byte(orderPrefix + suffix))
		if err == nil {
			x.Version, err = strconv.ParseInt(version, 10, 64)
		}
		if err == nil && x.String() == string(b) && x.Version >= 0 {
			*e = x
			return nil
		}
	}
	return fmt.Errorf("%q is not an event's id, which has the form evt_…_3", string(b[:min(len(b), 64)]))
}
