package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// wallTime reads or waits for the wall clock.
var wallTime = []string{"Now", "Since", "Until", "After", "AfterFunc", "NewTimer", "NewTicker", "Tick", "Sleep"}

// timeTrees may use the wall clock: the clock itself, the command line, the simulator's progress display, and the client, which runs in
// other people's programs.
var timeTrees = []string{"internal/clock", "cmd", "sim", "client"}

// timeExempt lists the other files that use it, each with the reason. A single line says `//nolint:forbidigo // why` instead.
// (To measure how long work takes there is clock.Stopwatch.)
var timeExempt = map[string]string{
	"api/console_stream.go": "keeps a connection alive and a screen fresh, for people who live in real time",
	"api/feed.go":           "likewise",
	"api/rider_stream.go":   "likewise",
}

var explained = regexp.MustCompile(`^//nolint:[a-z,]*\bforbidigo\b[a-z,]* // \S`)

func TestTimeComesFromTheClock(t *testing.T) {
	t.Parallel()
	used := make(map[string]bool)
	eachSource(t, func(path string, set *token.FileSet, f *ast.File) {
		if under(path, timeTrees...) {
			return
		}
		name := importName(f, "time")
		reason := make(map[int]bool) // lines that give one
		for _, group := range f.Comments {
			for _, c := range group.List {
				reason[set.Position(c.Pos()).Line] = explained.MatchString(c.Text)
			}
		}
		ast.Inspect(f, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			x, ok := sel.X.(*ast.Ident)
			if !ok || x.Name != name || x.Obj != nil || !slices.Contains(wallTime, sel.Sel.Name) {
				return true
			}
			if reason[set.Position(n.Pos()).Line] {
				return true
			}
			if used[path] = true; timeExempt[path] == "" {
				t.Errorf("%s: time.%s: ask a clock.Clock", set.Position(n.Pos()), sel.Sel.Name)
			}
			return true
		})
	})
	for path := range timeExempt {
		if _, err := os.Stat(filepath.Join(root, path)); err != nil || !used[path] {
			t.Errorf("%s needs no exemption any more", path)
		}
	}
}

// sqlTime is PostgreSQL's own idea of the time; the database may live in another year than a replay.
var sqlTime = regexp.MustCompile(`(?i)\b(now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday)\s*\(\s*\)|\b(current_timestamp|current_date|localtimestamp)\b`)

// sqlTimeExempt lists the files that need it, each with the reason.
var sqlTimeExempt = map[string]string{
	"internal/pg/lease.go": "nodes' clocks differ; a lease goes by the one that they share",
}

func TestQueriesAreToldTheTime(t *testing.T) {
	t.Parallel()
	eachSource(t, func(path string, set *token.FileSet, f *ast.File) {
		if sqlTimeExempt[path] != "" {
			return
		}
		ast.Inspect(f, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			text, err := strconv.Unquote(lit.Value)
			if m := sqlTime.FindString(text); err == nil && m != "" {
				t.Errorf("%s: %s in a query: pass the clock's time", set.Position(lit.Pos()), m)
			}
			return true
		})
	})
	files, err := filepath.Glob(filepath.Join(root, "migrations", "*.sql"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(text), "\n") {
			line, _, _ = strings.Cut(line, "--")
			if m := sqlTime.FindString(line); m != "" {
				t.Errorf("%s:%d: %s: columns get their time from the caller", file, i+1, m)
			}
		}
	}
}

// maxLines is where a file has stopped being about one idea.
const maxLines = 800

func TestFilesStayReadable(t *testing.T) {
	t.Parallel()
	eachSource(t, func(path string, set *token.FileSet, f *ast.File) {
		if n := set.File(f.Pos()).LineCount(); n > maxLines && !ast.IsGenerated(f) {
			t.Errorf("%s has %d lines: split it by idea", path, n)
		}
	})
}

// eachSource parses the module's files, tests aside.
func eachSource(t *testing.T, visit func(path string, set *token.FileSet, f *ast.File)) {
	t.Helper()
	set := token.NewFileSet()
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() {
			if name == "node_modules" || name == "testdata" || file != root && strings.HasPrefix(name, ".") {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(set, file, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		path, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		visit(filepath.ToSlash(path), set, f)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func importName(f *ast.File, path string) string {
	for _, i := range f.Imports {
		if i.Path.Value == strconv.Quote(path) {
			if i.Name != nil {
				return i.Name.Name
			}
			return path
		}
	}
	return ""
}
