# Needs Python 3.11 or newer, git and make; everything else lands in $(VENV), which make owns and may rebuild.
# Another Python beside the first: make test PYTHON=python3.13 VENV=.venv-3.13

PYTHON ?= python3.14 python3.13 python3.12 python3.11 python3
VENV ?= .venv
WORKERS ?= 2

# What a shell or an active environment says must not reach ours; PIP_USER=0 also overrules a pip.conf.
unexport PYTHONHOME PYTHONPATH VIRTUAL_ENV PIP_TARGET PIP_PREFIX PIP_ROOT PIP_REQUIRE_HASHES
export PIP_USER := 0
export PIP_DISABLE_PIP_VERSION_CHECK := 1

py := $(VENV)/bin/python
pytest := $(py) -m pytest -n $(WORKERS) --dist loadgroup

# A stamp carries the checksum of what it installed: a changed lock installs again, a mere checkout does not.
checksum = $(firstword $(shell cat $(1) | cksum))
run_stamp := $(VENV)/run-$(call checksum,requirements/run.txt)
dev_stamp := $(VENV)/dev-$(call checksum,requirements/dev.txt)
project_stamp := $(VENV)/project-$(call checksum,pyproject.toml monitor/__init__.py)

.DEFAULT_GOAL := help
.PHONY: help demo test test-slow check lint coverage format bench lock clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

demo: $(run_stamp) ## run everything on a bundled newsroom and print where the digest lies
	@$(py) -m monitor demo

test: $(project_stamp) ## run the fast tests
	$(pytest) -m "not slow"

test-slow: $(project_stamp) ## run the slow tests
	$(pytest) -m slow

check: lint coverage ## run all that CI runs

lint: $(project_stamp) ## check format, style, spelling, types and import contracts
	$(py) -m ruff format --check .
	$(py) -m ruff check .
	$(py) -m codespell_lib
	$(py) -m validate_pyproject pyproject.toml
	$(py) -m mypy
	$(VENV)/bin/lint-imports --no-logo

coverage: $(project_stamp) ## run the fast tests and show the lines they missed
	$(pytest) -m "not slow" --cov

format: $(project_stamp) ## format the code and mend what ruff can
	$(py) -m ruff format .
	$(py) -m ruff check --fix .

bench: $(project_stamp) ## run every benchmark
	@for script in benchmarks/*.py; do echo "== $$script"; $(py) "$$script" || exit 1; done

lock: ## pin the newest allowed versions again (needs uv; LOCK_ARGS=--upgrade)
	scripts/lock.sh $(LOCK_ARGS)

clean: ## remove the environment and all that tools left behind
	rm -rf $(VENV) build dist htmlcov .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache
	rm -rf .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# pyenv leaves commands that only fail, and Debian ships Python without ensurepip: a candidate counts once it has run.
$(VENV)/made:
	@problem="No Python 3.11 or newer was found: install one, or name it with make PYTHON=/path/to/python."; \
	for python in $(PYTHON); do \
	    $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	    problem="$$python has no venv or ensurepip: install them (on Debian and Ubuntu: apt install python3-venv)."; \
	    $$python -c 'import ensurepip, venv' 2>/dev/null || continue; \
	    echo "Making $(VENV) with $$python"; \
	    $$python -m venv --clear $(VENV) && touch $@; exit; \
	done; \
	echo "$$problem" >&2; exit 1

# Each installation removes the stamps it made untrue, such as those of another branch's lock.
$(run_stamp): | $(VENV)/made
	$(py) -m pip install --quiet --require-hashes -r requirements/run.txt
	@rm -f $(VENV)/run-* $(VENV)/dev-* && touch $@

# The development lock holds every pin of the other one, so its installation stands for both.
$(dev_stamp): | $(VENV)/made
	$(py) -m pip install --quiet --require-hashes -r requirements/dev.txt
	@rm -f $(VENV)/run-* $(VENV)/dev-* && touch $@ $(run_stamp)

$(project_stamp): $(dev_stamp)
	$(py) -m pip install --quiet --no-deps --no-build-isolation --editable .
	@rm -f $(VENV)/project-* && touch $@
