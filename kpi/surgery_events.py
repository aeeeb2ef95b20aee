"""What would keep a commitment: for each kind the days on which the thing was done, to whom, and how far the extracts speak of it.

The rules are those of the clocks (`kpi.visit_rules`, `kpi.review_rules`, `kpi.work_rules`): a visit counts when the child was seen, a
cancelled review, a core group or supervision not held, and a check refused do not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd

from data.tables import COHORTS, Tables
from kpi.seen import seen_visits
from kpi.staff import held_sessions

COLUMNS = ("who", "happened_on", "recorded_on")
VISIT_COHORTS: Mapping[str, str] = MappingProxyType({"cp_visit": "cp", "cin_visit": "cin", "cla_visit": "cla"})


@dataclass(frozen=True)
class Done:
    """How a kind of thing done is told: its events, which tables must reach a day ("a|b": either), and the words for it.

    did: "Seen"; last: "Last seen"; never: "No visit at which the child was seen is recorded".
    """

    events: Callable[[Tables, str], pd.DataFrame]
    known_from: Mapping[str, tuple[str, ...]]
    did: str
    last: str
    never: str


def events_of(tables: Tables, kind: str, duty: str) -> pd.DataFrame:
    """Every day a thing was done, in order: who (a child or worker), happened_on, recorded_on (empty where not known); one row a day."""

    def found() -> pd.DataFrame:
        rows = DONE[kind].events(tables, duty).dropna(subset=["who", "happened_on"]).sort_values(["happened_on", "recorded_on"])
        return rows.drop_duplicates(["who", "happened_on"]).reset_index(drop=True)

    return tables.once(f"done {kind} {duty}", found)  # type: ignore[no-any-return]


def known_until(kind: str, duty: str, reach: Mapping[str, pd.Timestamp]) -> pd.Timestamp | None:
    """The last day all the extracts a thing is told from speak of; None where one of them does not say. reach: table -> its last day."""
    needs = DONE[kind].known_from
    said = [max((reach[name] for name in need.split("|") if name in reach), default=None) for need in needs.get(duty, needs[""])]
    return None if None in said or not said else min(day for day in said if day is not None)


def months_reach(tables: Tables) -> dict[str, pd.Timestamp]:
    """How far each table reaches where only the months it speaks for are known: to the last of them."""
    return {name: pd.Timestamp(months.max()) for name, months in tables.covered.items() if len(months)}


def _seen(tables: Tables, duty: str) -> pd.DataFrame:
    """Visits at which the child was seen: those of the duty's own cohort, of every cohort where it names none."""
    cohorts = (VISIT_COHORTS[duty],) if duty in VISIT_COHORTS else COHORTS
    return pd.concat([_rows(seen_visits(tables, cohort), "child_id", "recorded_on") for cohort in cohorts], ignore_index=True)


def _reviews(tables: Tables, duty: str) -> pd.DataFrame:
    """Reviews held: those listed, and the latest one printed with a plan or an episode."""
    plans = [_rows(tables.cp_review, "child_id"), _printed(tables.cp_plan, "latest_review_on")]
    held = tables.cla_review[~tables.cla_review["cancelled"].fillna(False).astype(bool)]
    care = [_rows(held, "child_id"), _printed(tables.cla_episode, "latest_review_on")]
    return pd.concat({"cp_review": plans, "cla_review": care}.get(duty, plans + care), ignore_index=True)


def _core_groups(tables: Tables, duty: str) -> pd.DataFrame:
    return _rows(tables.core_group[tables.core_group["held"].fillna(True).astype(bool)], "child_id")


def _case_talks(tables: Tables, duty: str) -> pd.DataFrame:
    return _rows(held_sessions(tables), "child_id")


def _sessions(tables: Tables, duty: str) -> pd.DataFrame:
    return _rows(held_sessions(tables), "worker_id")


def _assessments(tables: Tables, duty: str) -> pd.DataFrame:
    return _printed(tables.assessment, "ended_on")


def _conferences(tables: Tables, duty: str) -> pd.DataFrame:
    return _rows(tables.icpc, "child_id")


