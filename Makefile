# Each target stands alone on a machine with Python 3.11 and make.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
JOBS ?= 2

.PHONY: help test proof demo bench lint format golden schema clean

help:          ## what can be made
	@grep -E '^[a-z]+: .*##|^[a-z]+:  *##' Makefile | sed -E 's/:.*## /\t/'

$(VENV)/ready: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv $(VENV)
	PIP_CONSTRAINT=$(CURDIR)/constraints.txt $(BIN)/python -m pip install -q --disable-pip-version-check -e '.[dev]'
	@touch $@

test: $(VENV)/ready lint  ## everything that CI runs: style, types, all tests
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal

proof: $(VENV)/ready  ## the heavier proof: 30,000 further random formulas in three engines
	for seed in 1 2 3 4 5 6; do TREES_SEED=$$seed $(BIN)/python -m pytest -q tests/test_trees.py || exit 1; done

demo: $(VENV)/ready  ## build every shipped scenario into out/
	$(BIN)/tco-xlsx build scenarios -o out

bench: $(VENV)/ready  ## timings against stock XlsxWriter and openpyxl, and of the readers
	$(BIN)/python benchmarks/bench_write.py
	$(BIN)/python benchmarks/bench_readers.py

lint: $(VENV)/ready  ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/ready  ## write the style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

golden: $(VENV)/ready  ## rewrite the golden texts and the schema; review the difference
	UPDATE_GOLDEN=1 $(BIN)/python -m pytest -q tests/test_golden.py || true
	$(BIN)/tco-xlsx schema > scenarios/scenario.schema.json

clean:         ## remove what was made
	rm -rf $(VENV) out/*.xlsx build *.egg-info
