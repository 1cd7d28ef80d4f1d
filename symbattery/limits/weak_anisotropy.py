r"""Weak anisotropy: the stored energy to order γ², for :math:`g\ll\omega_0`, all charger spins up.

Resonant counter-rotating terms :math:`W=gS_+J_+` turn with :math:`2\omega_0`. Averaged over that
(van Vleck), they change the hop from k to k + 1 by the factor :math:`1+(\gamma g/2\omega_0)^2
\rho_k`,

.. math:: \rho_k=-2MN+(M+N)(3k+1)-6k(k+1),

and stir the state within each period, so that

.. math:: E=E_0+\Big(\frac{\gamma g}{2\omega_0}\Big)^2\Big[\sum_k\rho_k\frac{\partial E_0}
   {\partial\ln h_k}-\omega_0(N-M)\langle K(K+1)\rangle_0\Big]
   +O\Big(\gamma^2\frac{g^3}{\omega_0^3}\Big)+O(\gamma^4).

The shift of the levels, :math:`\gamma^2g^2/\omega_0`, changes E only in order :math:`\gamma^4`.
``derivations/weak_anisotropy.py`` derives it.
"""

from __future__ import annotations

from typing import Any

from sympy import Dummy, Expr, S, Symbol, cos, sin, sqrt, symbols

from numerics.model import checks
from numerics.model.checks import invalid
from symbattery.core.expressions import exact
from symbattery.symbols import N, g, omega_0, t

__all__ = ["hop_change", "weak_anisotropy"]

_MOST_CELLS = 3
_HOPS = symbols("h_01 h_12 h_23", positive=True, cls=Dummy)


def hop_change(cells: Any, chargers: Any, level: Any) -> Expr:
    r"""The relative change :math:`\rho_k` of the hop from k, in :math:`(\gamma g/2\omega_0)^2`."""
    return exact(
        -2 * cells * chargers + (cells + chargers) * (3 * level + 1) - 6 * level * (level + 1)
    )


def _populations(hops: tuple[Symbol, ...]) -> list[Expr]:
    """The probabilities of 1, 2, … excited cells on a chain of up to three hops."""
    squares = [hop**2 for hop in hops]
    if len(hops) == 1:
        return [sin(hops[0] * t) ** 2]
    if len(hops) == 2:
        first, total = squares[0], sum(squares)
        turned = sqrt(total) * t
        both = squares[0] * squares[1] / total**2
        return [first / total * sin(turned) ** 2, both * (1 - cos(turned)) ** 2]
    a, b, c = squares
    split = sqrt((a + b + c) ** 2 - 4 * a * c)
    levels = [sqrt((a + b + c + sign * split) / 2) for sign in (1, -1)]
    rising = [sin(level * t) / level for level in levels]
    difference = cos(levels[0] * t) - cos(levels[1] * t)
    one = sum(
        sign * (level**2 - c) * s for sign, level, s in zip((1, -1), levels, rising, strict=True)
    )
    return [
        a * one**2 / split**2,
        a * b * difference**2 / split**2,
        a * b * c * (rising[0] - rising[1]) ** 2 / split**2,
    ]


def weak_anisotropy(cells: int, chargers: Any = N) -> Expr:
    r"""The coefficient of γ² in E(t), to leading order in :math:`g/\omega_0`.

    Closed for up to three cells, empty at the start, and any number of charger spins, all up, on
    resonance without crosstalk.

    Parameters
    ----------
    cells : int
        1, 2 or 3.
    chargers : positive int or Symbol
        A symbol stands for at least as many as cells.

    Returns
    -------
    Expr
        In t, g, ω₀ and N.

    Raises
    ------
    InvalidArgument
        ``cells`` or ``chargers`` is none of these.
    """
    size = checks.positive_integer("cells", cells)
    if size > _MOST_CELLS:
        raise invalid("cells", f"be at most {_MOST_CELLS} for a closed form", cells)
    count = exact(checks.positive_integer("chargers", chargers, symbolic=True))
    top = min(size, int(count)) if count.is_Integer else size
    hops = _HOPS[:top]
    populations = _populations(hops)
    energy = sum((k * p for k, p in enumerate(populations, 1)), S.Zero)
    stirred = sum((k * (k + 1) * p for k, p in enumerate(populations, 1)), S.Zero)
    moved = sum(
        (hop_change(size, count, k) * hop * energy.diff(hop) for k, hop in enumerate(hops)), S.Zero
    )
    values = {hop: g * (k + 1) * sqrt((size - k) * (count - k)) for k, hop in enumerate(hops)}
    change = (moved - (count - size) * stirred).subs(values)
    return g**2 / (4 * omega_0) * change
