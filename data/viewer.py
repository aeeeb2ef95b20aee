"""Who is looking. Every store function that gives out cases takes a viewer, so that who may see what has one home: here."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Viewer:
    """A person looking at one authority's data. `teams` empty: every team; otherwise only the work of these."""

    name: str
    authority: str
    teams: frozenset[str] = frozenset()

    def may_see(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The rows this viewer may see; rows that no team holds are seen only by those who see every team."""
        return rows if not self.teams else rows[rows["team_id"].isin(self.teams)]
