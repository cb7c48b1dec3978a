package blob

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/paidan/paidan/internal/id"
)

func TestDir(t *testing.T) {
	t.Parallel()
	root := filepath.Join(t.TempDir(), "proofs")
	d, tenant := NewDir(root), id.NewTenant()
	a := Folder{tenant, id.NewOrder()}
	content := bytes.Repeat([]byte("x"), 100_000)
	sums := make([]Sum, 8)
	var all sync.WaitGroup
	for i := range sums { // the same file from many at once
		all.Go(func() {
			var err error
			if sums[i], err = d.Put(t.Context(), a, content); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	f, err := NewDir(root).Get(t.Context(), a, sums[0])
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if got, err := io.ReadAll(f); err != nil || !bytes.Equal(got, content) || sums[0] != sums[7] {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	for _, other := range []Folder{{tenant, id.NewOrder()}, {id.NewTenant(), a.Order}} {
		if _, err := d.Get(t.Context(), other, sums[0]); !errors.Is(err, ErrNotFound) {
			t.Errorf("folder %s gets %v", other, err)
		}
	}
	files := 0
	err = filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			files++
			if strings.Contains(path, ".new-") {
				t.Errorf("%s is left over", path)
			}
		}
		return err
	})
	if err != nil || files != 1 {
		t.Errorf("%d files, %v", files, err)
	}

	for range 2 { // the second finds nothing
		if err := d.Drop(t.Context(), a); err != nil {
			t.Error(err)
		}
	}
	if _, err := d.Get(t.Context(), a, sums[0]); !errors.Is(err, ErrNotFound) {
		t.Errorf("dropped, but there: %v", err)
	}
}
