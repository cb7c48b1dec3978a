package api

import (
	"context"
	"encoding/json"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
)

// Zone is an area dispatched as one.
type Zone struct {
	ID      id.Zone         `json:"id"`
	Name    string          `json:"name"`
	Policy  dispatch.Policy `json:"policy"`
	Version int64           `json:"version"`
	Cells   []string        `json:"cells" doc:"H3 cells of resolution 8."`
	Outline [][]geo.LatLng  `json:"outline" doc:"The cells' common boundary: one ring or several, holes included."`
	Center  geo.LatLng      `json:"center"`
}

func zoneOf(z dispatch.Zone) Zone {
	j := Zone{ID: z.ID, Name: z.Name, Policy: z.Policy, Version: z.Version, Cells: make([]string, len(z.Cells)), Outline: outline(z.Cells), Center: geo.Middle(z.Cells)}
	for i, c := range z.Cells {
		j.Cells[i] = c.String()
	}
	return j
}

// policyPart is a policy of which some fields are given; the others keep their values, or get the defaults.
type policyPart struct{ json.RawMessage }

// Schema is the policy's, with nothing required, nor within its parts: a field that a later version adds breaks nobody's request.
func (policyPart) Schema(r huma.Registry) *huma.Schema {
	return optional(r, huma.SchemaFromType(r, reflect.TypeFor[dispatch.Policy]()))
}

// optional is an object of which any fields may be given, also of the objects in it.
func optional(r huma.Registry, s *huma.Schema) *huma.Schema {
	if s.Ref != "" {
		s = r.SchemaFromRef(s.Ref)
	}
	if len(s.Properties) == 0 {
		return s
	}
	part := *s
	part.Required, part.Properties = nil, make(map[string]*huma.Schema, len(s.Properties))
	for name, field := range s.Properties {
		part.Properties[name] = optional(r, field)
	}
	return &part
}

func (p *policyPart) over(base dispatch.Policy) (dispatch.Policy, error) {
	if p == nil || len(p.RawMessage) == 0 {
		return base, nil
	}
	if err := json.Unmarshal(p.RawMessage, &base); err != nil {
		return base, invalid(FieldFault{"policy", err.Error(), nil})
	}
	if faults := base.Validate(); len(faults) > 0 {
		return base, &dispatch.PolicyError{Faults: faults}
	}
	return base, nil
}

// Around is a circle.
type Around struct {
	Center  geo.LatLng `json:"center"`
	RadiusM float64    `json:"radius_m" minimum:"100" maximum:"100000"`
}

type newZoneInput struct {
	Body struct {
		Name   string      `json:"name" minLength:"1" maxLength:"200"`
		Cells  []string    `json:"cells,omitempty" maxItems:"50000" doc:"H3 cells of resolution 8; or send around."`
		Around *Around     `json:"around,omitempty" nullable:"false" doc:"All cells whose centre lies in a circle."`
		Policy *policyPart `json:"policy,omitempty"`
	}
}

func (s *Server) listZones(ctx context.Context, _ *empty) (*list[Zone], error) {
	found, err := dispatch.ListZones(ctx, s.db, staffOf(ctx).Tenant)
	if err != nil {
		return nil, err
	}
	data := make([]Zone, len(found))
	for i, z := range found {
		data[i] = zoneOf(z)
	}
	return listOf(data, ""), nil
}

func (s *Server) createZone(ctx context.Context, in *newZoneInput) (*out[Zone], error) {
	b := in.Body
	var cells []geo.Cell
	switch {
	case (len(b.Cells) > 0) == (b.Around != nil):
		return nil, invalid(FieldFault{"cells", "send either cells or around", nil})
	case b.Around != nil:
		cells = disk(b.Around.Center, b.Around.RadiusM)
	default:
		var err error
		if cells, err = parseCells(b.Cells); err != nil {
			return nil, err
		}
	}
	policy, err := b.Policy.over(dispatch.DefaultPolicy())
	if err != nil {
		return nil, err
	}
	z, err := dispatch.CreateZone(ctx, s.db, staffOf(ctx).Tenant, dispatch.Zone{Name: b.Name, Cells: cells, Policy: policy}, s.clock.Now())
	if err != nil {
		return nil, err
	}
	return answer(zoneOf(z)), nil
}

func parseCells(texts []string) ([]geo.Cell, error) {
	var faults []FieldFault
	cells := make([]geo.Cell, len(texts))
	seen := make(map[geo.Cell]bool, len(texts))
	for i, text := range texts {
		err := cells[i].UnmarshalText([]byte(text))
		switch {
		case err != nil:
			faults = append(faults, FieldFault{index("cells", i), "is not an H3 cell", echo("", text)})
		case cells[i].Parent(geo.ZoneRes) != cells[i]:
			faults = append(faults, FieldFault{index("cells", i), "is not of resolution 8", text})
		case seen[cells[i]]:
			faults = append(faults, FieldFault{index("cells", i), "is there twice", text})
		}
		seen[cells[i]] = true
	}
	if len(faults) > 0 {
		return nil, invalid(faults[:min(len(faults), 100)]...)
	}
	return cells, nil
}

type zoneChangeInput struct {
	ByZone
	Body struct {
		Version int64       `json:"version" doc:"The one you read."`
		Name    *string     `json:"name,omitempty" minLength:"1" maxLength:"200"`
		Policy  *policyPart `json:"policy,omitempty" doc:"Fields left out keep their values."`
	}
}

func (s *Server) updateZone(ctx context.Context, in *zoneChangeInput) (*out[Zone], error) {
	tenant := staffOf(ctx).Tenant
	z, err := dispatch.GetZone(ctx, s.db, tenant, in.ID)
	if err != nil {
		return nil, err
	}
	if z.Version != in.Body.Version {
		return nil, dispatch.ErrZoneConflict
	}
	set(&z.Name, in.Body.Name)
	if z.Policy, err = in.Body.Policy.over(z.Policy); err != nil {
		return nil, err
	}
	if z, err = dispatch.UpdateZone(ctx, s.db, tenant, z); err != nil {
		return nil, err
	}
	s.tariffs.forget(zoneKey{tenant, z.ID}) // they go with the zone's hours
	return answer(zoneOf(z)), nil
}

// zoneExists asks before a stream begins.
func (s *Server) zoneExists(ctx context.Context, tenant id.Tenant, zone id.Zone) error {
	_, err := dispatch.GetZone(ctx, s.db, tenant, zone)
	return err
}
