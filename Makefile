# Every target is self-contained: it makes the virtual environment and builds what it needs.
# Needs a Rust toolchain, a C compiler, CPython >= 3.11 (PYTHON overrides) and make.
PYTHON ?= python3
PROFILE ?= release
VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
PYTEST := $(PY) -m pytest
PYTHON_TESTS := $(wildcard tests/unit tests/typing tests/parity tests/programs tests/ecosystem)
READY := $(VENV)/.ready
TARGET_DIR := $(if $(CARGO_TARGET_DIR),$(CARGO_TARGET_DIR),target)
LIB_EXT := $(if $(filter Darwin,$(shell uname -s)),dylib,so)
BUILT := $(TARGET_DIR)/$(PROFILE)/libnumoxide_py.$(LIB_EXT)
EXTENSION := python/numoxide/_core/_multiarray_umath.so
# One thread of tests per core of a small machine; more gains little.
JOBS ?= 2
.DEFAULT_GOAL := help

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): tests/requirements.txt tests/requirements-nodeps.txt tests/tools/link_venv.py
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "numoxide needs CPython 3.11 or newer (set PYTHON)")'
	test -x $(PY) || $(PYTHON) -m venv $(VENV)
	$(PY) -m pip install -q --disable-pip-version-check -r tests/requirements.txt
	$(PY) -m pip install -q --disable-pip-version-check --no-deps -r tests/requirements-nodeps.txt
	$(PY) tests/tools/link_venv.py
	@touch $@

.PHONY: build
build: $(READY) ## build the extension and link the package into .venv
	PYO3_PYTHON="$(abspath $(PY))" cargo build --profile $(PROFILE) -p numoxide-py
	@mkdir -p $(dir $(EXTENSION))
	@cmp -s $(BUILT) $(EXTENSION) || { rm -f $(EXTENSION); cp $(BUILT) $(EXTENSION); }

.PHONY: demo
demo: build ## run the demonstration: a feature pipeline on real data, and loops against arrays
	$(PY) demo/run.py

.PHONY: test
test: build test-rust gen-check test-python conformance ## everything a change must pass

.PHONY: test-rust
test-rust: $(READY)
	PYO3_PYTHON="$(abspath $(PY))" cargo test -q --profile $(PROFILE) --workspace --exclude numoxide-py

.PHONY: test-python
test-python: build
	$(PYTEST) -n $(JOBS) $(PYTHON_TESTS)

.PHONY: test-all
test-all: test test-pythons ## the whole matrix: also other interpreters, lower CPU levels, long runs of differences, leaks and errors
	for level in v2 v3; do NUMOXIDE_CPU=$$level $(PYTEST) -n $(JOBS) $(PYTHON_TESTS) || exit 1; done
	$(PY) -m tests.parity --calls 50000
	$(PY) -m tests.leaks --calls 1000000
	$(PY) -m tests.accuracy --points 1000000

# The build of another interpreter stands beside ours under its full name, as long as its tests run.
.PHONY: test-pythons
test-pythons: build ## run the Python tests on each other CPython 3.11 to 3.13 that is installed, from PATH or pyenv
	@for version in 3.11 3.12 3.13; do \
	  for python in python$$version $${PYENV_ROOT:-$$HOME/.pyenv}/versions/$$version.*/bin/python3; do \
	    suffix=$$($$python -c 'import sysconfig; print(sysconfig.get_config_var("EXT_SUFFIX"))' 2>/dev/null) && break; \
	  done; \
	  test -n "$$suffix" || { echo "CPython $$version is not installed"; continue; }; \
	  $(PY) -c "import sys; sys.exit('%d.%d' % sys.version_info[:2] != '$$version')" && continue; \
	  extension=$(basename $(EXTENSION))$$suffix; \
	  $(MAKE) test-python PYTHON=$$python VENV=build/venv-$$version EXTENSION=$$extension; failed=$$?; \
	  rm -f $$extension; test $$failed = 0 || exit 1; \
	done

.PHONY: conformance
conformance: build ## run NumPy's own tests on us and compare with the ledger
	$(PY) tests/conformance/run.py --jobs $(JOBS) $(CONFORMANCE)

.PHONY: bench
bench: build ## time the same code on NumPy and on us; ratios, geomean, worst row
	$(PY) benches/run.py $(BENCH)

.PHONY: fmt
fmt: ## format the Rust code
	cargo fmt --all

.PHONY: lint
lint: $(READY) ## check formatting, and clippy
	cargo fmt --all --check
	PYO3_PYTHON="$(abspath $(PY))" cargo clippy -q --workspace --all-targets -- -D warnings

.PHONY: docs
docs: $(READY) ## build the Rust documentation
	PYO3_PYTHON="$(abspath $(PY))" cargo doc -q --no-deps --workspace

.PHONY: gen
gen: build ## regenerate generated files
	cargo run -q --profile $(PROFILE) -p numoxide-dev -- gen
	$(PY) stubs/generate.py

.PHONY: gen-check
gen-check: build ## fail if a generated file is out of date
	cargo run -q --profile $(PROFILE) -p numoxide-dev -- gen --check
	$(PY) stubs/generate.py --check
