# The menu of commands; people and continuous integration call the same ones.

.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.NOTPARALLEL:

# One that was compiled without profiles, as pyenv does it, is a tenth slower: then the system's, where it is new enough.
PROFILED := import ensurepip, sys, sysconfig, venv; has = sysconfig.get_config_var; \
	sys.exit(sys.version_info < (3, 11) or (has("prefix") != "/usr" and "--enable-optimizations" not in str(has("CONFIG_ARGS"))))
PYTHON ?= $(firstword $(foreach python,python3 /usr/bin/python3,$(shell $(python) -c '$(PROFILED)' 2>/dev/null && echo $(python))) python3)
PORT ?= 8000
SCALE ?= 1
REQUESTS ?= 20000
FILES ?= 5000
MINUTES ?= 10
REVISIONS ?= 500
KILLS ?= 200
SEED := $(or $(SEED),$(shell date +%s))
ARGS ?=

BIN := .venv/bin
READY := .venv/.ready
PACKAGES := node_modules/.ready
PLACED := webapp/static/vendor/tom-select.js
# Folders too: one is newer than what was built when a script is gone.
SCRIPTS := $(shell find webapp/static/js webapp/static/css)
# Node of a version (22.19 is 2219) or newer: the machine's, or a wheel's. Lighthouse asks for 22.19; npm for less.
NODE = node_of() { npm --version >/dev/null 2>&1 && node -e \
	'const [major, minor] = process.versions.node.split(".").map(Number); process.exit(major * 100 + minor < $(1) ? 1 : 0)'; }; \
	export PATH="$$PWD/$(BIN):$$PATH"; node_of || uv sync --locked --quiet --group node --python $(BIN)/python
NPM_CI := npm ci --no-update-notifier --prefer-offline --fetch-retry-mintimeout=1000 --ignore-scripts --no-audit --no-fund --loglevel=error
CATALOGUES := $(wildcard webapp/translations/*/LC_MESSAGES/*.po)
YAML_RULES := {extends: default, rules: {line-length: {max: 130}, document-start: disable, truthy: {check-keys: false}, comments: {min-spaces-from-content: 1}}}
# Whoever has nothing left to run takes from the others' rest.
TWO_AT_ONCE := $(BIN)/pytest -n 2 --dist worksteal
# A fourth of their time tests of pages and of the release step wait, for a browser, for servers and for processes.
THREE_AT_ONCE := $(BIN)/pytest -n 3 --dist worksteal
# The rooms' own tests, and those of pages and commands that are nothing but a way to one of their verbs.
DECIDING := tests/rules tests/indicators tests/files tests/services tests/seed tests/lists/test_returning.py \
	tests/lists/test_long_tables.py \
	tests/cli/test_import_table.py \
	$(foreach page,bulk_edit coverage difference_pages large_uploads pasting quality uploads,$(wildcard tests/screens/*/test_$(page).py))
