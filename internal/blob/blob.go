// Package blob keeps files by what is in them, on a disk (Dir) or in an object store that speaks S3 (S3), in a folder for each order: the same
// content of one order is kept once, tenants share nothing, and what is to be forgotten of an order is one folder.
package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"

	"github.com/paidan/paidan/internal/id"
)

// Sum is the SHA-256 of a file's content, and its name.
type Sum [sha256.Size]byte

// String is the sum in hexadecimal digits.
func (s Sum) String() string { return hex.EncodeToString(s[:]) }

// Folder is where an order's files lie.
type Folder struct {
	Tenant id.Tenant
	Order  id.Order
}

// String is the folder's path below the root, of hexadecimal digits, hyphens and slashes.
func (f Folder) String() string { return f.Tenant.UUID().String() + "/" + f.Order.UUID().String() }

// ErrNotFound means that no such content was put in.
var ErrNotFound = errors.New("no file with this content")

// ErrBusy means that the store answers that it can't at the moment: try again.
var ErrBusy = errors.New("the object store is busy or down")

// Store keeps files.
type Store interface {
	// Put keeps content. When it returns, the file survives a crash of the machine.
	Put(ctx context.Context, in Folder, content []byte) (Sum, error)
	// Get opens a file for reading; the caller closes it. ErrNotFound.
	Get(ctx context.Context, in Folder, sum Sum) (io.ReadCloser, error)
	// Drop deletes a folder with all that is in it; one that is not there is no error.
	Drop(ctx context.Context, in Folder) error
	// Check reports why nothing could be kept: a *RefusedError where the store says no, another error where it says nothing.
	Check(ctx context.Context) error
}
