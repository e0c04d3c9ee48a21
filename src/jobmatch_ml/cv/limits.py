"""What a CV file may cost. A 2 KB PDF once took 3 GB and 18 s, so every figure here is enforced.

A plain dataclass, not a pydantic model: the parsing child reads it, and the child must start fast.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

_HIDDEN_BYTES = 400 * (12 * 500 + 60) + 1_000  # lines of hidden text, each as long as it may be


@dataclass(frozen=True, slots=True)
class CvLimits:
    """The limits of reading one CV; each refusal names the one that was met.

    Args:
        file_bytes: Largest file.
        pdf_pages: Pages of a PDF.
        page_characters: Characters of one page.
        text_characters: Characters of the whole text, pasted text included.
        text_lines: Lines of the whole text, empty ones included.
        extracted_lines: Lines that the rules may make of one CV.
        zip_entries: Files in a DOCX archive.
        zip_unpacked_bytes: Size of a DOCX when unpacked.
        zip_ratio: Unpacked size over packed size, for parts above 1 MB and for the whole.
        cpu_s: CPU seconds of the parsing child.
        wall_s: Seconds on the clock of the parsing child; with its start and end, a person waits
            at most 10.
        memory_bytes: Address space of a child.
        ocr_pages: Pages of a scanned PDF.
        ocr_page_cpu_s: CPU seconds of the character recognition, for each page.
        ocr_wall_s: Seconds on the clock of reading a scan, all its pages. With ``wall_s`` before
            it (the file is first read for text), this is the longest that a person waits.
        vision_pages: Pages whose pictures are sent to a model; of more, none is.
        vision_pixels: Pixels of such a picture.
        vision_bytes: Bytes of all such pictures.
        text_pdf_characters: Fewer characters in all than this: the PDF is an image.
        text_pdf_page_characters: Fewer characters a page on average: the PDF is an image.
    """

    file_bytes: int = 10_000_000
    pdf_pages: int = 30
    page_characters: int = 20_000
    text_characters: int = 200_000
    text_lines: int = 10_000
    extracted_lines: int = 3_000
    zip_entries: int = 200
    zip_unpacked_bytes: int = 50_000_000
    zip_ratio: int = 100
    cpu_s: int = 5
    wall_s: int = 9
    memory_bytes: int = 600_000_000
    ocr_pages: int = 10
    ocr_page_cpu_s: int = 10
    ocr_wall_s: int = 35
    vision_pages: int = 5
    vision_pixels: int = 2_200_000
    vision_bytes: int = 6_000_000
    text_pdf_characters: int = 100
    text_pdf_page_characters: int = 50

    @property
    def answer_bytes(self) -> int:
        """Most bytes that a child's answer can honestly have.

        In ASCII JSON a character takes up to 12 bytes, and a line's quotes and box up to 120.
        """
        return 12 * self.text_characters + 120 * self.text_lines + _HIDDEN_BYTES

    def __post_init__(self) -> None:
        wrong = [name for name, value in asdict(self).items() if value < 1]
        if wrong:
            raise ValueError(f"CV limits must be at least 1: {', '.join(wrong)}")


class RefusedError(Exception):
    """Raised by a reader inside the child: a limit was met, or the file is not what it should be.

    Args:
        code: A key of :data:`jobmatch_ml.cv.messages.REFUSALS`.
        detail: A figure that helps; never text of the file.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
