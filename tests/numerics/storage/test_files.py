"""Every writer of the packages, and every kind of thing that can stand where it writes."""

import ast
import os
import re
import stat
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from numerics import InvalidArgument
from numerics.storage import files
from numerics.storage.chunks import progress
from numerics.sweeps import Table
from symbattery.app import cli
from symbattery.output import pictures
from symbattery.output.latex import document
from tests.systems.solutions import SOLUTIONS

ROOT = Path(__file__).parents[3]


def typeset(path):
    """A TeX engine in a shell script."""
    source = path.with_name("source.tex")
    engine = path.with_name("engine")
    engine.write_text(f'#!/bin/sh\nprintf "%%PDF" > "${{4#*=}}/{path.name}"\n', "utf-8")
    engine.chmod(0o755)
    source = path.with_suffix(".tex")
    source.touch()
    document.typeset(source, str(engine), runs=1)


# By suffix and name: what writes to a path, and what it writes begins with.
WRITERS = {
    "text": (".txt", "½", partial(files.write_file, content="½ of it\n")),
    "bytes": (".bin", "\0", partial(files.write_file, content=b"\0\1")),
    "table": (".json", "{", lambda path: Table((), (), ()).to_json(path)),
    "picture": (".png", "PNG", lambda path: pictures.save(Figure(), path.parent, path.stem)),
    "latex": (".tex", "\\doc", lambda path: document.write(path, SOLUTIONS["single"]())),
    "pdf": (".pdf", "%PDF", typeset),
    "export": (
        ".json", "{",
        lambda path: cli.main(["export", "single-cell", "--to", "json", "-o", str(path)]) and 1 / 0,
    ),
}  # fmt: skip
writers = pytest.mark.parametrize("name", WRITERS)


@pytest.fixture
def place(tmp_path, name):
    return tmp_path / f"target{WRITERS[name][0]}"


def written(path, name):
    return WRITERS[name][1].encode() in path.read_bytes()[:20]


def wrote(name, path):
    """The writer's work, with no unfinished file left of it."""
    WRITERS[name][2](path)
    assert not list(path.parent.glob(".*"))
    return written(path, name)


@writers
def test_a_new_file_has_the_permissions_of_any(name, place):
    assert wrote(name, place)
    other = place.with_name("other")
    other.touch()
    assert place.stat().st_mode == other.stat().st_mode


@writers
def test_a_file_is_replaced_whole_and_keeps_its_permissions(name, place):
    place.write_text("old")
    place.chmod(0o640)
    with place.open() as old:
        assert wrote(name, place)
        assert old.read() == "old"
    assert stat.S_IMODE(place.stat().st_mode) == 0o640


@writers
@pytest.mark.parametrize("there", [True, False])
def test_links_are_followed(name, there, place):
    target = place.with_name("behind the link")
    if there:
        target.write_text("old")
    place.symlink_to(target)
    assert wrote(name, place)
    assert place.is_symlink()
    assert written(target, name)


@writers
def test_all_names_of_a_file_stay_its_names(name, place):
    place.write_text("old")
    second = place.with_name("second")
    second.hardlink_to(place)
    assert wrote(name, place)
    assert second.samefile(place)


@writers
def test_what_is_read_only_is_not_touched(name, place):
    place.write_text("old")
    place.chmod(0o444)
    if name == "export":
        assert cli.main(["export", "single-cell", "--to", "c", "-o", str(place)]) == 2
    else:
        with pytest.raises(InvalidArgument, match=r"must be writable, but is .*read-only"):
            WRITERS[name][2](place)
    assert place.read_text() == "old"


@writers
def test_a_pipe_is_written_into(name, place):
    os.mkfifo(place)
    read = []
    reader = threading.Thread(target=lambda: read.append(place.read_bytes()))
    reader.start()
    WRITERS[name][2](place)
    reader.join()
    assert WRITERS[name][1].encode() in read[0][:20]
    assert place.is_fifo()


@writers
def test_a_device_is_written_into(name, place):
    """One that nobody needs: a terminal of our own."""
    ours, theirs = os.openpty()
    place.symlink_to(os.ttyname(theirs))
    read = []

    def reader():
        while not read or not read[-1].endswith(b"\0end"):
            read.append((read or [b""])[-1] + os.read(ours, 4096))

    thread = threading.Thread(target=reader)
    thread.start()
    WRITERS[name][2](place)
    os.write(theirs, b"\0end")
    thread.join()
    assert stat.S_ISCHR(place.stat().st_mode)
    assert WRITERS[name][1].encode() in read[-1][:40]
    os.close(ours)
    os.close(theirs)


