"""A page to explore the closed forms in a browser: sliders, curves, maxima and formulas."""

from symbattery.app.explorer.page import NAME, write_explorer

__all__ = ["NAME", "write_explorer"]
