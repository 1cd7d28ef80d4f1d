"""The report: its parts, the page, the document, and what an interrupted run leaves."""

import json
import re
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from matplotlib.image import imread

from numerics.storage import runs
from numerics.storage.chunks import STORE, progress
from numerics.storage.processes import Lost, WorkFailed
from symbattery import from_json
from symbattery.app import cli, paper_commands
from symbattery.app.catalogue import SECTORS
from symbattery.app.report import PARTS, Report, making, report
from symbattery.app.report.laws import RESULTS
from symbattery.app.report.making import sector_plot
from symbattery.app.report.rendering import Contents, certification, document, page
from symbattery.output.data import formula_json
from symbattery.output.data.formula_json import formula_set
from symbattery.output.latex import document as tex
from symbattery.output.pictures import pictures
from symbattery.paper import claims, evaluate, ledger
from symbattery.paper.figures import chosen
from symbattery.paper.figures.drawing import draw
from symbattery.paper.figures.plots import SINGLE
from symbattery.paper.ledger import record
from tests.symbattery.app.elements import Elements
from tests.symbattery.app.webdriver import browser, missing

ROOT = Path(__file__).parents[3]
ENTRIES = [entry for sector in SECTORS for entry in sector.entries]
PICTURES = {path.name for sector in SECTORS for path in pictures(Path(), sector.name)}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report") / "new" / "folder"
    lines = []
    result = report(folder, parts=["formulas"], processes=1, tell=lines.append)
    return folder, result, lines


@pytest.fixture(scope="module")
def whole(made, tmp_path_factory):
    """Every claim and every figure, these with pictures that are drawn in no time."""
    folder, result, _ = made
    ledger = json.loads((ROOT / "docs" / "claims.json").read_text("utf-8"))
    drawn = folder / "figures"
    drawn.mkdir()
    for figure in chosen(["all"]):
        pairs = zip(pictures(drawn, figure.name), pictures(folder, "two-cells"), strict=True)
        for place, copied in pairs:
            place.write_bytes(copied.read_bytes())
    return Contents(folder, drawn, result.formulas, tuple(ledger), **making._FIGURES)


def test_every_sector_is_verified_to_45_digits(made):
    _, result, _ = made
    assert [one["title"] for one in result.formulas] == [entry.title for entry in ENTRIES]
    assert result.complete
    for one in result.formulas:
        tested = one["verification"]
        assert tested["digits"] >= 45
        assert tested["routes"][2]["deviation"] < 1e-11
        assert tested["certified"]


def test_files_are_there_and_no_half_written_one(made):
    folder, result, _ = made
    expected = {"report.tex", "report.html", "formulas.json"}
    if tex.engine() is not None:
        expected.add("report.pdf")
        assert result.notices == ()
    assert {path.name for path in result.written} == expected
    assert {p.name for p in folder.iterdir() if p.is_file()} == expected | PICTURES


def test_figures_are_one_column_wide(made):
    for sector in SECTORS:
        height, width, _ = imread(made[0] / f"{sector.name}.png").shape
        assert width == pytest.approx(SINGLE * 300, abs=1)
        assert height < 1.5 * width


@pytest.mark.parametrize("sector", SECTORS, ids=lambda sector: sector.name)
def test_markers_of_the_numerics_lie_on_the_lines(sector):
    for axes in draw(sector_plot(sector)).axes:
        curves = [line for line in axes.lines if len(line.get_xdata())]
        lines, markers = curves[0::2], curves[1::2]
        assert len(lines) == len(markers) == len(sector.curves)
        for line, marker in zip(lines, markers, strict=True):
            on_line = dict(zip(line.get_xdata(), line.get_ydata(), strict=True))
            for x, y in zip(marker.get_xdata(), marker.get_ydata(), strict=True):
                assert on_line[x] == pytest.approx(y, abs=1e-12)