@pytest.mark.parametrize(
    ("place", "reason"),
    [("", ""), ("folder", "directory"), ("no/where", "No such file"), ("file/x", "directory"),
     ("loop", "symbolic links"), ("a\0b", "null"), ("/dev/full", "No space left")],
)  # fmt: skip
def test_what_cannot_be_written_is_said_in_one_line(place, reason, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    Path("file").touch()
    Path("loop").symlink_to("loop")
    with pytest.raises(InvalidArgument, match=f"^`path` must be writable, but is .*{reason}"):
        files.write_file(place, "text")
    assert sorted(os.listdir()) == ["file", "folder", "loop"]


def test_the_path_of_a_folder_becomes_no_file(tmp_path):
    for write in (
        lambda path: files.write_file(path, "text"),
        lambda path: document.write(path, SOLUTIONS["single"]()),
    ):
        with pytest.raises(InvalidArgument, match="`path` must be the path of a file"):
            write(f"{tmp_path}/x/")
    assert cli.main(["export", "single-cell", "--to", "c", "-o", f"{tmp_path}/x/"]) == 2
    assert not os.listdir(tmp_path)


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="needs extended attributes")
def test_extended_attributes_stay(tmp_path):
    target = tmp_path / "a.txt"
    target.write_text("old")
    os.utime(target, (0, 0))
    try:
        os.setxattr(target, "user.origin", b"measured")
    except OSError:
        pytest.skip("this file system has none")
    files.write_file(target, "new")
    assert os.getxattr(target, "user.origin") == b"measured"
    assert target.stat().st_mtime > 1e9


def test_leftovers_are_tidied_up_and_their_writer_begins_again(tmp_path, monkeypatch):
    target, chmod = tmp_path / "a.csv", Path.chmod

    def interfering(path, mode):
        monkeypatch.setattr(Path, "chmod", chmod)
        (tmp_path / ".other.part").touch()
        files.output_folder(tmp_path, ["a.csv"])
        chmod(path, mode)

    monkeypatch.setattr(Path, "chmod", interfering)
    files.write_file(target, "whole")
    assert target.read_text() == "whole"
    assert sorted(os.listdir(tmp_path)) == [".other.part", "a.csv"]


SAVING = """
import sys
from pathlib import Path
from matplotlib.figure import Figure
from symbattery.output.pictures import save
for _ in range(8):
    save(Figure(), Path(sys.argv[1]), "a")
"""


def test_two_programs_may_write_the_same_files(tmp_path):
    command = [sys.executable, "-c", SAVING, str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    both = [subprocess.Popen(command, env=environment) for _ in range(2)]
    assert [one.wait() for one in both] == [0, 0]
    assert sorted(os.listdir(tmp_path)) == ["a.pdf", "a.png"]


def test_pipes_are_not_read(tmp_path):
    os.mkfifo(tmp_path / "plan-a.json")
    assert progress(tmp_path) == []
    os.mkfifo(tmp_path / "a.png")
    (tmp_path / "a.pdf").touch()
    assert not pictures.saved(tmp_path, "a")


WRITERS_OF_OTHERS = {
    "write_text", "write_bytes", "copyfile", "copy2", "rename", "mkstemp", "NamedTemporaryFile",
}  # fmt: skip


def _writes(call):
    """True for a call that can change a file."""
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    words = [ast.unparse(one) for one in (*call.args, *call.keywords)]
    if name == "savefig":
        return words[0] not in ("drawn", "drawing")
    if name == "open":
        return any(re.fullmatch("(mode=)?'[^/]*[wax+][^/]*'", word) for word in words)
    return name in WRITERS_OF_OTHERS or (name == "replace" and len(words) == 1)


@pytest.mark.parametrize("package", ["numerics", "symbattery"])
def test_there_is_no_other_writer(package):
    for path in (ROOT / package).rglob("*.py"):
        calls = [n for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.Call)]
        assert any(map(_writes, calls)) == (path.name == "files.py"), path


@pytest.mark.skipif(not Path("/dev/fd").is_dir(), reason="streams have no names here")
@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
def test_an_open_stream_goes_on_where_it_is(name, tmp_path):
    """What was written before into the same file stays."""
    code = "import sys; from numerics.storage.files import write_file; write_file(sys.argv[1], 'b')"
    log = tmp_path / "log"
    with log.open("w") as stream:
        for text in ("a", "c"):
            stream.write(text)
            stream.flush()
            subprocess.run([sys.executable, "-c", code, name], stdout=stream, check=True)
    assert log.read_text() == "abcb"


def test_names_may_be_as_long_as_the_system_allows(tmp_path):
    target = tmp_path / ("n" * 255)
    files.write_file(target, "text")
    assert target.read_text() == "text"
