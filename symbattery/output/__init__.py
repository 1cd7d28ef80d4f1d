"""Solutions leaving the engine: as functions, LaTeX, source code and data."""