def test_json_gives_the_expressions_back(made):
    data = json.loads((made[0] / "formulas.json").read_text(encoding="utf-8"))
    assert list(data["formulas"]) == [entry.title for entry in ENTRIES]
    for formula, entry in zip(data["formulas"].values(), ENTRIES, strict=True):
        solution = entry.derive()
        text = json.dumps({k: formula[k] for k in formula if k not in ("title", "sector", "shown")})
        read = from_json(text)
        expected = formula_set(solution, comparisons=solution.comparisons())
        assert {**vars(read), "verification": None} == vars(expected)
        assert json.dumps(formula_json.document(read)) == text


def test_what_is_lines_says_where_the_paper_differs(made):
    _, lines = made[2]
    assert "Eq. (17) differs" in lines
    assert lines.count("agrees") == 3
    assert f"{len(ENTRIES)} formulas: {len(ENTRIES)} computed, 0 already there." in lines


def test_the_page_needs_nothing_but_itself(whole):
    text = page(whole)
    elements = Elements(text)
    assert elements.open == []
    for tag, attributes in elements.tags:
        assert tag not in ("link", "iframe", "object", "embed", "base")
        if tag == "script":
            assert "src" not in attributes
        assert attributes.get("src", "data:").startswith("data:")
        target = attributes.get("href", "")
        assert not target or target[1:] in elements.identifiers, target
    for forbidden in ("@import", "url(", "fetch(", "import("):
        assert forbidden not in text
    # The only address is the name of MathML.
    assert set(re.findall(r"https?://[^\"'<\s]*", text)) == {"http://www.w3.org/1998/Math/MathML"}


# What is seen of the page in a window of one width, and the rows that its filter leaves.
_SEEN = """
    const form = document.querySelector("form.filter"), width = arguments[0];
    const shown = () => document.querySelectorAll("table.ledger tbody tr:not([hidden])").length;
    const change = (name, value) => {
        form.elements[name].value = value;
        form.dispatchEvent(new Event("input"));
        return shown();
    };
    const counts = {all: shown(), section: change("section", "V")};
    change("section", "");
    counts.words = change("words", "fig. 7(a) cut off");
    change("words", "");
    form.querySelector("input[value=holds]").click();
    counts.others = shown();
    const beyond = [...document.querySelectorAll("body *")].filter(element =>
        element.getBoundingClientRect().right > width + 1 && !element.closest(".display, .wide"));
    return {
        counts, beyond: beyond.map(element => element.outerHTML.slice(0, 80)),
        picture: document.querySelector("img").naturalWidth,
        formula: document.querySelector("math").getBoundingClientRect().height,
        scrolls: document.documentElement.scrollWidth,
    };
"""


@pytest.mark.skipif(bool(missing()), reason=f"no {missing()}")
def test_the_page_fits_and_its_ledger_can_be_filtered(whole, tmp_path):
    ledger, path = whole.ledger, tmp_path / "report.html"
    path.write_text(page(whole), "utf-8")
    with browser() as session:
        for width in (390, 1200):
            session.screen(width, 1000)
            session.open(path.as_uri())
            seen = session.run(_SEEN, width)
            assert seen["beyond"] == []
            assert seen["scrolls"] <= width
            assert seen["picture"] > 900
            assert seen["formula"] > 8
            assert seen["counts"] == {
                "all": len(ledger),
                "section": sum(claim["section"] == "V" for claim in ledger),
                "words": 1,
                "others": sum(claim["verdict"] != "holds" for claim in ledger),
            }
        assert session.log() == []


def test_the_page_has_every_formula_claim_and_figure(whole):
    elements = Elements(page(whole))
    for claim in claims():
        assert f"claim-{claim.identifier}" in elements.identifiers
    for figure in chosen(["all"]):
        assert figure.name in elements.identifiers
        assert figure.caption
    assert sum(name.startswith("formula-") for name in elements.identifiers) == len(ENTRIES)
    images = [attributes for tag, attributes in elements.tags if tag == "img"]
    # One of them is on the first page, too.
    assert len(images) == len(SECTORS) + len(chosen(["all"])) + 1
    assert all(image["alt"] for image in images)
    # No LaTeX is left over: every formula has become MathML.
    words = "".join(elements.text)
    assert not re.search(r"\\[a-zA-Z]|\$|_\{|\^\{", words)
    # Nor is any SymPy.
    assert not re.search(r"\*\*|\b(?:sqrt|exp|Matrix|Piecewise|Abs|Rational|Sum)\(", words)


