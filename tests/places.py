"""Where modules are tested that have no test of their name: by file, or a whole folder by its.

The files stand below the tests of the package; modules that are given no own place are where
their folder is.
"""

PLACES = {
    # numerics: the matrix of systems × methods × quantities, or the test of a subject
    "numerics.certified.eigenvalues": "certified/test_battery_state.py",
    "numerics.certified.figures_of_merit": "certified/test_battery_state.py",
    "numerics.certified.exact": "certified/test_evolution.py",
    "numerics.certified.isolation": "certified/test_peaks.py",
    "numerics.certified.matrices": "certified/test_evolution.py",
    "numerics.certified.photons": "certified/test_energies.py",
    "numerics.certified.weighted_states": "certified/test_evolution.py",
    "numerics.dynamics": "test_matrix.py",
    "numerics.dynamics.eigenvectors": "dynamics/test_chain_evolution.py",
    "numerics.dynamics.checkpoints": "dynamics/test_chain_chebyshev.py",
    "numerics.dynamics.compiled_routines": "dynamics/test_chain_svd.py",
    "numerics.dynamics.grid_chebyshev": "sectors/test_operator.py",
    "numerics.dynamics.time_average": "observables/test_states_and_means.py",
    "numerics.maxima.brackets": "maxima/test_search.py",
    "numerics.model": "model/test_checks.py",
    "numerics.observables": "test_figures_of_merit.py",
    "numerics.sectors.chains": "dynamics/test_chain_evolution.py",
    "numerics.sectors.grids": "sectors/test_operator.py",
    "numerics.sectors.liouville": "test_open_batteries.py",
    "numerics.sectors.starts": "sectors/test_irreps.py",
    # symbattery: a subject in several rooms
    "symbattery.app": "test_cli.py",
    "symbattery.app.explorer": "test_page.py",
    "symbattery.app.report": "test_report.py",
    "symbattery.core.latex_dispatch": "test_printer.py",
    "symbattery.dynamics": "test_api.py",
    "symbattery.dynamics.frequencies": "test_rational_independence.py",
    "symbattery.dynamics.radicals": "test_several_frequencies.py",
    "symbattery.maxima": "maxima/test_energy.py",
    "symbattery.maxima.branch_suprema": "maxima/test_ergotropy.py",
    "symbattery.maxima.branches": "maxima/test_ergotropy.py",
    "symbattery.maxima.chain_supremum": "test_supremum.py",
    "symbattery.model": "test_backends.py",
    "symbattery.observables": "test_figures_of_merit.py",
    "symbattery.observables.constant_tables": "observables/test_constants.py",
    "symbattery.output.code": "test_languages.py",
    "symbattery.output.data": "test_formula_json.py",
    "symbattery.output.latex": "test_printer.py",
    "symbattery.output.mathml": "test_prose.py",
    "symbattery.output.pictures": "test_report.py",
    "symbattery.paper.figures": "test_tables.py",
    "symbattery.paper.judges": "test_sections.py",
    "symbattery.paper.sections": "test_sections.py",
    "symbattery.symbols": "test_api.py",
    "symbattery.sectors.polynomial_lattice": "test_short_times.py",
}
