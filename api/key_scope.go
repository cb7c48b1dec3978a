package api

import (
	"maps"
	"slices"

	"github.com/danielgtaylor/huma/v2"
)

// keyScopes says which scope of an API key each merchant operation needs. It is the only place where the two meet: the guard, the OpenAPI
// document and the list of scopes are made from it. A key without scopes may do everything.
var keyScopes = map[string]KeyScope{
	"list-stores": "stores:read", "get-store": "stores:read",
	"create-store": "stores:write", "update-store": "stores:write",

	"list-orders": "orders:read", "get-order": "orders:read", "list-order-events": "orders:read", "list-events": "orders:read",
	"list-proofs": "orders:read", "get-proof": "orders:read",
	"list-jobs": "orders:read", "get-job": "orders:read", "create-job": "orders:write", "add-to-job": "orders:write", "cancel-job": "orders:write",
	"create-order": "orders:write", "cancel-order": "orders:write", "mark-order-ready": "orders:write", "delay-order": "orders:write",
	"create-orders": "orders:write", "update-order": "orders:write", "accept-order": "orders:write", "return-order": "orders:write", "erase-order": "orders:write",
	"advance-test-order": "orders:write", "fault-test-order": "orders:write",

	"get-quote": "orders:read", "create-quote": "orders:write",
	"uber-create-quote": "orders:write", "uber-create-delivery": "orders:write", "uber-update-delivery": "orders:write", "uber-cancel-delivery": "orders:write",
	"uber-list-deliveries": "orders:read", "uber-get-delivery": "orders:read", "uber-proof-of-delivery": "orders:read",
	"doordash-create-quote": "orders:write", "doordash-accept-quote": "orders:write", "doordash-create-delivery": "orders:write",
	"doordash-update-delivery": "orders:write", "doordash-cancel-delivery": "orders:write", "doordash-get-delivery": "orders:read",
	"get-doordash-credentials": "orders:read",
	"list-settlements":         "money:read", "get-settlement": "money:read", "list-settlement-lines": "money:read", "get-settlement-csv": "money:read",

	"list-webhook-endpoints": "webhooks:read", "get-webhook-endpoint": "webhooks:read",
	"list-webhook-deliveries": "webhooks:read", "get-webhook-delivery": "webhooks:read",
	"create-webhook-endpoint": "webhooks:write", "update-webhook-endpoint": "webhooks:write", "delete-webhook-endpoint": "webhooks:write",
	"rotate-webhook-secret": "webhooks:write", "test-webhook-endpoint": "webhooks:write",
	"replay-webhook-delivery": "webhooks:write", "replay-webhook-deliveries": "webhooks:write",
}

// KeyScope is something that an API key may do.
type KeyScope string

// KeyScopes lists the scopes there are.
func KeyScopes() []KeyScope { return slices.Compact(slices.Sorted(maps.Values(keyScopes))) }

// Schema lists them in the OpenAPI document.
func (KeyScope) Schema(huma.Registry) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString}
	for _, x := range KeyScopes() {
		s.Enum = append(s.Enum, string(x))
	}
	return s
}

// lacks is the scope that the key would need for an operation; "" where it may do it. An operation that keyScopes forgets is closed to
// every key that has scopes.
func (m merchant) lacks(operation string) KeyScope {
	need, known := keyScopes[operation]
	switch {
	case len(m.Scopes) == 0, slices.Contains(m.Scopes, string(need)):
		return ""
	case !known:
		return "none" // no key has it
	}
	return need
}

func missingScope(need KeyScope) error {
	return &fault{code: codeMissingScope, detail: "The API key lacks the scope " + string(need) + ".", scope: need}
}
