#!/usr/bin/env bash
# The checks before code is shared, as `make check`, or some of them: scripts/check.sh format lint
#
#   format      gofumpt and templ fmt find nothing to change
#   generate    the committed generated code is what the pinned generators write
#   vet         go vet
#   staticcheck
#   golangci    golangci-lint, with .golangci.yml (its first build takes a few minutes)
#   catalogues  every sentence is there in every language
#   tidy        the go.mod and go.sum files say what the code uses
#   shell       shellcheck, where there is one
#   race        every test but the browser's under the race detector, on both databases
#   fuzz        every fuzz test for FUZZTIME (10s)
#   axe         the browser tests with every accessibility mode for every page
#   race-small  `race` for the packages without a database of their own: what CI has time for
#   audit       gosec, govulncheck and the licences (needs a local vulnerability database)
#
# Without a name: all but the last two.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
. scripts/lib.sh
. scripts/setup.sh
trap stop_postgres EXIT

tool() { go tool -modfile=tools/go.mod "$@"; }

# Linters keep their findings between runs outside the repository.
export GOLANGCI_LINT_CACHE="$cache/golangci-lint"
export STATICCHECK_CACHE="$cache/staticcheck"
mkdir -p "$GOLANGCI_LINT_CACHE" "$STATICCHECK_CACHE"

# Files that a person keeps here: what git knows, and what it would add.
kept() { git ls-files -co --exclude-standard -z -- "$@"; }

format() {
  local wrong
  wrong="$(tool gofumpt -l .)" || return 1
  if [[ -n "$wrong" ]]; then
    printf 'not formatted (make format mends it):\n%s\n' "$wrong"
    return 1
  fi
  tool templ fmt -fail -log-level warn . && return 0
  echo "pages were not formatted; they are now: make generate, and commit both"
  return 1
}

# Hashes before and after, so that work in progress is no drift.
hashes() { kept '*.go' '*.templ' | xargs -0 -r sha256sum 2>/dev/null | sort -k 2; }

generate() {
  local before after
  before="$(hashes)"
  make --silent generate || return 1
  after="$(hashes)"
  [[ "$before" == "$after" ]] && return 0
  echo "generated code was not what the pinned generators write; it is now, commit it:"
  diff <(printf '%s\n' "$before") <(printf '%s\n' "$after") | awk '/^>/ {print "  " $3}'
  return 1
}

tidy() {
  local dir rc=0
  for dir in . tools tools/lint tools/audit; do
    (cd "$dir" && go mod tidy -diff) || { printf 'in %s: go mod tidy\n' "$dir"; rc=1; }
  done
  return "$rc"
}

golangci() { go tool -modfile=tools/lint/go.mod golangci-lint run --allow-parallel-runners --timeout 15m ./...; }

shell_files() { kept 'scripts/*.sh' '.ci/run'; }

# Tests of the house itself read files one after the other: there is nothing to race.
raced() { grep -vE '/(e2e|arch|scripts)(/|$)'; }

race() { go list ./... | raced | xargs go run ./scripts/gotest -- -race -timeout 40m; }

# Packages whose tests open no store: under the race detector the store's engine alone takes minutes.
race_small() {
  go list -test -f '{{.ImportPath}} {{join .Deps " "}}' ./... | grep '\.test ' |
    grep -v ' modernc.org/sqlite' | sed 's/\.test .*//' | raced |
    xargs -r go run ./scripts/gotest -- -race -timeout 20m
}

axe() { COMMONWEAL_TEST_FULL=1 scripts/test.sh browser; }

audit() {
  local audit=(go tool -modfile=tools/audit/go.mod) rc=0
  "${audit[@]}" gosec -quiet -exclude-generated -exclude-dir=scripts ./... || rc=1
  "${audit[@]}" go-licenses check --ignore commonweal ./cmd/... || rc=1
  if [[ -n "${COMMONWEAL_VULNDB:-}" ]]; then
    "${audit[@]}" govulncheck -db "file://$COMMONWEAL_VULNDB" ./... || rc=1
  else
    skip vulndb "govulncheck needs a local copy of the vulnerability database: COMMONWEAL_VULNDB=/folder"
  fi
  return "$rc"
}

parts=("$@")
if [[ "${#parts[@]}" -eq 0 ]]; then
  parts=(format generate vet staticcheck golangci catalogues tidy shell race fuzz axe)
fi

for name in "${parts[@]}"; do
  case "$name" in
    format) part format format ;;
    generate) part generate generate ;;
    vet) part vet go vet ./... ;;
    staticcheck) part staticcheck tool staticcheck ./... ;;
    golangci) part golangci golangci ;;
    catalogues) part catalogues go test -count=1 ./internal/i18n/... ;;
    tidy) part tidy tidy ;;
    shell)
      if command -v shellcheck >/dev/null || install shellcheck; then
        part shell xargs -0 shellcheck -x -P SCRIPTDIR -S warning < <(shell_files)
      else
        skip shellcheck "no shellcheck (apt-get install shellcheck)"
      fi
      ;;
    race)
      bring postgres "no PostgreSQL: the race detector sees SQLite alone"
      bring chromium "no Chromium: the race detector sees no browser"
      part race race
      ;;
    race-small) part race-small race_small ;;
    fuzz) part fuzz scripts/fuzz.sh "${FUZZTIME:-10s}" ;;
    axe) part axe axe ;;
    audit) part audit audit ;;
    *)
      printf 'no check called %s: see the head of scripts/check.sh\n' "$name" >&2
      exit 2
      ;;
  esac
done

closing check
