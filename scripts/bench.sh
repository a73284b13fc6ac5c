#!/usr/bin/env bash
# Figures of this machine, as ratios against a baseline in the same run. Prints; judges nothing.
#   scripts/bench.sh            everything, about six minutes on two idle cores
#   scripts/bench.sh house      one part: house, store, evidence
set -euo pipefail
cd "$(dirname "$0")/.."
parts=${*:-house store evidence}

bench() { # title, pattern, times, packages…
	local title=$1 pattern=$2 times=$3
	shift 3
	printf '\n== %s\n' "$title"
	go test -run '^$' -bench "$pattern" -benchtime "$times" "$@" | grep -E '^(Benchmark|cpu:|FAIL|---)' || true
}

for part in $parts; do
	case $part in
	house)
		bench "public pages at 100,000 people: growth× against 1,000, bare× against net/http with the same bytes" PublicPages 5x ./cmd/commonweal
		bench "conversations kept, durably" Conversations 5x ./cmd/commonweal
		bench "memory that is not mapped from the file, MB" Memory 3x ./cmd/commonweal
		CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o bin/commonweal ./cmd/commonweal
		printf '\n== the program: %s MB\n' "$(du -m bin/commonweal | cut -f1)"
		;;
	store) bench "the store: writers that share a commit, prepared reads, digests" . 1s ./internal/db ;;
	evidence) bench "evidence: ×R is how many times as fast as the R time in the handbook" . 1x ./evidence/... ;;
	*)
		echo "no part $part: house, store, evidence" >&2
		exit 2
		;;
	esac
done
