package ledger

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/paidan/paidan/internal/id"
)

func TestCSV(t *testing.T) {
	t.Parallel()
	s := Settlement{Day: "2026-03-02", Account: OfMerchant(id.Merchant{}), Name: `=HYPERLINK("http://evil")`, Currency: "CNY"}
	lines := []Line{
		{Kind: Delivered, At: noon, ExternalID: `A-1, "big"`, Amount: 500},
		{Kind: Adjustment, At: noon, ExternalID: "@x", Reason: "-1+1\nnext line", Amount: -20, Term: "peak", Name: "=Lunch"},
	}
	var b bytes.Buffer
	if err := WriteCSV(&b, s, lines); err != nil {
		t.Fatal(err)
	}
	want := "settlement_id,day,account,name,transaction_id,kind,at,order_id,external_id,reason,amount_minor,currency,term,name_of_term\r\n" +
		`,2026-03-02,merchant,"'=HYPERLINK(""http://evil"")",,delivered,2026-03-02T04:00:00Z,,"A-1, ""big""",,500,CNY,,` + "\r\n" +
		`,2026-03-02,merchant,"'=HYPERLINK(""http://evil"")",,adjustment,2026-03-02T04:00:00Z,,'@x,"'-1+1` + "\r\n" + `next line",-20,CNY,peak,'=Lunch` + "\r\n"
	if got := b.String(); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

// Whatever is typed comes back as it was, but for the apostrophe before what a spreadsheet would run.
func TestCSVIsReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		typed := rapid.StringMatching(`[=+@\-\t a-z",;'\n]{0,12}`).Draw(t, "typed")
		var b bytes.Buffer
		if err := WriteCSV(&b, Settlement{}, []Line{{Reason: typed}}); err != nil {
			t.Fatal(err)
		}
		records, err := csv.NewReader(&b).ReadAll()
		if err != nil || len(records) != 2 {
			t.Fatalf("%v: %q", err, b.String())
		}
		got := records[1][9]
		if got != typed && got != "'"+typed {
			t.Fatalf("%q came back as %q", typed, got)
		}
		if got != "" && strings.ContainsAny(got[:1], "=+-@\t\r\n") {
			t.Fatalf("%q would run", got)
		}
	})
}
