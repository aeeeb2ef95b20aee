"""How far each recommendation has come, as the improvement plan's own records have it on a day."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from data.plan import STAGES
from layouts.view import View

STAGE_WORDS: Mapping[str, str] = MappingProxyType({"understood": "Understood", "embedded": "Embedded", "impact_seen": "Impact seen"})


def stages(view: View, day: pd.Timestamp) -> dict[str, str]:
    """Recommendation -> the furthest stage it had reached by the day, in words; one of which none is recorded is not in it."""
    held = view.store.plan.stages(view.viewer)
    reached = held[held["on"] <= day]
    at = reached["stage"].map({stage: n for n, stage in enumerate(STAGES)})
    furthest = at.groupby(reached["recommendation_id"]).max()
    return {str(number): STAGE_WORDS[STAGES[int(n)]] for number, n in furthest.items()}
