package people

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"

	"github.com/paidan/paidan/client"
)

// snapshot is what a rider's camera sees in this world: a grey afternoon.
var snapshot = func() []byte {
	var b bytes.Buffer
	m := image.NewGray(image.Rect(0, 0, 32, 24))
	for i := range m.Pix {
		m.Pix[i] = 160 + uint8(i%32)
	}
	m.SetGray(16, 12, color.Gray{Y: 20})
	if err := png.Encode(&b, m); err != nil { // into memory
		panic(err)
	}
	return b.Bytes()
}()

// customerKnows reports whether the customer can tell what the order demands of them. Who placed an order without these
// people has its PIN, so they can't hand it over.
func (a *agent) customerKnows(order string) bool {
	d, secret := a.todo.demands[order], a.jobs.secret(order)
	return (!d.PIN || secret.PIN != "") && (!d.Barcode || secret.Barcode != "")
}

// prove gets the proof that an order demands: it takes pictures and asks the customer. ok is false where a picture could not
// be sent; the rider then tries again.
func (a *agent) prove(ctx context.Context, order string) (p *client.Proof, ok bool) {
	d, demanded := a.todo.demands[order]
	if !demanded {
		return nil, true
	}
	secret := a.jobs.secret(order)
	p = &client.Proof{PIN: secret.PIN, Barcode: secret.Barcode, AgeChecked: d.MinAge > 0}
	upload := func(kind string) (id string) {
		id, err := a.rider.Upload(ctx, order, kind, "image/png", snapshot)
		if err != nil {
			ok = false
		}
		return id
	}
	ok = true
	if d.Photo {
		p.PhotoIDs = []string{upload(client.Photo)}
	}
	if d.Signature {
		p.SignatureID = upload(client.Signature)
	}
	if !ok {
		a.pause = a.clock.Now().Add(shortPause)
		a.refetch(ctx)
	}
	return p, ok
}
