# The two commands: `make run` starts everything on this machine, `make test` proves it.
# Packages come from the lock files (hashes required), and again only when a lock changes.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
STAMPS := $(VENV)/.stamps
# Two processes: what the smallest machine we promise `make test` for has. What takes minutes alone
# (long fuzz, 200,000 sessions, fifty kills) is marked slow and has a target of its own.
PYTEST_ARGS ?= -n 2 -m "not slow"
UV := uv==0.13.9
PIP_AUDIT := pip-audit==2.10.1
FUZZ_SECONDS ?= 60
LOCK := .venv-lock/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-annotate --no-header --group build

.PHONY: help install install-dev run test slow lint lock clean chaos bench audit fuzz

help:
	@echo "make run      start web, worker, console and simulator on 127.0.0.1:8000"
	@echo "make test     install what the tests need, then lint and run all of them"
	@echo "make install  only the virtual environment, from the lock file"
	@echo "make slow     the long forms of the tests, half an hour"
	@echo "make lint     ruff check, ruff format --check, mypy, bandit"
	@echo "make bench    measure this hotline on this machine against its floor, in under 3 minutes"
	@echo "make chaos    kill, drop, slow and fill whatever there is, and prove that nothing is lost"
	@echo "make fuzz     a coverage-guided fuzzer on the parsers, a minute for each"
	@echo "make audit    lint, and the known faults of the packages in requirements.lock"
	@echo "make lock     resolve the dependencies of pyproject.toml anew"
	@echo "make clean    remove the virtual environments and caches (never your data)"

install: $(STAMPS)/run $(STAMPS)/project

install-dev: $(STAMPS)/dev $(STAMPS)/project

run: install
	@exec $(BIN)/hotline run

# Lint goes first so that pytest's summary is the last thing to read; either failing fails.
test: install-dev
	@lint=0; $(MAKE) --no-print-directory lint || lint=1; \
	$(BIN)/python -m pytest $(PYTEST_ARGS) || exit $$?; \
	if [ $$lint -ne 0 ]; then echo "The tests passed; make lint did not (see above)."; exit 1; fi

slow: install-dev
	$(BIN)/python -m pytest -n 2 -m slow --timeout 900

lint: install-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/bandit --quiet --recursive --configfile pyproject.toml hotline

# Known faults of what we build on; needs an advisory source and says so when it reaches none.
audit: lint .venv-audit/bin/pip-audit
	$(BIN)/python -m tests.attack.audit .venv-audit/bin/pip-audit requirements.lock

# The coverage-guided fuzzer, FUZZ_SECONDS for each of its targets; its count is told at the end.
fuzz: install-dev
	$(BIN)/python -m tests.fuzz.campaign $(FUZZ_SECONDS)

bench: install
	@$(BIN)/hotline bench

# The long form of the chaos run, and the recovery of a cluster and behind Sentinel.
chaos: install-dev
	HOTLINE_CHAOS=long $(BIN)/python -m pytest tests/fault tests/cluster

# Each lock is its own full resolution; the second is held to the versions of the first.
lock: .venv-lock/bin/uv
	$(LOCK) --output-file requirements.lock $(LOCK_ARGS)
	$(LOCK) --extra dev --extra otel --constraints requirements.lock \
		--output-file requirements-dev.lock $(LOCK_ARGS)

clean:
	rm -rf $(VENV) .venv-lock .venv-audit .mypy_cache .ruff_cache .pytest_cache .hypothesis .cache build dist
	find hotline tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(STAMPS)/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || { \
		echo "The hotline needs Python 3.11, 3.12 or 3.13. $(PYTHON) is not one of them."; \
		echo "Name another: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) cannot make virtual environments. On Debian or Ubuntu:"; \
		echo "  apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/run: requirements.lock | $(STAMPS)/python
	$(PIP) install --quiet --require-hashes -r requirements.lock
	@touch $@

$(STAMPS)/dev: requirements-dev.lock | $(STAMPS)/python
	$(PIP) install --quiet --require-hashes -r requirements-dev.lock
	@touch $@

# The project itself, editable. The build tools are in both locks, so nothing more is fetched.
$(STAMPS)/project: pyproject.toml | $(if $(filter install-dev test slow lint chaos audit fuzz,$(MAKECMDGOALS)),$(STAMPS)/dev,$(STAMPS)/run)
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q hotline
	@touch $@

.venv-lock/bin/uv:
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/python -m pip install --quiet $(UV)

.venv-audit/bin/pip-audit:
	$(PYTHON) -m venv .venv-audit
	.venv-audit/bin/python -m pip install --quiet $(PIP_AUDIT)
