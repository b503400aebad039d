"""The Sphinx extension that fills the page of every command and option."""

import logging

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from docs._ext.standing.page import markdown

__all__ = ["setup"]

_PAGE = "reference-solaris"
_MARKER = "<!-- tables -->"


def setup(app: Sphinx) -> ExtensionMetadata:
    """Let Sphinx fill the page when it reads it; it would print what the SSH library logs on the way."""
    logging.getLogger("asyncssh").setLevel(logging.WARNING)
    app.connect("source-read", _fill)
    return {"parallel_read_safe": True}


def _fill(_app: Sphinx, name: str, source: list[str]) -> None:
    if name == _PAGE:
        source[0] = source[0].replace(_MARKER, markdown())
