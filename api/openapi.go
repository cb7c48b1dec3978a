package api

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/danielgtaylor/huma/v2"
)

// Version of the API.
const apiVersion = "1.0.0"

// describe is the OpenAPI document's head. Schemas are not linked from answers: `$schema` in every body helps nobody here.
func (s *Server) describe() huma.Config {
	c := huma.DefaultConfig("Paidan", apiVersion)
	c.CreateHooks, c.OpenAPIPath, c.DocsPath, c.SchemasPath = nil, "", "", ""
	c.Formats = map[string]huma.Format{"application/json": huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat}
	c.Info.Description = "Delivery dispatch. Merchants place orders, riders deliver them, staff watch and steer.\n\n" +
		"Ids are TypeIDs. Times are RFC 3339 in UTC, durations whole seconds, money whole minor units, coordinates WGS-84 degrees. " +
		"Errors are RFC 9457 problems with a stable `code` (docs/errors.md)."
	c.Info.License = &huma.License{Name: "Apache-2.0", URL: "https://www.apache.org/licenses/LICENSE-2.0"}
	c.Tags = []*huma.Tag{ // in the sequence of the reference
		{Name: "Merchant", Description: "With a merchant's API key."}, {Name: "Rider", Description: "With a rider's access token."},
		{Name: "Console", Description: "With a staff session."}, {Name: "Log-in"},
		{Name: uberTag, Description: "Uber Direct's deliveries API over this one (docs/facades.md)."},
		{Name: doordashTag, Description: "DoorDash's Drive API over this one (docs/facades.md)."},
	}
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		merchantKeyScheme: {Type: "http", Scheme: "bearer", Description: "A merchant's API key. Operations name the scope that it needs; a key without scopes may do everything."},
		"rider_token":     {Type: "http", Scheme: "bearer", BearerFormat: "JWT", Description: "A rider's access token."},
		"session": {
			Type: "apiKey", In: "cookie", Name: sessionCookie,
			Description: "A staff session. Calls that change something also need the header " + consoleHeader + ": 1.",
		},
	}
	return c
}

// OpenAPI is the document of the API, docs/openapi.json.
func OpenAPI() ([]byte, error) {
	s, err := New(Deps{})
	if err != nil {
		return nil, err
	}
	return s.doc()
}

// writeOpenAPI writes the document as it is read by people.
func writeOpenAPI(raw []byte, err error) ([]byte, error) {
	if err != nil {
		return nil, fmt.Errorf("write the OpenAPI document: %w", err)
	}
	var b bytes.Buffer
	if err := json.Indent(&b, raw, "", "  "); err != nil {
		return nil, fmt.Errorf("indent the OpenAPI document: %w", err)
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}
