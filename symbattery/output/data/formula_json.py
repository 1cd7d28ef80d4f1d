"""A formula set as data: JSON that holds a solution, and is read without evaluating any code.

The schema is documented in ``docs/formula-json.md``.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from importlib.metadata import version
from typing import Any

from sympy import Basic, Expr, Symbol, srepr
from sympy.core.function import AppliedUndef
from sympy.logic.boolalg import Boolean

from numerics.model import checks
from numerics.model.checks import InvalidArgument
from numerics.model.models import CavityCharger, Model, SpinCharger
from numerics.model.states import Dicke, Fock, InitialState, Mixture, Product, Thermal
from symbattery.core.errors import UnsolvedError
from symbattery.core.expressions import exact
from symbattery.dynamics.closed_form import ClosedForm
from symbattery.maxima.result import Maximum
from symbattery.observables.function import quantities
from symbattery.output.data.srepr import parse

__all__ = ["FORMAT", "VERSION", "FormulaSet", "formula_set", "from_json", "to_json"]

FORMAT = "symbattery formulas"
VERSION = 1

_LONGEST = 20_000_000
_DEEPEST_STATE = 8
_LONGEST_WORD = 200
_KINDS = ("supremum", "first peak", "window")
_MODELS = {kind.__name__: kind for kind in (SpinCharger, CavityCharger)}
_STATES = {kind.__name__: kind for kind in (Dicke, Fock, Product, Thermal, Mixture)}


@dataclass(frozen=True)
class FormulaSet:
    """What a file says of a solution; ``solve(model, initial)`` derives it anew.

    Attributes
    ----------
    model, initial
        What was solved.
    assumptions : tuple of Boolean
        What the parameters must satisfy.
    definitions : mapping
        Named quantities, each in terms of those before it.
    quantities : mapping
        Energy, power, and amplitudes c0, c1, … of a pure start, in the named quantities.
    maximum, max_power : Maximum or None
        None where none is derived.
    verification : mapping or None
        ``digits_asked`` and ``routes``, as in :class:`symbattery.verification.Verification`.
    made_with : mapping
        Versions of symbattery and SymPy.
    """

    model: Model
    initial: InitialState
    assumptions: tuple[Boolean, ...]
    definitions: Mapping[Expr, Expr] = field(hash=False)
    quantities: Mapping[str, Expr] = field(hash=False)
    maximum: Maximum | None = None
    max_power: Maximum | None = None
    verification: Mapping[str, Any] | None = field(default=None, hash=False)
    made_with: Mapping[str, str] = field(default_factory=dict, hash=False)


def formula_set(solution: ClosedForm, verification: Any = None) -> FormulaSet:
    """The formulas of a solution, and what verified them.

    Parameters
    ----------
    solution : ClosedForm
    verification : Verification, optional
        What :meth:`ClosedForm.verify` gave.
    """
    record = None
    if verification is not None:
        routes = [dict(vars(route)) for route in verification.routes]
        record = {"digits_asked": verification.digits_asked, "routes": routes}
    return FormulaSet(
        model=solution.model,
        initial=solution.initial,
        assumptions=solution.assumptions,
        definitions=dict(solution.definitions),
        quantities=quantities(solution),
        maximum=_largest(solution, "maximum"),
        max_power=_largest(solution, "max_power"),
        verification=record,
        made_with={name: version(name) for name in ("symbattery", "sympy")},
    )


def _largest(solution: ClosedForm, name: str) -> Maximum | None:
    try:
        return getattr(solution, name)()
    except UnsolvedError:
        return None


# -- writing --------------------------------------------------------------------------------


def to_json(source: ClosedForm | FormulaSet, verification: Any = None) -> str:
    """JSON text of a solution or of a formula set that was read.

    Parameters
    ----------
    source : ClosedForm or FormulaSet
    verification : Verification, optional
        Of a solution.
    """
    made = source if isinstance(source, FormulaSet) else formula_set(source, verification)
    document = {
        "format": FORMAT,
        "version": VERSION,
        "made_with": dict(made.made_with),
        "model": _description(made.model),
        "initial": _description(made.initial),
        "assumptions": [srepr(held) for held in made.assumptions],
        "definitions": [
            {"name": srepr(name), "value": srepr(value)} for name, value in made.definitions.items()
        ],
        "quantities": {name: srepr(value) for name, value in made.quantities.items()},
        "maximum": _written_maximum(made.maximum),
        "max_power": _written_maximum(made.max_power),
        "verification": made.verification,
    }
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _description(value: Any) -> Any:
    if isinstance(value, Model | InitialState):
        written = {spot.name: _description(getattr(value, spot.name)) for spot in fields(value)}
        return {"kind": type(value).__name__, **written}
    if isinstance(value, tuple):
        return [_description(entry) for entry in value]
    return None if value is None else srepr(exact(value))


def _written_maximum(top: Maximum | None) -> dict[str, Any] | None:
    if top is None:
        return None
    return {
        "value": srepr(top.value),
        "time": None if top.time is None else srepr(top.time),
        "kind": top.kind,
        "condition": srepr(top.condition),
        "otherwise": _written_maximum(top.otherwise),
        "enclosure": None if top.enclosure is None else [srepr(b) for b in top.enclosure],
        "approximate": None if top.approximate is None else srepr(top.approximate),
    }


# -- reading --------------------------------------------------------------------------------


def from_json(text: str) -> FormulaSet:
    """Read what :func:`to_json` wrote; no part of the text is evaluated as code.

    Raises
    ------
    InvalidArgument
        The text is not such a document: not JSON, of another version, with keys missing or too
        many, values of other types, or expressions outside the grammar and its limits.
    """
    if not isinstance(text, str):
        raise _refused("text", "be a string", type(text).__name__)
    if len(text) > _LONGEST:
        raise _refused("text", f"have at most {_LONGEST} characters", f"{len(text)} of them")
    document = _object("document", _loaded(text), None)
    if document.get("format") != FORMAT:
        raise _refused("format", f"be {FORMAT!r}", document.get("format"))
    stated = document.get("version")
    if isinstance(stated, bool) or stated != VERSION or not isinstance(stated, int):
        raise _refused("version", f"be {VERSION}", stated)
    keys = (
        "format version made_with model initial assumptions definitions quantities maximum "
        "max_power verification"
    )
    document = _object("document", document, keys.split())
    return FormulaSet(
        made_with=_made_with(document["made_with"]),
        model=_read_model(document["model"]),
        initial=_read_state(document["initial"], 0),
        assumptions=tuple(_condition("assumptions", a) for a in _list("assumptions", document)),
        definitions=_read_definitions(_list("definitions", document)),
        quantities=_read_quantities(document["quantities"]),
        maximum=_read_maximum("maximum", document["maximum"], 0),
        max_power=_read_maximum("max_power", document["max_power"], 0),
        verification=_read_verification(document["verification"]),
    )


def _refused(name: str, must: str, found: Any) -> InvalidArgument:
    return InvalidArgument(f"`{name}` must {must}, but is {repr(found)[:100]}")


def _loaded(text: str) -> Any:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        seen = dict(pairs)
        if len(seen) < len(pairs):
            twice = next(k for i, (k, _) in enumerate(pairs) if k in dict(pairs[:i]))
            raise _refused("document", "have each key once", twice)
        return seen

    def finite(word: str) -> Any:
        raise _refused("document", "hold finite numbers only", word)

    try:
        return json.loads(text, object_pairs_hook=once, parse_constant=finite)
    except InvalidArgument:
        raise
    except RecursionError:
        raise InvalidArgument("`document` must not be nested so deeply") from None
    except ValueError as error:
        reason = str(error).split("\n")[0][:100]
        raise InvalidArgument(f"`document` must be whole JSON text: {reason}") from None


def _object(name: str, value: Any, keys: Collection[str] | None) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _refused(name, "be an object", value)
    if keys is not None:
        for key in keys:
            if key not in value:
                raise InvalidArgument(f"`{name}` must have the key {key!r}, but does not")
        for key in value:
            if key not in keys:
                raise _refused(name, f"have the keys {', '.join(keys)} only", key)
    return value


def _list(name: str, document: Mapping[str, Any]) -> list[Any]:
    value = document[name]
    if not isinstance(value, list):
        raise _refused(name, "be a list", value)
    return value


def _word(name: str, value: Any) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST_WORD or not value.isprintable():
        raise _refused(name, "be a short text", value)
    return value


def _basic(name: str, value: Any) -> Basic:
    if not isinstance(value, str):
        raise _refused(name, "be the srepr text of an expression", value)
    try:
        return parse(value)
    except InvalidArgument as error:
        raise InvalidArgument(f"`{name}`: {error}") from None


def _expression(name: str, value: Any) -> Expr:
    found = _basic(name, value)
    if not isinstance(found, Expr):
        raise _refused(name, "be an expression", found)
    return found


def _condition(name: str, value: Any) -> Boolean:
    found = _basic(name, value)
    if not isinstance(found, Boolean) or isinstance(found, Symbol):
        raise _refused(name, "be a condition", found)
    return found


def _made_with(value: Any) -> dict[str, str]:
    entry = _object("made_with", value, ("symbattery", "sympy"))
    return {name: _word(f"made_with.{name}", text) for name, text in entry.items()}


def _kind(name: str, value: Any, kinds: Mapping[str, Any]) -> Any:
    entry = _object(name, value, None)
    kind = entry.get("kind")
    if not isinstance(kind, str) or kind not in kinds:
        raise _refused(f"{name}.kind", f"be one of {', '.join(kinds)}", kind)
    _object(name, entry, ["kind", *(spot.name for spot in fields(kinds[kind]))])
    return kinds[kind]


def _read_model(value: Any) -> Model:
    kind = _kind("model", value, _MODELS)
    return kind(**{n: _expression(f"model.{n}", v) for n, v in value.items() if n != "kind"})


def _read_state(value: Any, depth: int) -> InitialState:
    if depth > _DEEPEST_STATE:
        raise InvalidArgument("`initial` must not be nested so deeply")
    kind = _kind("initial", value, _STATES)
    given = {name: entry for name, entry in value.items() if name != "kind"}
    if kind is Mixture:
        parts = _list("parts", given)
        if not all(isinstance(part, list) and len(part) == 2 for part in parts):
            raise _refused("parts", "be pairs of a weight and a state", parts)
        return Mixture(
            tuple((_expression("weight", w), _read_state(s, depth + 1)) for w, s in parts)
        )
    if kind is Product:
        return Product(**{n: tuple(map(_population, _list(n, given))) for n in given})
    if kind is Thermal:
        return Thermal(**{n: None if v is None else _expression(n, v) for n, v in given.items()})
    return kind(**{n: _expression(f"initial.{n}", v) for n, v in given.items()})


def _population(value: Any) -> Any:
    if isinstance(value, list):
        if len(value) != 2:
            raise _refused("population", "be one, or a pair with the number of spins", value)
        return _expression("population", value[0]), _expression("spins", value[1])
    return _expression("population", value)


def _read_definitions(entries: list[Any]) -> dict[Expr, Expr]:
    found: dict[Expr, Expr] = {}
    for entry in entries:
        pair = _object("definitions", entry, ("name", "value"))
        name = _expression("definitions.name", pair["name"])
        if not isinstance(name, Symbol | AppliedUndef) or name in found:
            raise _refused("definitions.name", "be a new symbol, or a function of indices", name)
        found[name] = _expression("definitions.value", pair["value"])
    return found


def _read_quantities(value: Any) -> dict[str, Expr]:
    entries = _object("quantities", value, None)
    for needed in ("energy", "power"):
        if needed not in entries:
            raise InvalidArgument(f"`quantities` must have the key {needed!r}, but does not")
    for name in entries:
        if name not in ("energy", "power") and not _is_amplitude(name):
            raise _refused("quantities", "be energy, power and amplitudes c0, c1, …", name)
    return {name: _expression(f"quantities.{name}", text) for name, text in entries.items()}


def _is_amplitude(name: str) -> bool:
    inner = name.removeprefix("c").removeprefix("(").removesuffix(")")
    return name.startswith("c") and len(name) < 20 and all(p.isdecimal() for p in inner.split(", "))


def _read_maximum(name: str, value: Any, depth: int) -> Maximum | None:
    if value is None:
        return None
    if depth > _DEEPEST_STATE:
        raise InvalidArgument(f"`{name}` must not be nested so deeply")
    keys = ("value", "time", "kind", "condition", "otherwise", "enclosure", "approximate")
    entry = _object(name, value, keys)
    bounds = entry["enclosure"]
    if bounds is not None:
        bounds = tuple(_expression(f"{name}.enclosure", b) for b in _list("enclosure", entry))
    optional = {
        key: None if entry[key] is None else _expression(f"{name}.{key}", entry[key])
        for key in ("time", "approximate")
    }
    return Maximum(
        value=_expression(f"{name}.value", entry["value"]),
        kind=checks.choice(f"{name}.kind", entry["kind"], _KINDS),
        condition=_condition(f"{name}.condition", entry["condition"]),
        otherwise=_read_maximum(name, entry["otherwise"], depth + 1),
        enclosure=bounds,
        **optional,
    )


def _read_verification(value: Any) -> dict[str, Any] | None:
    if value is None:
        return None
    entry = _object("verification", value, ("digits_asked", "routes"))
    _typed("verification.digits_asked", entry["digits_asked"], int)
    kinds = {"name": str, "points": int, "deviation": float, "digits": int, "exact": bool}
    for route in _list("routes", entry):
        for key, kind in kinds.items():
            _typed(f"routes.{key}", _object("routes", route, tuple(kinds))[key], kind)
    return entry


def _typed(name: str, value: Any, kind: type) -> None:
    right = isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
    if kind is not bool and kind is not str:
        right = right and value >= 0 and value == value and value < 10**9
    if kind is str:
        right = right and len(value) <= _LONGEST_WORD
    if not right:
        raise _refused(name, f"be a {kind.__name__}", value)
