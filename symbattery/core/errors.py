"""Errors of the symbolic engine where a closed form cannot be given."""

__all__ = ["MixedStateError", "UnsolvedError"]


class UnsolvedError(ValueError):
    """No closed form is derived for this request; the message says for which there is one."""


class MixedStateError(ValueError):
    """Amplitudes were asked of a mixed initial state, which has none."""
