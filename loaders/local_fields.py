"""The columns that many local extracts share, headed alike in all of them."""

from __future__ import annotations

from loaders.source import Field

CHILD = Field("child_id", ("child_id", "Child Unique ID", "Child ID"), "id", "row")
TEAM = Field("team_id", ("team", "Team name"), "id")
WORKER = Field("worker_id", ("worker_id", "worker"), "id")
HELD_BY = (TEAM, WORKER)
