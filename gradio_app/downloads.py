"""Files to download that never lie on the server's disk: their bytes stand in the link itself."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Sequence
from html import escape
from typing import Any, NamedTuple

_TYPES = {
    "txt": "text/plain;charset=utf-8",
    "json": "application/json",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


class Download(NamedTuple):
    """One file: what the link says, the file's name with its extension, and the content."""

    label: str
    file_name: str
    content: bytes


def as_text(label: str, file_name: str, text: str) -> Download:
    """Returns a text file; the mark at its start makes old editors read the accents right."""
    return Download(label, file_name, b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())


def as_json(label: str, file_name: str, value: Any) -> Download:
    """Returns a JSON file."""
    return Download(label, file_name, json.dumps(value, ensure_ascii=False, indent=2).encode())


def downloads_html(downloads: Sequence[Download]) -> str:
    """Returns the links, nothing when there is nothing to download."""
    if not downloads:
        return ""
    return f'<p class="jm-downloads">{" ".join(map(_link, downloads))}</p>'


def _link(download: Download) -> str:
    media_type = _TYPES[download.file_name.rpartition(".")[2]]
    data = b64encode(download.content).decode()
    return (
        f'<a class="jm-download" download="{escape(download.file_name, quote=True)}" '
        f'href="data:{media_type};base64,{data}">{escape(download.label)}</a>'
    )
