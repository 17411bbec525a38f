#!/usr/bin/env bash
# What the tests use that pip cannot install: PostgreSQL, Chromium and a library that its driver needs,
# and Postfix's smtp-sink, which is only unpacked into build/ (no mail server is installed or started).
# Installs what is missing when root on Debian or Ubuntu; otherwise says what to install.
set -euo pipefail

has_postgres() {
  local dir
  for dir in "$(dirname "$(command -v initdb || echo /none/initdb)")" /usr/lib/postgresql/*/bin; do
    if [ -x "$dir/initdb" ] && [ -x "$(dirname "$(readlink -f "$dir/initdb")")/postgres" ]; then
      return 0
    fi
  done
  return 1
}

has_chromium() {
  local name
  for name in chromium-headless-shell chromium chromium-browser google-chrome; do
    # Ubuntu's package of that name is a stub which only says "install the snap".
    if command -v "$name" >/dev/null && "$name" --version >/dev/null 2>&1; then return 0; fi
  done
  return 1
}

has_libatomic() {
  PATH="$PATH:/usr/sbin:/sbin" ldconfig -p | grep -q 'libatomic\.so\.1'
}

# smtp-sink tells its usage and fails; with a library missing it would not get as far.
tells_usage() { [[ "$("$@" 2>&1 || true)" == *usage:* ]]; }

has_smtp_sink() {
  local home
  home="$(dirname "${BASH_SOURCE[0]}")/../build/postfix"
  PATH="$PATH:/usr/sbin:/sbin" tells_usage smtp-sink ||
    LD_LIBRARY_PATH="$home/usr/lib/postfix" tells_usage "$home/usr/sbin/smtp-sink"
}

install() {
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  # Our createcluster.conf stays, without a question that nobody could answer.
  apt-get install -y -qq --no-install-recommends -o Dpkg::Options::=--force-confold "$@" >/dev/null
}

install_postgres() {
  # The tests start a server of their own; the package must not make or start another.
  local conf=/etc/postgresql-common/createcluster.conf
  if [ ! -e "$conf" ]; then
    mkdir -p "$(dirname "$conf")"
    echo "create_main_cluster = false" >"$conf"
  fi
  install postgresql
}

ensure() { # ensure NAME PROBE INSTALLER ADVICE
  if "$2"; then return 0; fi
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing $1 for the tests ..." >&2
    "$3" || true
    if "$2"; then return 0; fi
  fi
  echo "The tests need $1, which is not here: $4" >&2
  exit 1
}

install_chromium() { install chromium-headless-shell fonts-liberation || install chromium fonts-liberation; }

# Chromium without the windows of a desktop does the same in two thirds of the time. Debian has it.
prefer_headless_shell() {
  if [ "$(id -u)" = 0 ] && ! command -v chromium-headless-shell >/dev/null &&
    apt-cache policy chromium-headless-shell 2>/dev/null | grep -q 'Candidate: [0-9]'; then
    install chromium-headless-shell || true
  fi
}
install_libatomic() { install libatomic1; }

unpack_smtp_sink() {
  local home libraries
  home="$(dirname "${BASH_SOURCE[0]}")/../build/postfix"
  mkdir -p "$home"
  apt-get update -qq
  mapfile -t libraries < <(apt-cache depends postfix | sed -n 's/^ *Depends: \(lib[a-z0-9.+-]*\)$/\1/p')
  install "${libraries[@]}"
  (cd "$home" && apt-get download -qq -o APT::Sandbox::User=root postfix && dpkg-deb -x postfix_*.deb . && rm postfix_*.deb)
}

ensure PostgreSQL has_postgres install_postgres \
  "install the package postgresql (apt-get install postgresql)."
ensure Chromium has_chromium install_chromium \
  "install the package chromium (Debian), the snap chromium or Google Chrome (Ubuntu), so that chromium, chromium-browser or google-chrome is on PATH."
prefer_headless_shell
ensure libatomic has_libatomic install_libatomic \
  "install the package libatomic1 (apt-get install libatomic1); the browser's driver needs it."
ensure smtp-sink has_smtp_sink unpack_smtp_sink \
  "put Postfix's smtp-sink on PATH, or unpack the package postfix into build/postfix (apt-get download postfix; dpkg-deb -x postfix_*.deb build/postfix)."
