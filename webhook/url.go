package webhook

import (
	"errors"
	"net/netip"
	"net/url"
	"strings"
)

// Reach says where webhooks may go. The zero value is for the open internet.
type Reach struct {
	AllowHTTP    bool // addresses without TLS: what is sent can be read on the way
	AllowPrivate bool // addresses of this machine and its networks: whoever has an API key can make Paidan call them
}

// MaxURL is the longest address in bytes.
const MaxURL = 2000

// Check tells a caller what is wrong with an address. What a name stands for is found out when connecting, each time anew (guard.go).
func (r Reach) Check(raw string) error {
	u, err := url.Parse(raw)
	switch {
	case err != nil || len(raw) > MaxURL:
		return errors.New("must be an address such as https://shop.example/paidan, of at most 2000 bytes")
	case u.Scheme == "http" && !r.AllowHTTP:
		return errors.New("must begin with https:// (http needs the operator's --webhook-allow-http)")
	case u.Scheme != "https" && u.Scheme != "http":
		return errors.New("must begin with https://")
	case u.Hostname() == "" || u.Opaque != "":
		return errors.New("must name a host, as in https://shop.example/paidan")
	case u.User != nil:
		return errors.New("must not contain a user or password; verify the signature instead")
	case u.Fragment != "":
		return errors.New("must not have a #fragment, which is never sent")
	}
	if r.AllowPrivate {
		return nil
	}
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	if ip, err := netip.ParseAddr(host); (err == nil && !public(ip)) || host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return errors.New("must be an address on the internet (private ones need the operator's --webhook-allow-private)")
	}
	return nil
}
