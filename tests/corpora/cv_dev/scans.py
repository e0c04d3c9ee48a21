"""Development CVs as scans: what the reading of scans may be mended on."""

from __future__ import annotations

import io
import json
import re
import zlib
from pathlib import Path

import yaml

from jobmatch_ml.documents.pdf import compile_typst
from tests.corpora.cv_dev.layouts import LAYOUTS
from tests.corpora.cv_dev.sheet import Sheet
from tests.corpora.cv_dev.styles import DATE_STYLES, Style
from tests.corpora.cv_heldout.on_paper import font_folders, scanned

HERE = Path(__file__).parent
FAULTS = ("noisy", "dim", "coarse", "compressed")
FACES = (
    "DejaVu Sans", "DejaVu Serif", "STIXGeneral", "DejaVu Sans Mono", "New Computer Modern",
    "Libertinus Serif", "Roboto",
)  # fmt: skip


def scan(pdf: bytes, seed: str) -> bytes:
    """Returns a PDF's pages as the held-out corpus scans them, askew and noisy by another seed."""
    return scanned(pdf, f"dev:{seed}")


def scan_badly(pdf: bytes, seed: str) -> bytes:
    """Returns a PDF's pages as worse machines scan them: noisy, coarse, dim or compressed."""
    import numpy as np
    import pypdfium2
    from PIL import Image, ImageFilter

    fault = FAULTS[zlib.crc32(seed.encode()) % len(FAULTS)]
    rng = np.random.default_rng(zlib.crc32(seed.encode()))
    dpi = 150 if fault == "coarse" else 200
    document = pypdfium2.PdfDocument(pdf)
    pages = []
    for page in document:
        image = page.render(scale=dpi / 72).to_pil().convert("L")
        angle = float(rng.uniform(-1.2, 1.2))
        image = image.rotate(angle, resample=Image.Resampling.BICUBIC, fillcolor=250)
        image = image.filter(ImageFilter.GaussianBlur(0.5 if fault == "coarse" else 0.8))
        grey = np.asarray(image).astype(float)
        if fault == "noisy":
            grey = grey * 0.9 + 10 + rng.normal(0, 20, grey.shape)
        elif fault == "dim":
            shade = 50 * np.linspace(0, 1, grey.shape[1])
            grey = grey * 0.55 + 70 - shade + rng.normal(0, 8, grey.shape)
        elif fault == "coarse":
            grey = grey + rng.normal(0, 10, grey.shape)
        image = Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))
        if fault == "compressed":
            packed = io.BytesIO()
            image.save(packed, "JPEG", quality=30)
            image = Image.open(packed).convert("L")
        pages.append(image)
    document.close()
    file = io.BytesIO()
    pages[0].save(file, "PDF", resolution=dpi, save_all=True, append_images=pages[1:])
    return file.getvalue()


def in_another_font(source: bytes, number: int) -> bytes:
    """Returns a layout's Typst source set in another face, a different one for each number."""
    text, face = source.decode(), FACES[number % len(FACES)]
    size = 0.9 if face.startswith("DejaVu") else 1.0  # these are wide
    return re.sub(
        r'#set text\(font: "[^"]+", size: ([\d.]+)pt',
        lambda found: f'#set text(font: "{face}", size: {float(found[1]) * size:.2f}pt',
        text,
        count=1,
    ).encode()


def compile_in_fonts(source: bytes) -> bytes:
    """Returns the PDF of a Typst source with the faces that every set-up has."""
    import typst

    folders = [str(folder) for folder in font_folders()]
    compiler = typst.Compiler(font_paths=folders, ignore_system_fonts=True)
    content: bytes = compiler.compile(source, format="pdf", timestamp=0, pdf_tags=False)
    return content


def scan_folder(folder: Path, *, badly: bool = False) -> int:
    """Scans each labelled PDF of a development set, with labels; returns how many.

    ``X.pdf`` gives ``X.scan.pdf``, and ``labels/scans.jsonl`` says of which CV each is the scan.
    """
    make_scan = scan_badly if badly else scan
    rows = []
    for path in sorted((folder / "labels").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            label = json.loads(line)
            if path.stem == "scans" or not label["file"].endswith(".pdf"):
                continue
            name = label["file"].removesuffix(".pdf") + ".scan.pdf"
            (folder / name).write_bytes(
                make_scan((folder / label["file"]).read_bytes(), label["file"])
            )
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
