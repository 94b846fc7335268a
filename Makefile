# Everything here starts from CPython 3.11 and make alone: each target makes .venv first when it is missing or stale.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.made-from

.PHONY: venv rehearse run test check format lint types layers content bench lock clean

venv: $(STAMP)

$(STAMP): pyproject.toml requirements/dev.txt
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $(STAMP)

# The whole real bot in a simulated Discord on this machine: no account, no token.
rehearse: venv
	$(BIN)/evenkeel rehearse $(ARGS)

run: venv
	$(BIN)/evenkeel run

test: venv
	$(BIN)/python -m pytest $(ARGS)

check: format lint types layers content test

format: venv
	$(BIN)/ruff format --check .

lint: venv
	$(BIN)/ruff check .

types: venv
	$(BIN)/mypy

layers: venv
	$(BIN)/lint-imports --no-cache

content: venv
	$(BIN)/evenkeel content check

bench: venv
	$(BIN)/python -m bench $(ARGS)

# Written again by whoever changes the dependencies in pyproject.toml; names no package index.
lock: venv
	$(PYTHON) -m venv $(VENV)-lock
	$(VENV)-lock/bin/python -m pip install --quiet pip-tools
	$(VENV)-lock/bin/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-header \
		--no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
		--extra postgres --extra rehearsal --extra dev --output-file requirements/dev.txt pyproject.toml
	$(VENV)-lock/bin/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-header \
		--no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
		--constraint requirements/dev.txt --extra postgres --output-file requirements/run.txt pyproject.toml
	rm -rf $(VENV)-lock

clean:
	rm -rf $(VENV) build *.egg-info
