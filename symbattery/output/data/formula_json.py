"""A formula set as data: JSON that holds a solution, and is read without evaluating any code.

The schema is that of the annotations of :class:`FormulaSet`, which the writer and the reader
follow; it is documented in ``docs/formula-json.md``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, is_dataclass
from functools import partial
from importlib.metadata import version
from typing import Any, Literal, TypedDict, get_args, get_origin, get_type_hints

from sympy import Basic, Expr, Symbol
from sympy.core.function import AppliedUndef
from sympy.logic.boolalg import Boolean

from numerics.model import checks
from numerics.model.checks import InvalidArgument, invalid
from numerics.model.models import Model
from numerics.model.noise import STEPS, Channel, Noise, check_noise
from numerics.model.problem import Description, Part, check_initial
from numerics.model.states import InitialState
from symbattery.core.expressions import UnsolvedError, exact
from symbattery.dynamics.closed_form import ClosedForm, check_solution
from symbattery.maxima.energy import maximum
from symbattery.maxima.power import max_power
from symbattery.maxima.result import Maximum
from symbattery.model.exact_model import system
from symbattery.observables.quantities import Quantities, quantities
from symbattery.observables.table import USUAL
from symbattery.output.data.srepr import in_order, parse, written
from symbattery.printed_formulas import Comparison

__all__ = ["FORMAT", "VERSION", "FormulaSet", "document", "formula_set", "from_json", "to_json"]

FORMAT = "symbattery formulas"
VERSION = 3

_LONGEST = 20_000_000
_DEEPEST = 30
_LONGEST_WORD = 1000
_MOST_LISTED = 4
_OPTION = r"[a-z_]{1,20}=[-a-z0-9./]{1,40}"
_QUANTITY = re.compile(
    rf"[a-z][a-z_]{{2,40}}(\({_OPTION}(, {_OPTION}){{0,8}}\))?"
    r"|[a-z](\d{1,4}|\(\d{1,4}(, \d{1,4}){0,8}\))",
    re.ASCII,
)


class _Versions(TypedDict):
    symbattery: str
    sympy: str


# What the data classes of symbattery.verification_results hold.
class _Route(TypedDict):
    name: str
    points: int
    deviation: float
    digits: int
    exact: bool


class _Certification(TypedDict):
    points: int
    inside: int
    radius: float
    obstacle: str


class _Verification(TypedDict):
    digits_asked: int
    routes: tuple[_Route, ...]
    certification: _Certification
    digits: int
    certified: bool


class _Definition(TypedDict):
    name: Expr
    value: Expr


_NAMES = "be names of quantities"


@dataclass(frozen=True)
class FormulaSet:
    """The content of a document; ``solve(model, initial, noise=noise)`` derives it anew.

    Attributes
    ----------
    made_with : mapping
        Versions of symbattery and SymPy.
    model, initial, noise
        What was solved.
    assumptions : tuple of Boolean
        What the parameters must satisfy.
    definitions : mapping
        Named quantities, each in terms of those before it.
    quantities : mapping
        Quantities of the solution by name, in the named quantities of ``definitions``.
    maximum, max_power : Maximum or None
        None where none is derived.
    comparisons : tuple of Comparison or None
        What the paper prints, and whether it agrees; None where it was not asked for.
    verification : mapping or None
        Which routes agree to how many digits; None where it was not asked for.
    """

    made_with: _Versions = field(hash=False)
    model: Model
    initial: InitialState
    noise: tuple[Noise, ...]
    assumptions: tuple[Boolean, ...]
    definitions: Mapping[Expr, Expr] = field(hash=False)
    quantities: Mapping[str, Expr] = field(hash=False)
    maximum: Maximum | None
    max_power: Maximum | None
    comparisons: tuple[Comparison, ...] | None
    verification: _Verification | None = field(hash=False)

    def __repr__(self) -> str:
        listed = ", ".join([*self.quantities][:_MOST_LISTED])
        return f"FormulaSet of {system(self.model, self.initial)}: {listed}, …"


def formula_set(
    solution: ClosedForm,
    verification: Any = None,
    comparisons: Iterable[Comparison] | None = None,
    *,
    names: Iterable[str] | None = None,
) -> FormulaSet:
    """The formulas of a solution, and what :meth:`Solution.verify` and ``comparisons`` gave.

    ``names`` as for :func:`to_json`.
    """
    checked: Any = None
    available = quantities(solution)
    further = () if names is None else checks.entries("names", names, _NAMES)
    chosen = [*USUAL, *(_canonical(available, name) for name in further), *available.indexed]
    if comparisons is not None:
        must = "be comparisons of a solution"
        comparisons = tuple(checks.entries("comparisons", comparisons, must))
        for one in comparisons:
            if not isinstance(one, Comparison):
                raise invalid("comparisons", must, one)
    if verification is not None:
        if not hasattr(verification, "certification"):
            raise invalid("verification", "be that of a solution", verification)
        holds = {"certified": verification.certification.holds}
        checked = {**asdict(verification), "digits": verification.digits, **holds}
    return FormulaSet(
        made_with={"symbattery": version("symbattery"), "sympy": version("sympy")},
        model=solution.model,
        initial=solution.initial,
        noise=solution.noise,
        assumptions=solution.assumptions,
        definitions=dict(solution.definitions),
        quantities={name: available[name] for name in chosen},
        maximum=_derived(maximum, solution),
        max_power=_derived(max_power, solution),
        comparisons=comparisons,
        verification=checked,
    )


def _canonical(available: Quantities, name: str) -> str:
    """The name with the options that differ from their defaults."""
    request = available.request(name)
    return name if request is None else request.name


def _derived(largest: Callable[[ClosedForm], Maximum], solution: ClosedForm) -> Maximum | None:
    try:
        return largest(solution)
    except UnsolvedError:
        return None


# -- writing --------------------------------------------------------------------------------


def to_json(
    source: ClosedForm | FormulaSet,
    verification: Any = None,
    comparisons: Iterable[Comparison] | None = None,
    *,
    names: Iterable[str] | None = None,
) -> str:
    """JSON text of a solution or of a formula set that was read.

    Parameters
    ----------
    source : ClosedForm or FormulaSet
    verification, comparisons : optional
        Of a solution, as in :func:`formula_set`.
    names : iterable of str, optional
        Quantities that are written as well, as in ``"ergotropy(sense=local)"``, besides the energy,
        the power, the variance, all populations and amplitudes.

    Raises
    ------
    InvalidArgument
        ``source`` is neither, or ``verification`` or ``comparisons`` is not what it must be.
    """
    if not isinstance(source, FormulaSet):
        check_solution("source", source)
        source = formula_set(source, verification, comparisons, names=names)
    return json.dumps(document(source), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def document(made: FormulaSet) -> dict[str, Any]:
    """The content of :func:`to_json` as objects of JSON."""
    named = [_Definition(name=name, value=value) for name, value in made.definitions.items()]
    content = {**_written(made), "definitions": _written(named)}
    return {"format": FORMAT, "version": VERSION, **content}


def _written(value: Any) -> Any:
    if isinstance(value, Noise):
        named = {spot.name: getattr(value, spot.name) for spot in fields(value)}
        arguments = {
            name: own if isinstance(own, str | bool) else _description(own)
            for name, own in named.items()
        }
        return {"kind": type(value).__name__.lower(), **arguments}
    if isinstance(value, Description):
        arguments = {spot.name: _description(getattr(value, spot.name)) for spot in fields(value)}
        return {"kind": type(value).__name__, **arguments}
    if isinstance(value, Basic):
        return written(value)
    if is_dataclass(value):
        return {spot.name: _written(getattr(value, spot.name)) for spot in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _written(entry) for key, entry in value.items()}
    return [_written(entry) for entry in value] if isinstance(value, tuple | list) else value


def _description(value: Any) -> Any:
    """An argument of a model or a state, whose numbers are expressions."""
    if isinstance(value, tuple):
        return [_description(entry) for entry in value]
    return _written(value if isinstance(value, Basic | Description | None) else exact(value))


# -- reading --------------------------------------------------------------------------------


def from_json(text: str) -> FormulaSet:
    """The formula set that :func:`to_json` wrote; no part of the text is evaluated as code.

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
    given = _plain(dict, "text", _loaded(text))
    if given.get("format") != FORMAT:
        raise _refused("format", f"be {FORMAT!r}", given.get("format"))
    if type(given.get("version")) is not int or given["version"] != VERSION:
        raise _refused("version", f"be {VERSION}", given.get("version"))
    content = {key: value for key, value in given.items() if key not in ("format", "version")}
    made: FormulaSet = _read(FormulaSet, "text", content, 0)
    check_initial(made.model, made.initial)
    check_noise(made.model, made.noise)
    return made


