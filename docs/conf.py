"""How the documentation is built: `sphinx-build -W docs docs/_build`."""

import sys
from pathlib import Path

import sansdk

sys.path.insert(0, str(Path(__file__).parents[1]))

project = "sansdk"
copyright = "2026, the sansdk authors"  # noqa: A001 - Sphinx calls it so
release = version = sansdk.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "docs._ext.standing.extension"]
exclude_patterns = ["_build", "_ext", "examples"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

default_role = "code"  # the docstrings' `name`

autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
autodoc_typehints_format = "short"
napoleon_use_ivar = True
python_use_unqualified_type_names = True
maximum_signature_line_length = 90

html_theme = "furo"
html_title = "sansdk"
html_static_path = ["_static"]
html_css_files = ["sansdk.css"]
