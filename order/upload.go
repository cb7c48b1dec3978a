package order

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// ProofKind is the sort of a picture.
type ProofKind string

// The kinds of picture.
const (
	ProofPhoto     ProofKind = "photo"
	ProofSignature ProofKind = "signature"
)

// Upload is a picture taken as proof. Its content lies in the file store.
type Upload struct {
	ID        id.Proof
	Order     id.Order
	Rider     id.Rider // who took it
	Kind      ProofKind
	Sum       [32]byte // SHA-256 of the content
	MediaType string
	Size      int // bytes
	At        time.Time
}

// maxUploads is how many pictures one order may have.
const maxUploads = 20

// ErrTooManyUploads means that the order has as many pictures as it may.
var ErrTooManyUploads = errors.New("the order has too many pictures")

// ErrUploadLate means that the order ended too long ago, or was erased.
var ErrUploadLate = errors.New("pictures are taken until 48 hours after the order's end")

// TakesUploads reports whether a picture of the order may still come.
func (o Order) TakesUploads(now time.Time) bool {
	return o.ErasedAt == nil && (o.EndedAt == nil || now.Sub(*o.EndedAt) <= uploadsUntil)
}

// AddUpload notes a picture that a rider took of an order of theirs, carried now or delivered before. The same picture
// twice is one. ErrNotFound where the order is not the rider's, ErrUploadLate, ErrTooManyUploads.
func AddUpload(ctx context.Context, tx pgx.Tx, tenant id.Tenant, u Upload) (Upload, error) {
	locked, err := Lock(ctx, tx, tenant, []id.Order{u.Order}) // two uploads of one picture come one after the other
	if err != nil {
		return u, err
	}
	if len(locked) == 0 || locked[0].Rider != u.Rider {
		return u, ErrNotFound
	}
	if !locked[0].TakesUploads(u.At) {
		return u, ErrUploadLate
	}
	had, err := Uploads(ctx, tx, tenant, u.Order)
	if err != nil {
		return u, err
	}
	for _, x := range had {
		if x.Kind == u.Kind && x.Sum == u.Sum {
			return x, nil
		}
	}
	if len(had) >= maxUploads {
		return u, ErrTooManyUploads
	}
	u.ID, u.At = id.NewProof(), micro(u.At)
	_, err = tx.Exec(ctx, `insert into proofs (tenant_id, id, order_id, rider_id, kind, sum, media_type, size, at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, tenant, u.ID, u.Order, u.Rider, string(u.Kind), u.Sum[:], u.MediaType, u.Size, u.At)
	if err != nil {
		return u, fmt.Errorf("note a picture of order %s: %w", u.Order, err)
	}
	return u, nil
}

// Uploads lists an order's pictures, the oldest first.
func Uploads(ctx context.Context, tx pgx.Tx, tenant id.Tenant, order id.Order) ([]Upload, error) {
	rows, err := tx.Query(ctx, `select id, order_id, rider_id, kind, sum, media_type, size, at from proofs
		where tenant_id = $1 and order_id = $2 order by id`, tenant, order)
	if err != nil {
		return nil, fmt.Errorf("read the pictures of order %s: %w", order, err)
	}
	us, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Upload, error) {
		var u Upload
		var sum []byte
		err := row.Scan(&u.ID, &u.Order, &u.Rider, &u.Kind, &sum, &u.MediaType, &u.Size, &u.At)
		copy(u.Sum[:], sum)
		u.At = u.At.UTC()
		return u, err
	})
	if err != nil {
		return nil, fmt.Errorf("read the pictures of order %s: %w", order, err)
	}
	return us, nil
}

// CheckUploads finds out whether the pictures that a proof names were uploaded for the order, as what they are named.
// The answer is nil or a *ProofError; the other error tells of the database.
func CheckUploads(ctx context.Context, tx pgx.Tx, tenant id.Tenant, order id.Order, p *Proof) error {
	if p == nil || (len(p.Photos) == 0 && p.Signature.IsZero()) {
		return nil
	}
	had, err := Uploads(ctx, tx, tenant, order)
	if err != nil {
		return err
	}
	kinds := make(map[id.Proof]ProofKind, len(had))
	for _, u := range had {
		kinds[u.ID] = u.Kind
	}
	var faults []ProofFault
	for i, x := range p.Photos {
		if kinds[x] != ProofPhoto {
			faults = append(faults, ProofFault{fmt.Sprintf("photo_ids[%d]", i), true, "is no photo uploaded for this order"})
		}
	}
	if !p.Signature.IsZero() && kinds[p.Signature] != ProofSignature {
		faults = append(faults, ProofFault{"signature_id", true, "is no signature uploaded for this order"})
	}
	if len(faults) > 0 {
		return &ProofError{order, faults}
	}
	return nil
}
