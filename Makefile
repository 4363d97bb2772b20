# Everything runs from here; `make demo` and `make test` need nothing done before them.

VENV := .venv
BIN := $(VENV)/bin
PEERS := .venv-peers
PYTHONS := python3.13 python3.12 python3.11 python3
PIP := -m pip --disable-pip-version-check --quiet
# Tests wait more than they compute: more of them at once than there are cores.
WORKERS ?= 3

.DEFAULT_GOAL := help
.PHONY: help setup chromium demo demo-daemon test test-faults test-peers soak lint bench schemas catalogue-report contract \
	constraints clean

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 25

# A machine may lack Python, or have Debian's, which comes without venv: each gets its own answer.
$(BIN)/python:
	@python=; for each in $(PYTHONS); do \
		if "$$each" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; \
		then python=$$each; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
		echo "trueup needs Python 3.11, 3.12 or 3.13, and none is here; on Debian: apt-get install python3 python3-venv" >&2; \
		exit 1; \
	fi; \
	if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
		echo "$$python cannot make virtual environments; on Debian: apt-get install python3-venv" >&2; exit 1; \
	fi; \
	echo "making $(VENV) with $$("$$python" --version)"; "$$python" -m venv $(VENV)

$(VENV)/.installed: pyproject.toml constraints.txt | $(BIN)/python
	@echo "installing trueup and its tools into $(VENV)"
	@$(BIN)/python $(PIP) install --constraint constraints.txt hatchling editables
	@$(BIN)/python $(PIP) install --constraint constraints.txt --no-build-isolation --editable '.[dev]'
	@touch $@

setup: $(VENV)/.installed ## Make the virtual environment and install trueup from this checkout

demo: setup ## Bring four virtual routers to what sites/ declares, and show every step
	@$(BIN)/python sites/demo.py

demo-daemon: setup ## Run the daemon on virtual routers with drift, and its page, until Ctrl-C
	@$(BIN)/python sites/demo_daemon.py

lint: setup ## Style, types, and who may import whom
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

# The page is tested in a real browser; where there is none, Debian's is installed.
chromium:
	@for each in chromium chromium-browser google-chrome; do command -v $$each >/dev/null && exit 0; done; \
	if ! command -v apt-get >/dev/null; then \
		echo "the page's tests need Chromium, and none is here; install it so that \`chromium\` is found" >&2; exit 1; \
	fi; \
	root=; [ "$$(id -u)" = 0 ] || root="sudo -n"; \
	install="$$root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --no-install-recommends chromium"; \
	echo "installing Chromium, for the page's tests"; \
	$$install >/dev/null 2>&1 || { $$root apt-get update --quiet >/dev/null && $$install >/dev/null; } || { \
		echo "Chromium could not be installed; as root: apt-get install --no-install-recommends chromium" >&2; exit 1; }

test: lint chromium ## Lint and every test
	@$(BIN)/pytest --numprocesses $(WORKERS) --dist worksteal

test-faults: setup ## Every fault at every point of an apply under every net: some minutes
	@$(BIN)/pytest tests/faults --every-schedule --numprocesses $$(($(WORKERS) + 1))

$(PEERS)/.installed: pyproject.toml constraints-peers.txt | $(BIN)/python
	@echo "installing other people's clients into $(PEERS)"
	@test -x $(PEERS)/bin/python || $(BIN)/python -m venv $(PEERS)
	@$(PEERS)/bin/python $(PIP) install --constraint constraints-peers.txt hatchling editables setuptools
	@$(PEERS)/bin/python $(PIP) install --constraint constraints-peers.txt --no-build-isolation --editable '.[peers]'
	@touch $@

test-peers: $(PEERS)/.installed ## Other people's clients against virtual routers
	@$(PEERS)/bin/pytest tests/peers

soak: setup ## The daemon and thirty virtual routers through ten minutes of faults: SECONDS=600 SEED=1
	@SOAK_SECONDS=$(or $(SECONDS),600) SOAK_SEED=$(or $(SEED),1) $(BIN)/pytest tests/soak -s

bench: setup ## Measure what README and docs say about speed
	@$(BIN)/python benchmarks

schemas: setup ## Write the published JSON Schemas anew
	@$(BIN)/python schemas/generator/publish.py

catalogue-report: setup ## Say what the catalogue lacks of a router's command tree: TREE=FILE [VERSION=7.24]
	@$(BIN)/python schemas/generator/report.py $(if $(VERSION),--version $(VERSION)) $(TREE)

contract: setup ## Hold the dialogues and the safety nets against a real router: ROUTER=ADDRESS
	@$(BIN)/python tests/contract

constraints: ## Write constraints.txt anew, with the newest versions that pyproject.toml allows
	@rm -rf $(VENV) && $(MAKE) --no-print-directory $(BIN)/python
	@$(BIN)/python $(PIP) install hatchling editables
	@$(BIN)/python $(PIP) install --no-build-isolation --editable '.[dev]'
	@echo "# The whole tested set of versions, for Python 3.11 to 3.13. Made with: make constraints" > constraints.txt
	@$(BIN)/python $(PIP) freeze --exclude-editable | sort --ignore-case >> constraints.txt

clean: ## Remove environments and caches
	@rm -rf $(VENV) $(PEERS) dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
