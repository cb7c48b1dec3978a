package ledger

import (
	"bytes"
	"context"
	"encoding/csv"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/tariff"
)

// Whatever happens on some days: the statements of any way to cut them add up to the rider's account, and to the settlements once all is settled.
func TestStatementsAgreeWithTheLedger(t *testing.T) {
	t.Parallel()
	f := newFirm(t)
	f.pays(tariff.RiderPay{
		PerOrder: 300, PerKm: 100, LongDistance: []tariff.LongDistance{{OverM: 0, PerKm: 7}}, Guarantee: &tariff.Guarantee{PerHour: 700},
		Peaks: []tariff.Peak{{Name: "=Lunch", Weekly: clock.Weekly{From: "11:00", To: "15:00"}, Percent: 33}, {Name: "Noon", Weekly: clock.Weekly{From: "12:00", To: "12:30"}, Amount: 1}},
	}, noon)
	rng := rand.New(rand.NewPCG(7, 7))
	const days = 4
	for range 25 {
		at := noon.Add(time.Duration(rng.Int64N(int64(days * 24 * time.Hour)))).Truncate(time.Second)
		who := f.riders[rng.IntN(2)]
		switch rng.IntN(4) {
		case 0:
			f.correct(OfRider(who), rng.Int64N(400)-200+1000, at)
		case 1:
			f.shift(who, at, at.Add(time.Duration(rng.IntN(300))*time.Minute))
		default:
			o := f.place(at, byTheSecond)
			f.told(o, who, at)
			f.finish(o, who, at)
		}
	}
	f.ended(noon, f.riders[0], order.EventReturned)
	end := noon.AddDate(0, 0, days+3)
	f.closeDays(end)
	f.booksAgree()
	first, last := DayOf(noon, shanghai), DayOf(end, shanghai)
	for _, who := range f.riders {
		var owed, settled, stated, written int64
		var whole []Entry
		f.tx(func(ctx context.Context, tx pgx.Tx) (err error) {
			if err := tx.QueryRow(ctx, `select -sum(amount)::bigint from ledger_postings where tenant_id = $1 and rider_id = $2`, f.tenant, who).Scan(&owed); err != nil {
				return err
			}
			for from := first; from <= last; { // in pieces
				to := from
				for range rng.IntN(3) {
					to = to.Next()
				}
				piece, err := Statement(ctx, tx, f.tenant, who, from, to, shanghai)
				if err != nil {
					return err
				}
				for _, e := range piece {
					var sum int64
					for _, x := range e.Terms {
						sum += x.Amount
					}
					if sum != e.Amount || e.Day < from || e.Day > to || e.Currency != "CNY" {
						t.Errorf("%+v", e)
					}
					stated += e.Amount
				}
				from = to.Next()
			}
			whole, err = Statement(ctx, tx, f.tenant, who, first, last, shanghai)
			return err
		})
		for _, s := range f.settlements(SettlementFilter{Rider: who}) {
			settled += s.Total
		}
		var b bytes.Buffer
		if err := WriteStatement(&b, whole); err != nil {
			t.Fatal(err)
		}
		records, err := csv.NewReader(&b).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range records[1:] {
			n, err := strconv.ParseInt(r[10], 10, 64)
			if err != nil || r[9] != "" && r[9] != "Noon" && r[9] != "'=Lunch" {
				t.Errorf("%v, %v", r, err)
			}
			written += n
		}
		if owed == 0 || stated != owed || settled != owed || written != owed {
			t.Errorf("owed %d, stated %d, settled %d, written %d", owed, stated, settled, written)
		}
	}
}
