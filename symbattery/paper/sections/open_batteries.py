"""Beyond the paper: its conclusions, asked of batteries with loss and dephasing of every spin."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from scipy.optimize import newton

from numerics.charging import Charging, charge
from numerics.model.models import SpinCharger
from numerics.model.noise import Noise, dephasing, loss
from symbattery.paper.claim import Above, Claim, Compute, Context, Reading
from symbattery.paper.judges import direct

__all__ = ["OPEN"]

_Kind = Callable[[str, float], Noise]
_BOTH = ("cells", "chargers")
_SIZES = range(1, 11)
_MANY = 10
_CONCLUSION = "beyond, beside Sec. V"


def _noisy(
    c: Context, sizes: tuple[int, int], kind: _Kind, rate: float, sides: Iterable[str] = _BOTH
) -> Charging:
    """The charging of M cells by N charger spins, with noise at a rate in g, γ = 0."""
    noise = tuple(kind(side, rate) for side in sides) if rate else ()
    model = SpinCharger(*sizes, coupling=1)
    return c.once(("open", sizes, noise), lambda: charge(model, noise=noise))


def _peak(c: Context, sizes: tuple[int, int], *noise: object) -> float:
    """The first peak of E/(Mω0)."""

    def height() -> float:
        return float(_noisy(c, sizes, *noise).first_peak().value / sizes[0])  # type: ignore[arg-type]

    return c.once(("open peak", sizes, noise), height)


def _power(c: Context, sizes: tuple[int, int], kind: _Kind, rate: float) -> float:
    """The largest power in gω₀."""
    battery = _noisy(c, sizes, kind, rate)
    return c.once(("open power", sizes, kind, rate), lambda: float(battery.max_power().value))


def _rate(excess: Callable[[Context, float], float], near: float) -> Compute:
    """The rate in g at which an excess vanishes."""

    def rate_of(c: Context) -> float:
        return float(
            newton(lambda rate: excess(c, rate), near, x1=1.1 * near, tol=1e-12, rtol=1e-11)
        )

    return rate_of


def _falls_to(share: float, kind: _Kind, near: float, sides: tuple[str, ...] = _BOTH) -> Compute:
    """The rate at which the first peak of ten cells is a share of a full charge."""
    return _rate(lambda c, rate: _peak(c, (_MANY, _MANY), kind, rate, sides) - share, near)


def _share_left(kind: _Kind, rate: float) -> Compute:
    """The smallest step along M = N of the share of E_max that noise leaves."""
    return lambda c: direct.smallest_step(
        [_peak(c, (m, m), kind, rate) / _peak(c, (m, m), kind, 0) for m in _SIZES]
    )


def _eta(c: Context, cells: int, kind: _Kind, rate: float) -> float:
    """Eq. (10), with the same noise in both schemes."""
    single, most = (_power(c, (m, m), kind, rate) for m in (1, cells))
    return most / (cells * single)


def _gain(kind: _Kind) -> Compute:
    """The smallest excess of η with the rate g over that without noise, M = N = 2…10."""
    return lambda c: min(_eta(c, m, kind, 1) - _eta(c, m, kind, 0) for m in _SIZES[1:])


_LADDERS = {2: (2, 3, 4, 8), 5: (5, 8)}


def _steps_of_power(kind: _Kind) -> Compute:
    """The smallest step of P_max along N, in gω₀."""
    return lambda c: min(
        direct.smallest_step([_power(c, (m, n), kind, rate) for n in chargers])
        for m, chargers in _LADDERS.items()
        for rate in (0.1, 1, 10)
    )


def _twice(c: Context, cells: int, rate: float) -> float:
    """The energy that N = 2M stores beyond N = M, per cell, with loss of every spin."""
    more, less = (_peak(c, (cells, n), loss, rate) for n in (2 * cells, cells))
    return more - less


def _twice_from(cells: int, near: float) -> Compute:
    return _rate(lambda c, rate: _twice(c, cells, rate), near)


def _locked(c: Context, kind: _Kind, rate: float) -> float:
    """E − ergotropy in ω₀ at the first peak of M = N = 10."""
    battery = _noisy(c, (_MANY, _MANY), kind, rate)
    top = battery.first_peak()
    return float(top.value - battery.ergotropy(top.time))


OPEN = (
    Claim("beyond.open-full", _CONCLUSION,
        "with noise of every spin as many charger spins as cells still reach nine tenths of a full "
        "charge", Above("0.9"),
        Reading(r"first peak of $E/(M\omega_0)$, $M = N = 10$, loss at the rate $g/10$",
            lambda c: _peak(c, (_MANY, _MANY), loss, 0.1)),
        (Reading("dephasing at the rate $3g/4$",
            lambda c: _peak(c, (_MANY, _MANY), dephasing, 0.75)),),
        compared=(
            Reading("the rate in $g$ at which it is 0.9, loss of every spin",
                _falls_to(0.9, loss, 0.1)),
            Reading("loss of the cells only", _falls_to(0.9, loss, 0.3, ("cells",))),
            Reading("loss of the charger spins only", _falls_to(0.9, loss, 0.15, ("chargers",))),
            Reading("dephasing of every spin", _falls_to(0.9, dephasing, 0.75)))),
    Claim("beyond.open-sizes", _CONCLUSION,
        "noise takes the smaller a share of $E_{\\max}$ the larger a battery with $N = M$ is",
        Above(),
        Reading(r"smallest step of what is left, first peaks, $M = 1 \dots 10$, loss of every spin "
            "at $g/10$", _share_left(loss, 0.1)),
        (Reading("dephasing of every spin at $g/2$", _share_left(dephasing, 0.5)),)),
    Claim("beyond.open-power", _CONCLUSION,
        r"a larger $N$ gives a higher $P_{\max}$ at every rate of the noise", Above(),
        Reading(r"smallest step along $N = 2$, 3, 4, 8 for $M = 2$ and 5, 8 for $M = 5$, in "
            "$g\\omega_0$; loss of every spin at $g/10$, $g$, $10g$", _steps_of_power(loss)),
        (Reading("dephasing", _steps_of_power(dephasing)),)),
    Claim("beyond.open-energy", _CONCLUSION,
        r"with loss a larger $N$ gives a higher $E_{\max}$, not a lower one", Above(),
        Reading(r"smallest $E_{\max}(N = 2M) - E_{\max}(N = M)$ per cell in $\omega_0$, first "
            r"peaks, $M = 2 \dots 5$, loss of every spin at $g/10$",
            lambda c: min(_twice(c, m, 0.1) for m in range(2, 6))),
        compared=(
            Reading("the rate in $g$ from which it does, $M = 2$", _twice_from(2, 0.05)),
            Reading("$M = 5$", _twice_from(5, 0.08)))),
    Claim("beyond.open-advantage", "beyond, beside Eq. (10)",
        r"noise makes collective charging more of an advantage", Above(),
        Reading(r"smallest growth of $\eta$, $M = N = 2 \dots 10$, loss of every spin at $g$",
            _gain(loss)),
        (Reading("dephasing of every spin at $g$", _gain(dephasing)),),
        compared=(
            Reading("$\\eta$ at $M = 10$, loss at $g$", lambda c: _eta(c, _MANY, loss, 1)),
            Reading("without noise", lambda c: _eta(c, _MANY, loss, 0)))),
    Claim("beyond.open-locked", "beyond, beside Fig. 4(a)",
        "with noise more than one quantum can be locked", Above("1"),
        Reading(r"$(E - \mathcal E)/\omega_0$ at the first peak, $M = N = 10$, loss of every spin "
            "at $g/2$; by all unitaries on the battery", lambda c: _locked(c, loss, 0.5)),
        compared=(
            Reading("dephasing of every spin at $g/2$", lambda c: _locked(c, dephasing, 0.5)),
            Reading("the rate of the loss in $g$ at which it is one",
                _rate(lambda c, rate: _locked(c, loss, rate) - 1, 0.3)))),
)  # fmt: skip
