#!/usr/bin/env bash
# Proves that generated files are what their sources give: generating again must change nothing, committed or not.
set -euo pipefail
state() {
	git diff HEAD --no-ext-diff
	git ls-files -z --others --exclude-standard | xargs -0 -r sha1sum
}
before=$(mktemp) after=$(mktemp)
trap 'rm -f "$before" "$after"' EXIT
state >"$before"
"${MAKE:-make}" --no-print-directory generate
state >"$after"
if ! diff -q "$before" "$after" >/dev/null; then
	echo "Generated files have drifted from their sources. Commit what make generate changed:" >&2
	git status --short >&2
	exit 1
fi
