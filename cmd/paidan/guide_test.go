package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var shellBlock = regexp.MustCompile("(?ms)^```sh\n(.*?)^```")

// The guide to the API is run as it stands, each block after the other in one shell, and those to the riders' and to the sandbox, which go on from there. A
// call that is refused ends it, but for a block of one that says so.
func TestTheGuideWorks(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"bash", "curl", "jq"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Fatalf("%v: `make setup` installs it", err)
		}
	}
	var text []byte
	for _, page := range []string{"api.md", "rider-api.md", "sandbox.md"} {
		part, err := os.ReadFile(filepath.Join("..", "..", "docs", page))
		if err != nil {
			t.Fatal(err)
		}
		text = append(text, part...)
	}
	dir := dataDir(t)
	n := serve(t, "--data-dir", dir).waitReady()
	for _, args := range [][]string{
		{"create-tenant", "demo", "--timezone", "Europe/Rome"},
		{"create-user", "dispatcher@demo.paidan", "--tenant", "demo", "--role", "admin", "--password", "paidan-demo"},
	} {
		if o := run(t, append(append([]string{"admin"}, args...), "--data-dir", dir)...); o.status != 0 {
			t.Fatalf("admin %v: %s", args, o.stderr)
		}
	}

	const here = "API=http://localhost:8080\n"
	script := []string{"set -euo pipefail; shopt -s inherit_errexit; set -v\ncurl() { command curl --fail-with-body \"$@\"; }\n"}
	for _, block := range shellBlock.FindAllStringSubmatch(string(text), -1) {
		if strings.HasPrefix(block[1], "# refused\n") {
			block[1] = "if " + block[1] + "then exit 1; fi\n"
		}
		script = append(script, block[1])
	}
	all := strings.Join(script, "")
	if strings.Count(all, here) != 1 {
		t.Fatalf("the guide does not say %q once", here)
	}
	guide := exec.CommandContext(t.Context(), "bash", "-c", strings.Replace(all, here, "API="+n.url+"\n", 1))
	guide.Dir = t.TempDir() // where the cookies go
	out, err := guide.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "\ndelivered\n") || !strings.HasSuffix(strings.TrimSpace(string(out)), `"at_door"`) {
		t.Errorf("%v; it went:\n%s", err, out)
	}
	n.stop()
	if o := run(t, "admin", "check", "--data-dir", dir); o.status != 0 {
		t.Errorf("admin check: %s%s", o.stdout, o.stderr)
	}
}
