package webhook

import (
	"fmt"
	"net/netip"
	"syscall"
)

// blockedError means that a name stood for an address that webhooks must not reach.
type blockedError struct{ addr netip.Addr }

func (e *blockedError) Error() string {
	return fmt.Sprintf("%s is not an address on the internet", e.addr)
}

// control refuses connections into private networks (SSRF). It is asked by the dialer for the very address that it is about to connect
// to, after the name has been resolved: a name that answers differently at each question gets nowhere.
func (r Reach) control(_, address string, _ syscall.RawConn) error {
	if r.AllowPrivate {
		return nil
	}
	a, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("connect to %q: %w", address, err)
	}
	if !public(a.Addr()) {
		return &blockedError{a.Addr()}
	}
	return nil
}

// notPublic are the blocks inside unicast space that are special (IANA's registries), and those that wrap an IPv4 address.
var notPublic = prefixes(
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
	"192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
	"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
)

// globalV6 is the only IPv6 space that is routed on the internet; loopback, unique local, link-local, multicast, NAT64 and
// IPv4-compatible addresses lie outside of it.
var globalV6 = netip.MustParsePrefix("2000::/3")

// public reports whether an address is somewhere on the internet.
func public(a netip.Addr) bool {
	a = a.Unmap() // ::ffff:127.0.0.1
	if a.Is6() && (a.Zone() != "" || !globalV6.Contains(a)) {
		return false
	}
	for _, p := range notPublic {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

func prefixes(texts ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(texts))
	for i, t := range texts {
		out[i] = netip.MustParsePrefix(t)
	}
	return out
}
