package api

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

func TestPages(t *testing.T) {
	t.Parallel()
	tiles := filepath.Join(t.TempDir(), "city.pmtiles")
	if err := os.WriteFile(tiles, []byte("0123456789"), 0o600); err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, func(d *Deps) {
		d.Basemap = tiles
		d.Console = fstest.MapFS{
			"index.html": {Data: []byte("<!doctype html>console")}, "docs.html": {Data: []byte("<!doctype html>reference")},
			"rider.html": {Data: []byte("<!doctype html>phone")}, "rider.webmanifest": {Data: []byte("{}")}, "rider-sw.js": {Data: []byte("worker")},
			"assets/app-1a2b.js": {Data: []byte("app")}, "favicon.svg": {Data: []byte("<svg/>")},
		}
	})
	c := w.company(t)
	get := func(path string) reply { return w.do(t, nobodyAtAll, "GET", path, nil) }
	for _, path := range []string{"/", "/orders/ord_x", "/index.html"} {
		r := get(path)
		if r.status != 200 || !strings.Contains(string(r.raw), "console") || r.header.Get("Cache-Control") != "no-cache" || r.header.Get("Content-Security-Policy") == "" {
			t.Errorf("%s: %d %v %s", path, r.status, r.header, r.raw)
		}
	}
	for _, path := range []string{"/docs", "/docs/", "/docs.html"} {
		if r := get(path); r.status != 200 || !strings.Contains(string(r.raw), "reference") || r.header.Get("Content-Security-Policy") == "" {
			t.Errorf("%s: %d %v %s", path, r.status, r.header, r.raw)
		}
	}
	for _, path := range []string{"/rider", "/rider/"} {
		if r := get(path); r.status != 200 || !strings.Contains(string(r.raw), "phone") || r.header.Get("Content-Security-Policy") == "" {
			t.Errorf("%s: %d %v %s", path, r.status, r.header, r.raw)
		}
	}
	if r := get("/riders/rid_x"); !strings.Contains(string(r.raw), "console") {
		t.Errorf("a rider in the console: %s", r.raw)
	}
	zipped := func(r *http.Request) { r.Header.Set("Accept-Encoding", "gzip, br") }
	for range 2 { // the second from memory
		r := w.do(t, zipped, "GET", "/rider", nil)
		z, err := gzip.NewReader(bytes.NewReader(r.raw))
		if err != nil || r.header.Get("Content-Encoding") != "gzip" || r.header.Get("Vary") == "" || !strings.Contains(r.header.Get("Content-Type"), "html") {
			t.Fatalf("compressed: %v %v", err, r.header)
		}
		if text, err := io.ReadAll(z); err != nil || string(text) != "<!doctype html>phone" {
			t.Errorf("compressed: %q %v", text, err)
		}
	}
	plain := func(r *http.Request) { r.Header.Set("Accept-Encoding", "identity") }
	if r := w.do(t, plain, "GET", "/rider", nil); r.header.Get("Content-Encoding") != "" || string(r.raw) != "<!doctype html>phone" {
		t.Errorf("plain: %v %q", r.header, r.raw)
	}
	if r := get("/rider.webmanifest"); r.header.Get("Content-Type") != "application/manifest+json" {
		t.Errorf("manifest: %v", r.header)
	}
	// A browser that may keep the worker would go on running yesterday's app.
	if r := get("/rider-sw.js"); r.header.Get("Cache-Control") != "no-cache" || !strings.Contains(r.header.Get("Content-Type"), "javascript") {
		t.Errorf("worker: %v", r.header)
	}
	if r := get("/assets/app-1a2b.js"); !strings.Contains(r.header.Get("Cache-Control"), "immutable") || !strings.Contains(r.header.Get("Content-Type"), "javascript") {
		t.Errorf("asset: %v", r.header)
	}
	for _, path := range []string{"/assets/gone.js", "/v1/nothing", "/..%2f..%2fetc/passwd.txt"} {
		w.refused(t, nobodyAtAll, "GET", path, nil, codeNotFound)
	}
	part := func(r *http.Request) { r.Header.Set("Range", "bytes=2-4") }
	if r := w.do(t, part, "GET", "/basemap.pmtiles", nil); r.status != http.StatusPartialContent || string(r.raw) != "234" {
		t.Errorf("range: %d %q", r.status, r.raw)
	}
	if r := w.ok(t, c.viewer, "GET", "/v1/console/settings", nil); r.text("basemap", "kind") != "pmtiles" || r.text("basemap", "url") != "/basemap.pmtiles" || r.at("clock_speed") != 1.0 {
		t.Errorf("%s", r.raw)
	}
	if r := get("/readyz"); r.status != 200 || r.text("postgres") != "up" || r.text("bus") != "up" || r.text("migrations") != "up" {
		t.Errorf("%d %s", r.status, r.raw)
	}
	if r := get("/healthz"); r.status != 200 {
		t.Errorf("%d", r.status)
	}
	doc, old := get("/openapi.json"), get("/openapi-3.0.json")
	if doc.text("openapi") != "3.1.0" || old.text("openapi") != "3.0.3" {
		t.Errorf("%.100s\n%.100s", doc.raw, old.raw)
	}
	if a, b := doc.at("paths").(m), old.at("paths").(m); len(a) < 100 || len(a) != len(b) || strings.Contains(string(old.raw), `"type": [`) {
		t.Errorf("%d paths, of which 3.0 has %d", len(a), len(b))
	}
	oid := c.place(t)
	w.ok(t, c.key, "GET", "/v1/orders/"+oid, nil)
	metrics := string(get("/metrics").raw)
	if !strings.Contains(metrics, `paidan_http_requests_total{method="GET",route="/v1/orders/:id",status="200"} 1`) || strings.Contains(metrics, oid) {
		t.Errorf("metrics: %s", metrics)
	}
}

func TestPanicIsAProblem(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	w.api.ingest = nil // whatever a bug may be
	r := w.refused(t, c.phone, "POST", "/v1/rider/positions", m{"fixes": []m{{"seq": 1, "at": noon, "lat": 43.0, "lng": 11.0, "accuracy_m": 1}}}, codeInternal)
	if strings.Contains(string(r.raw), "nil pointer") || strings.Contains(string(r.raw), ".go") {
		t.Errorf("the inside shows: %s", r.raw)
	}
	w.ok(t, c.phone, "GET", "/v1/rider/me", nil)
}

func TestConfigIsValidated(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*Config){
		"rate": func(c *Config) { c.Limits.Rider = Rate{PerSecond: -1} }, "burst": func(c *Config) { c.Limits.Staff.Burst = 0 },
		"timeout": func(c *Config) { c.Timeout = -1 }, "stream": func(c *Config) { c.Streams.KPI = 0 }, "buffer": func(c *Config) { c.Streams.ClientBuffer = 0 },
	} {
		c := DefaultConfig()
		spoil(&c)
		if c.Validate() == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if err := DefaultConfig().Validate(); err != nil {
		t.Error(err)
	}
	if _, err := New(Deps{Basemap: "/nowhere.pmtiles"}); err == nil {
		t.Error("a base map that is not there was accepted")
	}
}
