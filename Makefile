# Every command prints what it is for: `make help`.

PORT ?= 8501
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# Where PyTorch comes from, if not from where pip looks: an index, or a folder of wheels. The virtual
# environment remembers it; another one than before makes it install again.
LAST_INDEX := $(shell cat $(VENV)/torch-index 2>/dev/null)
TORCH_INDEX ?= $(LAST_INDEX)
TORCH_FOLDER := $(if $(TORCH_INDEX),$(wildcard $(TORCH_INDEX)/.))
TORCH_FROM := $(if $(TORCH_FOLDER),--no-index --find-links,--index-url) \
	"$(or $(TORCH_FOLDER),$(TORCH_INDEX))"

.DEFAULT_GOAL := help
.PHONY: help run check test lint bench load screenshots clean
ifneq ($(TORCH_INDEX),$(LAST_INDEX))
.PHONY: $(VENV)/app
endif

help: ## print this help
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## /  make \1\t/' | expand -t 20

run: $(VENV)/app ## start the app (PORT=8600: on another port; TORCH_INDEX=…: PyTorch from there)
	$(BIN)/streamlit run app.py --server.port $(PORT)

check: $(VENV)/dev ## what to run at every save: all but browsers, clusters, kernels and long training
	@$(MAKE) --no-print-directory lint
	NGINX="$$($(BIN)/python support/nginx.py)" && export NGINX \
		&& $(BIN)/pytest -n 2 --dist loadfile -m "not browser and not heavy and not trains"

test: $(VENV)/dev ## run everything: lint, types, import contract, lessons, unit, page and browser tests
	@$(MAKE) --no-print-directory lint
	$(BIN)/python -m sigviz lessons
	$(BIN)/python -m support.chromium && $(BIN)/python -m support.nginx
	$(BIN)/pytest -n 2 --dist loadfile

lint: $(VENV)/dev ## check style, types and which way the imports point
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/oxlint
	$(BIN)/oxfmt --check '**/*.{js,css}'
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/dev ## measure speed beside its goals (five minutes, on this machine alone)
	$(BIN)/python -m benchmarks

load: $(VENV)/dev ## measure classes of 1, 10, 30 and 60 learners at once (a quarter of an hour, on this machine alone)
	$(BIN)/python -m benchmarks.load

screenshots: $(VENV)/dev ## picture every page, light, dark and phone width, into screenshots/
	$(BIN)/python -m tests.browser.screenshots

clean: ## remove the virtual environment and everything else that is made
	rm -rf $(VENV) screenshots test-results .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(VENV)/app: requirements.txt
	test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "sigviz needs Python 3.11 or newer: PYTHON=python3.12 make …"; rm -rf $(VENV); exit 1; }
	$(if $(TORCH_INDEX),$(BIN)/pip install --upgrade --no-deps $(TORCH_FROM) \
		"$$(grep '^torch==' requirements.txt)")
	$(BIN)/pip install -r requirements.txt
	echo "$(TORCH_INDEX)" > $(VENV)/torch-index
	touch $@

$(VENV)/dev: requirements-dev.txt requirements-cluster.txt $(VENV)/app
	$(BIN)/pip install -r requirements-dev.txt
	touch $@
