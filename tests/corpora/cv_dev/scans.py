"""Development CVs as scans: what the reading of scans may be mended on."""

from __future__ import annotations

import json
from pathlib import Path

import yaml

from jobmatch_ml.documents.pdf import compile_typst
from tests.corpora.cv_dev.layouts import LAYOUTS
from tests.corpora.cv_dev.sheet import Sheet
from tests.corpora.cv_dev.styles import DATE_STYLES, Style
from tests.corpora.cv_heldout.on_paper import scanned

HERE = Path(__file__).parent


def scan(pdf: bytes, seed: str) -> bytes:
    """Returns a PDF's pages as the held-out corpus scans them, askew and noisy by another seed."""
    return scanned(pdf, f"dev:{seed}")


def scan_folder(folder: Path) -> int:
    """Scans each labelled PDF of a development set, with labels; returns how many.

    ``X.pdf`` gives ``X.scan.pdf``, and ``labels/scans.jsonl`` says of which CV each is the scan.
    """
    rows = []
    for path in sorted((folder / "labels").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            label = json.loads(line)
            if path.stem == "scans" or not label["file"].endswith(".pdf"):
                continue
            name = label["file"].removesuffix(".pdf") + ".scan.pdf"
            (folder / name).write_bytes(scan((folder / label["file"]).read_bytes(), label["file"]))
            rows.append({**label, "id": name, "file": name, "scan_of": label["id"]})
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / "labels" / "scans.jsonl").write_text(text, encoding="utf-8")
    return len(rows)


def sample_pdf(layout: str) -> bytes:
    """Returns one French CV in a layout of this corpus."""
    people = yaml.safe_load((HERE / "people.yaml").read_text(encoding="utf-8"))
    person = next(person for person in people if person["lang"] == "fr")
    return compile_typst(
        LAYOUTS[layout](Sheet(person, Style(0, "fr", DATE_STYLES[0]))).encode(), {}
    )
