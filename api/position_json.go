package api

import (
	"bytes"
	"strconv"

	"github.com/paidan/paidan/rider"
)

// readPlainJSON reads a batch as every phone sends it, some ten times faster than by way of the schema: known fields, each once, plain numbers
// within their limits, no escapes. Of anything else it reports false, and readAnyJSON decides: whatever this function lets in that one would let in too,
// and read the same.
func (b *fixBatch) readPlainJSON(body []byte) bool {
	p := plainJSON{rest: body, ok: true}
	p.want('{')
	if string(p.key()) != "fixes" {
		return false
	}
	p.want('[')
	for p.ok {
		if len(b.fixes) == rider.MaxFixes {
			return false
		}
		b.fixes = append(b.fixes, p.fix(b))
		if !p.has(',') {
			break
		}
	}
	p.want(']')
	p.want('}')
	p.space()
	return p.ok && len(p.rest) == 0
}

// plainJSON goes through a text from its front; ok is false once it was not plain.
type plainJSON struct {
	rest []byte
	ok   bool
}

// The fields of a fix, as bits.
const (
	hasSeq = 1 << iota
	hasAt
	hasLat
	hasLng
	hasAccuracy
	hasSpeed
	hasHeading
	hasMock

	hasNeeded = hasSeq | hasAt | hasLat | hasLng | hasAccuracy
)

func (p *plainJSON) fix(b *fixBatch) (f rider.Fix) {
	p.want('{')
	seen := 0
	for p.ok {
		field := 0
		switch string(p.key()) {
		case "seq":
			field, f.Seq = hasSeq, p.integer()
		case "at":
			field = hasAt
			p.ok = p.ok && f.At.UnmarshalJSON(p.text()) == nil
			f.At = f.At.UTC()
		case "lat":
			field, f.Lat = hasLat, p.number(-90, 90)
		case "lng":
			field, f.Lng = hasLng, p.number(-180, 180)
		case "accuracy_m":
			field, f.AccuracyM = hasAccuracy, p.number(0, 1e6)
		case "speed_mps":
			field = hasSpeed
			if x := p.number(0, 1000); seen&field == 0 {
				f.SpeedMps = b.number(x)
			}
		case "heading_deg":
			field = hasHeading
			if x := p.number(0, 360); seen&field == 0 {
				f.HeadingDeg = b.number(x)
			}
		case "mock":
			field, f.Mock = hasMock, p.boolean()
		}
		p.ok = p.ok && field != 0 && seen&field == 0
		seen |= field
		if !p.has(',') {
			break
		}
	}
	p.want('}')
	p.ok = p.ok && seen&hasNeeded == hasNeeded
	return f
}

func (p *plainJSON) space() {
	for len(p.rest) > 0 && (p.rest[0] == ' ' || p.rest[0] == '\n' || p.rest[0] == '\t' || p.rest[0] == '\r') {
		p.rest = p.rest[1:]
	}
}

// has takes a sign if it comes next.
func (p *plainJSON) has(sign byte) bool {
	p.space()
	if len(p.rest) == 0 || p.rest[0] != sign {
		return false
	}
	p.rest = p.rest[1:]
	return true
}

func (p *plainJSON) want(sign byte) { p.ok = p.has(sign) && p.ok }

// text takes a string and returns it with its quotes. ASCII without escapes only.
func (p *plainJSON) text() []byte {
	p.space()
	for i, c := range p.rest {
		switch {
		case i == 0 && c == '"':
		case i > 0 && c == '"':
			t := p.rest[:i+1]
			p.rest = p.rest[i+1:]
			return t
		case i == 0, c == '\\', c < ' ', c > '~':
			p.ok = false
			return nil
		}
	}
	p.ok = false
	return nil
}

// key takes a field's name and the colon after it.
func (p *plainJSON) key() []byte {
	t := p.text()
	p.want(':')
	if !p.ok {
		return nil
	}
	return t[1 : len(t)-1]
}

// integer takes a number of at most 18 digits, without a sign.
func (p *plainJSON) integer() int64 {
	p.space()
	n := p.digits()
	t := p.rest[:n]
	p.rest = p.rest[n:]
	v, err := strconv.ParseInt(string(t), 10, 64)
	p.ok = p.ok && err == nil && n <= 18 && (n == 1 || t[0] != '0')
	return v
}

// number takes a number between two others, without an exponent.
func (p *plainJSON) number(least, most float64) float64 {
	p.space()
	all := p.rest
	p.has('-')
	whole := p.digits()
	plain := whole == 1 || whole > 1 && p.rest[0] != '0'
	p.rest = p.rest[whole:]
	if len(p.rest) > 0 && p.rest[0] == '.' {
		p.rest = p.rest[1:]
		n := p.digits()
		plain = plain && n > 0
		p.rest = p.rest[n:]
	}
	v, err := strconv.ParseFloat(string(all[:len(all)-len(p.rest)]), 64)
	p.ok = p.ok && plain && err == nil && v >= least && v <= most
	return v
}

// digits counts the digits that come next.
func (p *plainJSON) digits() int {
	n := 0
	for n < len(p.rest) && p.rest[n] >= '0' && p.rest[n] <= '9' {
		n++
	}
	return n
}

// boolean takes true or false.
func (p *plainJSON) boolean() bool {
	p.space()
	for _, word := range []string{"true", "false"} {
		if rest, ok := bytes.CutPrefix(p.rest, []byte(word)); ok {
			p.rest = rest
			return word == "true"
		}
	}
	p.ok = false
	return false
}
