# Two commands do all: `make quickstart` and `make test`. Each sets itself up on first use.
PYTHON ?= python3
VENV ?= .venv
SEED ?= 0
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: help quickstart test lint format bench clean
.DEFAULT_GOAL := help

help:
	@echo "make quickstart [SEED=0]  a small model learns sums from verifiable rewards, on the CPU, in a few minutes"
	@echo "make quickstart QUICK=1   the same cut short to about a minute"
	@echo "make test                 linter, type checker and all tests, docs and examples included"
	@echo "make bench                environments per second, beside reasoning-gym"
	@echo "make format               let ruff format the code"
	@echo "make clean                remove the virtual environment and caches"

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 ..." >&2; exit 1; }
	@echo "setting up $(VENV) (once; a few minutes)"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[all,dev]"
	@touch $(STAMP)

quickstart: $(STAMP)
	$(BIN)/rlvr train $(if $(QUICK),quick,quickstart) --seed $(SEED)

test: lint
	$(BIN)/python -m pytest -n auto

lint: $(STAMP)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

format: $(STAMP)
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(STAMP)
	$(BIN)/python benchmarks/envs.py

clean:
	rm -rf $(VENV) .venv-reasoning-gym .pytest_cache .mypy_cache .ruff_cache .hypothesis
