"""Was what was agreed in a surgery done? Decided by the data, and said in a sentence; by hand only what the data cannot see.

    check(tables, commitments, as_at, figures)   commitments with outcome, said, happened_on, recorded_on

kept             done after the day of the surgery and by the day agreed; a visit recorded later than that counts, and it is said so
kept_late        done after the day agreed
no_longer_open   the plan, the time in care, the referral or the worker's post had ended by the day agreed
moved            another team (for a service, one of another service) holds them, and no extract after the day agreed shows the old one
not_yet_due      the day agreed is not past
cannot_tell      it is past, but the extracts do not reach it; a measure has no figure for the month yet; or nobody has answered by hand
overdue          it is past, nothing is recorded, and the extracts reach no more than 5 days beyond: it may be recorded yet
not_kept         it is past, and nothing is recorded
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from data.reading import spoken_for
from data.tables import Tables
from kpi.model import REGISTER
from kpi.period import month_end
from kpi.recording import LATE_AFTER
from kpi.surgery_events import DONE, Done, events_of, known_until, months_reach
from kpi.surgery_standing import ENDED, left_for, seen_by, standing
from kpi.targets import as_shown, value_of
from kpi.wording import figure, n_of_N

ANSWERED = {"kept": "Kept", "not_kept": "Not kept"}
TOLD = ("outcome", "said", "happened_on", "recorded_on")
GRACE = pd.Timedelta(days=LATE_AFTER)


def check(
    tables: Tables, commitments: pd.DataFrame, as_at: pd.Timestamp, figures: pd.DataFrame | None = None,
    reach: Mapping[str, pd.Timestamp] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """The commitments with what became of each as at a day: outcome, said (in words), happened_on, recorded_on.

    commitments: kind, about_id, duty, level, unit_id, team_id, held_on, by_on, level_wanted, answer, answer_note. figures: those of the
    measures something is agreed of. reach: up to which day each table's extracts speak (`store.surgeries.reach`); without it the last month
    each speaks for. What is dated after the day is not looked at.
    """
    known = months_reach(tables) if reach is None else reach
    rows = commitments.reset_index(drop=True)
    out = pd.DataFrame({"outcome": "", "said": ""}, index=rows.index, dtype="str")
    out = out.assign(**{name: pd.Series(pd.NaT, index=rows.index, dtype="datetime64[s]") for name in TOLD[2:]})
    for (kind, duty), ours in rows.groupby(["kind", "duty"], sort=False):
        if kind in DONE:
            found = _done(tables, ours, as_at, str(kind), str(duty), known_until(str(kind), str(duty), known))
        elif kind == "kpi_at_level":
            found = _at_level(ours, as_at, figures)
        else:
            found = _by_hand(ours, as_at)
        out.loc[ours.index, list(TOLD)] = found[list(TOLD)]
    return rows.assign(**{name: out[name] for name in TOLD})


def check_all(
    tables: Tables, commitments: pd.DataFrame, as_at: pd.Timestamp, figures: pd.DataFrame, reach: Mapping[str, pd.Timestamp]
) -> pd.DataFrame:
    """What `store.surgeries.check` keeps: commitment_id, outcome, said, happened_on, recorded_on of each."""
    found = check(tables, commitments, as_at, figures, reach)
    return found.rename(columns={"id": "commitment_id"})[["commitment_id", *TOLD]]


def _done(
    tables: Tables, rows: pd.DataFrame, as_at: pd.Timestamp, kind: str, duty: str, known: pd.Timestamp | None
) -> pd.DataFrame:  # fmt: skip
    """Commitments of one kind and duty, by the events that would keep them."""
    until = rows["by_on"].where(rows["by_on"] < as_at, as_at).astype("datetime64[s]")
    first, last = between(tables, rows.assign(who=rows["about_id"], since=rows["held_on"]), as_at, kind, duty)
    asked = rows.assign(who=rows["about_id"], at=until, told_on=as_at, seen=seen_by(as_at))
    stood = standing(asked, tables)
    team, moved_on = left_for(asked, stood, tables)
    past = rows["by_on"] < as_at
    unknown = ~(rows["by_on"] <= pd.Timestamp(known)) if known is not None else pd.Series(True, index=rows.index)
    fresh = ~unknown & (rows["by_on"] + GRACE >= (known or as_at))
    happened = first["happened_on"]
    outcome = np.select(
        [happened <= rows["by_on"], stood["state"] == ENDED, happened.notna(), team != "", ~past, unknown, fresh],
        ["kept", "no_longer_open", "kept_late", "moved", "not_yet_due", "cannot_tell", "overdue"], "not_kept",
    )  # fmt: skip
    told = rows.assign(
        outcome=outcome, happened_on=happened, recorded_on=first["recorded_on"], last_on=last["happened_on"],
        last_recorded_on=last["recorded_on"], ended_on=stood["ended_on"], ended_words=stood["words"], team=team, moved_on=moved_on,
    )  # fmt: skip
    return told.assign(said=in_words(told, DONE[kind], known))


def between(
    tables: Tables, rows: pd.DataFrame, as_at: pd.Timestamp, kind: str, duty: str
) -> tuple[pd.DataFrame, pd.DataFrame]:  # fmt: skip
    """For each row the first time a thing was done after `since` and up to a day, and the last time up to it: happened_on, recorded_on."""
    events = events_of(tables, kind, duty)
    asked = rows[["who", "since"]].assign(row=np.arange(len(rows)))
    pairs = asked.merge(events[events["happened_on"] <= as_at], on="who").sort_values("happened_on", kind="stable")
    after = pairs[pairs["happened_on"] > pairs["since"]].drop_duplicates("row").set_index("row")
    newest = pairs.drop_duplicates("row", keep="last").set_index("row")
    wanted = ["happened_on", "recorded_on"]
    first, last = (found[wanted].reindex(range(len(rows))).set_axis(rows.index) for found in (after, newest))
    return first, last


def in_words(rows: pd.DataFrame, done: Done, known: pd.Timestamp | None) -> pd.Series:
    """What the data says of each commitment, in words."""
    by = rows["by_on"]
    last = (done.last + " " + on_days(rows["last_on"], by)) + _recorded(rows["last_on"], rows["last_recorded_on"], rows["held_on"])
    last = last.where(rows["last_on"].notna(), done.never)
    then = "; " + last.str[:1].str.lower() + last.str[1:]
    mattered = by.where(~(rows["happened_on"] > by), rows["happened_on"] + GRACE)
    did = (done.did + " " + on_days(rows["happened_on"], by)) + _recorded(rows["happened_on"], rows["recorded_on"], mattered)
    moved = "Moved to " + rows["team"] + (" by " + on_days(rows["moved_on"], by)).where(rows["moved_on"].notna(), "")
    if known is None:
        reach = pd.Series("No extract loaded says", index=rows.index)
    else:
        reach = "The extracts reach only to " + on_days(pd.Series(known, index=rows.index), by)
    said = {
        "kept": did, "kept_late": did + "; agreed by " + on_days(by, by), "moved": moved + then, "cannot_tell": reach + then,
        "no_longer_open": rows["ended_words"] + " " + on_days(rows["ended_on"], by) + then,
    }  # fmt: skip
    return pd.Series(np.select([rows["outcome"] == key for key in said], list(said.values()), last), index=rows.index, dtype="str")


def _recorded(happened: pd.Series, recorded: pd.Series, by: pd.Series) -> pd.Series:
    """That it was recorded late: after a day that mattered, or more than 5 days after it was done."""
    late = (recorded > by) | (recorded - happened > GRACE)
    return (", recorded " + on_days(recorded, by)).where(late, "")


def _at_level(rows: pd.DataFrame, as_at: pd.Timestamp, figures: pd.DataFrame | None) -> pd.DataFrame:
    """A measure at a level: the unit's figure of the first month end on or after the day agreed, rounded as it is shown."""
    month = pd.Series([month_end(day) for day in rows["by_on"]], index=rows.index, dtype="datetime64[s]")
    asked = rows.assign(period=month, kpi=rows["about_id"], row=np.arange(len(rows)))
    keys = ["kpi", "level", "unit_id", "period"]
    held = pd.DataFrame(columns=[*keys, "numerator", "denominator"]) if figures is None else figures
    held = held[held["kpi"].isin(list(REGISTER))]
    held = held.assign(period=held["period"].astype("datetime64[s]"), value=value_of(held).astype("float64") if len(held) else np.nan)
    found = asked[["row", *keys]].merge(held[[*keys, "numerator", "denominator", "value"]], on=keys, how="left")
    found = found.drop_duplicates("row").set_index("row").reindex(range(len(rows))).set_axis(rows.index)
    better = rows["about_id"].map(lambda key: REGISTER[key].better if key in REGISTER else None)
    wanted, shown = rows["level_wanted"].to_numpy(dtype="float64"), as_shown(found["value"].astype("float64"))
    waiting = (month > spoken_for(as_at)).to_numpy()
    known = ~np.isnan(shown) & better.notna().to_numpy() & ~waiting
    met = np.where(better == "lower", shown <= wanted, shown >= wanted)
    outcome = np.select([known & met, known, waiting], ["kept", "not_kept", "not_yet_due"], "cannot_tell")
    told = asked.assign(
        outcome=outcome, numerator=found["numerator"], denominator=found["denominator"], value=found["value"], better=better
    )
    said = [_figure_said(row) for row in told.to_dict("records")]
    happened = month.where(pd.Series(known, index=rows.index))
    return told.assign(said=said, happened_on=happened, recorded_on=pd.Series(pd.NaT, index=rows.index, dtype="datetime64[s]"))


