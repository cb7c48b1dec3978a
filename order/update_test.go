package order

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/geo"
)

const updatesFile = "../docs/updates.md"

// The documented rules are the table's.
func TestUpdatesPage(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString(`<!-- Generated from order/update.go by go generate ./order. Do not edit. -->

# What may change of an order, and until when

` + "`PATCH /v1/orders/{id}`" + ` changes what it names and leaves the rest. A field that can't change any more is a 409 ` + "`too_late_to_change`" + ` that names
it, and nothing is changed; asking for what is so already is always fine. What else was told at creation never changes.

| field | until when | |
|---|---|---|
`)
	for _, r := range updateRules {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", r.field, r.until(), r.why)
	}
	if *update {
		if err := os.WriteFile(updatesFile, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(updatesFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, []byte(b.String())) {
		t.Errorf("%s is not what the table says; run go generate ./order", updatesFile)
	}
}

// updates has one update of each field.
func updates() map[string]Update {
	later := noon.Add(3 * time.Hour)
	return map[string]Update{
		"dropoff.location": {At: &geo.LatLng{Lat: 1, Lng: 2}}, "dropoff.address": {Address: new("x")}, "dropoff.floor": {Floor: new("x")},
		"dropoff.unit": {Unit: new("x")}, "dropoff.gate_code": {GateCode: new("x")}, "dropoff.contact_name": {ContactName: new("x")},
		"dropoff.contact_phone": {ContactPhone: new("x")}, "dropoff.instructions": {Instructions: new("x")}, "dropoff.leave_at_door": {LeaveAtDoor: new(true)},
		"items": {Items: &[]Item{{"x", 1}}}, "deliver_after": {DeliverAfter: new(noon.Add(time.Hour))}, "deliver_before": {DeliverBefore: &later},
		"promise_at": {PromiseAt: &later}, "tip": {Tip: &Money{1, "EUR"}}, "tags": {Tags: &[]string{"x"}}, "metadata": {Metadata: &map[string]string{"x": "y"}},
	}
}

// Every field in every state: told once more, slowly.
func TestEveryFieldInEveryState(t *testing.T) {
	t.Parallel()
	until := func(s State) []State { return States()[:slices.Index(States(), s)] }
	want := map[string][]State{
		"dropoff.location": until(AtDoor), "dropoff.address": until(AtDoor), "items": until(PickedUp), "deliver_after": {Scheduled},
		"tip": until(Returning), "tags": States(), "metadata": States(),
	}
	all := updates()
	if len(all) != len(updateRules) {
		t.Fatalf("%d updates for %d fields", len(all), len(updateRules))
	}
	for field, u := range all {
		allowed := want[field]
		if allowed == nil {
			allowed = until(Delivered)
		}
		for _, s := range States() {
			o := orderIn(s)
			next, err := o.Apply(Event{Type: EventUpdated, At: noon, Actor: System, Update: &u})
			var late *UpdateError
			switch {
			case slices.Contains(allowed, s):
				if err != nil || next.State != s || next.Version != o.Version+1 || cmp.Equal(o, next) {
					t.Errorf("%s in %s: %v", field, s, err)
				}
				if _, err := next.Apply(Event{Type: EventUpdated, At: noon, Actor: System, Update: &u}); !errors.Is(err, ErrRepeated) {
					t.Errorf("%s in %s twice: %v", field, s, err)
				}
			case !errors.As(err, &late) || late.State != s || !slices.Equal(late.Fields, []string{field}) || late.Until(field) == "":
				t.Errorf("%s in %s: %v, want too late", field, s, err)
			}
		}
	}
	delivered := orderIn(Delivered)
	tip := all["tip"]
	for after, ok := range map[time.Duration]bool{afterDelivery: true, afterDelivery + time.Second: false} {
		if _, _, err := delivered.Updated(tip, delivered.EndedAt.Add(after)); (err == nil) != ok {
			t.Errorf("a tip %v after the delivery: %v", after, err)
		}
	}
	o := orderIn(Scheduled)
	o.DeliverAfter = new(noon.Add(time.Hour))
	var nonsense *InvalidError
	if _, _, err := o.Updated(Update{DeliverBefore: new(noon)}, noon); !errors.As(err, &nonsense) || nonsense.Field != "deliver_before" {
		t.Errorf("a window upside down: %v", err)
	}
}

// What an update says is what is read back; the history names the fields and not what was written.
func TestUpdateIsWritten(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.newOrder()
	placed.DueAt, placed.DeliverBefore = noon.Add(10*time.Minute), new(noon.Add(2*time.Hour)) // scheduled, so that all may change
	os := []Order{placed}
	s.tx(func(ctx context.Context, tx pgx.Tx) error { return Place(ctx, tx, os, System) })
	for field, u := range updates() {
		e := Event{Type: EventUpdated, At: noon.Add(time.Minute), Actor: System, Update: &u}
		if field == "promise_at" {
			e.PromiseAt = u.PromiseAt
		}
		out := s.applyAll(Change{Order: os[0].ID, Event: e})[0]
		if out.Err != nil || out.Repeated && field != "dropoff.leave_at_door" {
			t.Fatalf("%s: %+v", field, out)
		}
		if diff := cmp.Diff(out.Order, s.get(os[0].ID)); diff != "" {
			t.Errorf("%s (-answered +stored):\n%s", field, diff)
		}
		last := s.events(os[0].ID)[out.Order.Version-1]
		if !out.Repeated && (last.Update != nil || !slices.Equal(last.Changed, []string{field}) || bytes.Contains(last.Data(), []byte(`"x"`))) {
			t.Errorf("%s: the history keeps %s", field, last.Data())
		}
	}
	if err := s.replays(os[0].ID); err != nil {
		t.Error(err)
	}
}