def test_the_page_tells_what_holds_and_what_gives_the_printed_value():
    (outcome,) = evaluate([one for one in claims() if one.identifier == "eq-6.limit"])
    text = page(Contents(Path(), Path(), ledger=(record(outcome),)))
    row = text[text.index('id="claim-eq-6.limit"') :].split("</tr>")[0]
    for shown in ("0.00", "under a stated reading", "1.5298", "full cells that emit"):
        assert shown in row


def test_the_document_has_every_formula_claim_and_figure(whole):
    text = document(whole)
    assert text.count(r"\shownpicture{") == len(SECTORS) + len(chosen(["all"]))
    assert text.count("Verified to") == len(ENTRIES)
    verdicts = re.findall(r" & \\textcolor\{(holds|reading|fails)\}", text)
    assert len(verdicts) == len(claims())
    assert text.isascii()
    assert not re.search(r"\*\*|(?<!\\)\b(?:sqrt|Matrix|Piecewise|Abs|Rational)\(", text)
    # Nothing of the day it was made on.
    assert r"\pdftrailerid{}\pdfinfoomitdate=1" in text


@pytest.mark.skipif(tex.engine() is None, reason="no TeX engine is installed")
def test_the_document_compiles_without_an_overfull_box(whole):
    source = whole.folder / "whole.tex"
    source.write_text(document(whole), "utf-8")
    made = tex.typeset(source, tex.engine(), runs=3)
    assert made.warnings == ()
    assert made.path.read_bytes().startswith(b"%PDF")


def test_the_first_page_has_the_results_a_picture_and_the_verdicts(whole):
    front = page(whole).split('<nav aria-label="Contents">')[0]
    assert front.count("<li>") == len(RESULTS) == 5
    assert front.count("<img") == 1
    held = ledger.counts(ledger.of_the_paper(whole.ledger))
    assert [f"<dd>{number}</dd>" in front for number in held.values() if number] == [True] * 3
    front = document(whole).split(r"\tableofcontents")[0]
    assert front.count(r"\item ") == 5
    assert "beyond-open-in-time" in front
    # Without figures and ledger there is a picture of what there is.
    few = Contents(whole.folder, whole.pictures, whole.formulas)
    assert "single-cell" in document(few).split(r"\tableofcontents")[0]
    assert page(Contents(Path(), Path())).count("<img") == 0


@pytest.mark.parametrize(
    ("engine", "notice"), [(None, "no TeX engine"), ("false", "failed on report.tex")]
)
def test_without_a_document_nothing_else_is_lost(engine, notice, made, monkeypatch):
    monkeypatch.setattr(tex, "engine", lambda: engine)
    result = report(made[0], parts=["formulas"])
    assert notice in result.notices[0]
    written = {path.name for path in result.written}
    assert {"report.html", "formulas.json"} <= written
    assert "report.pdf" not in written


@pytest.mark.parametrize(
    ("inside", "obstacle", "words"),
    [
        (8, "", r"certified: inside proven balls of radius $1.0\cdot 10^{-25}\,M\omega_0$ at most"),
        (6, "", "not certified: outside proven balls"),
        (0, "no chain & no grid", r"not certified: no chain \& no grid"),
    ],
)
def test_a_formula_says_what_is_proven(inside, obstacle, words):
    tested = {"points": 8, "inside": inside, "radius": 1e-25, "obstacle": obstacle}
    assert certification(tested).startswith(words)


