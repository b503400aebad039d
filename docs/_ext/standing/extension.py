"""The Sphinx extension that fills the pages of every command and option."""

import logging
from collections.abc import Callable, Mapping
from typing import Final

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from docs._ext.standing import page
from docs._ext.standing.cliq import page as cliq_page

__all__ = ["setup"]

_PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "reference-solaris": page.markdown,
    "reference-cliq": cliq_page.markdown,
}
_MARKER = "<!-- tables -->"


def setup(app: Sphinx) -> ExtensionMetadata:
    """Let Sphinx fill the pages when it reads them; it would print what the SSH library logs on the way."""
    logging.getLogger("asyncssh").setLevel(logging.WARNING)
    app.connect("source-read", _fill)
    return {"parallel_read_safe": True}


def _fill(_app: Sphinx, name: str, source: list[str]) -> None:
    if name in _PAGES:
        source[0] = source[0].replace(_MARKER, _PAGES[name]())
