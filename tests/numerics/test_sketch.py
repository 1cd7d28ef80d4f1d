"""Small drawings and tables of notebooks."""

from xml.etree import ElementTree

import numpy as np

from numerics.sketch import page, sketch, table


def test_a_curve_is_within_its_frame():
    x = np.linspace(0, 2, 9)
    for y in (np.sin(x), -x, 0 * x, x - 1):
        svg = ElementTree.fromstring(sketch(x, y, "a < b", "E"))
        frame = svg.find("rect")
        left, top = float(frame.get("x")), float(frame.get("y"))
        right, bottom = left + float(frame.get("width")), top + float(frame.get("height"))
        points = [p.split(",") for p in svg.find("polyline").get("points").split()]
        assert len(points) == len(x)
        for a, b in points:
            assert left - 0.1 <= float(a) <= right + 0.1
            assert top - 0.1 <= float(b) <= bottom + 0.1
        assert [t.text for t in svg.iter("text")][2] == "a < b"
    assert page(["", "x"]).count("<div") == 2


def test_tables_escape_their_texts():
    root = ElementTree.fromstring(table(["a<b"], [["1&2"], ["3"]]))
    assert [cell.text for cell in root.iter("td")] == ["1&2", "3"]
    assert root.find("thead/tr/th").text == "a<b"
