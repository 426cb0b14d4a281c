.DEFAULT_GOAL := help
PYTHON ?= python3

help: ## list what there is
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

setup: ## both environments, from the lock files
	@$(PYTHON) ops/setup.py

run: setup ## everything in one foreground command
	@$(PYTHON) ops/run.py

train: setup ## train the bot again where its inputs changed
	@$(PYTHON) ops/train.py

test: setup ## every test that this machine can run
	@$(PYTHON) ops/test.py

check: setup ## what CI runs: lint, types, data checks, tests
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@.venv/bin/python -m knowledge check
	@$(PYTHON) ops/test.py

eval: setup ## judge the question sets against a running chain
	@$(PYTHON) ops/evaluate.py

bench: setup ## benchmarks, each with its reference in the same run
	@echo "make bench: noch nicht gebaut"; exit 1

lock: ## renew the lock files (hashes, no addresses)
	@$(PYTHON) ops/setup.py --lock

.PHONY: help setup run train test check eval bench lock
