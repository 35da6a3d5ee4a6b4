# Everything one does in this repository is one word. `make run` and `make test` set up what they need.

PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test browser check slow format clean help

run: .venv/.ready ## Run the main job on seeds/ with the models that come with the program
	$(BIN)/it2en run seeds --config embedded --offline

test: .venv/.ready ## Run the default test suite
	$(BIN)/python -m pytest

browser: .venv/.ready ## Run the tests of the pages in headless Chromium
	$(BIN)/python -m pytest -m browser tests/browser

slow: .venv/.ready ## Run the slow tests as well
	$(BIN)/python -m pytest -m "not browser"

check: .venv/.ready ## Lint, types, import directions
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/test_house.py

format: .venv/.ready ## Put the code into the house format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## Remove the environment and caches (not outputs/)
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist *.egg-info

help: ## Show this list
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:[^#]*## /\t/'

# Made anew whenever the dependencies change.
.venv/.ready: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "it2en needs Python 3.11 or newer; name one with: make PYTHON=python3.12")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@
