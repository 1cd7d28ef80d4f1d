"""The pages in a browser, from the file system and without a network."""

import html as entities
import json
import re
import shutil
import subprocess

import pytest

from tests.site.test_links import SITE, html, needs_site

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
    beyond: beyond.slice(0, 3).map(element => element.textContent.slice(0, 60)),
  });
  frame.remove();
}
(async () => {
  for (const path of pages) await look(path);
  document.getElementById("seen").textContent = JSON.stringify(seen);
})();
</script>"""


def chromium(folder, url, *options, milliseconds, timeout):
    """A page as it stands in the end, and what the browser logs."""
    return subprocess.run(
        [
            CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", *options,
            f"--virtual-time-budget={milliseconds}", f"--user-data-dir={folder / 'profile'}",
            "--dump-dom", url,
        ],
        capture_output=True, text=True, timeout=timeout, check=True,
    )  # fmt: skip


def seen(folder, width):
    """What a browser sees of every page, in a window of so many pixels, and what it logs."""
    every = [path.as_uri() for path in html() if path.name not in ("genindex.html",)]
    start = folder / "look.html"
    start.write_text(_LOOK % (json.dumps(every), width), "utf-8")
    options = (
        "--window-size=1300,1000", "--allow-file-access-from-files", "--enable-logging=stderr",
        "--host-resolver-rules=MAP * ~NOTFOUND",
    )  # fmt: skip
    run = chromium(folder, start.as_uri(), *options, milliseconds=1_000_000, timeout=400)
    match = re.search(r'<pre id="seen">(.+?)</pre>', run.stdout, re.S)
    assert match, "the browser did not come to the end"
    found = json.loads(entities.unescape(match[1]))
    assert len(found) == len(every)
    return found, re.findall(r"CONSOLE.*", run.stderr)


@pytest.fixture(scope="module")
def looked(tmp_path_factory):
    return seen(tmp_path_factory.mktemp("phone"), 390)


def test_every_formula_is_set_without_a_network(looked):
    phone, logged = looked
    # No script fails.
    assert logged == []
    assert sum(one["set"] for one in phone) > 500
    assert [one["path"] for one in phone if one["unset"] or one["wrong"]] == []


def test_no_page_is_wider_than_a_phone(looked):
    phone, _ = looked
    assert [(one["path"], one["beyond"]) for one in phone if one["width"] > 390] == []
    assert [(one["path"], one["beyond"]) for one in phone if one["beyond"]] == []


def test_search_finds_pages_from_the_file_system(tmp_path):
    url = (SITE / "search.html").as_uri() + "?q=crosstalk"
    run = chromium(tmp_path, url, milliseconds=20_000, timeout=120)
    results = re.search(r'<div id="search-results">(.*?)</ul>', run.stdout, re.S)
    assert results
    assert "crosstalk" in results[1]
    assert results[1].count("<li") >= 3
