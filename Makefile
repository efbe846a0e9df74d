# make run    a demo instance on 127.0.0.1:8000
# make test   everything that .ci/run runs, on SQLite; PostgreSQL and the browser where they are present
# make soak   the long runs
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
HOME_DIR ?= instance

.PHONY: run test soak lint lock messages clean

run: $(VENV)/.run
	@exec $(BIN)/gongkai demo --home $(HOME_DIR)

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	  || { echo "Gongkai needs Python 3.11 or newer as $(PYTHON); name another with: make run PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null \
	  || { echo "Python's venv module is missing: install it first (on Debian and Ubuntu: apt-get install python3-venv)."; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(VENV)/bin/python requirements/run.txt pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/bin/python requirements/dev.txt pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.run

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/python tools/messages.py check

# The tests that use the database, run again on PostgreSQL (GONGKAI_POSTGRESQL_URL names a server).
DATABASE_TESTS = tests/agencies tests/api tests/applications tests/correspondence tests/disclosure tests/files \
  tests/invariants tests/journal tests/remedies tests/reporting tests/review tests/supervision
# What does not hang on the database: reading reports, pages and their policy, files of the site, the words and look of
# letters, the API's description; instances of their own, which are on SQLite.
ONCE = tests/reporting/test_reading_*.py tests/reporting/test_*pages*.py tests/reporting/test_report_public.py \
  tests/reporting/test_report_picture.py tests/reporting/test_report_writing.py tests/reporting/test_rollup_documents.py \
  tests/reporting/test_rollup_files.py tests/reporting/test_rollup_text.py tests/reporting/test_jumps.py \
  $(wildcard tests/applications/test_*page*.py) tests/applications/test_public_*.py \
  tests/applications/test_letter_kinds.py tests/applications/test_letter_service.py tests/applications/test_papers.py \
  tests/applications/test_wordings.py tests/applications/test_sub_reasons.py \
  tests/applications/test_decision_wizard.py tests/applications/test_parties.py tests/api/test_document.py \
  tests/api/test_parity.py tests/api/test_integration_pages.py tests/supervision/test_ledger_pages.py \
  $(wildcard tests/review/test_*pages*.py) tests/disclosure/test_redaction_pages.py \
  tests/files/test_destroyed_after_backup.py tests/reporting/test_open_data.py tests/invariants/test_i06_reports.py \
  tests/invariants/test_i06_addresses.py tests/invariants/test_killed.py tests/invariants/test_killed_intake.py \
  tests/invariants/test_many_at_once.py \
  tests/invariants/test_released_files.py tests/invariants/test_export_canaries.py

test: lint
	$(BIN)/python -m pytest -m "not soak" -n 2 --dist loadfile --no-loadscope-reorder
	@if [ -n "$$GONGKAI_POSTGRESQL_URL" ]; then \
	  echo "Again on PostgreSQL:"; \
	  GONGKAI_TEST_DATABASE_URL="$$GONGKAI_POSTGRESQL_URL" \
	    $(BIN)/python -m pytest -m "not soak and not browser" -n 2 --dist loadfile $(foreach each,$(wildcard $(ONCE)),--ignore=$(each)) $(DATABASE_TESTS); \
	elif [ -n "$$GONGKAI_REQUIRE_POSTGRESQL" ]; then \
	  echo "PostgreSQL is required: name a server in GONGKAI_POSTGRESQL_URL."; exit 1; \
	else \
	  echo "Not run on PostgreSQL: GONGKAI_POSTGRESQL_URL names no server."; \
	fi

soak: $(VENV)/.dev
	$(BIN)/python -m pytest -m soak

# uv is needed only here; the lock files hold hashes and no addresses.
lock:
	uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --universal --python-version 3.11 --extra server pyproject.toml requirements/build.in -o requirements/run.txt
	uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --universal --python-version 3.11 --extra dev pyproject.toml requirements/build.in -o requirements/dev.txt

messages: $(VENV)/.dev
	$(BIN)/python tools/messages.py extract
	$(BIN)/python tools/messages.py compile

clean:
	rm -rf $(VENV) build dist src/*.egg-info
