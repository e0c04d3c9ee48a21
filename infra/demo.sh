#!/usr/bin/env bash
# The main job, end to end: world, offers, training, registry, ranked offers. `make demo` runs it.
#
# Usage: infra/demo.sh [SIZE]    SIZE names a file in configs/world and in configs/train (demo, toy)
#
# JOBMATCH_DATA_DIR, JOBMATCH_MLRUNS_DIR and .env say where things go, as for every command.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
size="${1:-demo}"

if [[ "$size" == toy ]]; then
    # A rehearsal whose figures mean nothing: it stays away from your data, models and catalogue.
    export JOBMATCH_DATA_DIR=build/toy/data JOBMATCH_MLRUNS_DIR=build/toy/mlruns
    export JOBMATCH_MLFLOW_TRACKING_URI=
fi
export JOBMATCH_ROOT="$PWD"

ask='from jobmatch_ml.settings import get_settings as get; print(get().data_dir, get().model_name, sep="\n")'
settings="$("$bin/python" -c "$ask")"
{ read -r data; read -r model; } <<<"$settings"
world="$data/world/$size"
catalogue="$data/catalogue/demo.parquet"
result="$data/runs/demo-$size.json"

jobmatch() {
    printf '\n$ jobmatch %s\n' "$*" >&2
    "$bin/jobmatch" "$@"
}

jobmatch world build --config "configs/world/$size.yaml" --out "$world"
# Beside the world, not in it: a world's files are input of the training and must stay the same.
jobmatch offers ingest "$world/bronze" --warehouse "$data/warehouse/demo.duckdb" --catalogue "$catalogue"
jobmatch pipeline run train --config "configs/train/$size.yaml" --save "$result" \
    --set "world_dir=$world" --set "register_model.model_name=$model"

# The version that this very run registered, not the latest: that one may be yours and unreviewed.
read_version='import json, sys
stages = {stage["name"]: stage for stage in json.load(open(sys.argv[1]))["stages"]}
print(stages["register_model"]["records"]["version"])'
version="$("$bin/python" -c "$read_version" "$result")"
review=()
if [[ "$size" == toy ]]; then
    # A dozen people decide nothing: a review would rightly refuse them.
    review=(--override "a rehearsal at toy size")
fi
jobmatch model promote "$version" --by "make demo" --unless-taken "${review[@]}"

cvs=("$world"/cvs/*.pdf)
jobmatch match --cv "${cvs[0]}" --catalogue "$catalogue" --top-k 10
