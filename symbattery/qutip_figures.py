"""Figures of merit in QuTiP's operators, and those of a result of its solvers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

from numerics.model.checks import invalid
from numerics.model.problem import Problem

__all__ = ["QutipSystem", "from_qutip_result", "functions", "operators"]


@dataclass(frozen=True)
class QutipSystem:
    """A system as the solvers of QuTiP take it; made by :func:`symbattery.to_qutip`.

    Attributes
    ----------
    H : Qobj
        The Hamiltonian of the laboratory frame; of a classical drive that of the rotating one.
    start : Qobj
        A ket where the start is pure, otherwise a density matrix.
    c_ops : list of Qobj
        The jumps of the noise, with the roots of their rates.
    e_ops : dict of Qobj
        The linear figures of merit by the names of :class:`numerics.Charging`: ``energy`` (gained
        since the start), ``instantaneous_power``, ``switching_work``, and the populations ``p0``,
        ``p1``, ….
    functions : dict of callables
        Those that are not linear, ``ergotropy``, ``entropy`` and ``purity`` of the battery, of a
        time and a state, as ``e_ops`` take them too.
    """

    H: Any
    start: Any
    c_ops: list[Any]
    e_ops: dict[str, Any]
    functions: dict[str, Callable[[float, Any], float]] = field(repr=False)
    _frequency: float = field(repr=False)


def operators(
    problem: Problem[float],
    hamiltonian: Any,
    jumps: list[Any],
    excited: Any,
    charged: Any,
    start: Any,
) -> dict[str, Any]:
    """The linear figures of merit, from the numbers of excitations of battery and charger."""
    qutip, p = import_module("qutip"), problem.parameters
    bare = p.frequency * excited
    gained = bare - complex(qutip.expect(bare, start)).real
    flow = 1j * (hamiltonian * bare - bare * hamiltonian)
    for jump in jumps:
        number = jump.dag() * jump
        flow = flow + jump.dag() * bare * jump - (number * bare + bare * number) / 2
    figures = {"energy": gained, "instantaneous_power": flow}
    if charged is not None:
        other = p.charger_frequency * charged
        figures["switching_work"] = gained + other - complex(qutip.expect(other, start)).real
    levels = np.rint(np.real(excited.diag())).astype(int)
    for k in range(int(levels.max()) + 1):
        figures[f"p{k}"] = qutip.qdiags((levels == k).astype(float), 0, dims=excited.dims)
    return figures


def functions(
    problem: Problem[float], number: Any, both: bool
) -> dict[str, Callable[[float, Any], float]]:
    """The figures of merit of the battery's eigenvalues, of a time and a state.

    ``number`` is that of excitations, on the battery alone; a state may be one of ``both`` sides.
    """
    qutip, frequency = import_module("qutip"), problem.parameters.frequency
    excited, factors = np.real(number.diag()), list(range(len(number.dims[0])))
    # On as many levels of all product states as there can be eigenvalues, from the lowest.
    counts = (problem.battery.degeneracy(k) for k in range(int(excited.max()) + 1))
    slots = [min(count, len(excited)) for count in counts]
    levels = np.repeat(np.arange(len(slots)), slots)[: len(excited)]

    def reduced(state: Any) -> npt.NDArray[Any]:
        whole = state.ptrace(factors) if both else state
        return np.asarray((qutip.ket2dm(whole) if whole.isket else whole).full())

    def eigenvalues(matrix: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
        return np.maximum(np.linalg.eigvalsh(matrix)[::-1], 0)

    def ergotropy(time: float, state: Any) -> float:
        matrix = reduced(state)
        passive = eigenvalues(matrix) @ levels
        return float(frequency * (np.real(np.diag(matrix)) @ excited - passive))

    def entropy(time: float, state: Any) -> float:
        p = eigenvalues(reduced(state))
        return float(-p[p > 0] @ np.log(p[p > 0]))

    def purity(time: float, state: Any) -> float:
        p = eigenvalues(reduced(state))
        return float(p @ p)

    return {"ergotropy": ergotropy, "entropy": entropy, "purity": purity}


def from_qutip_result(result: Any, system: QutipSystem) -> dict[str, npt.NDArray[np.float64]]:
    """The figures of merit in a result of ``sesolve`` or ``mesolve``.

    From its states where it has them, otherwise from the expectation values of ``e_ops``.

    Parameters
    ----------
    result : qutip.Result
    system : QutipSystem
        The system that it is of.

    Returns
    -------
    dict of arrays (T,)
        By the names of :class:`numerics.Charging`, whose units they have: ``energy``, ``power``,
        ``populations`` (T, M + 1), ``energy_variance``, …, as far as the result has what they are
        made of; and ``times``, counted from the start, which QuTiP takes to be at the first entry
        of its list.

    Raises
    ------
    InvalidArgument
        ``system`` is none of :func:`symbattery.to_qutip`, or the result has neither states nor
        expectation values by these names, or is one of another system.
    """
    if not isinstance(system, QutipSystem):
        raise invalid("system", "be what `to_qutip` has made", system)
    given: Mapping[Any, Any] = getattr(result, "e_data", {})
    values = {name: np.real(v) for name, v in given.items() if name in system.e_ops}
    values |= {name: np.real(v) for name, v in given.items() if name in system.functions}
    if states := list(getattr(result, "states", ())):
        if states[0].dims[0] != system.start.dims[0]:
            must = f"have states of this system, of the dimensions {system.start.dims[0]}"
            raise invalid("result", must, states[0].dims[0])
        for name, operator in system.e_ops.items():
            values[name] = np.real(import_module("qutip").expect(operator, states))
        for name, function in system.functions.items():
            values[name] = np.array([function(0.0, state) for state in states])
    if not values:
        raise invalid("result", "have states, or the `e_ops` of this system by name", result)
    times = np.asarray(result.times, dtype=float)
    figures = {"times": times - times[0]}
    names = [name for name in system.e_ops if name[1:].isdigit()]
    figures |= {name: np.asarray(v) for name, v in values.items() if name not in names}
    if values.keys() >= set(names):
        p = np.stack([values[name] for name in names], axis=1)
        k = np.arange(len(names))
        figures["populations"] = p
        mean = p @ k
        away = k - mean[:, None]
        figures["energy_variance"] = system._frequency**2 * np.sum(p * away**2, axis=1)
    if {"energy", "instantaneous_power"} <= values.keys():
        t = figures["times"]
        power = values["instantaneous_power"].copy()
        figures["power"] = np.divide(values["energy"], t, out=power, where=t != 0)
    return figures