def test_a_line_at_the_start_says_what_comes_and_how_long_it_takes(made, tmp_path):
    assert made[2][0] == "To come: formulas 25 s: about 25 s on 1 core."
    assert making._prospect(PARTS, tmp_path, 50, 2) == (
        "To come: formulas 10 s, ledger 15 s, figures 30 s, beyond 10 s, maps 50 s: about 2 min on "
        "2 cores."
    )
    some = making._prospect(["formulas", "maps"], made[0], 50, 1)
    assert some == "To come: maps 2 min: about 2 min on 1 core. Already there: formulas."
    known = claims("V")
    ledger.cached_records(tmp_path, known, processes=1)
    assert ledger.share_missing(tmp_path) == 1 - len(known) / len(claims())


def test_a_quick_report_has_no_maps(tmp_path, monkeypatch):
    seen = []
    monkeypatch.setattr(
        paper_commands, "make_report",
        lambda folder, digits, parts, tell: seen.append(parts) or Report((), (), (), ()),
    )  # fmt: skip
    for options in ([], ["--quick"], ["--parts", "maps"]):
        assert cli.main(["report", "--output", str(tmp_path), *options]) == 0
    assert seen == [PARTS, PARTS[:-1], ["maps"]]
    assert PARTS[-1] == "maps"
    with pytest.raises(SystemExit):
        cli.main(["report", "--output", str(tmp_path), "--quick", "--parts", "maps"])


def test_a_second_run_computes_nothing(made, monkeypatch):
    folder = made[0]
    before = (folder / "formulas.json").read_bytes()
    monkeypatch.setattr(runs, "_finished", lambda jobs, _: map(pytest.fail, jobs))
    lines = []
    assert report(folder, parts=["formulas"], tell=lines.append).formulas == made[1].formulas
    assert lines[0] == "Already there: formulas."
    assert "0 computed" in lines[1]
    assert (folder / "formulas.json").read_bytes() == before


def test_other_digits_are_verified_anew(made, tmp_path):
    shutil.copytree(made[0] / STORE, tmp_path / STORE)
    found, new = making.derived(tmp_path, 20, processes=1)
    assert new == len(ENTRIES)
    assert all(one["verification"]["digits_asked"] == 20 for one in found)


def test_an_interrupted_ledger_goes_on_where_it_stopped(tmp_path, monkeypatch):
    section = claims("V")
    computed = []

    def interrupted(some):
        for outcome in evaluate(some):
            if len(computed) == 2:
                raise KeyboardInterrupt
            computed.append(outcome.claim.identifier)
            yield outcome

    with monkeypatch.context() as patch:
        patch.setattr(ledger, "evaluate", interrupted)
        with pytest.raises(KeyboardInterrupt):
            ledger.cached_records(tmp_path, section, 1)
    assert [path.name for path in tmp_path.iterdir()] == [STORE]
    done = list(computed)

    def counted(some):
        for outcome in evaluate(some):
            computed.append(outcome.claim.identifier)
            yield outcome

    monkeypatch.setattr(ledger, "evaluate", counted)
    found, new = ledger.cached_records(tmp_path, section, 1)
    assert new == len(section) - 2
    assert len(computed) == len(set(computed)) == len(section)
    assert computed[:2] == done
    assert [one["identifier"] for one in found] == [claim.identifier for claim in section]
    kept = json.loads((tmp_path / ledger.FILE).read_text("utf-8"))["claims"]
    assert list(kept.values()) == found
    with ThreadPoolExecutor(1) as executor:
        assert ledger.cached_records(tmp_path, section, executor=executor) == (found, 0)


def test_a_claim_that_failed_is_tried_again(tmp_path, monkeypatch):
    section = claims("V")

    def failed(some):
        return (type(o)(o.claim, failure="no") for o in evaluate(some))

    with monkeypatch.context() as patch:
        patch.setattr(ledger, "evaluate", failed)
        found, new = ledger.cached_records(tmp_path, section, 1)
    assert new == len(section)
    assert [one["failure"] for one in found] == ["no"] * new

    def lost(what, programs, *_, **__):
        yield {}
        yield dict.fromkeys(programs, Lost("killed"))

    with monkeypatch.context() as patch:
        patch.setattr(runs, "run", lost)
        (one,), _ = ledger.cached_records(tmp_path, section[:1], 1)
    assert (one["failure"], one["verdict"]) == ("killed", "not computed")
    assert ledger.cached_records(tmp_path, section, 1)[1] == len(section)
    assert not any("failure" in one for one in ledger.cached_records(tmp_path, section, 1)[0])


