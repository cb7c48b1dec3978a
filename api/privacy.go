package api

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/order"
)

// shortName is a person's first name with the other's initial, "Anna B."; of a Chinese name the family's, "王*".
func shortName(name string) string {
	words := strings.Fields(name)
	switch {
	case len(words) == 0:
		return ""
	case len(words) > 1:
		initial, _ := utf8.DecodeRuneInString(words[len(words)-1])
		return words[0] + " " + string(unicode.ToUpper(initial)) + "."
	}
	if first, n := utf8.DecodeRuneInString(name); unicode.Is(unicode.Han, first) && n < len(name) {
		return string(first) + "*"
	}
	return words[0]
}

// maskPhone leaves of a phone number enough to recognise it by: the country's part and the last four digits.
func maskPhone(phone string) string {
	digits := 0
	for _, r := range phone {
		if unicode.IsDigit(r) {
			digits++
		}
	}
	first, last := 3, 4
	if digits < 10 {
		first, last = 0, 2
	}
	var b strings.Builder
	n := 0
	for _, r := range phone {
		if unicode.IsDigit(r) {
			if n++; n > first && n <= digits-last {
				r = '*'
			}
		}
		b.WriteRune(r)
	}
	return b.String()
}

// afterDoor is how long a rider may still call the customer: for what was forgotten.
const afterDoor = time.Hour

// customerPhone is what the order's rider sees of the customer's phone.
func customerPhone(o order.Order, p dispatch.Privacy, now time.Time) string {
	switch p.CustomerPhone {
	case dispatch.ShownFull:
		return o.Dropoff.ContactPhone
	case dispatch.ShownDelivery:
		if o.State.OnBoard() || o.State == order.Delivered && now.Sub(*o.EndedAt) <= afterDoor {
			return o.Dropoff.ContactPhone
		}
	}
	return ""
}
