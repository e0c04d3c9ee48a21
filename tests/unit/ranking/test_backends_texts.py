"""The French texts that backends are made and measured with."""

from __future__ import annotations

from jobmatch_ml.ranking.backends_texts import calibration_texts, retrieval_sets, timing_texts


def test_each_query_has_an_answer_among_the_documents() -> None:
    for found in retrieval_sets():
        assert len(found.queries) == len(found.answers) >= 195
        assert set(found.answers) <= set(range(len(found.documents)))
        assert all(text.strip() for text in (*found.queries, *found.documents))


def test_calibration_has_texts_of_all_lengths_always_the_same() -> None:
    texts = calibration_texts()
    assert 60 <= len(texts) <= 96
    assert min(map(len, texts)) < 20
    assert max(map(len, texts)) > 250
    assert texts == calibration_texts()


def test_timing_mixes_titles_and_bodies() -> None:
    texts = timing_texts(20)
    assert len(texts) == 20
    assert max(map(len, texts[:10])) < min(map(len, texts[10:]))
