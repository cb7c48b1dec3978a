#!/usr/bin/env bash
# Runs a command with its temporary files in memory, where there is enough of it: tests make and drop hundreds of databases, of some
# 500 files each. Go's own build files stay on the disk.
set -euo pipefail

memory=/dev/shm
need_kb=$((6 * 1024 * 1024))

enough() {
	[[ -d $memory && -w $memory ]] || return
	(($(df -Pk $memory | awk 'NR == 2 {print $4}') >= need_kb)) || return
	(($(awk '/^MemAvailable:/ {print $2}' /proc/meminfo) >= need_kb)) || return
	[[ ,$(awk -v m=$memory '$2 == m {print $4}' /proc/mounts), != *,noexec,* ]]
}

enough || exec "$@"
folder=$(mktemp -d $memory/paidan-test-XXXXXX)
trap 'rm -rf "$folder"' EXIT
chmod 755 "$folder" # the databases' user passes through
GOTMPDIR=${GOTMPDIR:-${TMPDIR:-/tmp}} TMPDIR=$folder "$@"
