# make run    the invented council on http://127.0.0.1:8050        make test   everything: check, then all tests
# make check  lint, types and import rules, in under a minute      make bench  how fast it is
# make lock   the lock files again, from pyproject.toml (LOCK=--upgrade takes the newest of everything)

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
MADE := $(VENV)/.made
CAN_RUN := $(VENV)/.can-run
CAN_TEST := $(VENV)/.can-test

# The invented council has a database and an authority of its own, so that it can never mix with a council's own.
INVENTED := data/local/invented
# The real council whose published figures, region and neighbours it is set beside; the pages say that these are real. AREA= for none.
AREA ?= Gloucestershire
AS_INVENTED := SIGHTLINE_DATABASE_URL=sqlite:///$(INVENTED).sqlite SIGHTLINE_AUTHORITY=invented SIGHTLINE_AREA='$(AREA)'
FIGURES_COME_FROM := $(wildcard data/*.py data/sample/*.py data/store/*.py data/reference/*.csv kpi/*.py loaders/*.py)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test check lint types imports format bench lock tools clean

help:
	@sed -n '1,3s/^# //p' Makefile

run: $(INVENTED).loaded
	@$(AS_INVENTED) $(PY) app.py serve

ifeq ($(wildcard $(INVENTED).sqlite),)
.PHONY: $(INVENTED).loaded
endif
# Made once; made again only when what its figures come from has changed, so that an old figure is never shown as today's.
$(INVENTED).loaded: $(FIGURES_COME_FROM) | $(CAN_RUN)
	@rm -rf $(INVENTED) $(INVENTED).sqlite*
	@mkdir -p $(INVENTED)
	@$(AS_INVENTED) $(PY) app.py sample $(INVENTED)
	@$(AS_INVENTED) $(PY) app.py load $(INVENTED) > $(INVENTED).log && tail -n 1 $(INVENTED).log && echo "What was wrong in them is in $(INVENTED).log"
	@touch $@

test: $(CAN_TEST) tools check
	$(PY) -m pytest -n 3

check: lint types imports

lint: $(CAN_TEST)
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

types: $(CAN_TEST)
	$(PY) -m mypy

imports: $(CAN_TEST)
	$(VENV)/bin/lint-imports

format: $(CAN_TEST)
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

bench: $(CAN_TEST)
	$(PY) -m tests.bench

# A .venv, with pip in it where Python can put it there; where it cannot (Debian without python3-venv), the machine's pip fills it.
$(MADE):
	@$(PYTHON) -c 'import sys; sys.exit("Sightline needs Python 3.11 or newer; this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || $(PYTHON) -m venv --without-pip $(VENV)
	@touch $@

INSTALL = $$($(PY) -m pip --version >/dev/null 2>&1 && echo $(PY) -m pip || echo $(PYTHON) -m pip --python $(PY)) \
	--disable-pip-version-check install --quiet --require-hashes --only-binary :all:

$(CAN_RUN): requirements.lock | $(MADE)
	@echo "Installing what Sightline runs on into $(VENV)"
	@$(INSTALL) -r requirements.lock
	@touch $@

$(CAN_TEST): requirements-dev.lock | $(MADE)
	@echo "Installing what Sightline runs on and is tested with into $(VENV)"
	@$(INSTALL) -r requirements-dev.lock
	@touch $@ $(CAN_RUN)

# What tests drive and pip cannot bring: a browser, the library that Playwright's driver of it needs, and a PostgreSQL.
tools: $(CAN_TEST)
	@has() { command -v "$$1" >/dev/null; }; lacks=""; \
	has chromium || has chromium-browser || has google-chrome || has google-chrome-stable || lacks="chromium fonts-dejavu-core"; \
	$(VENV)/lib/python3*/site-packages/playwright/driver/node --version >/dev/null 2>&1 || lacks="$$lacks libatomic1"; \
	has initdb || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || lacks="$$lacks postgresql"; \
	if [ -z "$$lacks" ]; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && has apt-get; then \
		echo "Installing for the tests:" $$lacks; \
		export DEBIAN_FRONTEND=noninteractive; \
		apt-get update -qq && apt-get install -y -qq --no-install-recommends $$lacks >/dev/null \
			|| echo "apt could not install:" $$lacks; \
	else \
		echo "Some tests will be skipped. To run them all, install:" $$lacks "(Debian and Ubuntu: sudo apt-get install" $$lacks")"; \
	fi

UV = $(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	--custom-compile-command "make lock" $(LOCK)

lock: | $(MADE)
	@$(PY) -m pip install --quiet uv==0.13.9
	@$(UV) pyproject.toml --output-file requirements.lock
	@$(UV) pyproject.toml --group dev --constraints requirements.lock --output-file requirements-dev.lock

clean:
	rm -rf $(VENV) $(INVENTED) $(INVENTED).sqlite* $(INVENTED).loaded $(INVENTED).log .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
