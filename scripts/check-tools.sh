#!/usr/bin/env bash
# Checks what must be there before anything can be built. Says all that is missing, not only the first.
set -u
missing=0
fail() { printf '  ✗ %s\n' "$*" >&2; missing=1; }
older() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" != "$2" ]; } # is $1 older than $2?

if command -v go >/dev/null; then
	have=$(go env GOVERSION 2>/dev/null) # where Go may fetch toolchains, the one that go.mod asks for
	have=${have#go}
	if older "${have:-0}" 1.26; then fail "Go 1.26 or newer is needed, this is ${have:-unknown}: https://go.dev/dl/"; fi
else
	fail "Go 1.26 or newer is needed: https://go.dev/dl/"
fi

cc=$(go env CC 2>/dev/null); cc=${cc:-cc}
command -v "${cc%% *}" >/dev/null || fail "a C compiler is needed (H3 is C): apt-get install gcc libc6-dev, or Xcode's command line tools"

if [ -f web/package.json ]; then
	if command -v node >/dev/null; then
		have=$(node -p process.versions.node)
		if older "$have" 20.19.0; then fail "Node 20.19 or newer is needed, this is $have: https://nodejs.org/"; fi
	else
		fail "Node 20.19 or newer is needed: https://nodejs.org/"
	fi
	command -v npm >/dev/null || fail "npm is needed; it comes with Node"
fi

[ "$missing" -eq 0 ] || { echo "Install what is missing, then run make again." >&2; exit 1; }