def _checks(kind: str) -> Callable[[Tables, str], pd.DataFrame]:
    def done(tables: Tables, duty: str) -> pd.DataFrame:
        checks = tables.health_check
        return _rows(checks[(checks["health_kind"] == kind) & ~checks["refused"].fillna(False).astype(bool)], "child_id")

    return done


def _spot_checks(tables: Tables, duty: str) -> pd.DataFrame:
    checks = tables.parent_placement_check
    return _rows(checks[checks["check_kind"] == "spot_check"], "child_id")


def _pathway_plans(tables: Tables, duty: str) -> pd.DataFrame:
    return pd.concat([_rows(tables.pathway_plan, "child_id"), _printed(tables.care_leaver, "pathway_reviewed_on")], ignore_index=True)


def _audit_actions(tables: Tables, duty: str) -> pd.DataFrame:
    """What audits asked for and was done, by the child the audit was of."""
    child = tables.audit.drop_duplicates("audit_id").set_index("audit_id")["child_id"]
    actions = tables.audit_action
    return _rows(actions.assign(child_id=actions["audit_id"].map(child), happened_on=actions["completed_on"]), "child_id")


def _rows(events: pd.DataFrame, who: str, recorded: str = "") -> pd.DataFrame:
    recorded_on = events[recorded] if recorded else pd.Series(pd.NaT, index=events.index)
    return pd.DataFrame(
        {"who": events[who], "happened_on": events["happened_on"], "recorded_on": recorded_on.astype("datetime64[s]")},
        index=events.index,
    )  # fmt: skip


def _printed(rows: pd.DataFrame, on: str) -> pd.DataFrame:
    return _rows(rows.assign(happened_on=rows[on]), "child_id")


_VISITS = {
    "cp_visit": ("visit:cp",), "cin_visit": ("visit:cin",), "cla_visit": ("visit:cla",), "contact_visit": ("visit:contact",),
    "": ("visit:cp", "visit:cin", "visit:cla"),
}  # fmt: skip
_REVIEWS = {
    "cp_review": ("cp_review|cp_plan",), "cla_review": ("cla_review|cla_episode",),
    "": ("cp_review|cp_plan", "cla_review|cla_episode"),
}  # fmt: skip
NO_VISIT = "No visit at which the child was seen is recorded"
DONE: Mapping[str, Done] = MappingProxyType(
    {
        "child_seen": Done(_seen, _VISITS, "Seen", "Last seen", NO_VISIT),
        "review_held": Done(_reviews, _REVIEWS, "Held", "Last held", "No review is recorded"),
        "core_group_held": Done(_core_groups, {"": ("core_group",)}, "Held", "Last held", "No core group is recorded"),
        "case_supervision": Done(_case_talks, {"": ("supervision",)}, "Discussed", "Last discussed", "No discussion is recorded"),
        "assessment_finished": Done(_assessments, {"": ("assessment",)}, "Finished", "The last one finished", "No end is recorded"),
        "conference_held": Done(_conferences, {"": ("icpc",)}, "Held", "The last one held", "No conference is recorded"),
        "health_check_done": Done(
            _checks("health_assessment"), {"": ("health_check",)}, "Done", "Last done", "No health assessment is recorded"
        ),
        "dental_check_done": Done(_checks("dental_check"), {"": ("health_check",)}, "Done", "Last done", "No dental check is recorded"),
        "spot_check_done": Done(_spot_checks, {"": ("parent_placement_check",)}, "Made", "Last made", "No unannounced check is recorded"),
        "pathway_plan_reviewed": Done(
            _pathway_plans, {"": ("pathway_plan|care_leaver",)}, "Reviewed", "Last reviewed", "No pathway plan is recorded"
        ),
        "audit_action_done": Done(
            _audit_actions, {"": ("audit_action",)}, "Done", "Last done", "Nothing an audit asked for is recorded as done"
        ),
        "supervision_held": Done(_sessions, {"": ("supervision",)}, "Held", "Last held", "No session is recorded"),
    }
)  # fmt: skip
