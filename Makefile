# Everything a developer runs. `make help` lists it.

PYTHON ?= python3
BIN := .venv/bin
PIP := PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip --quiet
COMPILE := uv pip compile --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --quiet

# Tests start hundreds of programs, each of which would compile all of Bulletin anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test pytest lint front watch bench bench-peers check-email lock clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1|\2/p' $(MAKEFILE_LIST) | \
		while IFS='|' read -r target text; do printf '  %-17s %s\n' "$$target" "$$text"; done

demo: .venv/.runtime ## make the bundled example into ./demo: import, issue, editions, outbox
	$(BIN)/bulletin demo

test: .venv/.dev ## lint, types, layers and every test (installs PostgreSQL and Chromium when root)
	@bash tests/system.sh
	@$(MAKE) --no-print-directory --jobs 2 lint pytest

pytest: .venv/.dev ## every test, and nothing else
	$(BIN)/pytest --numprocesses 5 --dist loadfile --no-loadscope-reorder

lint: .venv/.dev ## style, types and the layers rule, without the tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

front: .venv/.runtime ## build the desk's script and style from frontend/, if they have changed
	$(BIN)/python hatch_build.py

watch: .venv/.runtime ## the same after every change, until interrupted; readable, with source maps
	$(BIN)/python hatch_build.py --watch

bench: .venv/.dev ## print the figures: every script in bench/, one after another (half an hour)
	@set -e; for script in bench/*.py; do echo "== $$script"; $(BIN)/python "$$script"; done
	@echo "== bench/importer"; $(BIN)/python -m bench.importer

PEERS := build/peers
bench-peers: $(BIN)/python ## fetch what the figures stand beside: smtp-sink, nodemailer, Python mailers
	@mkdir -p $(PEERS)
	@$(PYTHON) -m venv $(PEERS)/venv && $(PEERS)/venv/bin/python -m pip install --quiet \
		--disable-pip-version-check --require-hashes -r bench/peers/requirements.txt || \
		echo "The Python mailers cannot be had here (they need Python 3.11 or 3.12); left out." >&2
	@cp bench/peers/package.json bench/peers/package-lock.json $(PEERS) && cd $(PEERS) && \
		npm ci --silent --no-audit --no-fund || echo "nodemailer needs npm; left out." >&2
	@cd $(PEERS) && apt-get download -qq postfix && dpkg-deb -x postfix_*.deb postfix && \
		rm postfix_*.deb || echo "smtp-sink needs apt-get (Debian, Ubuntu); left out." >&2

EMAILS := build/emails
check-email: .venv/.dev ## sizes of finished emails, and what mail programs make of them (needs Node.js)
	@command -v npm >/dev/null || { echo "make check-email needs Node.js 20 or later with npm." >&2; exit 1; }
	@rm -rf $(EMAILS)
	$(BIN)/python checks/email/editions.py $(EMAILS)
	@cd checks/email && npm ci --silent --no-audit --no-fund
	node checks/email/check.mjs $(EMAILS)/*.html
	@if command -v spamassassin >/dev/null; then bash checks/email/spam.sh $(EMAILS)/*.eml; \
		else echo "spamassassin is not installed, so nothing was said about spam."; fi

lock: ## bring the locked dependencies in line with pyproject.toml (needs uv)
	@command -v uv >/dev/null || { echo "make lock needs uv: install it first (pipx install uv)." >&2; exit 1; }
	$(COMPILE) pyproject.toml --group dev -o requirements/dev.txt
	$(COMPILE) pyproject.toml -o requirements/runtime.txt
	$(COMPILE) requirements/build.in -c requirements/dev.txt -o requirements/build.txt
	uv pip compile bench/peers/requirements.in --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --quiet -o bench/peers/requirements.txt
	for folder in frontend checks/email bench/peers; do \
		(cd $$folder && npm install --package-lock-only --omit-lockfile-registry-resolved) || exit 1; done

clean: ## remove what was made: .venv, caches, ./demo, build output
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist demo
	rm -rf frontend/node_modules src/bulletin/web/static/desk
	find src tests bench -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null || \
		{ echo "Bulletin needs Python 3.11 to 3.14, and '$(PYTHON)' is not: try make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "'$(PYTHON)' cannot make virtual environments: install python3-venv (apt-get install python3-venv)." >&2; exit 1; }
	$(PYTHON) -m venv .venv

# The stamps: installed again only when a lock, the project file or the front end has changed.
# Installing builds the front end (hatch_build.py).
FRONT := hatch_build.py $(shell find frontend -name node_modules -prune -o -type f -print)
.venv/.runtime: $(BIN)/python pyproject.toml requirements/runtime.txt requirements/build.txt $(FRONT)
	$(PIP) install --require-hashes -r requirements/runtime.txt -r requirements/build.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: $(BIN)/python pyproject.toml requirements/dev.txt requirements/build.txt $(FRONT)
	$(PIP) install --require-hashes -r requirements/dev.txt -r requirements/build.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch .venv/.runtime $@
