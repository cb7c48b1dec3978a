package webhook

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"github.com/paidan/paidan/internal/clock"
)

func TestOnlyPublicAddresses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"1.1.1.1": true, "8.8.8.8": true, "172.15.0.1": true, "172.32.0.1": true, "100.63.255.255": true, "100.128.0.0": true,
		"2606:4700:4700::1111": true, "2a00:1450:4001::200e": true, "::ffff:8.8.8.8": true,
		"127.0.0.1": false, "127.9.9.9": false, "0.0.0.0": false, "0.1.2.3": false, "10.0.0.1": false, "172.16.0.1": false, "172.31.255.255": false,
		"192.168.1.1": false, "169.254.169.254": false, "100.64.0.1": false, "100.127.255.255": false, "192.0.0.8": false, "192.0.2.1": false,
		"198.18.0.1": false, "198.51.100.7": false, "203.0.113.9": false, "224.0.0.1": false, "239.1.1.1": false, "240.0.0.1": false,
		"255.255.255.255": false, "192.88.99.1": false,
		"::": false, "::1": false, "::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false, "::127.0.0.1": false, "fc00::1": false, "fd12::1": false,
		"fe80::1": false, "fe80::1%eth0": false, "fec0::1": false, "ff02::1": false, "64:ff9b::7f00:1": false, "64:ff9b:1::1": false, "100::1": false,
		"2001::1": false, "2001:db8::1": false, "2002:7f00:1::1": false, "3fff::1": false, "5f00::1": false,
	} {
		if got := public(netip.MustParseAddr(text)); got != want {
			t.Errorf("%s is public: %v", text, got)
		}
	}
}

// The address is judged when connecting: neither a literal nor a name gets through to this machine, and nobody there hears a thing.
func TestPrivateAddressesAreNotReached(t *testing.T) {
	t.Parallel()
	s := newShop(t, nil)
	sender := newSender(Reach{AllowHTTP: true}, clock.System{})
	defer sender.close()
	_, port, _ := strings.Cut(strings.TrimPrefix(s.URL, "http://"), ":")
	for _, url := range []string{s.URL, "http://localhost:" + port, "http://[::ffff:127.0.0.1]:" + port} {
		a := sender.send(t.Context(), request{url: url, id: "evt", secrets: []string{newSecret()}, payload: []byte("{}")})
		if a.result != resultBlocked || a.status != 0 || !strings.Contains(a.err, "not an address on the internet") {
			t.Errorf("%s: %+v", url, a)
		}
	}
	if n := len(s.got); n != 0 {
		t.Errorf("%d requests arrived", n)
	}
}

func TestAddressesAreChecked(t *testing.T) {
	t.Parallel()
	strict, lax := Reach{}, open
	for url, ok := range map[string][2]bool{
		"https://shop.example/hook?a=b": {true, true}, "https://shop.example:8443": {true, true}, "https://8.8.8.8/": {true, true},
		"http://shop.example/": {false, true}, "https://127.0.0.1/": {false, true}, "https://[::1]/": {false, true}, "https://localhost/": {false, true},
		"https://LOCALHOST./": {false, true}, "https://a.localhost/": {false, true}, "https://[::ffff:169.254.169.254]/": {false, true},
		"ftp://shop.example/": {false, false}, "shop.example": {false, false}, "https://": {false, false}, "https:///x": {false, false},
		"https://u:p@shop.example/": {false, false}, "https://shop.example/#x": {false, false}, "https:shop.example": {false, false},
		"https://shop.example/\x00": {false, false}, "https://shop.example/" + strings.Repeat("x", MaxURL): {false, false},
	} {
		for i, r := range []Reach{strict, lax} {
			if err := r.Check(url); (err == nil) != ok[i] {
				t.Errorf("%.60q, %+v: %v", url, r, err)
			}
		}
	}
}

// A redirect is an answer like any other that is not 2xx; where it points to is nobody's business.
func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	elsewhere := newShop(t, nil)
	s := newShop(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
	})
	sender := newSender(open, clock.System{})
	defer sender.close()
	a := sender.send(t.Context(), request{url: s.URL, id: "evt", secrets: []string{newSecret()}, payload: []byte("{}")})
	if a.status != http.StatusTemporaryRedirect || a.ok() || a.result != resultRefused || len(elsewhere.got) != 0 || len(s.got) != 1 {
		t.Errorf("%+v; %d requests arrived elsewhere", a, len(elsewhere.got))
	}
}
