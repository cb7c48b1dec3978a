// Package api is the edge: HTTP in, the platform's own words inside, problem+json out.
//
//	server.go      every route, one line each, by who may call it
//	scope.go       who that is: merchant (API key), rider (short token), staff (session and role)
//	problem.go     the one place where an error becomes an HTTP answer; docs/errors.md is written from its table
//	gather.go      requests to place orders share transactions; order_place*.go what one of those does
//	order_*.go     merchants' orders; rider_*.go the rider's phone; console_*.go the staff's console
//	track*.go      the customer's tracking page, one link and no log-in
//	stream.go      Server-Sent Events; feed*.go one shared reader per zone for all consoles that look at it
//
// A request passes, in this order: request id, access log and metrics, panic guard, headers, body limits, route,
// authentication, rate limit, validation against the schema, handler. OpenAPI 3.1 is generated from the Go types
// (`go generate ./api` writes docs/openapi.json and docs/errors.md; a test fails when they drift).
//
// Handlers hold no state. They read the tenant from the credentials, never from the request, and every query names it;
// row-level security says it once more.
package api

//go:generate go test -run ^TestGeneratedFiles$ . -update
