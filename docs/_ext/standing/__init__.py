"""Where every command and option of the Solaris host stands: verbatim, inferred, or not simulated.

`synopses` reads what the programs offer out of their own usage texts, `shown` reads what the golden transcripts and
recordings type, `probes` asks a simulated host about the rest, `page` writes the tables. As a Sphinx extension it puts
the tables where the page `reference-solaris` has its marker, so that no copy of them can be out of date.
"""

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