# Of the first sector.
FEW = """
import sys
from symbattery.app import catalogue

catalogue.SECTORS = catalogue.SECTORS[:1]
from symbattery.app import cli

sys.exit(cli.main(["report", *sys.argv[1:]]))
"""


def test_a_killed_report_leaves_whole_files_and_goes_on(tmp_path):
    """`kill -9` in the middle: what is there can be read, and is not computed again."""
    command = [sys.executable, "-c", FEW, "--output", str(tmp_path)]
    command += ["--digits", "12", "--parts", "formulas"]
    entries = SECTORS[0].entries
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        deadline = time.monotonic() + 120
        while run.poll() is None and time.monotonic() < deadline:
            if list(tmp_path.glob("store/chunk-*.json")):
                break
            time.sleep(0.02)
        run.send_signal(signal.SIGKILL)
    (done,) = progress(tmp_path / STORE)
    assert done.what == "the formulas, verified to 12 digits"
    assert 0 < done.finished < done.total == len(entries)
    again = subprocess.run(command, capture_output=True, text=True, check=True)
    computed = int(re.search(r"(\d+) computed, (\d+) already there", again.stdout)[1])
    assert computed == len(entries) - done.finished
    assert progress(tmp_path / STORE)[0].finished == len(entries)
    assert again.stderr == ""


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (KeyboardInterrupt(), 130, "interrupted"),
        (WorkFailed("the process ended with code 9"), 2, "the process ended with code 9"),
        (OSError(28, "No space left on device", "/tmp/x"), 2, "/tmp/x: No space left on device"),
    ],
)
def test_the_command_says_in_one_line_why_it_stopped(
    error, code, said, tmp_path, monkeypatch, capsys
):
    def stopped(*_, **__):
        raise error

    monkeypatch.setattr(making, "run", stopped)
    assert cli.main(["report", "--output", str(tmp_path)]) == code
    again = "; finished results are there, and the same command goes on from there"
    assert capsys.readouterr().err == f"symbattery: {said}{again}\n"


def test_only_the_parts_asked_for(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(ledger, "claims", lambda: claims("V"))
    monkeypatch.setattr(tex, "engine", lambda: None)
    assert cli.main(["report", "--output", str(tmp_path), "--parts", "ledger"]) == 0
    out = capsys.readouterr().out
    assert "3 claims: 3 computed" in out
    assert "formulas" not in out
    text = (tmp_path / "report.html").read_text("utf-8")
    assert 'id="ledger"' in text
    assert 'id="formulas"' not in text
    written = {path.name for path in tmp_path.iterdir()}
    assert written == {"report.html", "report.tex", "claims.json", "store"}


@pytest.mark.parametrize("parts", [[], ["all"], "formulas", ["formulas", "figure"]])
def test_unknown_parts_are_refused(tmp_path, parts):
    with pytest.raises(ValueError, match=f"`parts` must be some of {', '.join(PARTS)}"):
        report(tmp_path / "new", parts=parts)
    assert not (tmp_path / "new").exists()


def test_unwritable_output_is_refused_before_any_work(tmp_path, monkeypatch):
    blocker = tmp_path / "file"
    blocker.write_text("")
    monkeypatch.setattr(making, "run", lambda *_, **__: pytest.fail("work started"))
    for place in (blocker, blocker / "below"):
        with pytest.raises(ValueError, match="`output` must be writable"):
            report(place)
    (tmp_path / "report.html").mkdir()
    with pytest.raises(ValueError, match=r"in which report\.html can be written"):
        report(tmp_path)
    (tmp_path / "report.html").rmdir()
    (tmp_path / "claims.json").touch(0o444)
    with pytest.raises(ValueError, match=r"in which claims\.json can be written"):
        report(tmp_path)
