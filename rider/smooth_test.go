package rider

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/paidan/paidan/internal/geo"
)

// ride plays fixes a step apart, with a receiver's noise, and returns the mean errors in metres of the fixes and of what is made of them.
func ride(rng *rand.Rand, fixes int, step, accuracy float64, speed *float64, place func(i int) geo.LatLng) (raw, smoothed float64) {
	var last packedFix
	var variance float32
	for i := range fixes {
		f := at(offset(place(i), rng.NormFloat64()*accuracy, rng.NormFloat64()*accuracy), 0)
		f.At = noon.Add(time.Duration(float64(i) * step * float64(time.Second)))
		f.AccuracyM, f.SpeedMps = accuracy, speed
		p := packFix(&f)
		if i == 0 {
			last, variance = p, float32(noiseOf(p.accuracy))
			continue
		}
		last, variance = smooth(&last, variance, p)
		raw += geo.Distance(f.LatLng, place(i))
		smoothed += geo.Distance(last.place.unpack(), place(i))
	}
	return raw / float64(fixes-1), smoothed / float64(fixes-1)
}

func TestSmoothingIsNearerToTheTruth(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 1))
	stands := func(int) geo.LatLng { return shanghai }
	if raw, smoothed := ride(rng, 2000, 5, 12, ptr(0.0), stands); smoothed > 0.7*raw {
		t.Errorf("a rider who stands is %.1f m off, %.1f m without smoothing", smoothed, raw)
	}
	rides := func(i int) geo.LatLng { return offset(shanghai, 5*5*float64(i), 0) }
	if raw, smoothed := ride(rng, 2000, 5, 12, ptr(5.0), rides); smoothed > 1.05*raw {
		t.Errorf("one who rides is %.1f m off, %.1f m without smoothing", smoothed, raw)
	}
}

// The estimate never leaves the line between the last place and the fix, everywhere on earth, and a fix without time or doubt between changes little.
func TestSmoothingStaysBetween(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		from := rapid.SampledFrom(places[:len(places)-1]).Draw(t, "from")
		a := at(from, 0)
		b := at(offset(from, rapid.Float64Range(-300, 300).Draw(t, "east"), rapid.Float64Range(-300, 300).Draw(t, "north")), rapid.IntRange(0, 300).Draw(t, "sec"))
		b.Lng = math.Remainder(b.Lng, 360)
		b.AccuracyM = rapid.Float64Range(0, maxAccuracy).Draw(t, "accuracy")
		p, q := packFix(&a), packFix(&b)
		got, variance := smooth(&p, float32(rapid.Float64Range(0, 1e4).Draw(t, "variance")), q)
		whole, parts := geo.Distance(a.LatLng, b.LatLng), geo.Distance(a.LatLng, got.place.unpack())+geo.Distance(got.place.unpack(), b.LatLng)
		if parts > whole+0.1 {
			t.Fatalf("%.2f m by way of the estimate, %.2f m straight", parts, whole)
		}
		if variance < 0 || float64(variance) > noiseOf(q.accuracy)*1.0001 {
			t.Fatalf("a variance of %v m² after a fix of %v", variance, noiseOf(q.accuracy))
		}
		if got.at != q.at || got.seq != q.seq || got.accuracy != q.accuracy {
			t.Fatalf("%+v became %+v", q, got)
		}
	})
}

func TestHeadingIsThePhonesOrTheMoves(t *testing.T) {
	t.Parallel()
	first := at(shanghai, 0)
	last := packFix(&first)
	for _, c := range []struct {
		east, north, told, want float64
	}{
		{40, 0, -1, 90}, {0, 40, -1, 0}, {-40, 0, -1, 270}, {0, -40, -1, 180}, {40, 40, -1, 45}, {40, 0, 12, 12},
	} {
		f := at(offset(shanghai, c.east, c.north), 5)
		if c.told >= 0 {
			f.HeadingDeg = ptr(c.told)
		}
		p := packFix(&f)
		got, _ := smooth(&last, anywhere, p)
		if d := math.Remainder(float64(got.heading)-c.want, 360); !(math.Abs(d) < 1) {
			t.Errorf("%+v: %v", c, got.heading)
		}
	}
	short := at(offset(shanghai, 3, 0), 5)
	p := packFix(&short)
	if got, _ := smooth(&last, anywhere, p); got.heading == got.heading {
		t.Errorf("a heading of %v from 3 m", got.heading)
	}
	last.heading = 77
	if got, _ := smooth(&last, anywhere, p); got.heading != 77 {
		t.Errorf("the heading of %v is new", got.heading)
	}
}
