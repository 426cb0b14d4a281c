# Every target does its own set-up; nothing is installed, loaded or trained again unless its inputs changed.
PYTHON ?= python3
.DEFAULT_GOAL := help
.PHONY: help setup run test check eval bench train lock

help: ## list what there is
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-7s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## both environments and the trained model
	@$(PYTHON) -m ops.setup

run: ## all set-up, then everything in one foreground command; Ctrl-C stops it
	@$(PYTHON) -m ops.run

test: ## all set-up, then every test that this machine can run
	@$(PYTHON) -m ops.test

check: setup ## what CI runs: format, lint, types, data checks, tests
	@.venv/bin/python -m ruff format --check .
	@.venv/bin/python -m ruff check .
	@.venv/bin/python -m mypy
	@.venv/bin/python -m knowledge check
	@$(PYTHON) -m ops.test

eval: setup ## judge the question sets on a chain of its own; EVAL=<file> for another set, JUDGE=--failures for details
	@.venv/bin/python -m ops.evaluate

bench: setup ## the benchmarks, each with its reference in the same run
	@.venv/bin/python -m bench.run

train: ## train the bot where its inputs changed, after another look for the production language model
	@$(PYTHON) -m ops.train

lock: ## renew requirements/*.lock from pyproject.toml
	@$(PYTHON) -m ops.locking
