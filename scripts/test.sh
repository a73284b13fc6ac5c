#!/usr/bin/env bash
# The whole suite, as `make test`, or some of its parts: scripts/test.sh build unit
#
#   build     the program and every package
#   unit      every test but those of e2e/: each store test on SQLite and on PostgreSQL, faults, fuzz seeds
#   browser   journeys through the whole house, accessibility, page weight (e2e/)
#
# It starts PostgreSQL and finds Chromium, installs them on Debian when it may, and says loudly what
# it skipped. With CI=true a skip is a failure unless CI_WITHOUT declares it (CI_WITHOUT=loop).
# COMMONWEAL_NO_INSTALL=1 installs nothing.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
. scripts/lib.sh
. scripts/setup.sh

parts=("$@")
if [[ "${#parts[@]}" -eq 0 ]]; then parts=(build unit browser); fi
tally="$(mktemp)"
trap 'stop_postgres; rm -f "$tally"' EXIT

# Packages with tests that drive a browser; all others are "unit".
browser_packages() { go list ./... | { grep -E '/e2e(/|$)' || true; }; }
unit_packages() { go list ./... | grep -vE '/e2e(/|$)'; }

build() { go build ./... && go vet ./...; }

gotest() {
  local packages
  mapfile -t packages
  if [[ "${#packages[@]}" -eq 0 ]]; then
    echo "no package here yet"
    return 0
  fi
  go run ./scripts/gotest -tally "$tally" -- -timeout 20m "${packages[@]}"
}

unit() { unit_packages | gotest; }
browser() { browser_packages | gotest; }

# The browser is needed by pages beside e2e/ too: passkeys, printing, the doorstep without signal.
bring postgres "no PostgreSQL: store tests run on SQLite alone (apt-get install postgresql)"
bring chromium "no Chromium: no browser test runs (apt-get install chromium poppler-utils)"

for name in "${parts[@]}"; do
  case "$name" in
    build) part build build ;;
    unit) part unit unit ;;
    browser)
      bring node "no Node tools: axe and html-validate don't run (npm ci in e2e/)"
      part browser browser
      ;;
    *)
      printf 'no part called %s; there are: build unit browser\n' "$name" >&2
      exit 2
      ;;
  esac
done

closing test
rc=$?
awk '{p += $1; f += $2; s += $3} END {printf "%d passed, %d failed, %d skipped\n", p, f, s}' "$tally"
exit "$rc"
