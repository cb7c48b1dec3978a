package archtest

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
)

const (
	module = "github.com/paidan/paidan"
	root   = "../.."
)

// pkg is one package of the module, by its path inside it ("order", "dispatch/solver").
type pkg struct {
	path   string
	direct []string // imports, the tests' too; the module's own by their path inside it
	deps   []string // everything the package itself needs, through others too
	std    map[string]bool
}

// packages asks the go command once.
var packages = sync.OnceValues(func() (map[string]pkg, error) {
	cmd := exec.Command("go", "list", "-e", "-deps", "-json=ImportPath,Standard,Imports,TestImports,XTestImports,Deps", "./...")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		return nil, err
	}
	type listed struct {
		ImportPath                               string
		Standard                                 bool
		Imports, TestImports, XTestImports, Deps []string
	}
	std := make(map[string]bool)
	found := make(map[string]pkg)
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var l listed
		if err := d.Decode(&l); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		std[l.ImportPath] = l.Standard
		if p, ok := inside(l.ImportPath); ok {
			direct := slices.Concat(l.Imports, l.TestImports, l.XTestImports)
			found[p] = pkg{path: p, direct: shorten(direct), deps: shorten(l.Deps), std: std}
		}
	}
	if len(found) < 5 {
		return nil, errors.New("go list found hardly any package: is this the module's root?")
	}
	return found, nil
})

func load(t *testing.T) map[string]pkg {
	t.Helper()
	p, err := packages()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func inside(path string) (string, bool) {
	if path == module {
		return ".", true
	}
	return strings.CutPrefix(path, module+"/")
}

func shorten(paths []string) []string {
	var short []string
	for _, p := range paths {
		if in, ok := inside(p); ok {
			p = in
		}
		short = append(short, p)
	}
	slices.Sort(short)
	return slices.Compact(short)
}

// under reports whether a package is one of the trees, or in one.
func under(path string, trees ...string) bool {
	return slices.ContainsFunc(trees, func(tree string) bool {
		return path == tree || strings.HasPrefix(path, tree+"/")
	})
}
