#!/usr/bin/env bash
# Installs what is needed beside Python packages, where it is absent. For the tests: a browser for
# the pages, and openssl, with which the documentation signs; for them and for the service Pango to
# set PDF files and a font with Chinese characters. For Spark: Java. For the other engine and several
# replicas: PostgreSQL, HAProxy. For timings: wrk. For the typed clients: Node. For power cuts: a C
# compiler.
# usage: system_packages.sh serve|test|clients|deep|bench
set -euo pipefail

# The first has no windows of its own and takes half as long over a page; any will do.
has_browser() {
  command -v chromium-headless-shell || command -v chromium || command -v chromium-browser ||
    command -v google-chrome
}
has_pango() { python3 -c 'import ctypes.util as u, sys; sys.exit(not u.find_library("pangoft2-1.0"))'; }
has_postgres() { command -v initdb || ls /usr/lib/postgresql/*/bin/initdb; }
has_chinese_font() { fc-list :lang=zh-cn | grep -q .; }

missing=()
case "${1-}" in
  serve | test)
    [ "$1" = serve ] || has_browser >/dev/null || missing+=(chromium-headless-shell)
    [ "$1" = serve ] || command -v openssl >/dev/null || missing+=(openssl)
    has_pango || missing+=(libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0)
    has_chinese_font 2>/dev/null || missing+=(fontconfig fonts-noto-cjk)
    ;;
  clients) command -v npm >/dev/null || missing+=(nodejs npm) ;;
  deep)
    command -v npm >/dev/null || missing+=(nodejs npm)
    command -v java >/dev/null || missing+=(openjdk-17-jre-headless)
    has_postgres >/dev/null 2>&1 || missing+=(postgresql)
    command -v cc >/dev/null || missing+=(gcc libc6-dev)
    PATH=$PATH:/usr/sbin command -v haproxy >/dev/null || missing+=(haproxy)
    ;;
  bench) command -v wrk >/dev/null || missing+=(wrk) ;;
  *) sed -n 's/^# usage/usage/p' "$0" >&2; exit 2 ;;
esac
[ ${#missing[@]} -gt 0 ] || exit 0

if ! command -v apt-get >/dev/null || [ "$(id -u)" -ne 0 ]; then
  echo "Needed, by Debian's names: ${missing[*]}" >&2
  echo "Install them (on Debian or Ubuntu: sudo apt-get install ${missing[*]}), then try again." >&2
  exit 1
fi
echo "installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
if ! apt-cache show chromium-headless-shell >/dev/null 2>&1; then
  missing=("${missing[@]/#chromium-headless-shell/chromium}") # not every distribution has it
fi
apt-get install -qq --no-install-recommends "${missing[@]}" >/dev/null
