package webhook

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// receive is the Go receiver of docs/webhooks.md, line by line.
func receive(t *testing.T, secret string) http.HandlerFunc {
	t.Helper()
	hook, err := standardwebhooks.NewWebhook(secret) // github.com/standard-webhooks/standard-webhooks/libraries/go
	if err != nil {
		t.Fatal(err)
	}
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
		if err != nil || hook.Verify(body, r.Header) != nil {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	}
}

func tools(names ...string) bool {
	return !slices.ContainsFunc(names, func(name string) bool { _, err := exec.LookPath(name); return err != nil })
}

// ran reports whether a receiver took what it was given; it may refuse, but not break.
func ran(t *testing.T, cmd *exec.Cmd) bool {
	t.Helper()
	out, err := cmd.CombinedOutput()
	if err != nil && !strings.Contains(string(out), "forged") && !strings.Contains(string(out), "too old") {
		t.Errorf("%s: %v\n%s", cmd.Path, err, out)
	}
	return err == nil
}

// The receivers that the documentation shows take what is signed here, and nothing else.
func TestDocumentedReceivers(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(filepath.Join("..", "docs", "webhooks.md"))
	if err != nil {
		t.Fatal(err)
	}
	sample := func(language, has string) string {
		for _, block := range regexp.MustCompile("(?ms)^```"+language+"\n(.*?)^```").FindAllSubmatch(page, -1) {
			if bytes.Contains(block[1], []byte(has)) {
				return string(block[1])
			}
		}
		t.Fatalf("docs/webhooks.md shows no receiver in %s", language)
		return ""
	}
	const old, secret, body = "whsec_b2xkb2xkb2xkb2xkb2xkb2xkb2xkb2xk", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", `{"name": "Caffè"}`
	now := time.Now() // the receivers look at the clock themselves
	signatures, err := sign(request{id: "evt_1", secrets: []string{old, secret}, payload: []byte(body)}, now)
	if err != nil {
		t.Fatal(err)
	}
	at := strconv.FormatInt(now.Unix(), 10)
	good := map[string]string{"webhook-id": "evt_1", "webhook-timestamp": at, "webhook-signature": signatures}
	with := func(name, value string) map[string]string {
		h := map[string]string{}
		for k, v := range good {
			h[k] = v
		}
		h[name] = value
		return h
	}
	input := func(headers map[string]string) string {
		b, err := json.Marshal(map[string]any{"headers": headers, "secret": secret, "body": body})
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	program := func(stdin string, name string, args ...string) bool {
		cmd := exec.CommandContext(t.Context(), name, args...)
		cmd.Stdin = strings.NewReader(stdin)
		return ran(t, cmd)
	}

	code, err := os.ReadFile("receiver_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(sample("go", "NewWebhook")) {
		if line = strings.TrimSpace(line); line != "…" && !bytes.Contains(code, []byte(line)) {
			t.Errorf("docs/webhooks.md shows a line that is not tried: %s", line)
		}
	}
	receivers := map[string]func(map[string]string) bool{
		"go": func(headers map[string]string) bool {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(body))
			for k, v := range headers {
				r.Header.Set(k, v)
			}
			w := httptest.NewRecorder()
			receive(t, secret)(w, r)
			return w.Code == http.StatusNoContent
		},
	}
	if tools("node") {
		js := sample("js", "createHmac") + `
import { readFileSync } from "node:fs";
const { headers, secret, body } = JSON.parse(readFileSync(0, "utf8"));
verify(secret, headers, Buffer.from(body));`
		receivers["node"] = func(headers map[string]string) bool {
			return program(input(headers), "node", "--input-type=module", "-e", js)
		}
	}
	if tools("python3") {
		py := sample("python", "hmac") + "\nimport json, sys\nx = json.load(sys.stdin)\nverify(x['secret'], x['headers'], x['body'].encode())\n"
		receivers["python"] = func(headers map[string]string) bool {
			return program(input(headers), "python3", "-c", py)
		}
	}
	if tools("bash", "openssl", "base64", "xxd") {
		file := filepath.Join(t.TempDir(), "body.json")
		if err := os.WriteFile(file, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
		script := strings.ReplaceAll(sample("sh", "openssl"), "body.json", file) + `case " $SIGNATURE " in *" v1,$mac "*) ;; *) exit 1 ;; esac`
		receivers["shell"] = func(h map[string]string) bool {
			cmd := exec.CommandContext(t.Context(), "bash", "-c", script)
			cmd.Env = append(os.Environ(), "ID="+h["webhook-id"], "TS="+h["webhook-timestamp"], "SIGNATURE="+h["webhook-signature"], "SECRET="+secret)
			return ran(t, cmd)
		}
	}
	for name, takes := range receivers {
		for headers, want := range map[*map[string]string]bool{
			&good:                            true,
			new(with("webhook-id", "evt_2")): false,
			new(with("webhook-signature", "v1,AAAA")):                              false,
			new(with("webhook-timestamp", strconv.FormatInt(now.Unix()-3600, 10))): false,
		} {
			if got := takes(*headers); got != want {
				t.Errorf("%s, %v: taken is %v", name, *headers, got)
			}
		}
	}
}
