# Each target stands alone on a machine with Python 3.11 and make.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
JOBS ?= 2
# Of some 5,700 changes of the readers: all, or so many, of each file its share; all take some half an hour.
MUTANTS_OF_BENCH ?= 1000

.PHONY: help check test proof mutation demo bench lint format golden schema clean

help:          ## what can be made
	@grep -E '^[a-z]+: .*##|^[a-z]+:  *##' Makefile | sed -E 's/:.*## /\t/'

$(VENV)/ready: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv $(VENV)
	PIP_CONSTRAINT=$(CURDIR)/constraints.txt $(BIN)/python -m pip install -q --disable-pip-version-check -e '.[dev]'
	@touch $@

test: $(VENV)/ready lint  ## everything that CI runs: style, types, all tests
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal

check: $(VENV)/ready  ## for an author of formulas: style, types, hand-worked cases, units, recalculation in process; under a minute
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n $(JOBS) tests/language/test_lines.py tests/language/test_units.py tests/model/test_cases.py tests/model/test_nvidia.py tests/book/test_golden.py

proof: $(VENV)/ready  ## the heavier proofs: more random formulas, comparisons, sweeps, batches killed, fuzz, changed formulas
	for seed in 1 2 3 4 5 6; do TREES_SEED=$$seed $(BIN)/python -m pytest -q tests/language/test_trees.py || exit 1; done
	EVERY_EDIT=1 $(BIN)/python -m pytest -q -n $(JOBS) tests/book/test_readings.py tests/book/test_edits.py
	GENERATED_SCENARIOS=1000 $(BIN)/python -m pytest -q -n $(JOBS) tests/book/test_side_by_side.py
	SWEEP_EXAMPLES=2500 $(BIN)/python -m pytest -q tests/analysis/test_sweep.py
	ENDS_WRITTEN=30 $(BIN)/python -m pytest -q tests/language/test_amounts.py -k ends
	SKELETON_BOOKS=400 $(BIN)/python -m pytest -q tests/book/test_skeletons.py
	GRID_STATES=9 $(BIN)/python -m pytest -q -n $(JOBS) tests/book/test_grid_workbook.py
	DISK_LIMITS=40 $(BIN)/python -m pytest -q tests/documents/test_files_out.py -k full_disk
	TEMPLATE_MUTANTS_EVERY=5 $(BIN)/python -m pytest -q tests/book/test_templates.py
	BATCH_KILLS=20 BATCH_SCENARIOS=300 $(BIN)/python -m pytest -q tests/batch/test_batch_killed.py
	FUZZ_SCENARIOS=10000 $(BIN)/python -m pytest -q -n $(JOBS) tests/scenario/test_fuzz_scenarios.py
	FUZZ_TEMPLATES=2000 $(BIN)/python -m pytest -q -n $(JOBS) tests/book/test_fuzz_templates.py
	FUZZ_PATHS=500 $(BIN)/python -m pytest -q -n $(JOBS) tests/documents/test_fuzz_paths.py
	FUZZ_BENCH_FILES=5000 $(BIN)/python -m pytest -q -n $(JOBS) tests/bench/test_fuzz_files.py
	$(MAKE) mutation

mutation: $(VENV)/ready  ## change one formula at a time: the fast tests of values must notice 98 of 100
	JOBS=$(JOBS) $(BIN)/python -m tests.mutation model comparison operations selection bench=$(MUTANTS_OF_BENCH)

demo: $(VENV)/ready  ## build every shipped scenario into out/, a comparison and a heat map
	$(BIN)/tco-xlsx build scenarios -o out
	$(BIN)/tco-xlsx compare scenarios/matrix/own-or-rent.yaml -o out/compare/own-or-rent.xlsx
	$(BIN)/tco-xlsx sweep scenarios/nvidia-article-per-server.yaml --vary server.price=250000:400000:7 \
	  --vary server.life_years=3,4,5,6 --grid out/compare/price-and-life.xlsx

bench: $(VENV)/ready  ## timings: writing against stock XlsxWriter and openpyxl, batches, sweeps, readers, many points
	$(BIN)/python benchmarks/bench_write.py
	$(BIN)/python benchmarks/bench_batch.py
	$(BIN)/python benchmarks/bench_sweep.py
	$(BIN)/python benchmarks/bench_readers.py
	$(BIN)/python benchmarks/bench_points.py

lint: $(VENV)/ready  ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/ready  ## write the style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

golden: $(VENV)/ready  ## rewrite the golden texts and the schema; review the difference
	UPDATE_GOLDEN=1 $(BIN)/python -m pytest -q tests/book/test_golden.py || true
	$(BIN)/tco-xlsx schema > scenarios/scenario.schema.json

clean:         ## remove what was made
	rm -rf $(VENV) out/*.xlsx out/results.* out/.tco-xlsx out/compare build *.egg-info
