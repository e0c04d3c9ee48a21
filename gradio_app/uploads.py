"""What a file field may receive: a file that a person uploaded, never an address to fetch."""

from __future__ import annotations

from pathlib import Path

import gradio as gr


def refuse_addresses(field: gr.File) -> gr.File:
    """Makes a file field refuse addresses, and returns it.

    A request to the page can name an http(s) address where an uploaded file belongs; gradio would
    then download it on the sender's behalf. Nothing is fetched here because a client named it.
    """
    keep_upload = field.async_move_resource_to_block_cache

    async def keep_upload_only(url_or_file_path: str | Path | None) -> str | None:
        if "://" in str(url_or_file_path or ""):
            raise gr.Error("Envoyez un fichier, pas une adresse.", print_exception=False)
        path: str | None = await keep_upload(url_or_file_path)
        return path

    field.async_move_resource_to_block_cache = keep_upload_only
    return field
