package api

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/blob"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
)

// Files keeps the content of proofs, by its SHA-256 and apart for each order. blob.Dir does it on a disk,
// blob.S3 in an object store.
type Files interface {
	Put(ctx context.Context, in blob.Folder, content []byte) (blob.Sum, error)
	Get(ctx context.Context, in blob.Folder, sum blob.Sum) (io.ReadCloser, error) // blob.ErrNotFound
	Drop(ctx context.Context, in blob.Folder) error
}

// maxProof bounds a picture: a phone's camera makes less than half of it.
const maxProof = 5 << 20

// Upload is a picture taken as proof.
type Upload struct {
	ID        id.Proof        `json:"id" doc:"To be named in the act that it proves."`
	Kind      order.ProofKind `json:"kind" enum:"photo,signature"`
	MediaType string          `json:"media_type"`
	Size      int             `json:"size" doc:"Bytes."`
	At        time.Time       `json:"at"`
}

func uploadOf(u order.Upload) Upload { return Upload{u.ID, u.Kind, u.MediaType, u.Size, u.At} }

// proofTypes are the pictures taken. SVG is none: it can carry programs.
var proofTypes = []string{"image/jpeg", "image/png", "image/webp"}

// pictures describes bodies that are pictures.
func pictures() map[string]*huma.MediaType {
	out := make(map[string]*huma.MediaType, len(proofTypes))
	for _, t := range proofTypes {
		out[t] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
	}
	return out
}

func takesPicture(o huma.Operation) huma.Operation {
	o.MaxBodyBytes = maxProof
	o.RequestBody = &huma.RequestBody{Required: true, Content: pictures()}
	return o
}

func givesPicture(o huma.Operation) huma.Operation {
	o.Responses = map[string]*huma.Response{"200": {Content: pictures()}}
	return o
}

type uploadInput struct {
	ByOrder
	Kind    string `query:"kind" required:"true" enum:"photo,signature"`
	RawBody []byte `contentType:"image/jpeg"`
}

// uploadProof keeps a picture. The file is written before the row that names it, so a row always has its file.
func (s *Server) uploadProof(ctx context.Context, in *uploadInput) (*out[Upload], error) {
	who := riderOf(ctx)
	kind := http.DetectContentType(in.RawBody) // what it is, not what it is called
	if !slices.Contains(proofTypes, kind) {
		return nil, refuse(codeMediaType, "Send a picture: JPEG, PNG or WebP.")
	}
	err := s.db.Read(ctx, who.Tenant, func(tx pgx.Tx) error { // nobody fills the disk with pictures of others' orders
		o, err := order.Get(ctx, tx, who.Tenant, in.ID)
		switch {
		case err != nil:
			return err
		case o.Rider != who.Rider:
			return order.ErrNotFound
		case !o.TakesUploads(s.clock.Now()):
			return order.ErrUploadLate
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	sum, err := s.files.Put(ctx, blob.Folder{Tenant: who.Tenant, Order: in.ID}, in.RawBody)
	if err != nil {
		return nil, err
	}
	u := order.Upload{Order: in.ID, Rider: who.Rider, Kind: order.ProofKind(in.Kind), Sum: sum, MediaType: kind, Size: len(in.RawBody), At: s.clock.Now()}
	err = s.db.Tx(ctx, who.Tenant, func(tx pgx.Tx) error {
		u, err = order.AddUpload(ctx, tx, who.Tenant, u)
		return err
	})
	if err != nil {
		return nil, err
	}
	return answer(uploadOf(u)), nil
}

// ByProof is an order's id and a proof's in a path.
type ByProof struct {
	ByOrder
	Proof id.Proof `path:"proof" pattern:"^prf_[0-7][0-9a-hjkmnp-tv-z]{25}$" doc:"The proof's id."`
}

// file is a picture as an answer.
type file struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

func (s *Server) listProofs(ctx context.Context, in *ByOrder) (*list[Upload], error) {
	who := merchantOf(ctx)
	return s.proofsOf(ctx, who.Tenant, in.ID, who.owns)
}

func (s *Server) getProof(ctx context.Context, in *ByProof) (*file, error) {
	who := merchantOf(ctx)
	return s.proof(ctx, who.Tenant, in, who.owns)
}

func (s *Server) consoleProofs(ctx context.Context, in *ByOrder) (*list[Upload], error) {
	return s.proofsOf(ctx, staffOf(ctx).Tenant, in.ID, anyOrder)
}

func (s *Server) consoleProof(ctx context.Context, in *ByProof) (*file, error) {
	return s.proof(ctx, staffOf(ctx).Tenant, in, anyOrder)
}

func (m merchant) owns(o order.Order) bool { return o.Merchant == m.Merchant }

func anyOrder(order.Order) bool { return true }

// uploads reads an order's pictures for who may see the order.
func (s *Server) uploads(ctx context.Context, tenant id.Tenant, oid id.Order, may func(order.Order) bool) (us []order.Upload, err error) {
	err = s.db.Read(ctx, tenant, func(tx pgx.Tx) error {
		o, err := order.Get(ctx, tx, tenant, oid)
		if err == nil && !may(o) {
			err = order.ErrNotFound
		}
		if err == nil {
			us, err = order.Uploads(ctx, tx, tenant, oid)
		}
		return err
	})
	return us, err
}

func (s *Server) proofsOf(ctx context.Context, tenant id.Tenant, oid id.Order, may func(order.Order) bool) (*list[Upload], error) {
	us, err := s.uploads(ctx, tenant, oid, may)
	if err != nil {
		return nil, err
	}
	data := make([]Upload, len(us))
	for i, u := range us {
		data[i] = uploadOf(u)
	}
	return listOf(data, ""), nil
}

func (s *Server) proof(ctx context.Context, tenant id.Tenant, in *ByProof, may func(order.Order) bool) (*file, error) {
	us, err := s.uploads(ctx, tenant, in.ID, may)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(us, func(u order.Upload) bool { return u.ID == in.Proof })
	if i < 0 {
		return nil, order.ErrNotFound
	}
	f, err := s.files.Get(ctx, blob.Folder{Tenant: tenant, Order: in.ID}, us[i].Sum)
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(io.LimitReader(f, maxProof))
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	return &file{ContentType: us[i].MediaType, Disposition: "inline; filename=" + us[i].ID.String(), Body: content}, nil
}
