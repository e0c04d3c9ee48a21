"""The application: its frame, its pages as tabs, and how it is launched safely."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import gradio as gr
from starlette.middleware import Middleware

from gradio_app.callbacks.matching import MAX_FILE_BYTES, check_service
from gradio_app.client import ServiceClient
from gradio_app.first_script import HeadFirst
from gradio_app.pages import matching, pitch, star, tailor
from gradio_app.pages.session import BRING_RECORDS, Session, create_session

# A page is a title and a function that adds its components to the tab being built.
PAGES: tuple[tuple[str, Callable[[ServiceClient, Session, gr.Tab], None]], ...] = (
    (matching.TITLE, matching.build_page),
    (star.TITLE, star.build_page),
    (pitch.TITLE, pitch.build_page),
    (tailor.TITLE, tailor.build_page),
)
STYLE_SHEET = Path(__file__).parent / "style.css"
FIRST_STYLE = Path(__file__).parent / "first.css"
PAGE_SCRIPT = Path(__file__).parent / "page.js"
# Gradio's French calls sending a file "télécharger", which is what people call fetching one. These
# are its own texts in its own places, so that what is seen is also what is read aloud.
WORDINGS = {
    "upload_text.drop_file": "Déposez votre CV ici",
    "upload_text.click_to_upload": "cliquez pour le choisir",
    "file.uploading": "Envoi en cours…",
    "blocks.waiting_for_inputs": "Attendez la fin de l'envoi du fichier, puis réessayez.",
}
# Uploads are deleted as soon as they were sent; whatever is left is swept, in seconds.
SWEEP_EVERY_S, SWEEP_OLDER_THAN_S = 600, 600

_HEADER = (
    '<header class="jm-header"><h1>JobMatch</h1>'
    "<p>Déposez votre CV et découvrez les offres d'emploi qui lui ressemblent le plus.</p></header>"
)
_FOOTER = (
    '<footer class="jm-footer"><p>Votre CV est envoyé au service de recherche d\'offres '
    "de cette installation, le temps de la lecture et du classement. Cette page le garde en "
    "mémoire le temps de votre visite, sans copie sur disque ; vos succès et vos pitchs restent "
    "dans cet onglet et disparaissent quand vous le fermez.</p></footer>"
)
_HEAD = (
    '<meta name="referrer" content="no-referrer"><style>{style}</style><script>{script}</script>'
)


def build_app(client: ServiceClient) -> gr.Blocks:
    """Returns the application over a client of the service; nothing is launched."""
    with gr.Blocks(
        title="JobMatch",
        analytics_enabled=False,
        delete_cache=(SWEEP_EVERY_S, SWEEP_OLDER_THAN_S),
    ) as app:
        gr.HTML(_HEADER)
        service_notice = gr.HTML(elem_id="service-notice")
        session = create_session()
        with gr.Tabs(elem_id="pages"):
            for title, build_page in PAGES:
                with gr.Tab(title, id=title) as tab:
                    build_page(client, session, tab)
        gr.HTML(_FOOTER)
        app.load(
            lambda: check_service(client),
            outputs=service_notice,
            api_visibility="private",
            show_progress="hidden",
        )
        app.load(
            fn=None,
            js=BRING_RECORDS,
            outputs=[session.successes, session.pitches],
            api_visibility="private",
        )
    app.queue(api_open=False, default_concurrency_limit=4)
    return app


def launch_app(
    client: ServiceClient, *, host: str, port: int, announce: Callable[[str], None]
) -> None:
    """Serves the application until it is interrupted.

    Args:
        client: The service.
        host: Address to listen on.
        port: Port to listen on.
        announce: Called with the page's address once it can be opened.

    Raises:
        OSError: When the port is taken.
    """
    app = build_app(client)
    _, address, _ = app.launch(
        server_name=host,
        server_port=port,
        share=False,
        max_file_size=MAX_FILE_BYTES,
        allowed_paths=[],
        enable_monitoring=False,
        run_history=False,
        footer_links=[],
        ssr_mode=False,
        mcp_server=False,
        pwa=False,
        show_error=False,
        theme=_theme(),
        i18n=gr.I18n(fr=WORDINGS),
        css_paths=STYLE_SHEET,
        app_kwargs={"middleware": [Middleware(HeadFirst, head=_head())]},
        # Gradio's own greeting advises a public link.
        quiet=True,
        prevent_thread_lock=True,
    )
    announce(address)
    app.block_thread()


def _head() -> str:
    script = PAGE_SCRIPT.read_text(encoding="utf-8")
    return _HEAD.format(
        style=FIRST_STYLE.read_text(encoding="utf-8"),
        script=script.replace("MAX_FILE_BYTES", str(MAX_FILE_BYTES)),
    )


def _theme() -> gr.themes.Base:
    # System fonts only: the page asks nothing of any other server.
    return gr.themes.Soft(
        primary_hue="blue",
        neutral_hue="slate",
        font=["system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"],
        font_mono=["ui-monospace", "Menlo", "Consolas", "monospace"],
    ).set(
        # The theme's own pairs of colours stay below the 4.5:1 that small text needs.
        color_accent="*primary_700",
        button_primary_background_fill="*primary_700",
        button_primary_background_fill_hover="*primary_800",
        button_primary_background_fill_dark="*primary_700",
        button_primary_background_fill_hover_dark="*primary_800",
        block_title_background_fill="transparent",
        block_title_background_fill_dark="transparent",
        block_title_text_color="*body_text_color",
        block_title_text_color_dark="*body_text_color",
        block_title_padding="0",
        block_label_background_fill="transparent",
        block_label_background_fill_dark="transparent",
        block_label_text_color="*body_text_color",
        block_label_text_color_dark="*body_text_color",
        block_info_text_color="*neutral_600",
        block_info_text_color_dark="*neutral_300",
        input_placeholder_color="*neutral_500",
        input_placeholder_color_dark="*neutral_400",
        input_border_width="1px",
        input_border_color="*neutral_400",
        input_border_color_dark="*neutral_500",
        checkbox_label_background_fill_selected="*primary_700",
        checkbox_label_background_fill_selected_dark="*primary_700",
        checkbox_background_color_selected="*primary_800",
        slider_color="*primary_700",
        slider_color_dark="*primary_400",
    )
