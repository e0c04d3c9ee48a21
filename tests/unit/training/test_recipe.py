"""The recipe from tables to the finished folder, on tables of a few rows and a tiny model."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from jobmatch_ml.errors import InputError, JobMatchError
from jobmatch_ml.ranking.box import open_box
from jobmatch_ml.ranking.hybrid import REGIMES
from jobmatch_ml.ranking.model_files import load_model
from jobmatch_ml.reference import read_rome
from jobmatch_ml.training.adaptation import recipe, transformer
from jobmatch_ml.training.adaptation.config import (
    AdaptationConfig,
    MarketConfig,
    StaticConfig,
    TransformerConfig,
)
from jobmatch_ml.training.adaptation.fusion import learn_fusion
from jobmatch_ml.training.adaptation.pairs import (
    AdaptationPair,
    DomainText,
    OpenData,
    View,
    is_held_out,
)
from jobmatch_ml.training.adaptation.recipe import LocalOffers, adapt_encoder
from jobmatch_ml.training.adaptation.sources import read_local_offers, read_open_data
from jobmatch_ml.training.adaptation.validation import RetrievalTask, validation_tasks
from jobmatch_ml.types import Document, Query
from tests.tiny_classifications import write_esco, write_rome
from tests.toy import ToyEncoder, build_tiny_model, toy_documents, toy_queries


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("tables")
    return {
        "rome": write_rome(folder / "rome"),
        "esco": write_esco(folder / "esco"),
        "base": build_tiny_model(folder / "tiny"),
    }


def config(tables: dict[str, Path], **changes: object) -> AdaptationConfig:
    values = {
        "base": str(tables["base"]), "french_pieces": 120, "steps": 3, "batch_size": 4,
        "title_length_tokens": 16, "body_length_tokens": 32, "precision": "fp32",
        **changes,
    }  # fmt: skip
    return AdaptationConfig(
        name="tiny-encoder",
        market=MarketConfig(n_offers=0),
        static=StaticConfig(n_ngrams=300, dimension=16, min_documents=1, epochs=1, batch_size=4),
        transformer=TransformerConfig.model_validate(values),
    )


def offer(name: str, title: str, body: str, code: str = "M1805") -> dict[str, str]:
    return {"id": name, "intitule": title, "description": body, "romeCode": code}


def test_the_recipe_writes_a_box_and_repeats_only_what_changed(
    tables: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recipe, "_VALIDATION_WINDOW", 48)
    out = tmp_path / "box"
    folders = {"rome_dir": tables["rome"], "esco_dir": tables["esco"]}
    first = adapt_encoder(out, config(tables), **folders)
    assert {"read", "static", "transformer", "fusion"} == set(first.seconds)
    box = open_box(out)
    assert box is not None
    assert box.encoder(max_length_tokens=48).encode(["Infirmière"]).shape == (1, 32)
    assert box.about["name"] == "tiny-encoder"
    assert set(box.about["data_sha256"]) == {"ROME", "ESCO", "market offers", "market people"}
    card = (out / "README.md").read_text(encoding="utf-8")
    assert "Licence Ouverte" in card
    assert "No real job offer" in card
    weights = json.loads((out / "fusion.json").read_text(encoding="utf-8"))
    assert set(weights) == set(REGIMES)
    again = adapt_encoder(out, config(tables), **folders)
    assert set(again.seconds) == {"read", "fusion"}
    other = adapt_encoder(out, config(tables, steps=2), **folders)
    assert set(other.seconds) == {"read", "transformer", "fusion"}
    assert other.box.sha256 != first.box.sha256


def test_what_is_trained_is_what_is_saved(tables: dict[str, Path], tmp_path: Path) -> None:
    # Pooling, padding mask and unit length of the training are those of the folder.
    base = load_model(tables["base"])
    texts = ["chef de rayon", "a", "infirmier en bloc"]
    trained = transformer._embed(base[0].auto_model.eval(), base.tokenizer, texts, 32, bf16=False)
    vectors = trained.detach().numpy()
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    np.testing.assert_allclose(vectors, base.encode(texts), atol=1e-5)
    transformer.save_sentence_model(base[0].auto_model, base.tokenizer, tmp_path / "saved")
    saved = load_model(tmp_path / "saved").float().encode(texts)
    assert np.linalg.norm(saved, axis=1) == pytest.approx(1, abs=1e-5)
    assert (saved * vectors).sum(axis=1) == pytest.approx(1, abs=1e-2)  # bf16 weights


@pytest.mark.parametrize(
    ("view", "short", "long"), [("title", 8, 8), ("title_to_body", 8, 16), ("body", 16, 16)]
)
def test_each_side_is_padded_to_its_own_views_length(view: View, short: int, long: int) -> None:
    values = TransformerConfig(title_length_tokens=8, body_length_tokens=16)
    words = " ".join(str(number) for number in range(50))
    batch = [AdaptationPair(view, f"left {words}", f"right {words}", "M1805")] * 8
    (left, left_length), (right, right_length) = transformer._views(batch, values, random.Random(0))
    assert (left_length, right_length) == (short, long)
    assert "left" in left[0] or view == "body"
    assert not any("right" in text for text in left)
    assert not any("left" in text for text in right)
    assert any("right" in text for text in right)
    assert all(len(text.split()) == 12 for text in left) == (view == "body")


def test_nothing_to_adapt_on_is_said(tables: dict[str, Path], tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--rome DIR"):
        adapt_encoder(tmp_path / "box", config(tables))
    with pytest.raises(InputError, match="--rome DIR too"):
        adapt_encoder(
            tmp_path / "box",
            config(tables),
            esco_dir=tables["esco"],
            local=LocalOffers(tmp_path),
        )
    assert not (tmp_path / "box").exists()


def test_a_broken_loss_names_the_keys_and_writes_nothing(
    tables: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    broken = torch.tensor(float("nan"), requires_grad=True)
    monkeypatch.setattr(transformer, "symmetric_loss", lambda *_args, **_named: broken * 1)
    with pytest.raises(JobMatchError, match=r"keys \['"):
        adapt_encoder(tmp_path / "box", config(tables), rome_dir=tables["rome"])
    assert not (tmp_path / "box").exists()
    assert not list(tmp_path.glob(".box.work/transformer-*"))


def test_excluded_offers_and_their_copies_are_in_no_pair(
    tables: dict[str, Path], tmp_path: Path
) -> None:
    text = " ".join(f"tâche{n} mission{n}" for n in range(30))
    other = " ".join(f"serveur{n} réseau{n}" for n in range(30))
    records = [
        offer("1", "Dév Python", text),
        offer("2", "Développeur", f"{text} poste à pourvoir"),
        offer("3", "Administrateur", other),
        offer("4", "Sans code", other, code=""),
        {"id": "5", "intitule": 7, "description": None, "romeCode": "M1805"},
    ]
    path = tmp_path / "offers.jsonl"
    lines = [json.dumps(record) for record in records]
    path.write_text("\n".join([*lines, "{broken"]) + "\n", encoding="utf-8")
    excluded = tmp_path / "excluded.txt"
    excluded.write_text("1\n", encoding="utf-8")
    rome = read_rome(tables["rome"])
    assert {item.title for item in read_local_offers(path, rome)} == {
        "Dév Python",
        "Administrateur",
    }
    kept = read_local_offers(path, rome, excluded=excluded)
    assert [item.title for item in kept] == ["Administrateur"]
    # Excluded without a code of its own, it takes its copy with it all the same.
    excluded.write_text("4\n", encoding="utf-8")
    kept = read_local_offers(path, rome, excluded=excluded)
    assert [item.title for item in kept] == ["Dév Python"]


def test_validation_asks_for_what_was_kept_from_training(
    tables: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    from jobmatch_ml.training.adaptation import validation as module

    kept = {"Infirmier de bloc", "dessinateur"}
    monkeypatch.setattr(module, "is_held_out", lambda text: text in kept)
    data = read_open_data(tables["rome"], tables["esco"], MarketConfig(n_offers=0))
    texts = tuple(DomainText(f"Titre {n}", f"Texte {n}", "J1506") for n in range(3))
    tasks = {
        task.name: task
        for task in validation_tasks(data, replace(data, offers=texts, people=texts), seed=1)
    }
    assert {task.regime for task in tasks.values()} == set(REGIMES)
    titles = tasks["titles to fiches"]
    assert len(titles.queries) == 1
    assert titles.qrels == {"q0": {"J1506": 1}}
    assert not any("de bloc" in document.text for document in titles.documents)
    labels = tasks["labels to labels"]
    assert "dessinateur" not in {document.title for document in labels.documents}
    assert "dessinateur" in labels.queries[0].title.lower()
    assert tasks["offers to fiches"].qrels["q0"] == {"J1506": 1}
    assert set(tasks["CVs to offers"].qrels["q0"]) == {"offer-0", "offer-1", "offer-2"}
    assert is_held_out("x") in (True, False)


def test_fusion_favours_the_component_that_is_right() -> None:
    class Noise:
        name = "noise"
        dimension = 8
        draws = np.random.default_rng(0)

        def encode(self, texts: list[str]) -> np.ndarray:
            rows = self.draws.standard_normal((len(texts), 8))
            return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)

    documents = (*toy_documents(), *(Document(f"x{n}", f"zz{n}", f"yy{n}") for n in range(30)))
    queries = tuple(
        Query(query.query_id, "?", query.text or query.title) for query in toy_queries()
    )
    qrels = {query.query_id: {f"d{query.query_id[1:]}": 1} for query in queries}
    task = RetrievalTask("toy", "bodies", queries, documents, qrels)
    report = learn_fusion([task], Noise(), ToyEncoder())
    learned = report.weights.of("bodies")
    assert report.ndcg["toy"]["dense_body"] == pytest.approx(1)
    assert report.ndcg["toy"]["static_body"] < 0.5
    assert report.ndcg["toy"]["fusion"] >= report.ndcg["toy"]["equal weights"]
    assert learned["dense_body"] >= learned["static_body"]
    equal = report.weights.of("labels")
    parts = ("static_title", "dense_title", "bm25", "tfidf_char")
    assert equal == pytest.approx(dict.fromkeys(parts, 1 / 4))


def test_local_offers_change_the_card(tables: dict[str, Path]) -> None:
    data = OpenData(read_rome(tables["rome"]), None, local=(DomainText("a", "b", "J1501"),))
    assert "local offers" in recipe.data_hashes(data)
    assert "local offers" not in recipe.data_hashes(replace(data, local=()))
