"""What a viewer may read and write of surgeries: what was agreed and said, cut to the teams they see, and the checks before a change."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection

from data import snapshot
from data.store import held as tables_held
from data.store import surgery_steps as told
from data.store.surgery_steps import CLOSED, COMMITMENT, SURGERY, TAKEN_BACK, Record
from data.surgery import NAMING, Commitment, Surgery, fit_commitment
from data.tables import BY_NAME
from data.viewer import NotAllowed, Viewer

HELD = (
    "id", "level", "unit_id", "held_on", "focus", "present", "state", "revision", "opened_by", "opened_at", "closed_by", "closed_at",
    "steps", "changed_by", "changed_at",
)  # fmt: skip
COMMITMENTS = (
    "id", "surgery_id", "level", "unit_id", "held_on", "kind", "about_kind", "about_id", "duty", "level_wanted", "what", "who", "by_on",
    "note", "state", "answer", "answer_note", "revision", "made_by", "made_at", "changed_by", "changed_at", "team_id",
)  # fmt: skip
WRITTEN = ("state", "revision", "made_by", "made_at", "changed_by", "changed_at")
UNIT = ["id", "level", "unit_id", "held_on"]


def surgeries(connection: Connection, viewer: Viewer) -> pd.DataFrame:
    """The surgeries this viewer may know of, the newest first: the columns of HELD."""
    found = told.standing(connection, SURGERY, viewer.authority)
    over = found["did"] == CLOSED
    found = found.rename(columns={"made_by": "opened_by", "made_at": "opened_at"}).assign(
        state=pd.Series("open", index=found.index, dtype="str").mask(over, "closed"), closed_by=found["changed_by"].where(over),
        closed_at=found["changed_at"].where(over), steps=found["id"].map(told.counted(connection, viewer.authority)).astype("int64"),
    )  # fmt: skip
    seen = [viewer.may_see_unit(*of) for of in zip(found["level"], found["unit_id"], strict=True)]
    number = found["id"].astype("int64")
    ordered = found.assign(number=number)[pd.Series(seen, index=found.index, dtype="bool")]
    return ordered.sort_values(["held_on", "number"], ascending=False, ignore_index=True)[list(HELD)]


def beside(connection: Connection, viewer: Viewer, record: Record, surgery_id: str | None) -> pd.DataFrame:
    """The records of a kind that this viewer may see, with the unit and day of their surgery: those of their teams, and about nobody."""
    found = told.standing(connection, record, viewer.authority, surgery_id)
    known = surgeries(connection, viewer)[UNIT].rename(columns={"id": "surgery_id"})
    found = found.merge(known, on="surgery_id")
    state = found["did"].where(found["did"] == TAKEN_BACK, "agreed" if record is COMMITMENT else "given")
    found = found.assign(state=state)
    return found[rows_seen(viewer, found)].reset_index(drop=True)


def commitments(connection: Connection, viewer: Viewer, surgery_id: str | None = None) -> pd.DataFrame:
    """What was agreed, taken back or not, as far as this viewer may see it: the columns of COMMITMENTS."""
    return beside(connection, viewer, COMMITMENT, surgery_id)[list(COMMITMENTS)]


def rows_seen(viewer: Viewer, rows: pd.DataFrame) -> pd.Series:
    """Which rows are about nobody in particular, of a team's own surgery, or of a team this viewer sees."""
    return snapshot.rows_seen(viewer, rows) | (rows["level"] == "team")


def surgery(connection: Connection, viewer: Viewer, ident: str) -> pd.Series:
    """One surgery this viewer may know of: a row of `surgeries`. Raises LookupError where there is none."""
    found = surgeries(connection, viewer)
    found = found[found["id"] == str(told.number_of(ident, "surgery"))]
    if found.empty:
        raise LookupError(f"There is no surgery {ident}.")
    row: pd.Series = found.iloc[0]
    return row