def _refused(name: str, must: str, given: Any) -> InvalidArgument:
    return InvalidArgument(f"`{name}` must {must}, but is {repr(given)[:100]}")


def _loaded(text: str) -> Any:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) < len(pairs):
            raise ValueError("a key stands twice")
        return dict(pairs)

    try:
        return json.loads(text, object_pairs_hook=once)
    except RecursionError:
        raise InvalidArgument("`text` must not be nested so deeply") from None
    except ValueError as error:
        reason = str(error).split("\n")[0][:100]
        raise InvalidArgument(f"`text` must be whole JSON text: {reason}") from None


def _read(kind: Any, name: str, value: Any, depth: int) -> Any:
    """``value`` as an annotation says; of models and states one of the class that is named."""
    if depth > _DEEPEST:
        raise InvalidArgument(f"`{name}` must not be nested so deeply")
    if kind is Any:
        # An argument of a model or a state, which check their arguments themselves.
        kind = _ARGUMENTS.get(type(value), Expr | None)
    inner = get_args(kind)
    if kind in _LEAVES:
        return _LEAVES[kind](name, value)
    if type(None) in inner:
        return None if value is None else _read(inner[0], name, value, depth)
    if get_origin(kind) is Literal:
        return _one_of(inner, name, value)
    if get_origin(kind) is tuple:
        entries = _plain(list, name, value)
        return tuple(_read(inner[0], name, entry, depth + 1) for entry in entries)
    given = dict(_plain(dict, name, value))
    if kind in (Model, InitialState, Part):
        known = _classes(kind)
        kind = known[_one_of(known, f"{name}.kind", given.pop("kind", None))]
    if kind is Noise:
        stem = given.get("kind")
        if stem in STEPS:
            kind = Channel
        else:
            known = {name.lower(): each for name, each in _classes(Noise).items()}
            kind = known[_one_of((*STEPS, *known), f"{name}.kind", given.pop("kind", None))]
    hints = (
        _HINTS[kind] if kind in _HINTS else {s.name: _WORDS.get(s.name, Any) for s in fields(kind)}
    )
    for key in (*hints, *given):
        if key not in given:
            raise InvalidArgument(f"`{name}` must have the key {key!r}, but does not")
        if key not in hints:
            raise _refused(name, f"have the keys {', '.join(hints)} only", key)
    place = "" if kind is FormulaSet else f"{name}."
    made = {key: _read(hints[key], place + key, given[key], depth + 1) for key in hints}
    try:
        return kind(**made)
    except (TypeError, ValueError) as error:
        raise InvalidArgument(f"`{name}`: {str(error)[:200]}") from None


