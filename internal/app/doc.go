// Package app puts the parts together: one process with any of the roles api, ingest, dispatch and jobs.
// It is the only place where they are wired, and tests start the same wiring.
package app
