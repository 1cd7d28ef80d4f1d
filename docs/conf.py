"""The site: ``python -m sphinx -W docs build/site`` in a checkout, with the extra ``docs``.

Everything it shows of formulas, curves, verdicts and modules is computed while it is built; the
modules of ``docs/extensions`` say how, one thing each. The result needs no network.
"""

from __future__ import annotations

import sys
from importlib import metadata
from pathlib import Path
from zlib import crc32

from sphinx.application import Sphinx

from numerics.storage.processes import cores

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "extensions"))

project = "symbattery"
author = "The symbattery developers"
project_copyright = author
release = metadata.version("symbattery")

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.mathjax",
    "sphinx_copybutton",
    # Our own, one subject each.
    "architecture",
    "docstrings",
    "drawings",
    "formulas",
    "journal",
    "paper_figures",
    "shell",
    "sources",
    "tables",
]
exclude_patterns = ["conf.py", "extensions", "_static"]
nitpicky = False

# Text: MyST with mathematics.
myst_enable_extensions = ["amsmath", "attrs_inline", "colon_fence", "deflist", "dollarmath"]
myst_dmath_double_inline = True
myst_heading_anchors = 3
myst_update_mathjax = False

# Cells are executed, and what fails or warns in them fails the build.
nb_custom_formats = {".py": ["jupytext.reads", {"fmt": "py:percent"}]}
nb_execution_mode = "force"
nb_execution_in_temp = True
nb_execution_raise_on_error = True
nb_execution_timeout = 300
nb_execution_show_tb = True
nb_output_stderr = "warn"
nb_merge_streams = True

# Docstrings.
autodoc_default_options = {"members": True}
autodoc_member_order = "bysource"
autodoc_class_signature = "mixed"
autodoc_typehints = "signature"
autodoc_preserve_defaults = True
python_maximum_signature_line_length = 80
add_module_names = False

# Mathematics: one file, which draws its own letters, so that no font is asked for.
_MATHJAX = metadata.distribution("sphinx-mathjax-offline")
_SCRIPT = next(f for f in _MATHJAX.files or () if f.name == "tex-svg-full.js")
mathjax_path = _SCRIPT.name
mathjax3_config = {
    "tex": {"inlineMath": [["\\(", "\\)"]], "displayMath": [["\\[", "\\]"]]},
    "options": {"processHtmlClass": "tex2jax_process|mathjax_process|math|output_area"},
    "svg": {"fontCache": "global"},
}

html_theme = "furo"
html_title = "symbattery"
html_static_path = ["_static", str(_MATHJAX.locate_file(_SCRIPT))]
html_css_files = ["site.css"]
html_copy_source = False
html_domain_indices = False
html_show_sourcelink = False
# Extracts would be fetched, which a browser refuses where pages are files.
html_show_search_summary = False
html_search_scorer = str(HERE / "scorer.js")
html_theme_options = {"navigation_with_keys": True}
# Code to copy, not what it prints.
copybutton_selector = ":not(.output, .highlight-text) > .highlight > pre"
pygments_style = "friendly"
pygments_dark_style = "github-dark"


def setup(app: Sphinx) -> None:
    """On all cores, unless it is told how many: lessons and how-tos are run one after the other."""
    app.parallel = app.parallel if app.parallel > 1 else cores()
    # Neighbours go to one process, and the costly pages are neighbours.
    app.connect("env-before-read-docs", lambda app, env, pages: pages.sort(key=_mixed))


def _mixed(page: str) -> int:
    """A number without any order among the pages."""
    return crc32(page.encode())
