"""Writes the held-out CVs: ``python -m tests.corpora.cv_heldout.make [--out DIR] [--labels]``.

The plan, the labels and the text of each file follow from the data beside this module alone. See
the README for what the labels mean.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from tests.corpora.cv_heldout.compose import Slot, compose
from tests.corpora.cv_heldout.on_paper import render_pdf, scanned
from tests.corpora.cv_heldout.people import everyone
from tests.corpora.cv_heldout.word import WORD_LAYOUTS, render_docx

HERE = Path(__file__).parent
DEFAULT_OUT = HERE.parents[2] / "build" / "cv_heldout"
PDF_LAYOUTS = [
    "right_bar",
    "mid_dates",
    "latex",
    "functional",
    "typewriter",
    "bands",
    "ruled",
    "grid",
    "spaced",
]
N_TEXT = 132
# One turn through the layouts: each PDF layout twice, each Word layout once.
TURN = (*PDF_LAYOUTS, WORD_LAYOUTS[0], *PDF_LAYOUTS[::-1], *WORD_LAYOUTS[1:])


@cache
def plan() -> tuple[Slot, ...]:
    """The CVs with text, in order: a person never has one layout twice."""
    people = everyone()
    seen: set[tuple[int, str]] = set()
    rows: dict[str, int] = defaultdict(int)
    slots = []
    for index in range(N_TEXT):
        person = people[(index * 7) % len(people)]
        layout = next(
            name
            for step in range(len(TURN))
            if (person.number, name := TURN[(index + step) % len(TURN)]) not in seen
        )
        seen.add((person.number, layout))
        rows[layout] += 1
        slots.append(Slot(f"{layout}-{rows[layout]:02d}", layout, rows[layout], person))
    return tuple(slots)


@cache
def scans() -> tuple[str, ...]:
    """Ids of the PDF files that also exist as a scan: rows 3 and 8 of each layout, and two more."""
    return tuple(
        slot.cv_id
        for slot in plan()
        if slot.layout in PDF_LAYOUTS
        and (slot.row in {3, 8} or (slot.row == 5 and slot.layout in {"latex", "grid"}))
    )


def labels() -> Iterator[dict[str, Any]]:
    """The truth about each CV. A scan has the label of its text file, with its own id."""
    for slot in plan():
        _, label = compose(slot)
        suffix = "docx" if slot.layout in WORD_LAYOUTS else "pdf"
        yield {**label, "file": f"{slot.cv_id}.{suffix}", "scan_of": None}
        if slot.cv_id in scans():
            name = f"{slot.cv_id}-scan"
            yield {**label, "id": name, "file": f"{name}.pdf", "scan_of": slot.cv_id}


def render(cv_id: str, folder: Path) -> Path:
    """Writes one CV into ``folder``, unless it is there, and returns its path."""
    slot = next(slot for slot in plan() if slot.cv_id == cv_id.removesuffix("-scan"))
    suffix = "docx" if slot.layout in WORD_LAYOUTS else "pdf"
    path = folder / f"{cv_id}.{suffix}"
    if path.exists():
        return path
    sheet, _ = compose(slot)
    if suffix == "docx":
        content = render_docx(sheet, slot.layout)
    else:
        content = render_pdf(sheet, slot.layout)
        if cv_id.endswith("-scan"):
            content = scanned(content, cv_id)
    folder.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def label_files() -> dict[str, str]:
    """Name -> content of the label files, one for each layout, one CV a line."""
    groups: dict[str, list[str]] = defaultdict(list)
    for label in labels():
        groups[f"{label['layout']}.jsonl"].append(json.dumps(label, ensure_ascii=False))
    return {name: "\n".join(lines) + "\n" for name, lines in groups.items()}


def main() -> None:
    """Renders all files, or with ``--labels`` writes the label files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=DEFAULT_OUT, help="folder of the CV files")
    parser.add_argument("--labels", action="store_true", help="write labels/ instead")
    chosen = parser.parse_args()
    if chosen.labels:
        (HERE / "labels").mkdir(exist_ok=True)
        for name, content in label_files().items():
            (HERE / "labels" / name).write_text(content, encoding="utf-8")
        return
    written = [render(label["id"], chosen.out) for label in labels()]
    sys.stdout.write(f"{len(written)} CVs in {chosen.out}\n")


if __name__ == "__main__":
    main()
