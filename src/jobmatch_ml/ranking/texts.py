"""How the two views of a query or document become the one text of a lexical ranker."""

from __future__ import annotations

import unicodedata


def join_views(title: str, text: str, *, separator: str = " ") -> str:
    """Returns title and text as one string; an empty view leaves no separator behind.

    Unicode is brought to its composed form (NFC), so that a text that writes ``é`` as one or as
    two code points ranks the same.

    Example:
        >>> join_views("Boulanger", "", separator=". ")
        'Boulanger'
    """
    views = (view.strip() for view in (title, text))
    return unicodedata.normalize("NFC", separator.join(view for view in views if view))
