#!/usr/bin/env bash
# Installs the system packages that running and testing need, where apt is at hand; elsewhere it says what to install.
# Quick, and silent, when nothing is missing.
set -u

have_postgres() {
	local bin
	for bin in "$(dirname "$(readlink -f "$(command -v postgres || echo /none)")")" \
		/usr/lib/postgresql/*/bin /usr/pgsql-*/bin /usr/libexec/postgresql* \
		/opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin; do
		[ -x "$bin/initdb" ] && [ -x "$bin/postgres" ] && return 0
	done
	return 1
}
have_browser() {
	command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null ||
		[ -d "/Applications/Google Chrome.app" ]
}
have_chinese() { [ "$(uname)" = Darwin ] || { command -v fc-list >/dev/null && fc-list :lang=zh family | grep -q .; }; }
have_certificates() { [ "$(uname)" = Darwin ] || [ -e /etc/ssl/certs/ca-certificates.crt ] || [ -d /etc/pki/tls/certs ]; }

want=()
have_postgres || want+=(postgresql)
have_browser || want+=(chromium)
have_chinese || want+=(fonts-noto-cjk fontconfig)
have_certificates || want+=(ca-certificates)
command -v curl >/dev/null || want+=(curl) # the guide to the API is run by a test
command -v jq >/dev/null || want+=(jq)
[ "${#want[@]}" -eq 0 ] && exit 0

root=()
if [ "$(id -u)" -ne 0 ]; then root=(sudo -n); fi
if command -v apt-get >/dev/null && "${root[@]}" true 2>/dev/null; then
	echo "Installing ${want[*]}"
	"${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -q || echo "apt-get update failed; trying with the lists at hand" >&2
	"${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -yq --no-install-recommends "${want[@]}" ||
		echo "apt-get could not install all of: ${want[*]}" >&2
fi

# PostgreSQL is the one that nothing works without.
if ! have_postgres; then
	echo "The PostgreSQL server (15 or newer) is missing. Install it: apt-get install postgresql, brew install postgresql@17, or your system's package." >&2
	exit 1
fi
have_browser || echo "No Chromium or Chrome found: the browser tests will fail. Install one (Debian: apt-get install chromium)." >&2
have_chinese || echo "No Chinese font found: screenshots in Chinese will show boxes. Install one (Debian: apt-get install fonts-noto-cjk)." >&2
exit 0