# Only the files that name the mark are read for it.
ALONE = $(shell grep -rlE 'mark\.alone\b' tests --include='test_*.py')
IMPORTANT_ROOMS := webapp/rules/*,webapp/files/*,webapp/services/*
# Of these every line and branch has a test; what random rows alone reach may be missed once.
RECKONING_ROOMS := webapp/rules/*,webapp/indicators/*
# Of no other room is anything reported, so no other is traced: a third of what tracing takes.
TRACED := $(addprefix --cov=webapp/,rules indicators files services)

export UV_PYTHON_DOWNLOADS := never
# Behind a company's proxy only the machine's own certificates are right; pip uses them by itself.
ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt),)
export UV_SYSTEM_CERTS := true
export NODE_EXTRA_CA_CERTS := /etc/ssl/certs/ca-certificates.crt
endif
# Hundreds of tests start Python anew: where nothing may be kept, each of them compiles every library for itself.
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME PYTHONDONTWRITEBYTECODE

.PHONY: help setup run test test-fast test-release fuzz fuzz-release kills freeze orders check bench screenshots sessions image sbom environment packages programs clean

help: ## Show this list of commands
	@grep -E '^[a-z-]+:.*## [A-Z]' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## /\1\t/' | expand -t 16

setup: environment packages ## Make .venv, node_modules and what pages load, with everything that the locks name

run: environment $(PLACED) ## Start it all on this machine: database, web, worker (PORT=8000)
	@exec $(BIN)/stockcode up --port $(PORT)

# The rooms that decide are measured by their own tests: tracing all the others would take a third more time.
test: setup programs ## Run every test, the browser's included (with ARGS=… pytest runs only those)
ifneq ($(ARGS),)
	$(TWO_AT_ONCE) $(ARGS)
else
	@rm -f .coverage .coverage.*
	$(TWO_AT_ONCE) $(DECIDING) $(TRACED) --cov-report=
	$(THREE_AT_ONCE) -m 'not alone' $(DECIDING:%=--ignore=%)
	$(BIN)/pytest -m alone $(ALONE)
	@echo 'Branch coverage of the rooms that decide:'
	$(BIN)/coverage report --include='$(IMPORTANT_ROOMS)' --fail-under=95
	$(BIN)/coverage report --include='$(RECKONING_ROOMS)' --fail-under=99 --precision=2
endif

test-fast: environment $(PLACED) ## Run every test but the browser's and the release step's, for the time between two changes
	$(TWO_AT_ONCE) -m 'not browser and not release' $(ARGS)

test-release: environment $(PLACED) ## Run only the release step's tests, at last those which measure time and so want the machine for themselves
	$(THREE_AT_ONCE) -m 'release and not alone' $(ARGS)
	$(BIN)/pytest -m 'release and alone' $(ALONE) $(ARGS)

fuzz: environment $(PLACED) ## Send 20,000 generated requests (REQUESTS=20000), type into every form, and try 5,000 spoiled files per reader (FILES=5000) in 10 minutes (MINUTES=10)
	@echo 'SEED=$(SEED)'
	REQUESTS=$(REQUESTS) SEED=$(SEED) FILES=$(FILES) MINUTES=$(MINUTES) $(TWO_AT_ONCE) tests/campaigns tests/forms/test_typing.py $(ARGS)

fuzz-release: environment ## Try 500 generated revisions and kill 200 runs (REVISIONS=500, KILLS=200; SEED= as it is printed tries one again)
	@echo 'SEED=$(SEED)'
	SEED=$(SEED) REVISIONS=$(REVISIONS) KILLS=$(KILLS) $(TWO_AT_ONCE) tests/migrations/fuzzing $(ARGS)

kills: environment $(PLACED) ## Save 1,000 edits under thirty kills, import by a worker and as a feed under fifty each, and count what is stored
	$(BIN)/python -m tests.campaigns.kills $(ARGS)
	$(BIN)/python -m tests.campaigns.killed_jobs
	$(BIN)/python -m tests.campaigns.feed_kills

freeze: environment $(PLACED) ## Freeze PostgreSQL for a minute under stewards at work, and see that everybody is answered
	$(BIN)/python -m tests.campaigns.freeze $(ARGS)

orders: environment $(PLACED) ## Import the real reports oldest first, newest first and shuffled, and compare what is stored (STOCKCODE_REAL_DATA)
	$(BIN)/python -m tests.campaigns.filing_orders $(ARGS)

check: environment packages ## Run every linter: Python, layers, migrations, templates, scripts, workflows, image
	$(BIN)/black --check --quiet . || { echo 'Not formatted. Run: $(BIN)/black .'; exit 1; }
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python migrations/run_migrations.py lint
	$(BIN)/djlint --lint --quiet templates
	@$(call NODE,1800); npm run --silent --no-update-notifier check || { echo 'Scripts and style: npx biome check --write mends what can be mended by itself.'; exit 1; }
	$(BIN)/yamllint --strict --config-data '$(YAML_RULES)' compose.yaml .github
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec compose.yaml
	$(BIN)/zizmor --offline --persona pedantic --quiet .github/workflows
	$(BIN)/hadolint Dockerfile

mutants: environment ## Change one sign or number of a rule or formula at a time, and see that a test notices (ARGS='--sample 100')
	$(BIN)/python -m tests.mutants $(ARGS)

bench: environment $(PLACED) ## Measure, print a table, write var/bench.json (SCALE=1)
	@mkdir -p var
	SCALE=$(SCALE) $(BIN)/python -m tests.bench $(ARGS)

screenshots: environment $(PLACED) programs ## Take pictures of every screen into var/screenshots, and the README's again
	$(BIN)/python -m tests.screenshots $(ARGS)

sessions: environment ## Write the days on which Tokyo does not trade again, from exchange_calendars, where they are others now
	@PATH="$$PATH:$$PWD/$(BIN)" uv run --locked --quiet --group sessions python -m tests.sessions

image: ## Build the container image
	docker build --tag stockcode .

sbom: environment ## Name what the image holds, with hashes, as CycloneDX in var/sbom.cdx.json (Python) and var/sbom.pages.cdx.json
	@mkdir -p var
	@PATH="$$PATH:$$PWD/$(BIN)" uv export --locked --quiet --no-default-groups --format cyclonedx1.5 --output-file var/sbom.cdx.json >/dev/null
	@$(call NODE,1600); npm sbom --package-lock-only --omit=dev --omit=optional --sbom-format=cyclonedx --loglevel=error >var/sbom.pages.cdx.json

# The same engine without a window, where Debian has it, runs these tests in two thirds of the time. The package of
# PostgreSQL would begin a server of its own.
CLUSTERS := /etc/postgresql-common/createcluster.conf
programs: ## Find the programs that some tests drive; root gets Debian's where they are missing
	@missing() { \
		command -v chromium-headless-shell chromium chromium-browser google-chrome >/dev/null || echo chromium; \
		PATH="$$PATH:/usr/sbin" command -v pgbouncer >/dev/null || echo pgbouncer; \
		PATH="$$PATH:/usr/sbin" command -v nginx >/dev/null || echo nginx-light; \
		test -x /usr/lib/postgresql/15/bin/postgres || echo postgresql-15; \
		test -e /usr/share/i18n/locales/ja_JP || echo locales; \
	}; \
	wanted="$$(missing)"; \
	if [ "$${CI:-}" != true ]; then for server in pgbouncer nginx-light postgresql-15 locales; do wanted="$${wanted/$$server/}"; done; fi; \
	if [ -n "$${wanted//[[:space:]]/}" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		mkdir -p /etc/postgresql-common; test -e $(CLUSTERS) || echo 'create_main_cluster = false' >$(CLUSTERS); \
		apt-get update -q >/dev/null || echo 'apt-get could not ask for its lists.' >&2; \
		browser=chromium-headless-shell; apt-cache show $$browser >/dev/null 2>&1 || browser='chromium chromium-l10n'; \
		wanted="$${wanted/chromium/$$browser fonts-noto-cjk}"; \
		echo "Installing for the tests:" $$wanted; \
		DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends $$wanted \
			>/dev/null || echo 'apt-get could not install them.' >&2; \
	fi; \
	for program in $$(missing); do \
		if [ "$${CI:-}" = true ]; then echo "$$program is missing, and with CI=true no test may be skipped." >&2; exit 1; fi; \
		echo "WARNING: $$program IS NOT INSTALLED. THE TESTS THAT DRIVE IT WILL BE SKIPPED: apt-get install $$program" >&2; \
	done

environment: $(READY) $(CATALOGUES:.po=.mo)

# Everything that package-lock.json names; pages load the least of it, tests use the rest.
packages: $(READY)
	@if { $(call NODE,2219); } && { \
		[ -e $(PACKAGES) ] && [ ! package-lock.json -nt $(PACKAGES) ] || { $(NPM_CI) >/dev/null && touch $(PACKAGES); }; }; then :; \
	elif [ "$${CI:-}" = true ]; then echo 'npm could not install the packages of package-lock.json.' >&2; exit 1; \
	else echo 'WARNING: NPM COULD NOT INSTALL package-lock.json. THE TESTS THAT NEED AXE-CORE OR LIGHTHOUSE WILL BE SKIPPED.' >&2; fi
	@$(MAKE) --no-print-directory $(PLACED)

# Pages' packages, and our scripts in bundles. The bundler is optional to npm only so that it comes without what tests
# need, and is not named among what pages load. What tests need stays where it is installed; npm leaves its list there.
$(PLACED): package.json package-lock.json $(SCRIPTS) | $(READY)
	@{ $(call NODE,1800); } && { \
		if [ ! -e $(PACKAGES) ]; then [ node_modules/.package-lock.json -nt package-lock.json ] || $(NPM_CI) --omit=dev; \
		elif [ package-lock.json -nt $(PACKAGES) ]; then $(NPM_CI) && touch $(PACKAGES); fi; } >/dev/null && \
		npm run --silent build && $(BIN)/python -m webapp.placed || { echo 'npm could not install and build what pages load.' >&2; exit 1; }

clean: ## Remove .venv and what tools left behind; var/ with your data stays
	rm -rf .venv node_modules webapp/static/built webapp/static/packed webapp/static/vendor .coverage .coverage.* .mypy_cache .ruff_cache .hypothesis .pytest_cache .import_linter_cache *.egg-info
	find webapp/translations -name '*.mo' -delete
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): pyproject.toml uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'Python 3.11 or newer is needed. Name it with PYTHON=, such as make PYTHON=python3.12 run.' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends python3-venv; \
		else echo 'Python’s venv is missing. Install it: apt-get install python3-venv' >&2; exit 1; fi; }
	@test -x $(BIN)/python || { $(PYTHON) -m venv .venv; \
		test '$(origin PYTHON) $(PYTHON)' != 'file /usr/bin/python3' || test "$$(command -v python3)" = $(PYTHON) || \
		echo "Taking $(PYTHON): $$(command -v python3) was compiled without profiles, or is too old. Name another with PYTHON=."; }
	@command -v uv >/dev/null || test -x $(BIN)/uv || { \
		$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null; \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check uv; }
	@PATH="$$PATH:$$PWD/$(BIN)" uv sync --locked --quiet --python $(BIN)/python
	@touch $@

%.mo: %.po $(READY)
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@ --locale $(notdir $(patsubst %/LC_MESSAGES/,%,$(dir $<)))
