"""The best number of excited charger spins, against the closed forms and by hand."""

import pytest

import numerics
from numerics import CavityCharger, InvalidArgument, SpinCharger, best_excited, dicke
from symbattery import two_cells
from symbattery.symbols import N, g, m, omega_0


@pytest.mark.parametrize("chargers", [2, 3, 6, 7])
def test_two_cells_as_derived(chargers):
    derived = two_cells(excited_chargers=m).best_excited()
    found = best_excited(SpinCharger(2, chargers))
    put = {N: chargers, g: 1, omega_0: 1}
    assert found.excited == derived.excited.subs(put)
    assert found.peak.value == pytest.approx(float(derived.value.subs(put)), rel=1e-12)


@pytest.mark.parametrize(
    ("figure", "quantity", "options"),
    [
        ("first_peak", "energy", {}),
        ("max_power", "energy", {}),
        ("max_power", "ergotropy", {"sense": "local"}),
        ("first_peak", "ergotropy", {}),
        ("maximum", "capacity", {"until": 1.2}),
    ],
)
def test_no_other_start_is_better(figure, quantity, options):
    model = SpinCharger(4, 5, anisotropy=0.1 if figure == "max_power" else 0)
    found = best_excited(model, figure, quantity, **options)
    peaks = [
        getattr(numerics.charge(model, dicke(0, up)), figure)(quantity, **options).value
        for up in range(1, 6)
    ]
    assert found.peak.value == max(peaks)
    assert found.excited == 1 + peaks.index(max(peaks))


def test_half_up_beats_all_up():
    """(M + N)/2 charger spins up can beat all N."""
    found = best_excited(SpinCharger(3, 21), "first_peak")
    assert found.excited == 12
    assert found.peak.value > numerics.charge(SpinCharger(3, 21)).first_peak().value


def test_of_equal_ones_the_least():
    assert best_excited(SpinCharger(1, 4)).excited == 1


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda: best_excited(CavityCharger(2)), "`model` must have a charger of equal spins"),
        (lambda: best_excited("x"), "`model` must be"),
        (lambda: best_excited(SpinCharger(2, N)), "`chargers` must be a number"),
        (lambda: best_excited(SpinCharger(2, 2), "peak"), "`figure` must be one of"),
        (lambda: best_excited(SpinCharger(2, 2), "first_peak", "entropy"), "`quantity` must be"),
        (lambda: best_excited(SpinCharger(2, 2), "maximum"), "`until` must be given"),
        (lambda: best_excited(SpinCharger(2, 2), until=1), "`until` must be given"),
        (lambda: best_excited(SpinCharger(2, 2), "maximum", until=-1), "`until` must be a posit"),
        (lambda: best_excited(SpinCharger(2, 2), sense="local"), "`sense` must be an option of"),
    ],
)
def test_bad_input(act, message):
    with pytest.raises(InvalidArgument, match=message):
        act()


def test_what_never_moves_has_no_best_start():
    with pytest.raises(numerics.NoPeakError, match="no number of excited"):
        best_excited(SpinCharger(2, 2, coupling=0))
