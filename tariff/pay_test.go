package tariff

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/paidan/paidan/internal/clock"
)

func generous() Tariff {
	return Tariff{Currency: "EUR", RiderPay: RiderPay{
		PerOrder: 200, PerKm: 60,
		Peaks: []Peak{
			{Name: "Lunch", Weekly: clock.Weekly{From: "12:00", To: "14:00"}, Amount: 50},
			{Name: "Weekend night", Weekly: clock.Weekly{Weekdays: []string{"sat"}, From: "22:00", To: "02:00"}, Percent: 25},
		},
		LongDistance: []LongDistance{{OverM: 3000, PerKm: 40}, {OverM: 5000, PerKm: 80}},
		Rain:         &Rain{Percent: 10},
	}}
}

func TestPay(t *testing.T) {
	t.Parallel()
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 3, day, hour, minute, 0, 0, time.UTC) } // the second is a Monday
	for name, tc := range map[string]struct {
		in   PayInput
		want string
	}{
		"a quiet morning":           {PayInput{DistanceM: 1000, At: at(2, 11, 59)}, "260: per_order 200, per_km 60"},
		"lunch begins":              {PayInput{DistanceM: 1000, At: at(2, 12, 0)}, "310: per_order 200, per_km 60, peak Lunch 50"},
		"lunch is over":             {PayInput{DistanceM: 1000, At: at(2, 14, 0)}, "260: per_order 200, per_km 60"},
		"Saturday night, on Sunday": {PayInput{DistanceM: 1000, At: at(8, 1, 30)}, "325: per_order 200, per_km 60, peak Weekend night 65"},
		"no distance":               {PayInput{At: at(2, 9, 0)}, "200: per_order 200"},
		"just not far":              {PayInput{DistanceM: 3000, At: at(2, 9, 0)}, "380: per_order 200, per_km 180"},
		"far":                       {PayInput{DistanceM: 4500, At: at(2, 9, 0)}, "530: per_order 200, per_km 270, long_distance 60"},
		"farther":                   {PayInput{DistanceM: 6000, At: at(2, 9, 0)}, "720: per_order 200, per_km 360, long_distance 160"},
		"rain":                      {PayInput{DistanceM: 1000, At: at(2, 9, 0), Raining: true}, "286: per_order 200, per_km 60, rain 26"},
		"all at once":               {PayInput{DistanceM: 4500, At: at(2, 13, 0), Raining: true}, "627: per_order 200, per_km 270, peak Lunch 50, long_distance 60, rain 47"},
	} {
		p := generous().Pay(tc.in)
		terms := make([]string, len(p.Terms))
		for i, x := range p.Terms {
			terms[i] = strings.Join(strings.Fields(fmt.Sprint(string(x.Kind), " ", x.Name, " ", x.Minor)), " ")
		}
		if got := fmt.Sprintf("%d: %s", p.Minor, strings.Join(terms, ", ")); got != tc.want || p.Currency != "EUR" {
			t.Errorf("%s: %s, want %s", name, got, tc.want)
		}
	}
	if got := generous().PlainPay(6000); got.Minor != 560 || len(got.Terms) != 2 {
		t.Errorf("plain: %+v", got)
	}
	if got := (Tariff{Currency: "EUR"}).Pay(PayInput{DistanceM: 1000, Raining: true}); got.Minor != 0 || len(got.Terms) != 0 {
		t.Errorf("nothing: %+v", got)
	}
}

// Terms add up, none is empty, and bonuses only add.
func TestPayAddsUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x := generous()
		if err := x.Validate(); err != nil {
			t.Fatal(err)
		}
		in := PayInput{
			DistanceM: rapid.IntRange(0, 100_000).Draw(t, "metres"), Raining: rapid.Bool().Draw(t, "rain"),
			At: time.Unix(rapid.Int64Range(0, 2e9).Draw(t, "at"), 0).UTC(),
		}
		p, plain := x.Pay(in), x.PlainPay(in.DistanceM)
		var sum, bonus int64
		for _, term := range p.Terms {
			if term.Minor <= 0 {
				t.Fatalf("an empty term: %+v", p)
			}
			sum += term.Minor
			if term.Kind.Bonus() {
				bonus += term.Minor
			}
		}
		if sum != p.Minor || p.Minor-bonus != plain.Minor {
			t.Fatalf("%+v, plain %+v", p, plain)
		}
	})
}

func TestGuaranteeOwes(t *testing.T) {
	t.Parallel()
	g := Guarantee{PerHour: 1200}
	for _, tc := range []struct{ seconds, earned, want int64 }{
		{7200, 0, 2400}, {7200, 2399, 1}, {7200, 2400, 0}, {7200, 9999, 0}, {1, 0, 0}, {2, 0, 1}, {0, 0, 0},
	} {
		if got := g.Owes(tc.seconds, tc.earned); got != tc.want {
			t.Errorf("%+v: %d", tc, got)
		}
	}
}
