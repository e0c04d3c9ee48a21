"""The held-out CVs are frozen, their labels follow from their data, and their files show them."""

from __future__ import annotations

import hashlib
import html
import json
import re
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from tests.corpora.cv_heldout import make
from tests.corpora.cv_heldout.freeze import HERE, sums
from tests.corpora.cv_heldout.people import Job
from tests.corpora.cv_heldout.periods import STYLES, period

CONTENT_TYPES = {
    *[
        "summary",
        "experience",
        "education",
        "certification",
        "skill_hard",
        "skill_soft",
        "language",
        "interest",
    ],
    *["contact", "other"],
}


def squeezed(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def printed(path: Path) -> str:
    if path.suffix == ".pdf":
        with pypdfium2.PdfDocument(path) as document:
            return "\n".join(page.get_textpage().get_text_range() for page in document)
    with zipfile.ZipFile(path) as archive:
        parts = [archive.read(name).decode() for name in archive.namelist() if "header" in name]
        parts.append(archive.read("word/document.xml").decode())
    return html.unescape(re.sub(r"<[^>]+>", " ", " ".join(parts)))


def strings(label: dict[str, Any]) -> list[str]:
    contact, found = label["contact"], [label["title"], label["summary"] or ""]
    found += [contact[key] or "" for key in ("first_name", "last_name", "email", "city")]
    found += [contact["phone"][4:], contact["postcode"] or ""]
    found += [heading for _, heading in label["sections"]]
    for entry in label["experience"]:
        found += [entry["title"], entry["employer"], entry["dates_text"], *entry["missions"]]
    for entry in label["education"]:
        found += [entry["degree"], entry["school"], entry["dates_text"]]
    for entry in label["language"]:
        found += [entry["language"], entry["level"] or ""]
    for kind in ("skill_hard", "skill_soft", "certification", "social_link", "interest", "facts"):
        found += label[kind]
    return found


def test_nothing_has_changed_since_the_corpus_was_frozen() -> None:
    frozen = json.loads((HERE / "FROZEN.json").read_text(encoding="utf-8"))
    assert sums() == frozen["files"]


def test_a_changed_byte_changes_the_sums(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"one")
    before = sums(tmp_path)
    assert before == [f"{hashlib.sha256(b'one').hexdigest()}  a.txt"]
    (tmp_path / "a.txt").write_bytes(b"two")
    assert sums(tmp_path) != before


def test_the_labels_follow_from_the_data() -> None:
    for name, content in make.label_files().items():
        assert (HERE / "labels" / name).read_text(encoding="utf-8") == content


def test_the_corpus_is_as_large_and_varied_as_its_readme_says() -> None:
    labels = list(make.labels())
    assert len(labels) == len({label["id"] for label in labels}) == 152
    assert Counter(label["scan_of"] is not None for label in labels) == {False: 132, True: 20}
    assert Counter(label["lang"] for label in labels if not label["scan_of"]) == {
        "fr": 117,
        "en": 15,
    }
    assert sum(label["file"].endswith(".docx") for label in labels) == 22
    assert len({slot.person.title for slot in make.plan()}) == 60
    assert len({(slot.person.number, slot.layout) for slot in make.plan()}) == 132
    assert {kind for label in labels for kind, _ in label["sections"]} == CONTENT_TYPES


def test_every_contact_is_kept_for_fiction() -> None:
    for label in make.labels():
        assert re.fullmatch(r"\+33(63998|19900)\d{4}", label["contact"]["phone"])
        assert label["contact"]["email"].split("@")[1] in {"example.fr", "example.com"}


@pytest.mark.parametrize(
    ("style", "text", "start", "end"),
    [
        ("short_two_digits", "de janv. 2019 à mars 21", "2019-01", "2021-03"),
        ("numeric", "01/2019 - 03/2021", "2019-01", "2021-03"),
        ("years", "2019-2021", "2019", "2021"),
        ("full_days", "du 01/01/2019 au 31/03/2021", "2019-01", "2021-03"),
        ("years_duration", "2019 à 2021 (2 ans 3 mois)", "2019", "2021"),
    ],
)
def test_a_label_says_no_more_than_the_print(style: str, text: str, start: str, end: str) -> None:
    job = Job("Soudeur", "Arvor", "Brest", "2019-01", "2021-03", ())
    label = {"start": start, "end": end, "current": False}
    assert period(job, style, "fr") == (text, label)


def test_every_style_can_write_a_post_that_goes_on() -> None:
    job = Job("Soudeur", "Arvor", "Brest", "2019-01", "now", ())
    for lang, styles in STYLES.items():
        for style in styles:
            text, label = period(job, style, lang)
            assert "2019" in text or "19" in text
            assert label["current"]
            assert label["end"] is None


@pytest.mark.parametrize("cv_id", ["spaced-01", "latex-02", "word_boxes-02", "word_table-01"])
def test_a_file_shows_all_that_its_label_says(cv_id: str, tmp_path: Path) -> None:
    label = next(label for label in make.labels() if label["id"] == cv_id)
    text = squeezed(printed(make.render(cv_id, tmp_path)))
    assert [part for part in strings(label) if squeezed(part) not in text] == []


def test_a_scan_has_pages_and_no_text(tmp_path: Path) -> None:
    path = make.render("functional-03-scan", tmp_path)
    assert path.stat().st_size > 50_000
    assert printed(path).strip() == ""


def test_a_file_is_the_same_each_time(tmp_path: Path) -> None:
    for cv_id in ("bands-01", "word_tabs-01"):
        first, again = (make.render(cv_id, tmp_path / name) for name in "ab")
        assert first.read_bytes() == again.read_bytes()
