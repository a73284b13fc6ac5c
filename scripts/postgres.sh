#!/usr/bin/env bash
# A PostgreSQL for tests, on this machine alone: reached through a socket in a private directory,
# never over the network; run as its own user, never as root; quick and forgetful (fsync is off),
# so it must hold nothing that anyone would miss.
#
#   scripts/postgres.sh start        start it, or do nothing when it already runs
#   eval "$(scripts/postgres.sh env)"   export COMMONWEAL_TEST_POSTGRES for this shell
#   scripts/postgres.sh dsn          print the connection string alone
#   scripts/postgres.sh status       say whether it runs
#   scripts/postgres.sh stop         stop it and remove its data
#   scripts/postgres.sh available    succeed when PostgreSQL's programs are on this machine
#
# Several can run side by side: COMMONWEAL_PG_NAME=other scripts/postgres.sh start
set -euo pipefail

name="${COMMONWEAL_PG_NAME:-dev}"
cache="${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/commonweal"
state="$cache/postgres/$name" # a file: where the data lies, and as whom it runs

say() { printf 'postgres: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# The newest set of server programs: Debian keeps them by version and off the PATH.
bindir() {
  local found
  found="$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)"
  if [[ -n "$found" && -x "$found/initdb" ]]; then
    printf '%s' "$found"
  elif command -v initdb >/dev/null; then
    dirname "$(command -v initdb)"
  else
    return 1
  fi
}

# PostgreSQL refuses to run as root, so root hands it to the user that the package made.
as_server() {
  if [[ "$(id -u)" -eq 0 ]]; then
    (cd / && runuser -u postgres -- "$@")
  else
    "$@"
  fi
}

data_dir() { [[ -f "$state" ]] && cat "$state"; }

running() {
  local dir pid
  dir="$(data_dir)" || return 1
  [[ -f "$dir/data/postmaster.pid" ]] || return 1
  pid="$(head -n 1 "$dir/data/postmaster.pid")"
  kill -0 "$pid" 2>/dev/null
}

dsn() {
  local dir
  dir="$(data_dir)" || die "not started: scripts/postgres.sh start"
  printf 'postgres://commonweal@/commonweal?host=%s&port=5432&sslmode=disable\n' "$dir/socket"
}

start() {
  running && { say "already running ($name)"; return; }
  local bin dir
  bin="$(bindir)" || die "not installed: apt-get install postgresql"
  if [[ "$(id -u)" -eq 0 ]]; then
    id postgres >/dev/null 2>&1 || die "no user 'postgres' to run it as"
  fi
  stop_quietly
  dir="$(mktemp -d "${TMPDIR:-/tmp}/commonweal-pg.XXXXXX")"
  mkdir "$dir/socket"
  if [[ "$(id -u)" -eq 0 ]]; then chown -R postgres: "$dir"; fi
  chmod 700 "$dir"
  mkdir -p "$(dirname "$state")"
  printf '%s\n' "$dir" >"$state"

  # A linguistic order of text, as most servers in the world have it: SQL that counts on the order
  # of bytes must say so, and shows here when it doesn't.
  as_server "$bin/initdb" --pgdata="$dir/data" --username=postgres --auth=trust \
    --encoding=UTF8 --locale=C.UTF-8 --locale-provider=icu --icu-locale=en-US \
    --data-checksums --no-sync >"$dir/initdb.log" 2>&1 ||
    { cat "$dir/initdb.log" >&2; die "initdb failed"; }
  cat >>"$dir/data/postgresql.conf" <<CONF
listen_addresses = ''
unix_socket_directories = '$dir/socket'
unix_socket_permissions = 0700
port = 5432
fsync = off
synchronous_commit = off
full_page_writes = off
jit = off
max_connections = 400
max_locks_per_transaction = 512
max_pred_locks_per_transaction = 256
shared_buffers = 128MB
timezone = 'UTC'
CONF
  as_server "$bin/pg_ctl" --pgdata="$dir/data" --log="$dir/data/server.log" --timeout=60 --wait start \
    </dev/null >/dev/null 2>&1 || { tail -n 20 "$dir/data/server.log" >&2; die "it didn't start"; }
  # As in an operator's house, the role owns its database and isn't a superuser.
  as_server "$bin/psql" -h "$dir/socket" -p 5432 -U postgres -d postgres -qX -v ON_ERROR_STOP=1 >/dev/null <<'SQL'
create role commonweal login createdb createrole;
create database commonweal owner commonweal;
SQL
  say "running ($name), $("$bin/postgres" --version)"
}

# A server that was killed leaves its data behind; nobody needs it.
stop_quietly() {
  local dir
  dir="$(data_dir)" || return 0
  if running; then
    as_server "$(bindir)/pg_ctl" --pgdata="$dir/data" --mode=immediate --wait stop >/dev/null
  fi
  case "$dir" in
    */commonweal-pg.*) rm -rf -- "$dir" ;;
  esac
  rm -f -- "$state"
}

case "${1:-}" in
  start) start ;;
  stop)
    stop_quietly
    say "stopped ($name)"
    ;;
  dsn) dsn ;;
  env) printf "export COMMONWEAL_TEST_POSTGRES='%s'\n" "$(dsn)" ;;
  status) if running; then say "running ($name)"; else die "not running ($name)"; fi ;;
  available) bindir >/dev/null ;;
  *) die "say one of: start, stop, dsn, env, status, available" ;;
esac
