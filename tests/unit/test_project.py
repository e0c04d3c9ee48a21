"""The house rules that a machine can check: start-up cost, layers, sizes, mirrored tests."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

SOURCES = "src/jobmatch_ml"
# Modules that are tested through the front door of their room, under the test that does it. This
# list should get shorter: a new module gets a test file of its own name.
TESTED_BY = {
    "contract/test_config_files.py": (
        "registry/review_config training/config training/ltr_config world/config"
    ),
    "contract/test_rankers.py": (
        "ranking/box_rankers ranking/registry ranking/single_vector types/ranking"
    ),
    "integration/test_app_launch.py": "cli/app",
    "integration/test_cv_cli.py": "cli/cv",
    "integration/test_encoder_cli.py": "cli/encoder",
    "integration/test_match_cli.py": "cli/match",
    "integration/test_offers_ingest.py": "cli/offers",
    "integration/test_pipeline_run.py": "cli/pipeline pipeline/runner",
    "integration/test_rank_evaluate_cli.py": "cli/evaluate cli/rank",
    "integration/test_readme.py": "cli/main",
    "integration/test_registry.py": "cli/model registry/bundles registry/champion",
    "integration/test_review.py": (
        "registry/card registry/card_plots registry/promoting registry/review "
        "registry/review_leaks registry/review_types"
    ),
    "integration/test_serve.py": "cli/serve",
    "integration/test_extract_models.py": "serving/extracting serving/upload_form",
    "integration/test_service.py": (
        "serving/answers serving/by_name serving/openapi serving/presenting serving/schemas "
        "serving/upload"
    ),
    "unit/assistant/test_openai_compatible.py": (
        "assistant/errors assistant/providers/base assistant/providers/timing "
        "assistant/providers/transport"
    ),
    "unit/assistant/test_choosing.py": "assistant/providers/rules",
    "integration/test_assistant_routes.py": (
        "assistant/chatting assistant/routes assistant/routes_generate assistant/schemas"
    ),
    "unit/assistant/test_pitch.py": (
        "assistant/coaching/pitch_build assistant/coaching/pitch_facts"
    ),
    "unit/assistant/test_star.py": (
        "assistant/coaching/answers assistant/coaching/banks assistant/coaching/history"
    ),
    "unit/assistant/test_scoring.py": "assistant/coaching/success",
    "unit/assistant/test_claims.py": (
        "assistant/claims_kinds assistant/claims_names assistant/claims_roles "
        "assistant/claims_skills assistant/claims_words"
    ),
    "unit/assistant/test_tailoring.py": (
        "assistant/tailoring_changes assistant/tailoring_draft assistant/tailoring_entries "
        "assistant/tailoring_lock assistant/tailoring_parts assistant/tailoring_relevance "
        "assistant/tailoring_steps assistant/tailoring_words"
    ),
    "unit/assistant/test_tailoring_skills.py": "assistant/skill_names",
    "unit/assistant/test_parse_back.py": "assistant/json_resume assistant/tailored_documents",
    "unit/assistant/test_letter.py": "documents/letter",
    "unit/assistant/test_truth_lock.py": (
        "assistant/truth_lock_checks assistant/truth_lock_evidence assistant/truth_lock_names "
        "assistant/truth_lock_offer assistant/truth_lock_roles assistant/truth_lock_skills"
    ),
    "unit/bench/test_results.py": "bench/catalog bench/harness cli/bench cli/docs",
    "unit/bench/test_hidden.py": "bench/hidden_corpus",
    "notebooks/test_train_ltr.py": "training/ltr_fitting",
    "unit/bench/test_learning_to_rank.py": "bench/cascade bench/features bench/ltr",
    "unit/bench/test_hostile.py": "bench/hostile_bombs bench/hostile_mutations",
    "unit/cv/test_extract.py": (
        "cv/child cv/errors cv/limits cv/messages cv/read_pdf cv/reading cv/sections"
    ),
    "unit/cv/test_hidden.py": "cv/docx_marks cv/pdf_marks",
    "unit/cv/test_profile.py": "cv/contacts",
    "unit/documents/test_documents.py": (
        "documents/cv_document documents/docx documents/pdf documents/plain documents/registry"
    ),
    "unit/evaluation/test_binary_metrics.py": (
        "evaluation/metrics/average_precision evaluation/metrics/hit evaluation/metrics/mrr "
        "evaluation/metrics/recall"
    ),
    "unit/notebook/test_command.py": "cli/notebook",
    "unit/notebook/test_parameters.py": "notebook/source",
    "unit/ranking/test_bundle.py": "ranking/bundle_manifest",
    "unit/ranking/test_dual_view.py": "ranking/views",
    "unit/serving/test_http.py": (
        "serving/errors serving/outermost serving/receiving serving/rules"
    ),
    "unit/serving/test_readers.py": "cv/children",
    "unit/training/test_bi_encoder.py": "training/comparison",
    "unit/training/test_recipe.py": (
        "training/adaptation/card training/adaptation/config training/adaptation/fusion "
        "training/adaptation/sources training/adaptation/transformer "
        "training/adaptation/validation"
    ),
    "unit/types/test_tables.py": "types/market",
    "unit/world/test_behaviour.py": "world/log world/sessions",
    "unit/world/test_build.py": "world/arrow world/files world/layout world/writing",
    "unit/world/test_cv_writing.py": "world/cv_draft world/cv_phrases world/cv_skills",
    "unit/world/test_market.py": "world/candidates world/columns world/offers world/tables",
    "unit/world/test_offer_json.py": "world/offer_conditions world/offer_salaries",
    "unit/world/test_offer_text.py": (
        "world/offer_draft world/offer_parts world/offer_titles world/phrases_companies "
        "world/phrases_names world/phrases_offers"
    ),
    "unit/world/test_policies.py": "world/live",
    "unit/world/test_real_offers.py": "world/real_mapping world/real_places",
    "unit/world/test_realism.py": "world/realism_classifier",
    "unit/world/test_relevance.py": "world/facts",
}


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = (
        "import sys, jobmatch_ml, jobmatch_ml.cli.main\n"
        "heavy = {'torch', 'pandas', 'mlflow', 'bentoml', 'gradio', 'duckdb', 'ibis', 'pyarrow'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


def test_rooms_import_leftwards_only(project_root: Path) -> None:
    command = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [str(command), "--no-cache"],
        cwd=project_root,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout[-3000:]


def test_no_module_is_over_400_lines(project_root: Path) -> None:
    folders = ("src", "tests", "gradio_app", "bentos")
    long = {
        str(path): lines
        for folder in folders
        for path in (project_root / folder).rglob("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}


def test_no_function_is_over_60_lines_of_body(project_root: Path) -> None:
    long = []
    for path in (project_root / SOURCES).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                if body and (body[-1].end_lineno or 0) - body[0].lineno + 1 > 60:
                    long.append(f"{path.name}:{node.name}")
    assert long == []


def test_every_module_has_its_test_or_a_named_one(project_root: Path) -> None:
    modules = public_modules(project_root / SOURCES)
    elsewhere = {module for group in TESTED_BY.values() for module in group.split()}
    mirrored = {module for module in modules if mirror(project_root, module).exists()}
    assert modules - mirrored - elsewhere == set(), "write tests/unit/<room>/test_<module>.py"
    assert elsewhere - modules == set(), "listed, but no longer there"
    assert elsewhere & mirrored == set(), "listed, but it has a test of its own by now"


def test_the_named_tests_exist(project_root: Path) -> None:
    assert [path for path in TESTED_BY if not (project_root / "tests" / path).exists()] == []


def test_every_folder_of_unit_tests_is_a_room(project_root: Path) -> None:
    folders = {path.parent.name for path in (project_root / "tests" / "unit").glob("*/test_*.py")}
    rooms = {path.parent.name for path in (project_root / SOURCES).glob("*/__init__.py")}
    assert folders - rooms == set(), "tests of a room that does not exist"


def public_modules(sources: Path) -> set[str]:
    """Returns the modules of rooms, as `room/module`, that define a public name."""
    return {
        path.relative_to(sources).with_suffix("").as_posix()
        for path in sources.glob("*/**/*.py")
        if path.name != "__init__.py" and defines_something(path)
    }


def defines_something(path: Path) -> bool:
    definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    body = ast.parse(path.read_text(encoding="utf-8")).body
    return any(isinstance(node, definitions) and not node.name.startswith("_") for node in body)


def mirror(root: Path, module: str) -> Path:
    room, _, name = module.partition("/")
    return root / "tests" / "unit" / room / f"test_{name.rpartition('/')[2]}.py"


FORBIDDEN_CALLS = {
    "eval",
    "exec",
    "pickle.load",
    "pickle.loads",
    "cloudpickle.load",
    "cloudpickle.loads",
    "joblib.load",
    "torch.load",
    "yaml.load",
}


def test_nothing_is_unpickled_or_evaluated(project_root: Path) -> None:
    found = []
    for folder in ("src", "gradio_app", "bentos"):
        for path in (project_root / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and ast.unparse(node.func) in FORBIDDEN_CALLS:
                    found.append(f"{path.name}:{node.lineno}")
    assert found == []
