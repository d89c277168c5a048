"""How the pages of documentation are built: sphinx-build -W -n docs OUT."""

from __future__ import annotations

import alignsym

project = "alignsym"
author = copyright = "The alignsym developers"
version = release = alignsym.__version__

extensions = ["sphinx.ext.autodoc", "sphinx.ext.mathjax", "myst_parser"]
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3
exclude_patterns = ["build", "notebooks"]
html_theme = "alabaster"
html_theme_options = {
    "description": "Closed forms for all parameter values",
    "page_width": "1100px",
}
html_static_path: list[str] = []
html_show_sourcelink = False
default_role = "code"
autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_preserve_defaults = True
add_module_names = False
maximum_signature_line_length = 80
