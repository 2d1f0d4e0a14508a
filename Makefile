# Commands of the project; `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
# Where the demo lives; another home or inbox can be given in the environment.
export CRSIGHT_HOME ?= var/demo
export CRSIGHT_INBOX ?= var/inbox
PORT ?= 3000
UV := 0.13.9

.PHONY: help demo test lint format soak bench ui audit clean

help: ## list the commands
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 10

demo: $(BIN)/.installed ## simulate six studies, grade and compare them, say where the reports are
	$(BIN)/crsight simulate --profile demo --out $(CRSIGHT_INBOX) --seed 20260101
	$(BIN)/crsight run --inbox $(CRSIGHT_INBOX) --home $(CRSIGHT_HOME)
	@echo "Reports: $(abspath $(CRSIGHT_HOME))/published/index.html"

test: $(BIN)/.installed ## everything that the tests need, then all tests
	@tests/system_packages.sh
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

lint: $(BIN)/.installed ## style, types, SQL, import walls
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/basedpyright
	$(BIN)/sqlfluff lint --processes 2 --disable-progress-bar sql
	$(BIN)/lint-imports

format: $(BIN)/.installed ## put code and SQL into the project's form
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .
	$(BIN)/sqlfluff fix --disable-progress-bar sql

soak: $(BIN)/.installed ## the heavy proofs at full counts; figures into docs/reliability.md
	$(BIN)/python -m benchmarks.soak

bench: $(BIN)/.installed ## the benchmark suite; figures into docs/benchmarks.md
	$(BIN)/python -m benchmarks.suite

ui: $(BIN)/.installed ## Dagster UI on 127.0.0.1, schedule and sensor running (PORT=3000)
	$(BIN)/python -m pipeline.ui --port $(PORT)

audit: $(BIN)/.installed ## known vulnerabilities of the locked dependencies (needs a network)
	$(BIN)/uv tool run pip-audit --require-hashes --requirement requirements.lock

clean: ## remove the environment and everything made by the demo
	rm -rf .venv var

# uv is quick; where it cannot be had or cannot reach the index, pip installs the same lock.
$(BIN)/.installed: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv==$(UV)" || true
	$(BIN)/uv pip install --quiet --system-certs --python $(BIN)/python --require-hashes -r requirements.lock \
	  || $(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@
