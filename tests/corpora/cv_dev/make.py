"""Writes the development CVs: ``python -m tests.corpora.cv_dev.make``.

Layouts and wordings that the reading rules may be mended on, with labels in the form of the
held-out corpus, so that both are measured in one way. ``--which wild`` writes those with wilder
wordings and people; ``--which aside`` those that are looked at only once the rules are done.
``--which lines`` and ``--which lines_aside`` do so for time lines, forms, dense sheets and boxes.
``--which heads`` sets headings in some eighty ways: in bars, frames, rules, signs and numbers.
``--fonts`` sets each in another face, ``--scans`` adds scans, ``--badly`` those of bad machines.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import yaml

from jobmatch_ml.documents.pdf import compile_typst
from tests.corpora.cv_dev.layouts import LAYOUTS
from tests.corpora.cv_dev.layouts_aside import ASIDE_LAYOUTS, ASIDE_WORD
from tests.corpora.cv_dev.layouts_dense import DENSE
from tests.corpora.cv_dev.layouts_forms import FORMS
from tests.corpora.cv_dev.layouts_heads import HeadSheet, dressings
from tests.corpora.cv_dev.layouts_lines import LINES
from tests.corpora.cv_dev.layouts_lines_aside import LINES_ASIDE
from tests.corpora.cv_dev.layouts_wild import WILD
from tests.corpora.cv_dev.lines import LineSheet
from tests.corpora.cv_dev.scans import compile_in_fonts, in_another_font, scan_folder
from tests.corpora.cv_dev.sheet import Sheet
from tests.corpora.cv_dev.styles import DATE_STYLES, Style, label_of
from tests.corpora.cv_dev.wild import WildSheet
from tests.corpora.cv_dev.word import WORD_LAYOUTS
from tests.corpora.cv_dev.word_lines import WORD_LINES, WORD_LINES_ASIDE
from tests.corpora.cv_dev.word_wild import WILD_WORD

HERE = Path(__file__).parent
DEFAULT_OUT = HERE.parents[2] / "build" / "cv_dev"
EACH = 4  # CVs a layout
Compile = Callable[[bytes, int], bytes]
"""A layout's source and its number to PDF."""


def _compile(source: bytes, _: int) -> bytes:
    return compile_typst(source, {})


def _compile_in_other_fonts(source: bytes, number: int) -> bytes:
    return compile_in_fonts(in_another_font(source, number))


