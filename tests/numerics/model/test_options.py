"""Options of observables: their values in one form, their texts, and what is refused."""

import math
from fractions import Fraction

import numpy as np
import pytest
from sympy import Rational, Symbol, oo

from numerics.model.checks import InvalidArgument
from numerics.model.options import (
    BETWEEN,
    CELLS,
    CONJUGATE,
    ORDER,
    PART,
    SENSE,
    checked,
    separated,
    written,
)

EVERY = (SENSE, CELLS, PART, ORDER, BETWEEN, CONJUGATE)


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("entropy", {}),
        ("entropy()", {}),
        ("entropy(order=2)", {"order": "2"}),
        (" ergotropy( sense = local , cells=2) ", {"sense": "local", "cells": "2"}),
    ],
)
def test_texts_are_separated(text, given):
    name, found = separated(text)
    assert (name, found) == (text.split("(")[0].strip(), given)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "()",
        "a(b",
        "a)b",
        "a(b)",
        "a(b=)",
        "a(=1)",
        "a(b=1,)",
        "a(b=1, b=1)",
        "a b",
        "a(x=1)y",
        3,
        None,
    ],
)
def test_what_is_no_text_is_refused(text):
    with pytest.raises(InvalidArgument, match="`name` must be a name, perhaps with options"):
        separated(text)


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ({"order": "inf"}, math.inf),
        ({"order": math.inf}, math.inf),
        ({"order": np.inf}, math.inf),
        ({"order": oo}, math.inf),
        ({"order": 2.0}, 2),
        ({"order": "1/2"}, Fraction(1, 2)),
        ({"order": 0.5}, Fraction(1, 2)),
        ({"order": np.float64(0.1)}, Fraction(1, 10)),
        ({"order": Rational(1, 3)}, Fraction(1, 3)),
        ({"order": None}, 1),
        ({"cells": "2"}, 2),
        ({"cells": np.int64(3)}, 3),
        ({"cells": "None"}, None),
        ({"sense": "full"}, "full"),
        ({"part": "coherent"}, "coherent"),
        ({"between": "cell-charger"}, "cell-charger"),
        ({"u": "-0.25"}, Fraction(-1, 4)),
    ],
)
def test_values_have_one_form_that_can_be_written_and_read(given, value):
    (option,) = given
    values = checked("row", EVERY, given, cells=3)
    assert values[option] == value
    assert type(values[option]) is type(value)
    assert checked("row", EVERY, separated(written("row", EVERY, values))[1], cells=3) == values


def test_only_what_differs_is_written():
    given = {"part": "coherent", "sense": "full", "cells": 2, "order": 1}
    assert written("row", EVERY, checked("row", EVERY, given)) == "row(cells=2, part=coherent)"
    assert written("row", EVERY, checked("row", EVERY, {})) == "row"


def test_the_variable_of_a_characteristic_function_may_be_a_symbol():
    u = Symbol("u", real=True)
    assert checked("row", EVERY, {"u": u})["u"] == u


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"sense": "best"}, "`sense` must be one of 'full', 'symmetric', 'local', 'daemonic'"),
        ({"sense": 2}, "`sense` must be one of"),
        ({"part": "full"}, "`part` must be one of 'coherent', 'incoherent'"),
        ({"between": "chargers"}, "`between` must be one of 'cells', 'cell-charger'"),
        ({"cells": 4}, "`cells` must be at most the number of cells, 3, but is 4"),
        ({"cells": 0}, "`cells` must be a positive integer, but is 0"),
        ({"cells": 1.0}, "`cells` must be a positive integer, but is 1.0"),
        ({"cells": "1/2"}, "`cells` must be a positive integer, but is '1/2'"),
        ({"cells": True}, "`cells` must be a positive integer"),
        ({"order": 0}, "`order` must be a positive number .* but is 0"),
        ({"order": -1}, "`order` must be a positive number"),
        ({"order": -math.inf}, "`order` must be a positive number"),
        ({"order": math.nan}, "`order` must be a positive number"),
        ({"order": "1e400"}, "`order` must be a positive number .* but is '1e400'"),
        ({"order": "1e-400"}, "`order` must be a positive number .* but is '1e-400'"),
        ({"order": "two"}, "`order` must be a positive number"),
        ({"order": Symbol("n")}, "`order` must be a positive number"),
        ({"order": np.array([math.inf])}, "`order` must be a positive number"),
        ({"order": 1j}, "`order` must be a positive number"),
        ({"u": "-1e400"}, "`u` must be a finite real number, but is '-1e400'"),
        ({"u": math.inf}, "`u` must be a finite real number"),
        ({"senses": "full"}, "`senses` must be an option of row, which has the options sense, "),
    ],
)
def test_bad_values_are_refused(given, message):
    with pytest.raises(InvalidArgument, match=message):
        checked("row", EVERY, given, cells=3)


def test_a_row_without_options_has_none():
    with pytest.raises(InvalidArgument, match="`cells` must be an option of energy, which has no"):
        checked("energy", (), {"cells": 1})
