"""The main job: formulas, ledger and figures, as one PDF and one page."""

from symbattery.app.report.making import PARTS, Report, report

__all__ = ["PARTS", "Report", "report"]
