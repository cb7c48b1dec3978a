package ledger

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"time"
)

var csvHead = []string{
	"settlement_id", "day", "account", "name", "transaction_id", "kind", "at", "order_id", "external_id", "reason", "amount_minor", "currency", "term", "name_of_term",
}

// WriteCSV writes a settlement as RFC 4180 has it: a head, then a record per line.
func WriteCSV(w io.Writer, s Settlement, lines []Line) error {
	c := csv.NewWriter(w)
	c.UseCRLF = true
	if err := c.Write(csvHead); err != nil {
		return err
	}
	for _, l := range lines {
		err := c.Write([]string{
			s.ID.String(), string(s.Day), string(s.Account.Kind), harmless(s.Name), l.Transaction.String(), string(l.Kind),
			l.At.Format(time.RFC3339), l.Order.String(), harmless(l.ExternalID), harmless(l.Reason), strconv.FormatInt(l.Amount, 10), s.Currency, l.Term, harmless(l.Name),
		})
		if err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

// harmless keeps a spreadsheet from running what somebody has typed as a formula: an apostrophe makes it a text.
func harmless(typed string) string {
	if typed != "" && strings.ContainsRune("=+-@\t\r\n", rune(typed[0])) {
		return "'" + typed
	}
	return typed
}
