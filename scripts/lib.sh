# Shared by scripts/test.sh and scripts/check.sh: parts with their seconds, and what was skipped.
# shellcheck shell=bash

# Where everything lies that is kept between runs: never in the repository.
# shellcheck disable=SC2034 # used by the scripts that source this
cache="${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/commonweal"
part_lines=()
part_failures=0
skip_lines=()

# ci says whether this is continuous integration, where a skip counts as a failure.
ci() { [[ "${CI:-}" == "true" ]]; }

# declared WORD says whether CI_WITHOUT names it: "this machine has no loop device, and we know".
declared() {
  local word
  for word in ${CI_WITHOUT//,/ }; do
    [[ "$word" == "$1" ]] && return 0
  done
  return 1
}

# part NAME COMMAND… runs one part, prints its seconds, and remembers a failure instead of stopping:
# one run should tell everything that is wrong.
part() {
  local name="$1" began="$SECONDS" rc=0
  shift
  printf '\n== %s\n' "$name"
  "$@" || rc=$?
  local took=$((SECONDS - began)) verdict="ok"
  if [[ "$rc" -ne 0 ]]; then
    verdict="FAILED"
    part_failures=$((part_failures + 1))
  fi
  printf '== %s: %s (%d s)\n' "$name" "$verdict" "$took"
  part_lines+=("$(printf '%-12s %-6s %5d s' "$name" "$verdict" "$took")")
}

# skip WORD REASON… says loudly what isn't run. In CI that is a failure unless CI_WITHOUT declares it.
skip() {
  local word="$1"
  shift
  printf '\n!! SKIPPED (%s): %s\n' "$word" "$*" >&2
  skip_lines+=("$word: $*")
  if ci && ! declared "$word"; then
    printf '!! with CI=true a skip is a failure; CI_WITHOUT=%s would declare it\n' "$word" >&2
    part_failures=$((part_failures + 1))
  fi
}

# closing prints the table of parts and the skips, and returns whether all went well.
closing() {
  local line
  printf '\n== summary of %s: %d s in all\n' "$1" "$SECONDS"
  for line in "${part_lines[@]}"; do printf '   %s\n' "$line"; done
  for line in "${skip_lines[@]}"; do printf '   skipped: %s\n' "$line"; done
  [[ "$part_failures" -eq 0 ]]
}
