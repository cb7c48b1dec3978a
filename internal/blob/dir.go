package blob

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Dir keeps files in a folder of a file system: root/tenant/order/sum. Several processes may share it.
type Dir struct{ root string }

// NewDir is a Dir below root, which is made with the first file.
func NewDir(root string) *Dir { return &Dir{root: root} }

// Put keeps content. When it returns, the file survives a crash of the machine.
func (d *Dir) Put(_ context.Context, in Folder, content []byte) (Sum, error) {
	sum := Sum(sha256.Sum256(content))
	if err := d.put(d.path(in, sum), content); err != nil {
		return sum, fmt.Errorf("keep a file: %w", err)
	}
	return sum, nil
}

func (d *Dir) put(path string, content []byte) error {
	if info, err := os.Stat(path); err == nil && info.Size() == int64(len(content)) {
		return nil
	}
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	// Written aside and renamed, so that nobody ever reads half a file.
	f, err := os.CreateTemp(folder, ".new-*")
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return errors.Join(syncFolder(folder), syncFolder(filepath.Dir(folder)))
}

func syncFolder(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// Get opens a file for reading; the caller closes it. ErrNotFound.
func (d *Dir) Get(_ context.Context, in Folder, sum Sum) (io.ReadCloser, error) {
	f, err := os.Open(d.path(in, sum))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("open a file: %w", err)
	}
	return f, nil
}

// Drop deletes a folder with all that is in it; one that is not there is no error.
func (d *Dir) Drop(_ context.Context, in Folder) error {
	if err := os.RemoveAll(d.folder(in)); err != nil {
		return fmt.Errorf("drop the files of order %s: %w", in.Order, err)
	}
	return nil
}

func (d *Dir) folder(in Folder) string { return filepath.Join(d.root, filepath.FromSlash(in.String())) }

func (d *Dir) path(in Folder, sum Sum) string {
	return filepath.Join(d.folder(in), sum.String())
}

// Check is nil: the folder is made with the first file.
func (d *Dir) Check(context.Context) error { return nil }
