#!/usr/bin/env bash
# Takes pictures of the demo's pages into docs/screenshots: scripts/screenshots.sh [FOLDER]
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh
. scripts/setup.sh

folder="${1:-docs/screenshots}"
address="127.0.0.1:${COMMONWEAL_SCREENSHOT_PORT:-8097}"
setup_chromium || { echo "no Chromium: apt-get install chromium" >&2; exit 1; }
setup_node

program="$(mktemp -d)"
demo=""
finish() {
  if [[ -n "$demo" ]]; then kill "$demo" 2>/dev/null && wait "$demo" || true; fi
  rm -rf "$program"
}
trap finish EXIT

go build -o "$program/commonweal" ./cmd/commonweal
"$program/commonweal" demo --listen "$address" >"$program/log" 2>&1 </dev/null &
demo=$!
for _ in $(seq 120); do
  grep -q 'The demo is at' "$program/log" && break
  kill -0 "$demo" 2>/dev/null || { cat "$program/log" >&2; exit 1; }
  sleep 1
done
node e2e/screenshots.mjs "http://$address" "$folder"