def still_open(connection: Connection, viewer: Viewer, ident: str) -> pd.Series:
    """One surgery this viewer may write in, that is open. Raises NotAllowed or LookupError, saying who closed it and what to do."""
    row = surgery(connection, viewer, ident)
    must_hold(connection, viewer, row["level"], row["unit_id"])
    if row["state"] == "closed":
        when = f"{row['closed_at']:%d/%m/%Y %H:%M}"
        raise LookupError(f"This surgery was closed by {row['closed_by']} on {when}, and stays as it was then: say it in the next one.")
    return row


def agreed(connection: Connection, viewer: Viewer, ident: str, revision: int) -> pd.Series:
    """One commitment that stands, at the revision seen, of a unit this viewer may hold a surgery of.

    Raises NotAllowed, LookupError or Conflict.
    """
    found = commitments(connection, viewer)
    found = found[found["id"] == str(told.number_of(ident, "commitment"))]
    if found.empty:
        raise LookupError(f"There is no commitment {ident}.")
    row: pd.Series = found.iloc[0]
    must_hold(connection, viewer, row["level"], row["unit_id"])
    told.at_revision(COMMITMENT, row, revision)
    if row["state"] == TAKEN_BACK:
        raise LookupError(f"This commitment is taken back already, by {row['changed_by']} on {row['changed_at']:%d/%m/%Y %H:%M}.")
    return row


def fit_in(connection: Connection, viewer: Viewer, said: Commitment) -> dict[str, object]:
    """What a commitment says, as it is kept in its surgery, which is open. Raises NotAllowed, Unfit or LookupError."""
    row = still_open(connection, viewer, said.surgery_id)
    fit = fit_commitment(said, row["held_on"])
    values = {**vars(fit), "surgery_id": row["id"], "answer": "", "answer_note": "", "team_id": team_of(row, fit.team_id)}
    must_see(viewer, row, values)
    return values


def must_see(viewer: Viewer, row: pd.Series, values: dict[str, object]) -> None:
    """Raises NotAllowed unless this viewer sees whom something is about: a row of a surgery, and what is to be written in it."""
    named = values.get("about_kind", "child") in NAMING
    if named and row["level"] != "team" and not viewer.every_team and values["team_id"] not in viewer.teams:
        whose = f"the team {values['team_id']}" if values["team_id"] else "work that no team is said to hold"
        raise NotAllowed(f"{viewer.name} does not see {whose}, so may not write about it.")


def must_hold(connection: Connection, viewer: Viewer, level: str, unit_id: str) -> None:
    """Raises NotAllowed unless this viewer may hold a surgery of the unit."""
    viewer.must_be_allowed_to_hold_surgery(level, unit_id, teams_of(connection, viewer, level, unit_id))


def teams_of(connection: Connection, viewer: Viewer, level: str, unit_id: str) -> frozenset[str]:
    """The teams of a service, or of the whole: those not closed. Asked for only where it matters who sees them all."""
    if level == "team" or viewer.every_team or viewer.data_team:
        return frozenset()
    listed = tables_held.frames(connection, viewer.authority, [BY_NAME["team"]])["team"]
    there = listed[listed["ended_on"].isna() & ((listed["service_id"] == unit_id) | (level == "authority"))]
    return frozenset(there["team_id"])


def team_of(row: pd.Series, team_id: str) -> str:
    """The team something in a surgery is of: of a team's own surgery, that team."""
    return str(row["unit_id"]) if row["level"] == "team" else team_id


def only_one(connection: Connection, authority: str, said: Surgery, *, but: str = "") -> None:
    """Raises LookupError where the unit has another surgery on that day."""
    found = told.standing(connection, SURGERY, authority)
    same = found[(found["level"] == said.level) & (found["unit_id"] == said.unit_id) & (found["held_on"] == said.held_on)]
    same = same[same["id"] != but]
    if len(same):
        unit = said.unit_id or "the whole authority"
        by = same["made_by"].iloc[0]
        raise LookupError(f"There is a surgery of {unit} on {said.held_on:%d/%m/%Y} already, opened by {by}: go on with that one.")
