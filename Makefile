PYTHON ?= python3
ENVIRONMENT := .venv
BIN := $(ENVIRONMENT)/bin

.PHONY: help install run test test-long check evaluate fit bench bench-full fix lock audit sbom

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

# A process a core, each of one thread: two that share the cores' threads wait for each other. Each begins with a half
# of the files in their order, so that what a file sets up is set up once, and takes of the other's when it has done.
test: check  ## Check the code, then run the tests
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n auto --dist worksteal

test-long: $(ENVIRONMENT)/.dev  ## Run the tests with the long ones at full length
	ASSISTANT_TEST_LONG=1 $(BIN)/python -m pytest

check: $(ENVIRONMENT)/.dev  ## Lint, types and the direction of imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy --num-workers 2
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

# The tools of the supply chain are in an environment of their own: nothing that runs or tests needs them.
SUPPLY := $(ENVIRONMENT)/supply/bin
LOCKED := requirements.lock
HEAD := \# All that requirements.txt needs, with hashes, on every platform; `make lock` writes it anew. To install it:
HOW := \# pip install --require-hashes -r $(LOCKED)
TOOLS := uv==0.13.9 pip-audit==2.10.1 cyclonedx-bom==7.5.0
WITH_TOOLS = { test -x $(SUPPLY)/cyclonedx-py || { $(PYTHON) -m venv $(ENVIRONMENT)/supply && \
	$(SUPPLY)/pip install --quiet --disable-pip-version-check $(TOOLS) >/dev/null 2>&1; }; }
REACHED = $(PYTHON) -c "import urllib.request as u; u.urlopen('https://pypi.org/pypi/pip/json', timeout=10)" 2>/dev/null

lock:  ## Write requirements.lock anew: every package that runs, with its hashes
	@if $(WITH_TOOLS) && $(REACHED); then \
	  printf '%s\n%s\n' '$(HEAD)' '$(HOW)' > $(LOCKED).part && $(SUPPLY)/uv pip compile requirements.txt --universal \
	  --python-version 3.11 --generate-hashes --no-header --quiet >> $(LOCKED).part && mv $(LOCKED).part $(LOCKED); \
	else echo "lock: skipped, since there is no network"; fi

audit:  ## Look for published vulnerabilities of what requirements.lock names
	@if $(WITH_TOOLS) && $(REACHED); then \
	  $(SUPPLY)/pip-audit -r $(LOCKED) --disable-pip --require-hashes --strict --progress-spinner off; \
	else echo "audit: skipped, since there is no network"; fi

sbom:  ## Write sbom.json, the bill of materials of requirements.lock (CycloneDX)
	@if $(WITH_TOOLS); then $(SUPPLY)/cyclonedx-py requirements $(LOCKED) -o sbom.json; \
	else echo "sbom: skipped, since there is no network to get its tool from"; fi

fix: $(ENVIRONMENT)/.dev  ## Mend what the linter can mend by itself
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
