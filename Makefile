# The one front door. `make help` lists the targets; each one sets up what it needs.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup system demo test check fix lab mlflow serve app bench docs docs-check clean reset-data

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
JOBMATCH := $(BIN)/jobmatch
# demo: the full synthetic market; toy: the same flow in about a minute (CI).
SIZE ?= demo
WORLD := data/world/$(SIZE)

export HF_HUB_OFFLINE ?= 1
export MLFLOW_DISABLE_TELEMETRY ?= true
export DO_NOT_TRACK ?= 1
export GRADIO_ANALYTICS_ENABLED ?= False
export BENTOML_DO_NOT_TRACK ?= True
# Spinning thread pools cost 2-10x as soon as a second process wants a core.
export OMP_WAIT_POLICY ?= PASSIVE

help:  ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 14

setup: $(VENV)/.installed  ## the virtual environment, from the lock (done by every other target)

$(VENV)/.installed: requirements.lock pyproject.toml
	@echo "Setting up $(VENV) (a few minutes the first time) …"
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "pip==26.3"
	$(BIN)/python -m pip install --quiet -c requirements.lock torch
	$(BIN)/python -m pip install --quiet -c requirements.lock -e ".[all,dev]"
	$(BIN)/python -m pip check
	touch $@

system:  ## Debian packages for OCR and browser tests, where root allows it
	bash infra/install-debian-packages.sh

demo: setup  ## set-up, then the main job: world → offers → training → registry → ranked offers
	$(JOBMATCH) world build --config configs/world/$(SIZE).yaml
	$(JOBMATCH) offers ingest $(WORLD)/bronze --warehouse $(WORLD)/warehouse.duckdb --catalogue data/catalogue/demo.parquet
	$(JOBMATCH) pipeline run train --config configs/train/$(SIZE).yaml
	$(JOBMATCH) model promote latest --by "make demo"
	$(JOBMATCH) match --cv "$$(ls $(WORLD)/cvs/*.pdf | head -n 1)" --catalogue data/catalogue/demo.parquet --top-k 10

test: setup system  ## set-up, then all the tests
	$(BIN)/python -m pytest $(PYTEST_ARGS)

check: setup  ## lint, types, layering, notebook lint, security, generated docs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(JOBMATCH) notebook lint
	$(BIN)/bandit -q -c pyproject.toml -r src gradio_app bentos
	$(BIN)/detect-secrets-hook --baseline .secrets.baseline $$(git ls-files -- ':!requirements.lock' ':!*.png' ':!*.parquet' ':!*.pdf' ':!*.docx')
	$(JOBMATCH) docs check

fix: setup  ## format and mend what ruff can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lab: setup  ## JupyterLab at the project root
	$(BIN)/jupyter lab --config infra/jupyter_server_config.py

mlflow: setup  ## MLflow's pages for runs and the registry, http://127.0.0.1:5000
	$(BIN)/mlflow server --backend-store-uri sqlite:///mlruns/mlflow.db --artifacts-destination mlruns/artifacts --host 127.0.0.1 --port 5000

serve: setup  ## the BentoML service, http://127.0.0.1:3000
	$(JOBMATCH) serve

app: setup  ## the Gradio page, http://127.0.0.1:7860
	$(JOBMATCH) app

bench: setup  ## every measurement, printed
	$(JOBMATCH) bench all

docs: setup  ## fill the generated tables of README and docs from docs/results
	$(JOBMATCH) docs build

docs-check: setup  ## fail when a generated table is older than its recorded result
	$(JOBMATCH) docs check

clean:  ## remove caches that are rebuilt by themselves; never data, uploads or mlruns
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis build dist data/serving
	find src tests gradio_app bentos -name __pycache__ -type d -prune -exec rm -rf {} +

reset-data:  ## delete everything you ingested, trained and registered, after asking
	@read -r -p "Delete data/{bronze,warehouse,catalogue,rejects,runs,world,serving} and mlruns/? Type 'delete': " answer; \
	test "$$answer" = delete && rm -rf data/bronze data/warehouse data/catalogue data/rejects data/runs data/world data/serving mlruns/artifacts mlruns/mlflow.db* \
	|| echo "Nothing was deleted."
