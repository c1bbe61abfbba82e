#!/usr/bin/env bash
# Makes the typed clients from the OpenAPI document: build/clients/python (a package, huice_client) and
# build/clients/typescript (types of every call in huice.d.ts, used with openapi-fetch).
# usage: clients.sh [python|typescript]...
set -euo pipefail
cd "$(dirname "$0")/.."
out=build/clients
bin=.venv/bin
mkdir -p "$out"
[ $# -gt 0 ] || set -- python typescript
"$bin/python" -m scripts.interface write "$out/openapi.json" > "$out/document.log"

for language in "$@"; do
  case "$language" in
    python)
      if ! [ "$out/venv/done" -nt requirements/clients.txt ]; then
        "$bin/python" -m venv "$out/venv"
        "$out/venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes \
          -r requirements/clients.txt
        touch "$out/venv/done"
      fi
      PATH="$PWD/$out/venv/bin:$PATH" openapi-python-client generate --overwrite \
        --path "$out/openapi.json" --config scripts/clients/python.yaml --output-path "$out/python" \
        > "$out/python.log" 2>&1 || { cat "$out/python.log" >&2; exit 1; }
      # A call may answer with a file instead of JSON: it is then in the answer's `content`.
      find "$out/python" -path '*/api/*' -name '*.py' -exec sed -i -E \
        's/^( +)(response_20[01] = \w+\.from_dict\(response\.json\(\)\))$/\1if "json" not in response.headers.get("content-type", ""):\n\1    return None\n\1\2/' {} +
      ;;
    typescript)
      mkdir -p "$out/typescript"
      cp scripts/clients/*.json "$out/typescript/"
      (cd "$out/typescript" && npm ci --silent --ignore-scripts --no-audit --no-fund &&
        npx --no-install openapi-typescript ../openapi.json --output huice.d.ts > ../typescript.log)
      ;;
    *) sed -n 's/^# usage/usage/p' "$0" >&2; exit 2 ;;
  esac
done
