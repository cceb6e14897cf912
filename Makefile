# make demo   set up .venv and tell the stories of the example patients
# make test   set up what tests need and run the quick suite
# Needs nothing but Python 3.11 or newer and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
AS_OF := 2026-01-01

.PHONY: demo test clean

demo: $(VENV)/installed
	@$(BIN)/outspread run examples/*.json --out demo --as-of $(AS_OF)
	@$(BIN)/outspread explain demo

# Two processes use the cores, so Polars needs no threads of its own. Tests start many more
# processes, which need not compile our modules anew each time.
test: $(VENV)/installed-dev
	@PYTHONDONTWRITEBYTECODE= POLARS_MAX_THREADS=1 $(BIN)/python -m pytest -q -n 2 --dist worksteal -m "not slow"

$(VENV)/installed: pyproject.toml
	@PYTHON="$(PYTHON)" sh scripts/make_venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	@$(BIN)/python -m pip install --quiet --group dev
	@touch $@

clean:
	rm -rf $(VENV) demo dist build
