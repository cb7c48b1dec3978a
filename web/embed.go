// Package web is the dispatchers' console and the riders' app: React programs built by Vite into dist and embedded here.
// doc.md tells how it works.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Dist is the built console, index.html at its root. Before `npm run build` it holds no page, and the server says so.
func Dist() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // the folder is embedded, so its name can't be wrong
	}
	return sub
}
