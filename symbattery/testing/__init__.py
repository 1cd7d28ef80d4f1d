"""Assertions for tests of numerical codes: a simulation against exact values."""

from symbattery.testing.comparison import assert_matches
from symbattery.testing.hypotheses import HYPOTHESES
from symbattery.testing.simulation import Candidate, Hypothesis, Simulation, System

__all__ = ["HYPOTHESES", "Candidate", "Hypothesis", "Simulation", "System", "assert_matches"]
