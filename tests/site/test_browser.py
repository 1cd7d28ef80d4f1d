"""The pages in a browser, from the file system and without a network."""

import html as entities
import json
import re
import shutil
import subprocess
from itertools import pairwise

import pytest

from tests.site.built import SITE, html, needs_site

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = [
    needs_site,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium to look at the pages with"),
]

# Opens page after page in a frame, waits for its formulas, and writes down what it sees.
_LOOK = """<!DOCTYPE html><meta charset="utf-8"><pre id="seen"></pre><script>
const pages = %s, width = %d, seen = [];
async function look(path) {
  const frame = document.createElement("iframe");
  frame.style.width = width + "px"; frame.style.height = "900px";
  frame.src = path;
  await new Promise(done => { frame.onload = done; document.body.append(frame); });
  const inner = frame.contentWindow, page = frame.contentDocument;
  if (inner.MathJax && inner.MathJax.startup) await inner.MathJax.startup.promise;
  const scrolls = "div.math, .table-wrapper, .cell_output, pre, .imports, .highlight, .drawing svg";
  const beyond = [...page.querySelectorAll("article *")].filter(element =>
    element.getBoundingClientRect().right > width + 1 && !element.closest(scrolls));
  seen.push({
    path,
    set: page.querySelectorAll("mjx-container").length,
    unset: [...page.querySelectorAll(".math")]
      .filter(formula => !formula.querySelector("mjx-container")).length,
    wrong: page.querySelectorAll("[data-mjx-error], g[data-mml-node=merror]").length,
    width: page.documentElement.scrollWidth,
    headings: ["h1", "h2", "h3", "h4"].map(kind => page.querySelector("article " + kind))
      .filter(Boolean).map(heading => parseFloat(inner.getComputedStyle(heading).fontSize)),
    hidden: [...page.querySelectorAll(".table-wrapper:has(.measured, .ledger)")]
      .filter(frame => frame.scrollWidth > frame.clientWidth).length,
    blank: [...page.querySelectorAll("article td")]
      .filter(cell => !cell.textContent.trim() && !cell.querySelector("svg") && cell.offsetHeight)
      .filter(cell => inner.getComputedStyle(cell).boxShadow !== "none").length,
    uncopied: [...page.querySelectorAll(":is(.highlight-python, .highlight-sh, .cell_input) pre")]
      .filter(code => !code.parentElement.querySelector("button.copybtn")).length,
    beyond: beyond.slice(0, 3).map(element => element.textContent.slice(0, 60)),
  });
  frame.remove();
}
(async () => {
  for (const path of pages) await look(path);
  document.getElementById("seen").textContent = JSON.stringify(seen);
})();
</script>"""


def browser(folder, address, *options):
    """A page after its scripts have run, as text, and what the browser logs."""
    run = subprocess.run(
        [
            CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--window-size=1300,1000",
            "--allow-file-access-from-files", "--host-resolver-rules=MAP * ~NOTFOUND",
            f"--user-data-dir={folder / 'profile'}", "--enable-logging=stderr", "--dump-dom",
            *options, address,
        ],
        capture_output=True, text=True, timeout=400, check=True,
    )  # fmt: skip
    return run.stdout, re.findall(r"CONSOLE.*", run.stderr)


def seen(folder, width, pages):
    """What a browser sees of pages, in a window of so many pixels, and what it logs."""
    start = folder / "look.html"
    start.write_text(_LOOK % (json.dumps([path.as_uri() for path in pages]), width), "utf-8")
    shown, logged = browser(folder, start.as_uri(), "--virtual-time-budget=1000000")
    match = re.search(r'<pre id="seen">(.+?)</pre>', shown, re.S)
    assert match, "the browser did not come to the end"
    found = json.loads(entities.unescape(match[1]))
    assert len(found) == len(pages)
    return found, logged


@pytest.fixture(scope="module")
def looked(tmp_path_factory):
    pages = [path for path in html() if path.name != "genindex.html"]
    return seen(tmp_path_factory.mktemp("phone"), 390, pages)


@pytest.fixture(scope="module")
def phone(looked):
    return looked[0]


def test_every_formula_is_set_without_a_network(phone):
    assert sum(one["set"] for one in phone) > 500
    assert [one["path"] for one in phone if one["unset"] or one["wrong"]] == []


def test_no_script_fails(looked):
    assert looked[1] == []


def test_no_page_is_wider_than_a_phone(phone):
    assert [(one["path"], one["beyond"]) for one in phone if one["width"] > 390] == []
    assert [(one["path"], one["beyond"]) for one in phone if one["beyond"]] == []


def test_no_mark_stands_beside_an_empty_cell(phone):
    assert [one["path"] for one in phone if one["blank"]] == []


def test_headings_differ_in_size(phone):
    sizes = [one["headings"] for one in phone]
    assert all(low < high for one in sizes for high, low in pairwise(one))
    assert {len(one) for one in sizes} >= {1, 2, 3}


def test_code_can_be_copied(phone):
    assert [one["path"] for one in phone if one["uncopied"]] == []


def test_tables_show_every_column_on_a_desk(tmp_path):
    pages = [SITE / "benchmarks.html", SITE / "deviations.html"]
    assert [one["hidden"] for one in seen(tmp_path, 1280, pages)[0]] == [0, 0]


@pytest.mark.parametrize("words", ["crosstalk", "latex", "maximum", "thermal"])
def test_search_finds_the_pages_for_users_first(words, tmp_path):
    address = (SITE / "search.html").as_uri() + f"?q={words}"
    shown, _ = browser(tmp_path, address, "--virtual-time-budget=20000")
    results = re.search(r'<div id="search-results">(.*?)</ul>', shown, re.S)
    assert results
    links = re.findall(r'<li[^>]*><a href="([^"]*)"', results[1])
    internal = ["reference/modules/" in link for link in links]
    assert internal == sorted(internal)
    assert internal.count(False) >= 3