def _figure_said(row: Mapping[Any, Any]) -> str:
    when = f"{row['period']:%B %Y}"
    if row["kpi"] not in REGISTER or row["better"] is None:
        return "This measure is not known, or neither way is better" if row["kpi"] not in REGISTER else "Neither way is better"
    measure = REGISTER[str(row["kpi"])].measure
    if row["outcome"] in ("not_yet_due", "cannot_tell"):
        return f"The figure of {when} is not there yet" if row["outcome"] == "not_yet_due" else f"There is no figure of {when}"
    counts = f" ({n_of_N(row['numerator'], row['denominator'])})" if measure == "percent" else ""
    wanted = figure(float(row["level_wanted"]), measure)
    return f"{figure(float(row['value']), measure)}{counts} in {when}; {wanted} was agreed"


def _by_hand(rows: pd.DataFrame, as_at: pd.Timestamp) -> pd.DataFrame:
    """What the data cannot see: as it was answered."""
    answered = rows["answer"].isin(list(ANSWERED))
    outcome = rows["answer"].where(answered, np.where(rows["by_on"] < as_at, "cannot_tell", "not_yet_due"))
    words = rows["answer_note"].where(rows["answer_note"] != "", rows["answer"].map(ANSWERED))
    none = pd.Series(pd.NaT, index=rows.index, dtype="datetime64[s]")
    return rows.assign(outcome=outcome, said=words.where(answered, "To be answered by hand"), happened_on=none, recorded_on=none)


def on_days(of: pd.Series, beside: pd.Series) -> pd.Series:
    """Days in a sentence, "28 May"; with the year where it is another than that of the day beside it. Empty where there is no day."""
    short = of.dt.day.astype("Int64").astype("str") + " " + of.dt.month_name().astype("str")
    with_year = short + " " + of.dt.year.astype("Int64").astype("str")
    said: pd.Series = short.where(of.dt.year == beside.dt.year, with_year).where(of.notna(), "").astype("str")
    return said
