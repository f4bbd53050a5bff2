# The two commands are `make demo` and `make test`; the others are for daily work (see README.md).
# Everything is installed in .venv, without root: nothing else on the machine is touched.

PORT ?= 8000
PYTHON ?= python3
BIN := .venv/bin
UV := $(shell command -v uv 2>/dev/null || echo .venv/uv/bin/uv)
export UV_PYTHON_DOWNLOADS := never

.PHONY: demo test lint bench docs lock setup setup-dev help

help:
	@echo "make demo [PORT=8001]   set everything up and serve the demonstration portal"
	@echo "make test               set everything up and run all tests (SQLite, PostgreSQL, Chromium)"
	@echo "make lint               style, types, import rules, migrations, translations"
	@echo "make bench              print the benchmarks"
	@echo "make docs               draw the screenshots of the documentation again"
	@echo "make lock               renew the pinned versions in requirements/*.txt"

demo: setup
	@$(BIN)/essor demo --port $(PORT)

test: setup-dev
	@$(BIN)/python tests/run.py

lint: setup-dev
	@.ci/lint

bench: setup-dev
	@$(BIN)/python -m bench

docs: setup-dev
	@$(BIN)/python docs/screenshots.py

setup: .venv/runtime.stamp
setup-dev: .venv/dev.stamp

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Essor needs Python 3.11 or newer: set PYTHON=/path/to/python3"; exit 1; }
	$(PYTHON) -m venv --without-pip .venv

.venv/uv/bin/uv:
	$(PYTHON) -m venv .venv/uv
	.venv/uv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt

.venv/runtime.stamp: requirements/runtime.txt requirements/build.txt pyproject.toml | .venv/bin/python $(UV)
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/runtime.txt -r requirements/build.txt
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev.stamp: requirements/dev.txt .venv/runtime.stamp
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@touch $@

LOCK := $(UV) pip compile --quiet --upgrade --generate-hashes --no-header --no-emit-index-url --python-version 3.11
lock: | $(UV)
	$(LOCK) requirements/runtime.in -o requirements/runtime.txt
	$(LOCK) requirements/dev.in -o requirements/dev.txt
	$(LOCK) requirements/build.in -o requirements/build.txt
	$(LOCK) requirements/uv.in -o requirements/uv.txt
