package archtest

import (
	"testing"
)

// soleImporters names the trees that may import a library; the rest of the module sees it only through them.
var soleImporters = map[string][]string{
	"github.com/gin-gonic/gin":       {"api"},
	"github.com/danielgtaylor/huma":  {"api"},
	"github.com/uber/h3-go":          {"internal/geo"},
	"github.com/nats-io":             {"internal/bus"},
	"github.com/riverqueue":          {"internal/jobs"},
	"github.com/robfig/cron":         {"internal/jobs"},
	"github.com/minio/minio-go":      {"internal/blob"},
	"github.com/SherClockHolmes":     {"push/provider"},
	"github.com/pressly/goose":       {"internal/pg"},
	"github.com/alecthomas/kong":     {"cmd", "internal/app"},
	"github.com/schollz/progressbar": {"cmd", "sim"},
	"migrations":                     {"internal/pg"},
}

func TestLibrariesHaveOneDoor(t *testing.T) {
	t.Parallel()
	for _, p := range load(t) {
		for lib, allowed := range soleImporters {
			for _, imp := range p.direct {
				if under(imp, lib) && !under(p.path, allowed...) {
					t.Errorf("%s imports %s, which only %v may", p.path, imp, allowed)
				}
			}
		}
	}
}

// never says which packages of the module, and which libraries, a tree must not need in any way, through others included.
var never = []struct {
	who  string
	what []string
	why  string
}{
	{"order", []string{"tariff", "ledger", "rider", "eta", "dispatch", "webhook", "sim", "api", "internal/app"}, "an order knows nobody"},
	{"webhook", []string{"tariff", "ledger", "rider", "eta", "dispatch", "sandbox", "sim", "api", "internal/app"}, "a webhook knows orders only"},
	{"tariff", []string{"ledger", "rider", "eta", "dispatch", "webhook", "sim", "api", "internal/app"}, "a price is arithmetic on an order"},
	{"ledger", []string{"rider", "eta", "dispatch", "webhook", "sim", "api", "internal/app"}, "the ledger knows riders by id"},
	{"rider", []string{"tariff", "ledger", "eta", "dispatch", "webhook", "sim", "api", "internal/app"}, "a rider knows orders by id"},
	{"eta", []string{"order", "rider", "tariff", "ledger", "dispatch", "webhook", "sim", "api", "internal/app"}, "times are learned from plain rows"},
	{"dispatch", []string{"webhook", "sim", "api", "sandbox", "internal/app"}, "the engine doesn't know who asks"},
	{"push", []string{"tariff", "ledger", "eta", "dispatch", "webhook", "sandbox", "sim", "api", "internal/app"}, "a push knows riders and their offers"},
	{"push/provider", []string{"order", "rider", "internal/pg"}, "a provider knows a message and an address"},
	{"sandbox", []string{"sim", "api", "internal/app"}, "the robot is one more rider"},
	{"dispatch/bench", []string{"order", "rider", "eta", "internal/pg"}, "it measures the pure core"},
	{"sim", []string{"api", "internal/app"}, "a replay runs the decisions, not the edge"},
	{"api", []string{"sim", "internal/app"}, "the edge is wired by app"},
	{"internal/app", []string{"cmd"}, "imports run one way"},
	{"client", []string{"order", "rider", "eta", "tariff", "ledger", "dispatch", "webhook", "sim", "api", "internal/pg", "internal/app"}, "a client knows the wire only"},

	{"order", []string{"github.com/gin-gonic/gin", "github.com/danielgtaylor/huma"}, "HTTP is the edge's"},
	{"webhook", []string{"github.com/gin-gonic/gin", "github.com/danielgtaylor/huma"}, "HTTP served is the edge's"},
	{"rider", []string{"github.com/gin-gonic/gin", "github.com/danielgtaylor/huma"}, "HTTP is the edge's"},
	{"eta", []string{"github.com/gin-gonic/gin", "github.com/danielgtaylor/huma"}, "HTTP is the edge's"},
	{"dispatch", []string{"github.com/gin-gonic/gin", "github.com/danielgtaylor/huma"}, "HTTP is the edge's"},
	{"sim", []string{"github.com/gin-gonic/gin", "github.com/danielgtaylor/huma"}, "HTTP is the edge's"},
}

func TestImportsRunOneWay(t *testing.T) {
	t.Parallel()
	for _, p := range load(t) {
		for _, rule := range never {
			if !under(p.path, rule.who) {
				continue
			}
			for _, dep := range p.deps {
				if under(dep, rule.what...) {
					t.Errorf("%s needs %s: %s", p.path, dep, rule.why)
				}
			}
		}
	}
}

func TestInternalKnowsNoBusiness(t *testing.T) {
	t.Parallel()
	for _, p := range load(t) {
		if !under(p.path, "internal") || under(p.path, "internal/app") {
			continue
		}
		for _, dep := range p.deps {
			if under(dep, "order", "rider", "eta", "tariff", "ledger", "dispatch", "webhook", "sandbox", "sim", "api", "cmd", "web") {
				t.Errorf("%s needs %s: internal packages serve every business package and know none", p.path, dep)
			}
		}
	}
}

// The solver is a function: it must not even be able to do I/O of ours.
func TestSolverIsALeaf(t *testing.T) {
	t.Parallel()
	p, ok := load(t)["dispatch/solver"]
	if !ok {
		t.Skip("not there yet")
	}
	for _, dep := range p.deps {
		if !p.std[dep] && !under(dep, "internal/geo", "dispatch/solver", "github.com/uber/h3-go") {
			t.Errorf("the solver needs %s", dep)
		}
		if under(dep, "net", "os/exec", "database/sql") {
			t.Errorf("the solver can do I/O through %s", dep)
		}
	}
}
