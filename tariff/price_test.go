package tariff

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/paidan/paidan/internal/clock"

	"github.com/paidan/paidan/order"
)

// monday is a Monday's noon.
var monday = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// full has one of everything.
func full() Tariff {
	return Tariff{
		Currency: "EUR", Base: 250,
		Distance: []DistanceBand{{OverM: 1000, StepM: 100, Amount: 8}, {OverM: 3000, StepM: 1000, Amount: 100}},
		Weight:   []WeightBand{{OverG: 5000, Amount: 100}, {OverG: 10_000, Amount: 300}},
		Surcharges: []Surcharge{
			{Name: "Evening", Weekly: clock.Weekly{From: "19:00", To: "22:00"}, Amount: 50},
			{Name: "Night", Weekly: clock.Weekly{Weekdays: []string{"fri", "sat"}, From: "22:00", To: "02:00"}, Percent: 20},
		},
		Surge: Surge{OrdersPerRider: 2, PercentPerOrder: 10, MaxPercent: 30}, Minimum: 300, MaxDistanceM: 8000, MaxWeightG: 20_000,
		RiderPay: RiderPay{PerOrder: 220, PerKm: 60}, CancelPercent: 50, ReturnOffPercent: 10,
	}
}

func TestPrice(t *testing.T) {
	t.Parallel()
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 3, day, hour, minute, 0, 0, time.UTC) }
	base := order.FeeTerm{Kind: order.TermBase, Minor: 250}
	for name, tc := range map[string]struct {
		in    Input
		terms []order.FeeTerm
		total int64
	}{
		"near": {Input{DistanceM: 1000, At: monday}, []order.FeeTerm{base, {Kind: order.TermMinimum, Minor: 50}}, 300},
		"one metre more": {
			Input{DistanceM: 1001, At: monday},
			[]order.FeeTerm{base, {Kind: order.TermDistance, Minor: 8}, {Kind: order.TermMinimum, Minor: 42}}, 300,
		},
		"the first band whole":  {Input{DistanceM: 3000, At: monday}, []order.FeeTerm{base, {Kind: order.TermDistance, Minor: 160}}, 410},
		"a kilometre begun":     {Input{DistanceM: 3001, At: monday}, []order.FeeTerm{base, {Kind: order.TermDistance, Minor: 260}}, 510},
		"5 kg is not more":      {Input{DistanceM: 2000, WeightG: 5000, At: monday}, []order.FeeTerm{base, {Kind: order.TermDistance, Minor: 80}}, 330},
		"the last band it tops": {Input{WeightG: 12_000, At: monday}, []order.FeeTerm{base, {Kind: order.TermWeight, Minor: 300}}, 550},
		"evening": {
			Input{DistanceM: 2000, At: at(2, 19, 0)},
			[]order.FeeTerm{base, {Kind: order.TermDistance, Minor: 80}, {Kind: order.TermTime, Minor: 50, Name: "Evening"}}, 380,
		},
		"evening is over": {Input{DistanceM: 2000, At: at(2, 22, 0)}, []order.FeeTerm{base, {Kind: order.TermDistance, Minor: 80}}, 330},
		"Saturday after midnight is Friday's night": {
			Input{DistanceM: 2000, At: at(7, 1, 59)},
			[]order.FeeTerm{base, {Kind: order.TermDistance, Minor: 80}, {Kind: order.TermTime, Minor: 66, Name: "Night", Percent: 20}}, 396,
		},
		"Friday after midnight is Thursday's": {Input{DistanceM: 2000, At: at(6, 1, 59)}, []order.FeeTerm{base, {Kind: order.TermDistance, Minor: 80}}, 330},
		"percents don't multiply": {
			Input{DistanceM: 2000, At: at(6, 23, 0), SurgePercent: 15},
			[]order.FeeTerm{
				base, {Kind: order.TermDistance, Minor: 80}, {Kind: order.TermTime, Minor: 66, Name: "Night", Percent: 20},
				{Kind: order.TermSurge, Minor: 50, Percent: 15}, // 49.5, a half rounded up
			}, 446,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := order.Fee{Money: order.Money{Minor: tc.total, Currency: "EUR"}, DistanceM: tc.in.DistanceM, Terms: tc.terms}
			if diff := cmp.Diff(want, Price(full(), tc.in)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// A fee of nothing still says so.
func TestPriceOfNothing(t *testing.T) {
	t.Parallel()
	got := Price(Tariff{Currency: "JPY"}, Input{DistanceM: 500, At: monday})
	if got.Minor != 0 || len(got.Terms) != 1 || got.Terms[0].Kind != order.TermBase {
		t.Errorf("%+v", got)
	}
}

// Whatever the tariff: the terms add up to the fee, which is the larger of the minimum and the rest, never negative, and never less
// for a longer way.
func TestPriceProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x := anyTariff(t)
		if err := x.Validate(); err != nil {
			t.Fatalf("the generator is wrong: %v", err)
		}
		in := Input{
			DistanceM: rapid.IntRange(0, 100_000).Draw(t, "metres"), WeightG: rapid.IntRange(0, 1_000_000).Draw(t, "grams"),
			At: monday.Add(time.Duration(rapid.IntRange(0, 7*24*60).Draw(t, "minutes")) * time.Minute), SurgePercent: rapid.IntRange(0, 500).Draw(t, "surge"),
		}
		f := Price(x, in)
		var sum, rest int64
		for _, term := range f.Terms {
			sum += term.Minor
			if term.Kind != order.TermMinimum {
				rest += term.Minor
			}
		}
		if sum != f.Minor || f.Minor != max(x.Minimum, rest) || f.Minor < 0 {
			t.Fatalf("%+v: terms %d, without the minimum %d, which is %d", f, sum, rest, x.Minimum)
		}
		in.DistanceM += rapid.IntRange(0, 5000).Draw(t, "more")
		if longer := Price(x, in); longer.Minor < f.Minor {
			t.Fatalf("%d m cost %d, %d m only %d", f.DistanceM, f.Minor, longer.DistanceM, longer.Minor)
		}
	})
}

