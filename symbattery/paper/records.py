"""The ledger in a folder: every claim's record kept as it is finished, none computed twice."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tqdm import tqdm

from numerics.storage import files
from numerics.storage.cache import Record, ResultCache
from symbattery.paper.ledger.claim import Claim
from symbattery.paper.ledger.registry import claims
from symbattery.paper.ledger.text import record
from symbattery.paper.run import run

__all__ = ["FILE", "kept_ledger"]

FILE = "claims.json"


def kept_ledger(
    output: str | Path, chosen: Iterable[Claim] | None = None, processes: int | None = None
) -> tuple[list[Record], int]:
    """The records of claims, by default of all, from ``claims.json`` or computed now.

    A claim that could not be computed is tried again the next time.

    Parameters
    ----------
    output : path
        A folder; made if it is not there.
    chosen : iterable of Claim, optional
    processes : int, optional
        As many as there are cores.

    Returns
    -------
    records, computed
        In the order of the claims, and how many are new.

    Raises
    ------
    InvalidArgument
        The folder cannot be written.
    """
    wanted = claims() if chosen is None else tuple(chosen)
    kept = ResultCache(files.output_folder(output, (FILE,)) / FILE, "claims")
    missing = [claim for claim in wanted if "failure" in kept.records.get(claim.identifier, _NONE)]
    with tqdm(total=len(missing), disable=None, leave=False, unit="claim") as bar:
        for outcome in run(missing, processes) if missing else ():
            bar.set_description(outcome.claim.identifier)
            kept.keep(outcome.claim.identifier, record(outcome))
            bar.update()
    return kept.ordered([claim.identifier for claim in wanted]), len(missing)


_NONE: Record = {"failure": "not computed yet"}
