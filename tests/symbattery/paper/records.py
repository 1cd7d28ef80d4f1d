"""Records of the ledgers, compared."""

import math


def close(kept, found):
    """Records with the same words and verdicts, and numbers to six digits."""
    if isinstance(kept, dict):
        return kept.keys() == found.keys() and all(close(kept[key], found[key]) for key in kept)
    if isinstance(kept, list):
        return len(kept) == len(found) and all(map(close, kept, found))
    if isinstance(kept, float):
        return math.isclose(kept, found, rel_tol=1e-6, abs_tol=1e-8)
    return kept == found