func anyTariff(t *rapid.T) Tariff {
	amount := rapid.Int64Range(0, maxAmount)
	x := Tariff{Currency: "EUR", Base: amount.Draw(t, "base"), Minimum: amount.Draw(t, "minimum")}
	over := 0
	for range rapid.IntRange(0, 5).Draw(t, "bands") {
		x.Distance = append(x.Distance, DistanceBand{over, rapid.SampledFrom([]int{100, 1000}).Draw(t, "step"), amount.Draw(t, "per step")})
		over += rapid.IntRange(1, 10_000).Draw(t, "width")
	}
	over = 0
	for range rapid.IntRange(0, 5).Draw(t, "weights") {
		x.Weight = append(x.Weight, WeightBand{over, amount.Draw(t, "weight")})
		over += rapid.IntRange(1, 10_000).Draw(t, "heavier")
	}
	for range rapid.IntRange(0, 5).Draw(t, "times") {
		s := Surcharge{Name: "x", Weekly: clock.Weekly{From: rapid.SampledFrom([]string{"00:00", "07:30", "22:00"}).Draw(t, "from"), To: rapid.SampledFrom([]string{"02:00", "12:15", "24:00"}).Draw(t, "to")}}
		if rapid.Bool().Draw(t, "by percent") {
			s.Percent = rapid.IntRange(1, maxPercent).Draw(t, "percent")
		} else {
			s.Amount = rapid.Int64Range(1, maxAmount).Draw(t, "amount")
		}
		x.Surcharges = append(x.Surcharges, s)
	}
	return x
}

// The example of docs/money.md.
func TestPriceOfTheGuide(t *testing.T) {
	t.Parallel()
	x := full()
	x.Surge = Surge{OrdersPerRider: 2, PercentPerOrder: 15, MaxPercent: 30}
	x.Distance = []DistanceBand{{OverM: 1000, StepM: 100, Amount: 8}, {OverM: 4000, StepM: 1000, Amount: 100}}
	friday := time.Date(2026, 3, 6, 23, 0, 0, 0, time.UTC)
	got := Price(x, Input{DistanceM: 2300, At: friday, SurgePercent: x.Surge.Percent(30, 12)})
	var parts []int64
	for _, term := range got.Terms {
		parts = append(parts, term.Minor)
	}
	if diff := cmp.Diff([]int64{250, 104, 71, 25}, parts); diff != "" || got.Minor != 450 {
		t.Errorf("%d\n%s", got.Minor, diff)
	}
}
