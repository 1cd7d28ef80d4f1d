"""Whatever a page of the site points to is there, and nothing is loaded from elsewhere."""

import re
from urllib.parse import unquote, urlsplit

from symbattery import single_cell, thermal_charger, two_cells
from symbattery.output.latex.results import displays
from tests.site.built import ROOT, SITE, html, needs_site, page

# Plain links for the reader to follow, which nothing needs.
ABROAD = {"www.sphinx-doc.org", "pradyunsg.me", "github.com", "doi.org", "arxiv.org"}

pytestmark = needs_site


def targets(path):
    """The files and anchors that a page leads to within the site."""
    found = page(path)
    for link in [*found.links, *found.loads]:
        parts = urlsplit(link)
        if not parts.scheme and not parts.netloc:
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            yield link, target, unquote(parts.fragment)


def test_links_within_the_site_lead_somewhere():
    broken = []
    for path in html():
        for link, target, anchor in targets(path):
            named = not anchor or target.suffix != ".html" or anchor in page(target).names
            if not target.exists() or not named:
                broken.append((path.name, link))
    assert broken == []


def test_nothing_is_loaded_from_elsewhere():
    """Neither by pages nor by styles."""
    for path in html():
        for load in page(path).loads:
            parts = urlsplit(load)
            assert parts.scheme in ("", "data"), (path.name, load)
            assert not parts.netloc, (path.name, load)
    for path in SITE.rglob("*.css"):
        text = path.read_text("utf-8")
        for url in re.findall(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]([^'\"]+)", text):
            target = url[0] or url[1]
            assert target.startswith(("data:", "#")) or "//" not in target, (path.name, target)


def test_links_abroad_are_few():
    found = {urlsplit(link).netloc for path in html() for link in page(path).links}
    assert found - {""} <= ABROAD


def test_every_page_is_reached_from_the_first():
    seen, waiting = set(), [SITE.resolve() / "index.html"]
    while waiting:
        path = waiting.pop()
        if path in seen or path.suffix != ".html":
            continue
        seen.add(path)
        waiting += [target for _, target, _ in targets(path) if target.exists()]
    assert {path.resolve() for path in html()} - seen == set()


def test_every_derivation_and_every_module_has_its_page():
    for script in (ROOT / "derivations").glob("*.py"):
        assert (SITE / "derivations" / f"{script.stem}.html").exists()
    for package in ("numerics", "symbattery"):
        for module in (ROOT / package).rglob("*.py"):
            parts = module.relative_to(ROOT).with_suffix("").parts
            if not parts[-1].startswith("__"):
                assert (SITE / "reference" / "modules" / f"{'.'.join(parts)}.html").exists()


def test_formulas_of_the_sectors_are_computed():
    text = (SITE / "reference" / "modules" / "symbattery.api.html").read_text("utf-8")
    for solution in (single_cell(), two_cells(), thermal_charger()):
        first = displays(solution, width=350.0)["energy"].splitlines()[1]
        assert first.split("\\\\")[0].replace("&", "&amp;").strip() in text
