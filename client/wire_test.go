package client

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestFixesAreJSON(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 1, 12, 0, 0, 123456000, time.UTC)
	speed := 5.25
	for _, n := range []int{1, 3, 500} {
		fixes := make([]Fix, n)
		for i := range fixes {
			fixes[i] = Fix{Seq: int64(i), At: at.Add(time.Duration(i) * time.Second), Lat: 43.7731001, Lng: -11.25, AccuracyM: 6.04}
		}
		fixes[0].SpeedMps = &speed
		raw, gzipped := encodeFixes(fixes)
		if gzipped != (n > 20) {
			t.Fatalf("%d fixes packed: %v", n, gzipped)
		}
		if gzipped {
			in, err := gzip.NewReader(bytes.NewReader(raw))
			if err != nil {
				t.Fatal(err)
			}
			if raw, err = io.ReadAll(in); err != nil {
				t.Fatal(err)
			}
		}
		var got struct {
			Fixes []struct {
				Seq      int64
				At       time.Time
				Lat, Lng float64
				Accuracy float64  `json:"accuracy_m"`
				Speed    *float64 `json:"speed_mps"`
			}
		}
		if err := json.Unmarshal(raw, &got); err != nil || len(got.Fixes) != n {
			t.Fatalf("%s: %v", raw[:min(len(raw), 200)], err)
		}
		f, last := got.Fixes[0], got.Fixes[n-1]
		if !f.At.Equal(at) || f.Lat != 43.7731 || f.Lng != -11.25 || f.Accuracy != 6 || *f.Speed != 5.2 || last.Seq != int64(n-1) {
			t.Errorf("%+v … %+v", f, last)
		}
	}
}

func TestProblemsOfAllShapes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, body, want string }{
		{"whole", `{"code":"validation","detail":"Not valid.","request_id":"r1","errors":[{"field":"body.x","message":"bad"}]}`, "422 validation: Not valid.; body.x: bad (request r1)"},
		{"a proxy's page", "<html>oh</html>", "422 http_422: <html>oh</html> (request r2)"},
		{"nothing", "", "422 http_422 (request r2)"},
	} {
		res := &http.Response{StatusCode: http.StatusUnprocessableEntity, Header: http.Header{"X-Request-Id": {"r2"}, "Retry-After": {"3"}}, Body: io.NopCloser(strings.NewReader(test.body))}
		p := readProblem(res)
		if p.Error() != test.want || p.RetryAfter != 3*time.Second {
			t.Errorf("%s: %q, %v", test.name, p.Error(), p.RetryAfter)
		}
	}
}

func TestQuantilesAreNear(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		micros := rapid.SliceOfN(rapid.IntRange(0, 100_000_000), 1, 300).Draw(t, "µs")
		var h Histogram
		for _, m := range micros {
			h.Add(time.Duration(m) * time.Microsecond)
		}
		slices.Sort(micros)
		for _, q := range []float64{0.01, 0.5, 0.99, 1} {
			i := min(len(micros)-1, max(0, int(float64(len(micros))*q+0.9999999)-1))
			exact := time.Duration(micros[i]) * time.Microsecond
			got := h.Quantile(q)
			if got < exact-time.Microsecond || float64(got) > float64(max(exact, firstBin))*1.2501 {
				t.Fatalf("q%g of %d is %v, told %v", q, len(micros), exact, got)
			}
		}
		if h.Count() != int64(len(micros)) || h.Max() != time.Duration(micros[len(micros)-1])*time.Microsecond {
			t.Fatal("count or max")
		}
	})
}

func TestPausesGrowAndAreSpread(t *testing.T) {
	t.Parallel()
	for n := range 40 {
		least, most := min(maxPause, firstPause<<min(n, 10))/2, min(maxPause, firstPause<<min(n, 10))
		if p := pause(n, 0); p < least || p > most {
			t.Errorf("pause %d is %v", n, p)
		}
	}
	if p := pause(0, time.Minute); p != time.Minute {
		t.Errorf("the server wanted a minute and got %v", p)
	}
}

func FuzzEventReader(f *testing.F) {
	f.Add("event: a\ndata: b\n\n")
	f.Add(": ping\r\n\r\ndata\ndata: x\n\nid: 4\n\n")
	f.Fuzz(func(t *testing.T, text string) {
		r := newEventReader(strings.NewReader(text), func() {})
		for range len(text) + 1 {
			e, err := r.next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if strings.ContainsAny(e.name, "\n") {
				t.Fatalf("%q", e.name)
			}
		}
		t.Fatal("more events than bytes")
	})
}
