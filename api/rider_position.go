package api

import (
	"context"
	"encoding/json"
	"mime"
	"net/http"
	"reflect"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/rider"
)

// Fix is one GPS fix.
type Fix struct {
	Seq        int64     `json:"seq" minimum:"0" doc:"Counts up with every fix the phone takes; a repeated number is a repeated fix."`
	At         time.Time `json:"at" doc:"When the phone took it, by its own clock."`
	Lat        float64   `json:"lat" minimum:"-90" maximum:"90"`
	Lng        float64   `json:"lng" minimum:"-180" maximum:"180"`
	AccuracyM  float64   `json:"accuracy_m" minimum:"0" maximum:"1000000" doc:"Radius of 68 % confidence; 0: not known."`
	SpeedMps   *float64  `json:"speed_mps,omitempty" minimum:"0" maximum:"1000"`
	HeadingDeg *float64  `json:"heading_deg,omitempty" minimum:"0" maximum:"360" doc:"Clockwise from north."`
	Mock       bool      `json:"mock,omitempty" doc:"A program made the fix up (Android's isMock, iOS's isSimulatedBySoftware)."`
}

func (f Fix) fix() rider.Fix {
	return rider.Fix{
		Seq: f.Seq, At: f.At.UTC(), LatLng: geo.LatLng{Lat: f.Lat, Lng: f.Lng}, AccuracyM: f.AccuracyM, SpeedMps: f.SpeedMps, HeadingDeg: f.HeadingDeg,
		Mock: f.Mock,
	}
}

// PositionBatch is some of one rider's fixes.
type PositionBatch struct {
	Fixes []Fix `json:"fixes" minItems:"1" maxItems:"500"`
}

// positionsInput is a batch as it came: with thousands of riders it is the most frequent request by far, so the handler reads it itself.
type positionsInput struct {
	RawBody []byte `contentType:"application/json"`
	form    string
}

const protobuf = "application/x-protobuf"

// Resolve notes the form of the body.
func (in *positionsInput) Resolve(c huma.Context) []error {
	in.form = c.Header("Content-Type")
	return nil
}

func takesFixes(a huma.API, o huma.Operation) huma.Operation {
	o = unchecked(o)
	o.Description = "As JSON, or as the protobuf message paidan.v1.PositionBatch (docs/positions.proto)."
	o.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"application/json": {Schema: a.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[PositionBatch](), true, "")},
		protobuf:           {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
	}}
	return o
}

// sendPositions asks no database: the token says who the rider is, where, and on what.
func (s *Server) sendPositions(ctx context.Context, in *positionsInput) (*out[rider.Counts], error) {
	b := fixBatches.Get().(*fixBatch)
	defer fixBatches.Put(b)
	if err := s.readFixes(b, in.form, in.RawBody); err != nil {
		return nil, err
	}
	who := riderOf(ctx)
	return answer(s.ingest.Accept(ctx, who.Tenant, who.Zone, who.Rider, who.Vehicle, b.fixes)), nil
}

func (s *Server) readFixes(b *fixBatch, form string, body []byte) error {
	b.fixes, b.used = b.fixes[:0], 0
	if form != "" && form != "application/json" && form != protobuf {
		var err error
		if form, _, err = mime.ParseMediaType(form); err != nil {
			return errFixForm
		}
	}
	switch form {
	case protobuf:
		return b.readProto(body)
	case "", "application/json":
		if b.readPlainJSON(body) {
			return nil
		}
		return s.readAnyJSON(b, body)
	}
	return errFixForm
}

var errFixForm = refuse(codeMediaType, "Send application/json or "+protobuf+".")

// readAnyJSON reads what is not plain, by the schema and with its complaints.
func (s *Server) readAnyJSON(b *fixBatch, body []byte) error {
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		return invalid(FieldFault{"body", err.Error(), nil})
	}
	var found huma.ValidateResult
	path := huma.NewPathBuffer(make([]byte, 0, 128), 0)
	path.Push("body")
	huma.Validate(s.schemas, s.schemas.Schema(reflect.TypeFor[PositionBatch](), true, ""), path, huma.ModeWriteToServer, v, &found)
	if len(found.Errors) > 0 {
		return invalid(humaProblem(http.StatusUnprocessableEntity, "", found.Errors).Errors...)
	}
	var batch PositionBatch
	if err := json.Unmarshal(body, &batch); err != nil {
		return invalid(FieldFault{"body", err.Error(), nil})
	}
	b.fixes = b.fixes[:0]
	for _, f := range batch.Fixes {
		b.fixes = append(b.fixes, f.fix())
	}
	return nil
}

// fixBatch is the memory that a batch is read into.
type fixBatch struct {
	fixes   []rider.Fix
	numbers [2 * rider.MaxFixes]float64 // speeds and headings, as far as they are known
	used    int
}

var fixBatches = sync.Pool{New: func() any { return new(fixBatch) }}

// number keeps a number for a fix to point to. There is room for two of each fix.
func (b *fixBatch) number(x float64) *float64 {
	p := &b.numbers[b.used]
	b.used++
	*p = x
	return p
}

// fixesOf are fixes as the ingest takes them.
func fixesOf(in []Fix) []rider.Fix {
	fixes := make([]rider.Fix, len(in))
	for i, f := range in {
		fixes[i] = f.fix()
	}
	return fixes
}
