"""Titles and descriptions: what they tell is true, and they tell it in many words."""

from __future__ import annotations

import html
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from jobmatch_ml.reference import load_skills
from jobmatch_ml.world.config import OfferConfig
from jobmatch_ml.world.offer_parts import salary_words
from jobmatch_ml.world.offer_text import OfferText, OfferWriter
from jobmatch_ml.world.phrases_names import shout
from jobmatch_ml.world.phrases_offers import load_offer_phrases
from jobmatch_ml.world.randomness import Stage, fast_stream
from tests.world_offers import facts, writer

FACTS = {"occupation", "place", "contract", "years", "salary", "remote", "hours", "licence"}


def texts(count: int, config: OfferConfig | None = None, seed: int = 1) -> list[OfferText]:
    writes = writer(config, seed)
    return [text(writes, index) for index in range(count)]


def text(writes: OfferWriter, index: int, **changes: object) -> OfferText:
    return writes.write(fast_stream(writes.seed, Stage.OFFER_TEXT, index), facts(index, **changes))


def test_the_same_stream_and_facts_give_the_same_text_whatever_came_before() -> None:
    alone = text(writer(), 17)
    after_others = texts(18)[17]
    assert (alone.title, alone.description) == (after_others.title, after_others.description)
    other_seed = texts(18, seed=2)[17]
    assert alone.description != other_seed.description


def test_every_skill_that_is_told_stands_in_the_text_and_no_other_is_told() -> None:
    skills, n_told = load_skills(), 0
    for index, written in enumerate(texts(150)):
        offer = facts(index)
        readable = html.unescape(written.description).casefold()
        for skill in (*offer.required, *offer.wished):
            assert (skill in written.told) == (skills[skill].offer.casefold() in readable)
        n_told += bool(written.told & set(offer.required))
        assert written.told - set(offer.required) - set(offer.wished) <= FACTS
    assert n_told > 40


def test_no_slot_is_left_open_and_no_blank_stands_before_a_full_stop() -> None:
    for written in texts(200):
        assert not set("{}[|") & set(written.description), written.description
        assert " ." not in written.description


def test_descriptions_are_as_long_as_configured() -> None:
    config = OfferConfig(min_length=200, max_length=900, median_length=600)
    lengths = sorted(len(html.unescape(each.description)) for each in texts(150, config))
    assert lengths[-1] <= 900
    assert 450 <= lengths[75] <= 800


def test_a_text_that_is_cut_tells_only_what_is_left_of_it() -> None:
    config = OfferConfig(
        min_length=100, max_length=200, median_length=150, conditions_in_text_share=1.0
    )
    cut = texts(80, config)
    assert max(len(html.unescape(each.description)) for each in cut) <= 200
    licensed = [i for i in range(80) if facts(i).licence]
    assert sum("licence" in cut[i].told for i in licensed) < len(licensed) / 2


def test_titles_have_the_shares_of_both_genders_and_capitals_that_are_configured() -> None:
    config = OfferConfig(both_genders_share=1, shouted_title_share=1, vague_title_share=0)
    for index, written in enumerate(texts(60, config)):
        assert "occupation" in written.told
        bare = written.title.split(" (")[0].split(" - ")[0]
        assert shout(bare[:8]) == shout(bare[:8]).upper()
        label = facts(index).occupation
        if label.masculine != label.feminine and not label.offer_titles:
            assert " / " in written.title
    vague = texts(40, OfferConfig(vague_title_share=1))
    assert not any("occupation" in written.told for written in vague)


def test_vocabulary_keeps_growing() -> None:
    """Heaps' law: twice the offers bring many more words, not a few."""
    words: set[str] = set()
    sizes = []
    for written in texts(400):
        words |= set(written.description.split())
        sizes.append(len(words))
    assert sizes[399] > 1.3 * sizes[199]


def test_words_of_a_season_stand_in_that_season_alone() -> None:
    def share(month: int) -> float:
        writes = writer(OfferConfig(typo_rate=0))
        moment = datetime(2025, month, 15, 9, tzinfo=UTC)
        written = [text(writes, index, created_at=moment) for index in range(250)]
        marks = ("Job d'été", "Renfort d'été", "Saison estivale", "Remplacements d'été")
        return sum(any(m in html.unescape(t.description) for m in marks) for t in written) / 250

    assert share(6) > 0.05 > share(11)


def test_new_words_spread_and_old_ones_fade() -> None:
    def uses(year: int, word: str) -> int:
        writes = writer(OfferConfig(typo_rate=0))
        moment = datetime(year, 10, 1, 9, tzinfo=UTC)
        written = [
            text(writes, index, created_at=moment, remote=1, offer_id="180BCDF")
            for index in range(250)
        ]
        return sum(word in html.unescape(each.description) for each in written)

    assert uses(2024, "Mode hybride") == 0 < uses(2026, "Mode hybride")
    assert uses(2024, "Travail à distance") > 0 == uses(2026, "Travail à distance")


def test_few_recruiters_are_met_often_and_write_about_themselves_alike() -> None:
    written = texts(500)
    agencies = [each for each in written if each.company.style.name == "agency"]
    names = [each.company.name for each in agencies]
    assert len(names) / 3 < len(set(names)) < len(names)
    busiest = max(set(names), key=names.count)
    assert len({each.company.field_about for each in agencies if each.company.name == busiest}) == 1


@pytest.mark.parametrize("kind", range(6))
def test_salaries_in_words_are_the_salary(kind: int) -> None:
    words = salary_words(lambda: (kind + 0.5) / 6, (30_000, 36_000))
    amounts = ("30", "30", "2500", "16,48", "30 000", "2500")
    assert amounts[kind] in words


def test_phrases_speak_for_every_domain_and_their_shares_add_up() -> None:
    phrases = load_offer_phrases()
    assert set(phrases.vague_titles) == set("ABCDEFGHIJKLMN")
    for domain in phrases.vague_titles:
        assert sum(domain in style.domains for style in phrases.styles) >= 3
    assert sum(style.direct for style in phrases.styles) == pytest.approx(1)
    assert sum(style.partner for style in phrases.styles) == pytest.approx(1)
    for parts in phrases.names.values():
        assert all(isinstance(part, str) for part in parts), "YAML reads no and on as truth values"


def test_an_unknown_optional_field_is_refused_with_its_like() -> None:
    with pytest.raises(ValidationError) as error:
        OfferConfig(present={"competence": (0.5, 0.5)})
    assert "Did you mean 'competences'" in str(error.value)
