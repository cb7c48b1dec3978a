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

// testStore is what every store does.
func testStore(t *testing.T, s Store) {
	t.Helper()
	tenant := id.NewTenant()
	a, b := Folder{tenant, id.NewOrder()}, Folder{tenant, id.NewOrder()}
	kept := map[Sum]string{}
	for _, content := range []string{"", "one", "two", "three", "one"} {
		sum, err := s.Put(t.Context(), a, []byte(content))
		if err != nil {
			t.Fatal(err)
		}
		kept[sum] = content
	}
	if len(kept) != 4 {
		t.Errorf("sums are %v", kept)
	}
	if _, err := s.Put(t.Context(), b, []byte("one")); err != nil {
		t.Fatal(err)
	}
	read := func(in Folder, sum Sum) (string, error) {
		t.Helper()
		f, err := s.Get(t.Context(), in, sum)
		if err != nil {
			return "", err
		}
		content, err := io.ReadAll(f)
		return string(content), errors.Join(err, f.Close())
	}
	for sum, content := range kept {
		if got, err := read(a, sum); err != nil || got != content {
			t.Errorf("%s: %q, %v", sum, got, err)
		}
		if got, err := read(b, sum); content != "one" && !errors.Is(err, ErrNotFound) || content == "one" && got != content {
			t.Errorf("the other order's %s: %q, %v", sum, got, err)
		}
		if _, err := read(Folder{id.NewTenant(), a.Order}, sum); !errors.Is(err, ErrNotFound) {
			t.Errorf("another tenant gets %v", err)
		}
	}
	for range 2 { // the second finds nothing
		if err := s.Drop(t.Context(), a); err != nil {
			t.Error(err)
		}
	}
	for sum, content := range kept {
		if _, err := read(a, sum); !errors.Is(err, ErrNotFound) {
			t.Errorf("dropped, but there: %v", err)
		}
		if _, err := read(b, sum); content == "one" && err != nil {
			t.Errorf("the other order's is gone too: %v", err)
		}
	}
}

func TestDir(t *testing.T) {
	t.Parallel()
	testStore(t, NewDir(t.TempDir()))
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
