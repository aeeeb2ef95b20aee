"""Who is looking. Every store function that gives out cases takes a viewer, so that who may see what has one home: here."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Viewer:
    """A person looking at one authority's data. Unless told otherwise they see nobody's cases: only those of `teams`, or all of them."""

    name: str
    authority: str
    teams: frozenset[str] = frozenset()
    every_team: bool = False

    @classmethod
    def local(cls, name: str, authority: str) -> Viewer:
        """Whoever sits at this machine, until there is a sign-in: they see every team."""
        return cls(name, authority, every_team=True)

    def may_see(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The rows this viewer may see; rows that no team holds are seen only by those who see every team."""
        return rows if self.every_team else rows[rows["team_id"].isin(self.teams)]