def make(out: Path, *, each: int = EACH, compiled: Compile = _compile) -> int:
    """Writes files and labels; returns how many CVs."""
    people = yaml.safe_load((HERE / "people.yaml").read_text(encoding="utf-8"))
    (out / "labels").mkdir(parents=True, exist_ok=True)
    written = 0
    for row, layout in enumerate([*LAYOUTS, *WORD_LAYOUTS]):
        labels = []
        for turn in range(each):
            number = row * 5 + turn * 3
            person = people[(row + turn * 3) % len(people)]
            style = Style(number, person["lang"], DATE_STYLES[(row + turn * 3) % len(DATE_STYLES)])
            sheet = Sheet(person, style)
            if layout in WORD_LAYOUTS:
                name, data = f"{layout}-{turn}.docx", WORD_LAYOUTS[layout](sheet)
            else:
                source = LAYOUTS[layout](sheet).encode()
                name, data = f"{layout}-{turn}.pdf", compiled(source, number)
            (out / name).write_bytes(data)
            label = label_of(person, style, sheet.sections)
            labels.append({"id": f"{layout}-{turn}", "file": name, "layout": layout, **label})
            written += 1
        lines = (json.dumps(label, ensure_ascii=False) for label in labels)
        (out / "labels" / f"{layout}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return written


def make_wild(
    out: Path, *, aside: bool = False, each: int = EACH, compiled: Compile = _compile
) -> int:
    """Writes the CVs of wilder wordings, or those kept aside; returns how many."""
    people = yaml.safe_load((HERE / "people_wild.yaml").read_text(encoding="utf-8"))
    (out / "labels").mkdir(parents=True, exist_ok=True)
    texts, words = (ASIDE_LAYOUTS, ASIDE_WORD) if aside else (WILD, WILD_WORD)
    for row, layout in enumerate([*texts, *words]):
        labels = []
        for turn in range(each):
            person = people[(row * 3 + turn * 7 + aside) % len(people)]
            sheet = WildSheet(person, row * 31 + turn, aside=aside)
            if layout in words:
                name, data = f"{layout}-{turn}.docx", words[layout](sheet)
            else:
                name = f"{layout}-{turn}.pdf"
                data = compiled(texts[layout](sheet).encode(), row * each + turn)
            (out / name).write_bytes(data)
            labels.append({"id": name, "file": name, "layout": layout, **sheet.label()})
        lines = (json.dumps(label, ensure_ascii=False) for label in labels)
        (out / "labels" / f"{layout}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return each * len([*texts, *words])


def make_lines(
    out: Path, *, aside: bool = False, each: int = EACH, compiled: Compile = _compile
) -> int:
    """Writes time lines, forms and dense sheets, or those kept aside; returns how many."""
    people = yaml.safe_load((HERE / "people_lines.yaml").read_text(encoding="utf-8"))
    (out / "labels").mkdir(parents=True, exist_ok=True)
    texts, words = (LINES_ASIDE, WORD_LINES_ASIDE) if aside else (LINES | FORMS | DENSE, WORD_LINES)
    for row, layout in enumerate([*texts, *words]):
        labels = []
        for turn in range(each):
            person = people[(row * 3 + turn * 7 + aside) % len(people)]
            english = layout.startswith(("tex_", "al_tex")) and turn % 2 == 0
            sheet = LineSheet(person, row * 5 + turn * 3 + 7 * aside, english=english)
            if layout in words:
                name, data = f"{layout}-{turn}.docx", words[layout](sheet)
            else:
                name = f"{layout}-{turn}.pdf"
                data = compiled(texts[layout](sheet).encode(), row * each + turn)
            (out / name).write_bytes(data)
            labels.append({"id": name, "file": name, "layout": layout, **sheet.label()})
        lines = (json.dumps(label, ensure_ascii=False) for label in labels)
        (out / "labels" / f"{layout}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return each * len([*texts, *words])


def make_heads(out: Path, *, turns: int = 1) -> int:
    """Writes CVs that differ in how their headings are set; returns how many."""
    people = yaml.safe_load((HERE / "people.yaml").read_text(encoding="utf-8"))
    (out / "labels").mkdir(parents=True, exist_ok=True)
    labels: dict[str, list[str]] = {}
    for number, look in enumerate(dressings(turns)):
        person = people[number * 3 % len(people)]
        style = Style(number, person["lang"], DATE_STYLES[number % len(DATE_STYLES)])
        sheet = HeadSheet(person, style, look)
        name = f"{look.head}-{number}.pdf"
        (out / name).write_bytes(compile_in_fonts(sheet.source().encode()))
        label = label_of(person, style, sheet.sections)
        row = {"id": name, "file": name, "layout": look.head, **label}
        labels.setdefault(look.head, []).append(json.dumps(row, ensure_ascii=False))
    for head, lines in labels.items():
        (out / "labels" / f"{head}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return sum(map(len, labels.values()))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=DEFAULT_OUT)
    parser.add_argument(
        "--which",
        choices=("plain", "wild", "aside", "lines", "lines_aside", "heads"),
        default="plain",
    )
    parser.add_argument("--turns", type=int, default=1, help="of heads: sheets each way of heading")
    parser.add_argument(
        "--scans", action="store_true", help="each PDF as a scan too (seconds each)"
    )
    parser.add_argument("--badly", action="store_true", help="those scans noisy, dim or coarse")
    parser.add_argument("--fonts", action="store_true", help="each layout in another face")
    given = parser.parse_args()
    setter = _compile_in_other_fonts if given.fonts else _compile
    if given.which == "plain":
        make(given.out, compiled=setter)
    elif given.which == "heads":
        make_heads(given.out, turns=given.turns)
    elif given.which.startswith("lines"):
        make_lines(given.out, aside=given.which == "lines_aside", compiled=setter)
    else:
        make_wild(given.out, aside=given.which == "aside", compiled=setter)
    if given.scans:
        scan_folder(given.out, badly=given.badly)
