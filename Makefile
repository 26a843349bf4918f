PYTHON ?= python3
ENVIRONMENT := .venv
BIN := $(ENVIRONMENT)/bin

.PHONY: help install run test test-long check evaluate fit bench bench-full fix

help:  ## Show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(ENVIRONMENT)/pyvenv.cfg:
	$(PYTHON) -m venv $(ENVIRONMENT)

$(ENVIRONMENT)/.run: requirements.txt | $(ENVIRONMENT)/pyvenv.cfg
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(ENVIRONMENT)/.dev: requirements-dev.txt $(ENVIRONMENT)/.run
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

install: $(ENVIRONMENT)/.run  ## Make .venv with what running needs

run: install  ## Get the linked originals, if that can be done at once, and serve the assistant on http://127.0.0.1:7860
	-@$(BIN)/python -m assistant sources fetch --once
	$(BIN)/python app.py

# A process a core, each of one thread: two that share the cores' threads wait for each other.
test: check  ## Check the code, then run the tests
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n auto

test-long: $(ENVIRONMENT)/.dev  ## Run the tests with the long ones at full length
	ASSISTANT_TEST_LONG=1 $(BIN)/python -m pytest

check: $(ENVIRONMENT)/.dev  ## Lint, types and the direction of imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

evaluate: $(ENVIRONMENT)/.dev  ## Ask the project's own questions; print the figures, and write them into docs/evaluation.md
	$(BIN)/python -m assistant evaluate --report docs/evaluation.md

fit: $(ENVIRONMENT)/.dev  ## Fit every fitted number anew, and say how long each fit takes
	$(BIN)/python -m bench.fit

bench: install  ## Measure speed beside bare sentence-transformers: some minutes
	$(BIN)/python -m bench

bench-full: bench $(ENVIRONMENT)/.dev  ## The same, then many passages, many documents and many clients: an hour and 10 GB
	$(BIN)/python -m bench.growth --passages 300 3000 30000 300000 --plot docs/growth.svg
	$(BIN)/python -m bench.many_documents
	$(BIN)/python -m bench.load

fix: $(ENVIRONMENT)/.dev  ## Mend what the linter can mend by itself
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
