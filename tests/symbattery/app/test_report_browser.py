"""The page of the report in a browser, without a network."""

import html
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from symbattery.app.report.contents import Contents
from symbattery.app.report.making import derived
from symbattery.app.report.rendering import page

ROOT = Path(__file__).parents[3]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium to look at the page with")

# Looks at the page in a frame of each width, and uses the filter of the ledger.
_LOOK = """<!doctype html><meta charset="utf-8"><pre id="seen"></pre><script>
async function look(width) {
  const frame = document.createElement("iframe");
  frame.style.width = width + "px";
  frame.src = "report.html";
  await new Promise((done) => { frame.onload = done; document.body.append(frame); });
  const inside = frame.contentDocument, form = inside.querySelector("form.filter");
  const beyond = [...inside.querySelectorAll("body *")].filter((element) =>
    element.getBoundingClientRect().right > width + 1 && !element.closest(".display"));
  const shown = () => inside.querySelectorAll("table.ledger tbody tr:not([hidden])").length;
  const change = (name, value) => {
    form.elements[name].value = value;
    form.dispatchEvent(new Event("input"));
    return shown();
  };
  const counts = { all: shown(), section: change("section", "V") };
  change("section", "");
  counts.words = change("words", "fig. 7(a) cut off");
  change("words", "");
  form.querySelector("input[value=holds]").click();
  counts.others = shown();
  const image = inside.querySelector("img"), inline = inside.querySelector("math");
  return {
    width, counts,
    beyond: beyond.map((element) => element.outerHTML.slice(0, 80)),
    picture: image.naturalWidth,
    formula: inline.getBoundingClientRect().height,
    scrolls: inside.documentElement.scrollWidth,
  };
}
(async () => {
  const seen = [];
  for (const width of [390, 1200]) seen.push(await look(width));
  document.getElementById("seen").textContent = JSON.stringify(seen);
})();
</script>"""


def test_the_page_fits_and_its_ledger_can_be_filtered(tmp_path):
    formulas, _ = derived(tmp_path, 10, processes=1)
    ledger = json.loads((ROOT / "docs" / "claims.json").read_text("utf-8"))
    contents = Contents(tmp_path, tmp_path, tuple(formulas), tuple(ledger))
    (tmp_path / "report.html").write_text(page(contents), "utf-8")
    (tmp_path / "look.html").write_text(_LOOK, "utf-8")
    run = subprocess.run(
        [
            CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--window-size=1300,1000",
            "--allow-file-access-from-files", "--host-resolver-rules=MAP * ~NOTFOUND",
            "--virtual-time-budget=60000", f"--user-data-dir={tmp_path / 'profile'}",
            "--dump-dom", (tmp_path / "look.html").as_uri(),
        ],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = re.search(r'<pre id="seen">(.*?)</pre>', run.stdout, re.S)
    seen = json.loads(html.unescape(found[1]))
    assert [one["width"] for one in seen] == [390, 1200]
    for one in seen:
        assert one["beyond"] == []
        assert one["scrolls"] <= one["width"]
        assert one["picture"] > 900
        assert one["formula"] > 8
        counts = one["counts"]
        assert counts["all"] == len(ledger)
        assert counts["section"] == sum(claim["section"] == "V" for claim in ledger)
        assert counts["words"] == 1
        assert counts["others"] == sum(claim["verdict"] != "holds" for claim in ledger)