def _classes(base: Any) -> dict[str, type]:
    """The models or the states by name, those from outside the package among them."""
    known: dict[str, type] = {}
    one: Any
    for one in get_args(base):
        if hasattr(one, "__dataclass_params__") and fields(one):
            known[one.__name__] = one
        known |= _classes(one)
    for each in getattr(base, "__subclasses__", list)():
        known |= {each.__name__: each, **_classes(each)}
    return known


def _plain(kind: type, name: str, value: Any) -> Any:
    """A value of one kind of JSON, short if it is a text, and no large or negative number."""
    fits = type(value) is kind
    if fits and kind is str:
        fits = len(value) <= _LONGEST_WORD and value.isprintable()
    elif fits and kind in (int, float):
        fits = 0 <= value < 10**9
    if not fits:
        raise _refused(name, f"be {_CALLED[kind]}", value)
    return value


def _one_of(words: Collection[str], name: str, value: Any) -> str:
    if _plain(str, name, value) not in words:
        raise _refused(name, f"be one of {', '.join(words)}", value)
    return str(value)


def _parsed(kind: type[Basic], name: str, value: Any) -> Any:
    try:
        made = parse(value)
    except InvalidArgument as error:
        raise InvalidArgument(f"`{name}`: {error}") from None
    if not isinstance(made, kind) or (kind is Boolean and isinstance(made, Symbol)):
        raise _refused(name, f"be {_CALLED[kind]}", made)
    return made


def _definitions(name: str, value: Any) -> dict[Expr, Expr]:
    made: dict[Expr, Expr] = {}
    for pair in _plain(list, name, value):
        new, expression = _read(_Definition, name, pair, 0).values()
        if not isinstance(new, Symbol | AppliedUndef) or new in made:
            raise _refused(f"{name}.name", "be a new symbol, or a function of indices", new)
        made[new] = expression
    if not in_order(tuple(made.items())):
        raise InvalidArgument(f"`{name}` must define each name in terms of those before it")
    return made


def _quantities(name: str, value: Any) -> dict[str, Expr]:
    for needed in ("energy", "power"):
        if needed not in _plain(dict, name, value):
            raise InvalidArgument(f"`{name}` must have the key {needed!r}, but does not")
    for key in value:
        if not _QUANTITY.fullmatch(key):
            raise _refused(name, "be named by words, or by letters with indices: c0, c1, …", key)
    return {key: _parsed(Expr, f"{name}.{key}", text) for key, text in value.items()}


_CALLED: Mapping[type, str] = {
    dict: "an object",
    list: "a list",
    str: "a short text",
    int: "an integer of moderate size",
    float: "a decimal number of moderate size",
    bool: "true or false",
    Expr: "an expression",
    Boolean: "a condition",
}
_LEAVES: Mapping[Any, Callable[[str, Any], Any]] = {
    **{kind: partial(_plain, kind) for kind in (str, int, float, bool)},
    **{kind: partial(_parsed, kind) for kind in (Expr, Boolean)},
    Mapping[Expr, Expr]: _definitions,
    Mapping[str, Expr]: _quantities,
}
# The fields of noise that are no numbers.
_WORDS: Mapping[str, Any] = {"side": str, "collective": bool, "kind": str}
_ARGUMENTS: Mapping[type, Any] = {dict: Part, list: tuple[Any, ...]}
_RECORDS = (FormulaSet, _Versions, Comparison, _Definition, _Verification, _Certification, _Route)
_HINTS: Mapping[type, dict[str, Any]] = {kind: get_type_hints(kind) for kind in _RECORDS} | {
    Maximum: get_type_hints(Maximum) | {"kind": Literal["supremum", "first peak", "window"]}
}
