"""Statements of other papers of the field, paper by paper."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from symbattery.paper.field.andolina_2019 import ANDOLINA_2019
from symbattery.paper.field.crescente_2020 import CRESCENTE_2020
from symbattery.paper.field.ferraro_2018 import FERRARO_2018
from symbattery.paper.field.jad_2026 import JAD_2026
from symbattery.paper.field.julia_farre_2020 import JULIA_FARRE_2020
from symbattery.paper.field.liu_2022 import LIU_2022
from symbattery.paper.field.liu_2025 import LIU_2025
from symbattery.paper.field.lu_2021 import LU_2021
from symbattery.paper.field.peng_2021 import PENG_2021
from symbattery.paper.field.quench_2022 import QUENCH_2022
from symbattery.paper.field.rinaldi_2024 import RINALDI_2024
from symbattery.paper.field.statement import Paper
from symbattery.paper.field.three_levels_2023 import THREE_LEVELS_2023
from symbattery.paper.field.watanabe_2026 import WATANABE_2026
from symbattery.paper.field.yang_2023 import YANG_2023
from symbattery.paper.field.yang_2024 import YANG_2024
from symbattery.paper.field.yang_2026 import YANG_2026
from symbattery.paper.field.yang_capacity_2023 import YANG_CAPACITY_2023

__all__ = ["PAPERS", "Paper"]

PAPERS: Mapping[str, Paper] = MappingProxyType(
    {
        paper.key: paper
        for paper in (
            # Central spins.
            YANG_2024, LIU_2025, PENG_2021, YANG_2026, LIU_2022,
            # Cavities.
            FERRARO_2018, ANDOLINA_2019, LU_2021, YANG_2023, RINALDI_2024, QUENCH_2022, JAD_2026,
            CRESCENTE_2020, THREE_LEVELS_2023,
            # Any battery.
            WATANABE_2026, JULIA_FARRE_2020, YANG_CAPACITY_2023,
        )
    }
)  # fmt: skip
"""By their numbers on arXiv."""
