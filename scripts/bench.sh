#!/usr/bin/env bash
# All timings, from a clean clone: the index against tree walks, other rule engines in an environment
# of their own, a million companies, Spark, HTTP. Results and tables go to var/bench/, plots to docs/img/.
# usage: bench.sh [language|index|peers|bulk|spark|http|resilience|growth|events|portfolio|pages|report]...
set -euo pipefail
cd "$(dirname "$0")/.."

out=var/bench
bin=.venv/bin
apart=var/bench/venv/bin
mkdir -p "$out"
[ $# -gt 0 ] || set -- language index peers bulk spark http resilience growth events portfolio pages report

environment() {
  [ -e var/bench/venv/done ] && [ var/bench/venv/done -nt requirements/bench.txt ] && return
  "$bin/python" -m venv var/bench/venv
  "$apart/python" -m pip install --quiet --disable-pip-version-check --require-hashes \
    -r requirements/bench.txt
  touch var/bench/venv/done
}

for part in "$@"; do
  case "$part" in
    language) "$bin/python" -m scripts.bench_language "$out/language.json" ;;
    index) "$bin/python" -m scripts.bench_index "$out/index.json" ;;
    peers) environment; "$bin/python" -m scripts.bench_against "$out/peers.json" "$apart/python" ;;
    bulk) "$bin/python" -m scripts.bench_bulk "$out/bulk.json" ;;
    spark) scripts/system_packages.sh deep
           make --no-print-directory .venv/spark/done
           .venv/spark/bin/python -m scripts.bench_spark "$out/spark.json" ;;
    http) scripts/system_packages.sh bench
          "$bin/python" -m scripts.bench_http "$out/http.json"
          "$bin/python" -m scripts.bench_writes
          HUICE_LOG_LEVEL=WARNING "$bin/python" -m scripts.bench_steady "$out/steady.json"
          "$bin/python" -m scripts.bench_request "$out/request.json" 2> "$out/access.log" ;;
    resilience) scripts/system_packages.sh bench
                "$bin/python" -m scripts.bench_resilience "$out/resilience.json" ;;
    growth) "$bin/python" -m scripts.bench_growth "$out/growth.json" ;;
    events) "$bin/python" -m scripts.bench_events "$out/events.json" ;;
    portfolio) "$bin/python" -m scripts.bench_portfolio "$out/portfolio.json" ;;
    pages) HUICE_LOG_LEVEL=WARNING "$bin/python" -m scripts.bench_pages | tail -3 ;;
    report) environment; "$apart/python" scripts/bench_report.py "$out" docs/img | tee "$out/tables.md" ;;
    *) sed -n 's/^# usage/usage/p' "$0" >&2; exit 2 ;;
  esac
done
