#!/usr/bin/env bash
# Runs every fuzz test of every package for a while, one after the other: scripts/fuzz.sh 30s
# What one of them finds lands in that package's testdata/fuzz: commit it with the mend.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
for_each="${1:-30s}"
found=0 ran=0

while IFS=$'\t' read -r dir package; do
  while read -r test; do
    ran=$((ran + 1))
    printf '%s %s for %s\n' "$package" "$test" "$for_each"
    go test -run '^$' -fuzz "^$test\$" -fuzztime "$for_each" "$package" </dev/null || found=$((found + 1))
  done < <(grep -hoE '^func Fuzz[A-Za-z0-9_]+' "$dir"/*_test.go 2>/dev/null | cut -d ' ' -f 2)
done < <(go list -e -f '{{.Dir}}{{"\t"}}{{.ImportPath}}' ./...)

printf 'fuzz: %d ran, %d found something\n' "$ran" "$found"
[[ "$found" -eq 0 ]]
