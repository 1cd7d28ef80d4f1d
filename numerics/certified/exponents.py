"""The exponent β of the collective advantage, with a proven radius."""

from __future__ import annotations

from typing import Any

from flint import arb

from numerics.certified.exact import working
from numerics.certified.large_batteries import largest_power
from numerics.certified.results import Enclosure, NotCertifiedError
from numerics.model import checks
from numerics.model.checks import invalid

__all__ = ["exponent"]

# Minutes; nothing larger has been tried.
_LARGEST = 10**5


def exponent(cells: Any, digits: Any = 10) -> Enclosure:
    r"""The local slope β(M) of :math:`\ln\eta` in :math:`\ln M` at N = M, γ = 0, all spins up.

    It is the slope between the two neighbours, with the largest power of all times,

    .. math:: \beta(M)=\frac{\ln[P_{\max}(M+1)/P_{\max}(M-1)]}{\ln[(M+1)/(M-1)]}-1,

    since :math:`\eta=P_{\max}/(MP_1)` with the power :math:`P_1` of one cell.

    Parameters
    ----------
    cells : int
        M, from 2 to 100 000.
    digits : positive int
        The radius is at most ``10**-digits``.

    Raises
    ------
    InvalidArgument
        ``cells`` or ``digits`` is none.
    NotCertifiedError
        So many digits could not be proven.

    Notes
    -----
    The state is one of polynomials (:mod:`numerics.certified.large_batteries`): the time grows
    with the digits, and hardly with M.
    """
    size = checks.positive_integer("cells", cells)
    if not 2 <= size <= _LARGEST:
        raise invalid("cells", f"be from 2 to {_LARGEST}", cells)
    digits = checks.digits(digits)
    # The difference of two logarithms is divided by about 2/M.
    more = digits + len(str(2 * size))
    less, greater = (largest_power(n, more) for n in (size - 1, size + 1))
    with working(4 * more + 64):
        low, high = less.value, greater.value
        steps = (arb(size + 1) / (size - 1)).log()
        slope = (high.ball / low.ball).log() / steps - 1
        left_out = sum((arb(p.remainder) / p.ball for p in (low, high)), arb(0)) / steps
        if not slope.rad() < arb(10) ** -digits:
            raise NotCertifiedError(f"`digits` = {digits} could not be reached")
        return Enclosure.of(slope, left_out)
