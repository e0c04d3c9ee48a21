# The one front door. `make help` lists the targets; each one sets up what it needs.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup system demo test check fix lab mlflow serve app bench docs docs-check clean reset-data

PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
JOBMATCH := $(BIN)/jobmatch
READY := $(VENV)/.installed
# demo: the full synthetic market; toy: the same flow in about a minute (CI), under build/.
SIZE ?= demo

export HF_HUB_OFFLINE ?= 1
export MLFLOW_DISABLE_TELEMETRY ?= true
export DO_NOT_TRACK ?= 1
export GRADIO_ANALYTICS_ENABLED ?= False
export BENTOML_DO_NOT_TRACK ?= True
# Spinning thread pools cost 2-10x as soon as a second process wants a core.
export OMP_WAIT_POLICY ?= PASSIVE

help:  ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 14

setup: $(READY)  ## the virtual environment, from the lock (done by every other target)
	@echo "Ready. \`source $(BIN)/activate\`, then \`jobmatch --help\`; or go on with make."

$(READY): requirements.lock pyproject.toml
	@python="$(BIN)/python"; test -x "$$python" || python="$(or $(PYTHON),python3)"; \
	"$$python" -c 'import sys; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 12)))' \
	|| { echo "$$python is not Python 3.11 or 3.12, which is needed: install one and run \`make setup PYTHON=python3.11\`" >&2; exit 1; }
	@echo "Setting up $(VENV) (a few minutes the first time) …"
	test -x $(BIN)/python || $(or $(PYTHON),python3) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "pip==26.3"
	$(BIN)/python -m pip install --quiet -c requirements.lock torch
	$(BIN)/python -m pip install --quiet -c requirements.lock -e ".[all,dev]"
	$(BIN)/python -m pip check
	touch $@

system:  ## Debian packages for OCR and browser tests, where root allows it
	bash infra/install-debian-packages.sh

demo: $(READY)  ## set-up, then the main job: world → offers → training → registry → ranked offers
	@bash infra/demo.sh $(SIZE)

test: $(READY) system  ## set-up, then all the tests
	$(BIN)/python -m pytest $(PYTEST_ARGS)

check: $(READY)  ## lint, types, layering, notebook lint, security, generated docs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(JOBMATCH) notebook lint
	$(BIN)/bandit -q -c pyproject.toml -r src gradio_app bentos
	$(BIN)/detect-secrets-hook --baseline .secrets.baseline $$(git ls-files -- ':!requirements.lock' ':!*.png' ':!*.parquet' ':!*.pdf' ':!*.docx')
	$(JOBMATCH) docs check

fix: $(READY)  ## format and mend what ruff can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lab: $(READY)  ## JupyterLab at the project root
	$(BIN)/jupyter lab --config infra/jupyter_server_config.py

mlflow: $(READY)  ## MLflow's pages for runs and the registry, http://127.0.0.1:5000
	$(BIN)/mlflow server --backend-store-uri sqlite:///mlruns/mlflow.db --artifacts-destination mlruns/artifacts --host 127.0.0.1 --port 5000

serve: $(READY)  ## the BentoML service, http://127.0.0.1:3000
	$(JOBMATCH) serve

app: $(READY)  ## the Gradio page, http://127.0.0.1:7860
	$(JOBMATCH) app

bench: $(READY)  ## every measurement, printed
	$(JOBMATCH) bench all

docs: $(READY)  ## fill the generated tables of README and docs from docs/results
	$(JOBMATCH) docs build

docs-check: $(READY)  ## fail when a generated table is older than its recorded result
	$(JOBMATCH) docs check

clean:  ## remove caches that are rebuilt by themselves; never data, uploads or mlruns
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis build dist data/serving
	find src tests gradio_app bentos -name __pycache__ -type d -prune -exec rm -rf {} +

reset-data:  ## delete everything you ingested, trained and registered, after asking
	@read -r -p "Delete data/{bronze,fetch,warehouse,catalogue,rejects,runs,world,serving} and mlruns/? Type 'delete': " answer || true; \
	if test "$$answer" != delete; then echo "Nothing was deleted."; exit 0; fi; \
	rm -rf data/bronze data/fetch data/warehouse data/catalogue data/rejects data/runs data/world data/serving mlruns/artifacts mlruns/mlflow.db* \
	&& echo "Deleted." || { echo "Not everything could be deleted: see above." >&2; exit 1; }
