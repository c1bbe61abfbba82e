# Two commands carry the project: `make serve` and `make test`. Each starts from a machine that
# has Python 3.11 or newer, git and make, and nothing else.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

export PORT ?= 8000
# The tests start a hundred processes: none compiles again what another has compiled.
unexport PYTHONDONTWRITEBYTECODE
# The first interpreter that is new enough; `make serve PYTHON=/path/to/python` overrides it.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$python && break; done)
VENV := .venv
BIN := $(VENV)/bin
SPARK := $(VENV)/spark
PIP := -m pip install --quiet --disable-pip-version-check
# Half of the tests each, a worker that is done takes from the other: what a file prepares is
# prepared once.
PYTEST := $(BIN)/pytest -n 3 --dist worksteal
# What a rule is, and how it is read, decided and worded: while these run, branches are counted.
RULE_TESTS := $(addprefix tests/,catalogue $(addprefix domain/,facts rules evaluation wording)) \
	$(sort $(wildcard tests/domain/test_*.py))
INSTALL := $(BIN)/python $(PIP)
LOCKS := runtime postgresql tracing test tools spark bench clients

.PHONY: help serve test coverage check-deep sbom clients bench lock clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /make \1\t/' | expand -t 18

serve: $(VENV)/serve.done ## the service on 127.0.0.1:$PORT (8000)
	@exec $(BIN)/huice serve

test: $(VENV)/test.done ## everything that decides whether a change lands
	scripts/system_packages.sh test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/huice policies lint
	$(BIN)/huice policies test
	$(PYTEST) -m "not deep" $(RULE_TESTS) --cov
	$(PYTEST) -m "not deep" $(RULE_TESTS:%=--ignore=%)

coverage: $(VENV)/test.done ## which branches of the service all tests take: half as long again
	$(PYTEST) -m "not deep" --cov=service --cov-fail-under=0

check-deep: $(VENV)/test.done $(VENV)/tools.done $(SPARK)/done ## what takes minutes, and known weaknesses
	scripts/system_packages.sh test
	scripts/system_packages.sh deep
	$(PYTEST) -m "not spark"
	$(PYTEST) -m "not deep" --engine postgresql tests/storage tests/api tests/contract \
		tests/usecases/test_search_quality.py
	$(SPARK)/bin/pytest -m spark
	@$(BIN)/python scripts/audit.py $(LOCKS:%=requirements/%.txt) || [ $$? -eq 3 ]  # 3: it said so

sbom: $(VENV)/test.done ## what the service is made of: build/sbom.cdx.json (CycloneDX)
	@mkdir -p build
	$(BIN)/cyclonedx-py requirements requirements/runtime.txt --output-reproducible -o build/sbom.cdx.json

clients: $(VENV)/test.done ## typed clients of the interface, Python and TypeScript: build/clients
	scripts/system_packages.sh clients
	scripts/clients.sh

bench: $(VENV)/runtime.done ## how fast: matching, other engines, a million companies, serving
	scripts/bench.sh

lock: $(VENV)/tools.done ## pin requirements/*.in again; UPGRADE=--upgrade takes newer versions
	for lock in $(LOCKS); do $(BIN)/uv pip compile $(UPGRADE) --quiet --no-config \
		--universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
		--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
		--output-file requirements/$$lock.txt requirements/$$lock.in; done

clean: ## everything made here but the data under var/
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis \
		.import_linter_cache .schemathesis

# One stamp for each installed lock file: a second start installs nothing.
$(BIN)/python:
	@[ -n "$(PYTHON)" ] || { echo "Huice needs Python 3.11 or newer; set PYTHON to one." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/runtime.done: requirements/runtime.txt setup.cfg pyproject.toml | $(BIN)/python
	$(INSTALL) --require-hashes -r requirements/runtime.txt
	@# setuptools warns of every editable installation
	PYTHONWARNINGS=ignore $(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

# PDF files take Pango and a Chinese font; where these cannot be had, everything else still works.
$(VENV)/serve.done: $(VENV)/runtime.done
	@scripts/system_packages.sh serve || echo "Without them memos come as HTML, not as PDF." >&2
	@touch $@

$(VENV)/test.done $(VENV)/tools.done: $(VENV)/%.done: requirements/%.txt $(VENV)/runtime.done
	$(INSTALL) --require-hashes -r $<
	@touch $@

# Spark brings pandas, which other libraries import wherever they find it: a place of its own.
$(SPARK)/done: requirements/runtime.txt requirements/test.txt requirements/spark.txt | $(VENV)/runtime.done
	$(BIN)/python -m venv $(SPARK)
	$(SPARK)/bin/python $(PIP) --require-hashes $(^:%=-r %)
	PYTHONWARNINGS=ignore $(SPARK)/bin/python $(PIP) --no-deps --no-build-isolation --editable .
	@touch $@
