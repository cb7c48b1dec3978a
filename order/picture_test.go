package order

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/lifecycle.md anew")

const pictureFile = "../docs/lifecycle.md"

// The documented picture is the table's.
func TestPicture(t *testing.T) {
	t.Parallel()
	want := []byte(picture())
	if *update {
		if err := os.WriteFile(pictureFile, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(pictureFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is not what the table says; run go generate ./order", pictureFile)
	}
}

func picture() string {
	var b strings.Builder
	b.WriteString(pictureHead)
	b.WriteString("```mermaid\nstateDiagram-v2\n    direction TB\n")
	for _, a := range arrows() {
		fmt.Fprintf(&b, "    %s --> %s: %s\n", a.from, a.to, strings.Join(a.events, ", "))
	}
	for _, s := range States() {
		if s.Ended() {
			fmt.Fprintf(&b, "    %s --> [*]\n", s)
		}
	}
	b.WriteString("```\n\n| state | who acts next | what can happen |\n|---|---|---|\n")
	for _, s := range States() {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", s, s.NextActor(), strings.Join(happenings(s), "<br>"))
	}
	b.WriteString(pictureFoot)
	for _, m := range lifecycle {
		if len(m.ahead)+len(m.late) > 0 {
			fmt.Fprintf(&b, "  - `%s`%s%s\n", m.event, listed(" comes also in ", m.ahead), listed(" fills in its time in ", m.late))
		}
	}
	return b.String()
}

func listed(what string, states []State) string {
	if len(states) == 0 {
		return ""
	}
	words := make([]string, len(states))
	for i, s := range states {
		words[i] = "`" + string(s) + "`"
	}
	return what + strings.Join(words, ", ") + ";"
}

type arrow struct {
	from, to string
	events   []string
}

// arrows are the moves that change the state, those between the same two states as one.
func arrows() []arrow {
	var out []arrow
	for _, m := range lifecycle {
		for _, from := range m.from {
			for _, to := range targets(m) {
				if to == from {
					continue
				}
				i := slices.IndexFunc(out, func(a arrow) bool { return a.from == node(from) && a.to == node(to) })
				if i < 0 {
					i = len(out)
					out = append(out, arrow{from: node(from), to: node(to)})
				}
				out[i].events = append(out[i].events, string(m.event))
			}
		}
	}
	return out
}

func targets(m move) (out []State) {
	for _, s := range []State{m.to, m.or} {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

func node(s State) string {
	if s == unplaced {
		return "[*]"
	}
	return string(s)
}

func happenings(s State) []string {
	var out []string
	for _, m := range lifecycle {
		if !slices.Contains(m.from, s) {
			continue
		}
		to := s
		if m.to != "" {
			to = m.to
		}
		out = append(out, fmt.Sprintf("`%s` → `%s`", m.event, to))
	}
	return out
}

const pictureHead = `<!-- Generated from order/lifecycle.go by go generate ./order. Do not edit. -->

# The life of an order

An order moves only by events. Each event may happen in certain states, leads into one state, and is kept in the order's
history with its time, its actor and the version that it made. The table in ` + "`order/lifecycle.go`" + ` says which; this page, the
API's answers and the tests all come from it.

`

const pictureFoot = `
- **Kitchen progress is no state.** ` + "`accepted_by_store`, `ready_estimate_changed` and `ready`" + ` leave the state as it is, because a
  rider must be found before the food is ready. A changed estimate takes back a ` + "`ready`" + ` that was told too early.
- **Arrivals may be left out.** A lost tap must not block the pickup or the drop-off that follows.
- **The ways back are two.** States only go forward, except that an order without its offer or its rider is ` + "`pending`" + ` again, and that one
  whose rider waits at the store is ` + "`assigned`" + ` again when a colleague takes it (` + "`handed_over`" + `). Who declined it, let the offer expire or gave it back is not asked again.
- **What a merchant told may change**, each field until its own time: [updates](updates.md). It is an event like others (` + "`updated`" + `) and
  leaves the state as it is.
- **After the pickup there is no cancelling**: the order is delivered or goes back to the store.
- **Twice is once.** An event whose action id the order has seen, or that already happened, changes nothing and is answered
  with the order as it is. What can't happen is answered with what can: ` + "`409 impossible_transition`" + `.
- **Times are the actor's**, where a phone without a network reports late: never later than the server's clock, never before the
  preceding milestone. The history keeps both.
- **What a phone recorded without a network** may arrive in any order. A later event implies the earlier ones; an earlier one that
  arrives afterwards fills in its time and moves nothing. The end is the same ([rider-api.md](rider-api.md#without-a-network)):
`
