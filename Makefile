# Two commands carry the project: `make serve` and `make test`. Each starts from a machine that
# has Python 3.11 or newer, git and make, and nothing else.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

export PORT ?= 8000
# How long a part took, as bash's `time` tells it.
export TIMEFORMAT = took %0lR
# The tests start a hundred processes: none compiles again what another has compiled.
unexport PYTHONDONTWRITEBYTECODE
# The first interpreter that is new enough; `make serve PYTHON=/path/to/python` overrides it.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$python && break; done)
VENV := .venv
BIN := $(VENV)/bin
SPARK := $(VENV)/spark
# What is imported is compiled then: all that is installed would take a quarter of a minute.
PIP := -m pip install --quiet --disable-pip-version-check --no-compile
# A third of the tests each, a worker that is done takes from the others: what a file prepares is
# prepared once.
PYTEST := $(BIN)/pytest -n 3 --dist worksteal
# What a rule is, and how it is read, decided and worded: while these run, branches are counted.
RULE_TESTS := $(addprefix tests/,catalogue $(addprefix domain/,facts rules evaluation wording)) \
	$(sort $(wildcard tests/domain/test_*.py))
# What `make check-deep` runs, a part by itself or all in this order. What none of the others names
# is the rest.
DEEP_PARTS := attacks storage answers replicas rest spark audit
DEEP := time $(BIN)/pytest -n 2 --dist worksteal --durations 5 -m "deep and not spark"
DEEP_STORAGE := tests/storage/test_writer.py tests/storage/test_power_cut.py tests/cli
DEEP_ANSWERS := tests/compiled tests/domain tests/foreign
DEEP_REPLICAS := tests/hostile/test_replicas.py tests/storage/test_postgres_backup.py \
	tests/storage/test_postgres_store.py tests/api/test_shared_state.py
INSTALL := $(BIN)/python $(PIP)
LOCKS := runtime postgresql tracing test tools spark bench clients

.PHONY: help serve test test-types test-rules test-rest coverage check-deep $(DEEP_PARTS:%=deep-%) deep-packages sbom clients bench lock clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /make \1\t/' | expand -t 20

serve: $(VENV)/serve.done ## the service on 127.0.0.1:$PORT (8000)
	@[ ! -d $(VENV)/prepared ] || export HUICE_PREPARED=$${HUICE_PREPARED:-$(CURDIR)/$(VENV)/prepared}; \
	exec $(BIN)/huice serve

test: $(VENV)/test.done ## everything that decides whether a change lands
	scripts/system_packages.sh test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-logo
	@# Two beside each other, and the third when the types are found right: no core waits.
	$(MAKE) --no-print-directory --jobs 2 --output-sync=target test-types test-rules test-rest

test-types:
	$(BIN)/huice policies lint
	$(BIN)/huice policies test
	$(BIN)/mypy

test-rules:
	$(BIN)/pytest -m "not deep" $(RULE_TESTS) --cov

test-rest:
	@# What begins with `+` is seen as it comes.
	+$(PYTEST) -m "not deep" $(RULE_TESTS:%=--ignore=%)

coverage: $(VENV)/test.done ## which branches of the service all tests take: half as long again
	$(PYTEST) -m "not deep" --cov=service --cov-fail-under=0

check-deep: $(DEEP_PARTS:%=deep-%) ## what `make test` leaves out, about an hour: the parts below, each by itself too

deep-attacks: ## slow clients, broken storage, signals: a running service that is ill-treated
	$(DEEP) tests/hostile --ignore tests/hostile/test_replicas.py

deep-storage: ## power cuts, and writers and workers that are killed
	$(DEEP) $(DEEP_STORAGE)

deep-answers: ## thousands of companies, a hundred thousand comparisons of two readings
	$(DEEP) $(DEEP_ANSWERS)

deep-replicas: ## PostgreSQL: all that holds of a file, three replicas, a database that is killed
	$(DEEP) $(DEEP_REPLICAS)
	$(PYTEST) -m "not deep" --engine postgresql tests/storage tests/api tests/contract \
		tests/usecases/test_search_quality.py

deep-rest: ## every deep test of no other part: pages, clients, the contract, how it is deployed
	$(DEEP) tests $(addprefix --ignore=,tests/hostile $(DEEP_STORAGE) $(DEEP_ANSWERS) $(DEEP_REPLICAS))

deep-spark: $(SPARK)/done ## a million companies on Spark
	time $(SPARK)/bin/pytest -m spark

deep-audit: $(VENV)/tools.done ## known weaknesses of the pinned libraries
	@time $(BIN)/python scripts/audit.py $(LOCKS:%=requirements/%.txt) || [ $$? -eq 3 ]  # 3: it said so

$(filter-out deep-audit,$(DEEP_PARTS:%=deep-%)): $(VENV)/test.done $(VENV)/tools.done deep-packages

deep-packages:
	@scripts/system_packages.sh test
	@scripts/system_packages.sh deep

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
# Meanwhile the rules are compiled; where they cannot be, the start says why.
$(VENV)/serve.done: $(VENV)/runtime.done
	@$(BIN)/huice policies prepare $(VENV)/prepared >/dev/null 2>&1 & \
	scripts/system_packages.sh serve || echo "Without them memos come as HTML, not as PDF." >&2; wait
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
