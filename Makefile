# Two commands do most: `make demo` and `make test`.
.PHONY: setup demo test app serve lint bench
SHELL := /bin/bash
BIN := .venv/bin

setup:
	@./setup.sh

demo: setup
	@$(BIN)/candor demo || { code=$$?; echo; echo "make demo: the evaluation failed (see above). '$(BIN)/candor doctor' says what is missing; 'make demo' goes on where it stopped."; exit $$code; }

test: setup
	@$(BIN)/python -m pytest

app: setup
	@$(BIN)/candor app

serve: setup
	@$(BIN)/candor serve

lint: setup
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

bench: setup
	@$(BIN)/python -m tests.bench.run
