package api

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
)

// wish is a request to place an order, as a test thinks of it: names stand for keys, external ids and quotes.
type wish struct {
	Key, External, Quote string
	Load                 int // makes another body, and more than 1 is more than was quoted
}

func wishes() *rapid.Generator[wish] {
	return rapid.Custom(func(t *rapid.T) wish {
		return wish{
			Key:      rapid.SampledFrom([]string{"", "", "k1", "k2", "k3"}).Draw(t, "key"),
			External: rapid.SampledFrom([]string{"", "", "x1", "x2", "bad\x00"}).Draw(t, "external"),
			Quote:    rapid.SampledFrom([]string{"", "", "", "fresh", "fresh2", "expired", "none"}).Draw(t, "quote"),
			Load:     rapid.SampledFrom([]int{1, 1, 1, 2}).Draw(t, "load"),
		}
	})
}

// till is a merchant that wishes are sent for past HTTP, so that the test knows which share a transaction.
type till struct {
	w      *world
	c      *company
	who    merchant
	store  order.Store
	prefix string // of this run's names
	quotes map[string]id.Quote
}

func (t *till) quote(tb testing.TB, name string, expires time.Time) {
	tb.Helper()
	q := order.Quote{
		ID: id.NewQuote(), Merchant: t.c.merchant, CreatedAt: noon, ExpiresAt: expires, Store: t.c.store, Zone: t.c.zone, Dropoff: uffizi, Load: 1,
		Fee: order.Fee{Money: order.Money{Minor: 400, Currency: "EUR"}, Tariff: 1, DistanceM: 600}, ReadyEstimate: noon, PromiseAt: noon.Add(time.Hour),
	}
	err := t.w.db.Tx(tb.Context(), t.c.tenant, func(tx pgx.Tx) error { return order.InsertQuote(tb.Context(), tx, t.c.tenant, q) })
	if err != nil {
		tb.Fatal(err)
	}
	t.quotes[name] = q.ID
}

func (t *till) placing(tb testing.TB, x wish) *placing {
	tb.Helper()
	n := NewOrder{StoreID: t.c.store, Dropoff: Dropoff{Location: uffizi}, Load: x.Load}
	if x.External != "" {
		n.ExternalID = t.prefix + x.External
	}
	o, err := t.w.api.build(t.who, t.store, n, noon)
	if err != nil {
		tb.Fatal(err)
	}
	p := &placing{who: t.who, hash: []byte(fmt.Sprint(x)), now: noon, order: o, quote: t.quotes[x.Quote]}
	if x.Key != "" {
		p.key = t.prefix + x.Key
	}
	if x.Quote == "none" {
		p.quote = id.NewQuote()
	}
	return p
}

// book is the obvious way to place orders: one after the other.
type book struct {
	keys, externals, quotes map[string]int // who has them: the number of the wish
	bodies                  map[string]wish
}

// place says in short what becomes of a wish.
func (b *book) place(n int, x wish) string {
	if had, ok := b.keys[x.Key]; ok && x.Key != "" {
		if b.bodies[x.Key] != x {
			return "key reused"
		}
		return fmt.Sprint("order ", had)
	}
	user, used := b.quotes[x.Quote]
	holder, taken := b.externals[x.External]
	switch {
	case x.Quote == "none":
		return "no quote"
	case x.Quote != "" && used:
		return fmt.Sprint("quote used by ", user)
	case x.Quote == "expired":
		return "quote expired"
	case x.Quote != "" && x.Load > 1:
		return "not what was quoted"
	case strings.Contains(x.External, "\x00"):
		return "can't be stored"
	case x.External != "" && taken:
		return fmt.Sprint("taken by ", holder)
	}
	b.keys[x.Key], b.externals[x.External], b.bodies[x.Key] = n, n, x
	if x.Quote != "" {
		b.quotes[x.Quote] = n
	}
	return fmt.Sprint("order ", n)
}

// became says in short what became of a placing.
func became(p *placing, number map[id.Order]int) string {
	var used *order.QuoteUsedError
	var taken *order.ExternalIDTakenError
	var other *order.QuoteMismatchError
	switch {
	case p.err == nil:
		return fmt.Sprint("order ", number[p.order.ID])
	case errors.Is(p.err, errKeyReused):
		return "key reused"
	case errors.As(p.err, &used):
		return fmt.Sprint("quote used by ", number[used.Order])
	case errors.Is(p.err, order.ErrQuoteExpired):
		return "quote expired"
	case errors.As(p.err, &other):
		return "not what was quoted"
	case errors.As(p.err, &taken):
		return fmt.Sprint("taken by ", number[taken.Existing])
	}
	f := problemOf(p.err)
	switch {
	case len(f.Errors) == 1 && f.Errors[0].Field == "quote_id":
		return "no quote"
	case f.Code == codeValidation:
		return "can't be stored"
	}
	return p.err.Error()
}

// Orders that share transactions become what they would have become one after the other: each wish is answered as the book says, in the
// order in which they were decided. Then the same wishes come again, one by one, and the book still agrees.
func TestPlacedTogetherAsOneByOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	c.setTariff(t)
	store, err := order.GetStore(t.Context(), w.db, c.tenant, c.store)
	if err != nil {
		t.Fatal(err)
	}
	var who merchant
	who.Tenant, who.Merchant = c.tenant, c.merchant
	run := 0
	rapid.Check(t, func(rt *rapid.T) {
		run++
		at := &till{w: w, c: c, who: who, store: store, prefix: fmt.Sprint(run, "-"), quotes: map[string]id.Quote{}}
		at.quote(t, "fresh", noon.Add(time.Minute))
		at.quote(t, "fresh2", noon.Add(time.Minute))
		at.quote(t, "expired", noon)
		all := rapid.SliceOfN(wishes(), 1, 16).Draw(rt, "wishes")
		ps := make([]*placing, len(all))
		number := map[id.Order]int{}
		asked := map[*placing]int{}
		for i, x := range all {
			ps[i] = at.placing(t, x)
			number[ps[i].order.ID], asked[ps[i]] = i, i
		}
		b := book{map[string]int{}, map[string]int{}, map[string]int{}, map[string]wish{}}
		check := func(p *placing, i int) {
			if got, want := became(p, number), b.place(i, all[i]); got != want {
				rt.Errorf("%d %+v: %s, want %s", i, all[i], got, want)
			}
		}
		for rest := ps; len(rest) > 0; {
			again := w.api.placeTogether(t.Context(), c.tenant, rest)
			for _, p := range rest {
				if !slices.Contains(again, p) {
					check(p, asked[p])
				}
			}
			rest = again
		}
		for i, x := range all {
			p := at.placing(t, x)
			number[p.order.ID] = i
			w.api.placeAll(t.Context(), c.tenant, []*placing{p})
			check(p, i)
		}
	})
}
