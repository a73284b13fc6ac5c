#!/usr/bin/env bash
# Benchmarks, as `make bench`: ratios against a stated baseline, both sides in one run.
#
#   scripts/bench.sh                      all of them
#   scripts/bench.sh PublicPages          those whose name matches
#   BENCHTIME=10s scripts/bench.sh        longer (3s)
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
. scripts/lib.sh
. scripts/setup.sh
trap stop_postgres EXIT

pattern="${1:-.}"
bring postgres "no PostgreSQL: what compares the two engines doesn't run"

printf 'machine: %s × %s, %s, %s\n' "$(nproc)" \
  "$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo 2>/dev/null | head -n 1)" "$(uname -sr)" "$(go env GOVERSION)"

size() {
  local out
  out="$(mktemp -d)"
  CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o "$out/commonweal" ./cmd/commonweal &&
    printf 'the program: %s bytes, one file\n' "$(stat -c %s "$out/commonweal")"
  rm -rf "$out"
}
size

mapfile -t packages < <(grep -rlE '^func Benchmark' --include='*_test.go' . | xargs -r -n 1 dirname | sort -u)
go run ./scripts/gobench -timeout 60m -p 1 -bench "$pattern" -benchtime "${BENCHTIME:-3s}" "${packages[@]}"
