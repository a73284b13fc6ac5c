# What the tests need besides Go, found or installed. Sourced after scripts/lib.sh.
# shellcheck shell=bash

# install PACKAGE… succeeds when Debian's packages could be installed. It asks nobody anything.
apt_updated=""
install() {
  [[ "${COMMONWEAL_NO_INSTALL:-}" == "" ]] || return 1
  command -v apt-get >/dev/null || return 1
  local as=()
  if [[ "$(id -u)" -ne 0 ]]; then
    sudo -n true 2>/dev/null || return 1
    as=(sudo -n)
  fi
  printf 'installing: %s\n' "$*"
  if [[ -z "$apt_updated" ]]; then
    "${as[@]}" apt-get update -qq </dev/null >/dev/null || return 1
    apt_updated=1
  fi
  "${as[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -qq -y --no-install-recommends "$@" </dev/null >/dev/null
}

# setup_postgres starts a PostgreSQL of our own and exports COMMONWEAL_TEST_POSTGRES,
# unless the caller brought one.
setup_postgres() {
  [[ -n "${COMMONWEAL_TEST_POSTGRES:-}" ]] && return 0
  scripts/postgres.sh available || install postgresql || return 1
  export COMMONWEAL_PG_NAME="test-$$"
  scripts/postgres.sh start || return 1
  postgres_started=1
  eval "$(scripts/postgres.sh env)"
}

# stop_postgres ends the server that setup_postgres started, and no other.
postgres_started=""
stop_postgres() {
  [[ -n "$postgres_started" ]] || return 0
  postgres_started=""
  scripts/postgres.sh stop
}

# setup_chromium exports COMMONWEAL_TEST_CHROMIUM, and brings pdftotext for what is printed.
setup_chromium() {
  if [[ -z "${COMMONWEAL_TEST_CHROMIUM:-}" ]]; then
    [[ -x /usr/bin/chromium ]] || install chromium || return 1
    export COMMONWEAL_TEST_CHROMIUM=/usr/bin/chromium
  fi
  command -v pdftotext >/dev/null || install poppler-utils
}

# setup_node brings axe-core and html-validate at the pins of e2e/package-lock.json.
setup_node() {
  command -v node >/dev/null && command -v npm >/dev/null || install nodejs npm || return 1
  local stamp="e2e/node_modules/.installed"
  cmp -s e2e/package-lock.json "$stamp" && return 0
  (cd e2e && PUPPETEER_SKIP_DOWNLOAD=1 npm ci --ignore-scripts </dev/null) || return 1
  cp e2e/package-lock.json "$stamp"
}

# bring WHAT REASON… sets up one of the above, or says loudly that it isn't there.
bring() {
  local what="$1"
  shift
  "setup_$what" || skip "$what" "$@"
}
