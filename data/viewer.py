"""Who is looking. Every store function that gives out cases takes a viewer, so that who may see what has one home: here."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


class NotAllowed(Exception):
    """Something a viewer may not do. The message says what, and who may."""


@dataclass(frozen=True)
class Viewer:
    """A person looking at one authority's data. Unless told otherwise they see nobody's cases: only those of `teams`, or all of them.

    `data_team`: they keep the data, and may annotate figures, rebase expected ranges, comment and set targets; unless told otherwise they
    may not.
    """

    name: str
    authority: str
    teams: frozenset[str] = frozenset()
    every_team: bool = False
    data_team: bool = False

    @classmethod
    def local(cls, name: str, authority: str) -> Viewer:
        """Whoever sits at this machine, until there is a sign-in: they see every team, and keep the data."""
        return cls(name, authority, every_team=True, data_team=True)

    @property
    def may_set_targets(self) -> bool:
        """Whether this viewer may set targets and take them back."""
        return self.data_team

    def must_be_allowed_to_set_targets(self) -> None:
        """Raises NotAllowed, in words, unless this viewer may set targets."""
        if not self.may_set_targets:
            raise NotAllowed(f"{self.name} may not set targets: ask someone of the data team to do it.")

    @property
    def may_load(self) -> bool:
        """Whether this viewer may load files and withdraw loads."""
        return self.data_team

    def must_be_allowed_to_load(self) -> None:
        """Raises NotAllowed, in words, unless this viewer may load files and withdraw loads."""
        if not self.may_load:
            raise NotAllowed(f"{self.name} may not load files or withdraw loads: ask someone of the data team to do it.")

    @property
    def may_annotate(self) -> bool:
        """Whether this viewer may write beside the figures: annotations, rebases and comments."""
        return self.data_team

    def must_be_allowed_to_annotate(self) -> None:
        """Raises NotAllowed, in words, unless this viewer may write beside the figures."""
        if not self.may_annotate:
            raise NotAllowed(f"{self.name} may not write beside the figures: ask someone of the data team to do it.")

    def may_hold_surgery(self, level: str, unit_id: str, teams: frozenset[str] = frozenset()) -> bool:
        """Whether this viewer may hold a surgery of a unit: the data team, and those who see the team, or all of a service's `teams`."""
        if self.data_team or self.every_team:
            return True
        return unit_id in self.teams if level == "team" else bool(teams) and teams <= self.teams

    def must_be_allowed_to_hold_surgery(self, level: str, unit_id: str, teams: frozenset[str] = frozenset()) -> None:
        """Raises NotAllowed, in words, unless this viewer may hold a surgery of the unit."""
        if not self.may_hold_surgery(level, unit_id, teams):
            unit = f"the {level} {unit_id}" if unit_id else "the whole authority"
            raise NotAllowed(f"{self.name} may not hold a surgery of {unit}: ask someone who sees its teams, or the data team.")

    def may_see(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The rows this viewer may see; rows that no team holds are seen only by those who see every team."""
        return rows if self.every_team else rows[rows["team_id"].isin(self.teams)]

    def may_see_unit(self, level: str, unit_id: str) -> bool:
        """Whether this viewer may read what was written about a unit: of a team, only those who see the team."""
        return level != "team" or self.every_team or unit_id in self.teams
