"""Solutions leaving the engine: as functions, as LaTeX, as data."""
