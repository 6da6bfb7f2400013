# Every command prints what it is for: `make help`.

PORT ?= 8501
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help run test lint bench load screenshots clean

help: ## print this help
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## /  make \1\t/' | expand -t 20

run: $(VENV)/app ## start the app (PORT=8600 make run: on another port)
	$(BIN)/streamlit run app.py --server.port $(PORT)

test: $(VENV)/dev ## run everything: lint, types, import contract, lessons, unit, page and browser tests
	@$(MAKE) --no-print-directory lint
	$(BIN)/python -m sigviz lessons
	CHROME="$$($(BIN)/python support/chromium.py)" && NGINX="$$($(BIN)/python support/nginx.py)" \
		&& export CHROME NGINX && $(BIN)/pytest -n 2 --dist loadfile

lint: $(VENV)/dev ## check style, types and which way the imports point
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/oxlint
	$(BIN)/oxfmt --check '**/*.{js,css}'
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/dev ## measure speed, beside what one would use instead
	CHROME="$$($(BIN)/python support/chromium.py)" && export CHROME && $(BIN)/python -m benchmarks

load: $(VENV)/dev ## measure classes of 1, 10, 30 and 60 learners at once (eight minutes, on this machine alone)
	$(BIN)/python -m benchmarks.load

screenshots: $(VENV)/dev ## picture every page, light, dark and phone width, into screenshots/
	CHROME="$$($(BIN)/python support/chromium.py)" && export CHROME && $(BIN)/python -m tests.browser.screenshots

clean: ## remove the virtual environment and everything else that is made
	rm -rf $(VENV) screenshots .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(VENV)/app: requirements.txt
	test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "sigviz needs Python 3.11 or newer: PYTHON=python3.12 make …"; rm -rf $(VENV); exit 1; }
	$(BIN)/pip install -r requirements.txt
	touch $@

$(VENV)/dev: requirements-dev.txt requirements-cluster.txt $(VENV)/app
	$(BIN)/pip install -r requirements-dev.txt
	touch $@
