"""What the tables of the Standard Safeguarding Dataset say only together: whose row it is, who holds the case, what began a conference.

Done before rows become canonical rows. What cannot be placed is set aside and said; what is not what its table is asked for (a review not
yet held, a worker who holds no case) is left out, counted and said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from data.reading import Problem
from loaders.rows import Mask, Rows
from loaders.source import Spoken
from loaders.ssd_care import health_kind, ticked

SOCIAL_WORK = r"social work"
NOT_A_HOLDER = r"assistant|student|support|review|chair|iro\b|admin"
# table -> (the column that names another table's row, that table, its column)
OF_CARE = (("care_id", "ssd_cla_episodes", "care_id"), ("episode_id", "ssd_cla_episodes", "episode_id"))
BELONGS = {
    "ssd_initial_cp_conference": (("enquiry_id", "ssd_s47_enquiry", "enquiry_id"),),
    "ssd_cin_visits": (("plan_id", "ssd_cin_plans", "plan_id"),),
    "ssd_cp_visits": (("plan_id", "ssd_cp_plans", "plan_id"),),
    "ssd_cp_reviews": (("plan_id", "ssd_cp_plans", "plan_id"),),
    **dict.fromkeys(("ssd_cla_placement", "ssd_cla_visits", "ssd_cla_reviews", "ssd_permanence"), OF_CARE),
}
# table -> the columns that make two of its rows the same fact
ON_A_DAY = ("ssd_initial_cp_conference", "ssd_cp_reviews", "ssd_cla_reviews", "ssd_cla_care_plan")
FROM_A_DAY = ("ssd_cin_plans", "ssd_cp_plans", "ssd_legal_status", "ssd_cla_placement", "ssd_pre_proceedings")
SAME: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(ON_A_DAY, ("child_id", "happened_on")),
    **dict.fromkeys(FROM_A_DAY, ("child_id", "started_on")),
    **dict.fromkeys(("ssd_sdq_scores", "ssd_cla_immunisations"), ("child_id", "observed_on")),
    "ssd_cla_health": ("child_id", "health_kind", "happened_on"),
    "ssd_involvements": ("child_id", "started_on", "worker_id"),
    "ssd_permanence": ("child_id", "decided_on"),
}
ADOPTION_DAYS = ["decided_on", "fostering_for_adoption_on", "placement_order_on", "matched_on", "placed_on"]


class Together:
    """The rows of all tables, by name. `left_out`: which of a table's rows were left out rather than wrong."""

    def __init__(self, read: Sequence[Rows], spoken: Spoken) -> None:
        self.by_name: Mapping[str, Rows] = {rows.form.name: rows for rows in read}
        self.spoken = spoken
        self.left_out: dict[str, Mask] = {}
        self._name_teams()
        self._name_children()
        self._date_enquiries()
        self._leave_out_what_is_not_asked_for()
        self._count_once()
        self._count_earlier_plans()
        self._say_how_children_were_looked_after()
        self._name_holders()
        self._keep_workers_who_hold_cases()

    def kept(self, name: str, columns: Sequence[str]) -> pd.DataFrame:
        """The rows of a table that were not set aside; none where the database has no such table."""
        rows = self.by_name.get(name)
        return pd.DataFrame(columns=list(columns)) if rows is None else rows.kept

    def leave_out(self, rows: Rows, mask: Mask, says: str) -> None:
        mask = mask & ~rows.aside
        if mask.any():
            rows.aside |= mask
            self.left_out[rows.form.name] = self.left_out.get(rows.form.name, np.zeros(len(rows), dtype=bool)) | mask
            rows.problems.append(Problem(f"{int(mask.sum()):,} rows {says}.", "set_aside", rows.sheet))

    def _name_teams(self) -> None:
        """Teams by their names, as every other extract has them, where the table of departments says which id is which."""
        departments = self.by_name.get("ssd_department")
        if departments is None:
            return
        named = departments.kept.dropna(subset=["team_name"]).drop_duplicates("team_id").set_index("team_id")["team_name"]
        for rows in self.by_name.values():
            if rows is not departments and "team_id" in rows.frame:
                team = rows.frame["team_id"]
                rows.frame = rows.frame.assign(team_id=team.map(named).fillna(team).astype("str"))

    def _name_children(self) -> None:
        for table, ways in BELONGS.items():
            rows = self.by_name.get(table)
            if rows is None:
                continue
            child = rows.frame["child_id"]
            for own, other, theirs in ways:
                linked = self.by_name.get(other)
                if linked is not None:
                    known = linked.frame.dropna(subset=[theirs, "child_id"]).drop_duplicates(theirs).set_index(theirs)["child_id"]
                    child = child.fillna(rows.frame[own].map(known))
            rows.frame = rows.frame.assign(child_id=child.astype("str"))
            through = " or ".join(f"“{other}”" for other in dict.fromkeys(other for _, other, _ in ways))
            nobody = rows.frame["child_id"].isna().to_numpy() & ~rows.aside
            rows.set_aside(nobody, "child_id", f"names no child, neither itself nor through {through}: complete the warehouse")

    def _date_enquiries(self) -> None:
        conferences = self.by_name.get("ssd_initial_cp_conference")
        if conferences is not None:
            enquiries = self.kept("ssd_s47_enquiry", ["enquiry_id", "started_on"])
            began = enquiries.dropna(subset=["enquiry_id"]).drop_duplicates("enquiry_id").set_index("enquiry_id")["started_on"]
            found = pd.to_datetime(conferences.frame["enquiry_id"].map(began)).astype("datetime64[s]")
            conferences.frame = conferences.frame.assign(section47_on=found)

    def _leave_out_what_is_not_asked_for(self) -> None:
        for table, what in (("ssd_initial_cp_conference", "conference"), ("ssd_cp_reviews", "review"), ("ssd_cla_reviews", "review")):
            if (rows := self.by_name.get(table)) is not None:
                self.leave_out(rows, rows.frame["happened_on"].isna().to_numpy(), f"have no date of the {what}: it has not been held")
        if (plans := self.by_name.get("ssd_cla_care_plan")) is not None:
            plans.frame = plans.frame.assign(permanence_kind=ticked(plans.frame["ticks"]))
            self.leave_out(plans, plans.frame["permanence_kind"].isna().to_numpy(), "tick no permanence plan")
        if (checks := self.by_name.get("ssd_cla_health")) is not None:
            self._sort_checks(checks)
        if (adoption := self.by_name.get("ssd_permanence")) is not None:
            self.leave_out(adoption, adoption.frame[ADOPTION_DAYS].isna().all(axis=1).to_numpy(), "are not on the way to adoption")

    def _sort_checks(self, checks: Rows) -> None:
        status = checks.frame["status"].fillna("").str.casefold()
        refused = status.str.startswith("refus")
        checks.frame = checks.frame.assign(health_kind=health_kind(checks.frame["check"]), refused=refused.astype("boolean"))
        other = checks.frame["health_kind"].isna().to_numpy()
        self.leave_out(checks, other, "are neither health assessments nor dental checks")
        done = status.str.startswith(("complet", "refus")) | (status == "")
        self.leave_out(checks, ~done.to_numpy(), "are checks planned or cancelled")
        self.leave_out(checks, checks.frame["happened_on"].isna().to_numpy(), "have no date of the check")
        ahead = (checks.frame["happened_on"] > checks.today).to_numpy() & ~checks.aside
        checks.set_aside(ahead, "happened_on", f"is in the future (today is {checks.today:%d/%m/%Y}): correct the date")

    def _count_once(self) -> None:
        for table, key in SAME.items():
            if (rows := self.by_name.get(table)) is not None:
                again = rows.kept.duplicated(list(key), keep="last").reindex(rows.frame.index, fill_value=False).to_numpy()
                named = " and ".join(rows.heading(name) or name for name in key)
                self.leave_out(rows, again, f"have the same {named} as a later row: counted once, as the later row has it")

    def _count_earlier_plans(self) -> None:
        plans = self.by_name.get("ssd_cp_plans")
        if plans is not None:
            nth = plans.kept.sort_values("started_on", kind="stable").groupby("child_id").cumcount().astype("float64")
            plans.frame = plans.frame.assign(previous_plans=nth.reindex(plans.frame.index))
            plans.note("how many plans a child had before is counted from the plans in this table, and no further back than it reaches")

    def _say_how_children_were_looked_after(self) -> None:
        """Each care episode's legal status and permanence plan as they were at its end, or on the day; and the last review."""
        care = self.by_name.get("ssd_cla_episodes")
        if care is None:
            return
        day = care.frame["ended_on"].where(care.frame["ended_on"] < self.spoken.as_at, self.spoken.as_at)
        legal = self.kept("ssd_legal_status", ["child_id", "started_on", "legal_status_kind"])
        plans = self.kept("ssd_cla_care_plan", ["child_id", "happened_on", "permanence_kind"])
        reviews = self.kept("ssd_cla_reviews", ["child_id", "happened_on"])
        child = care.frame["child_id"]
        care.frame = care.frame.assign(
            legal_status_kind=last_said(child, day, legal, "started_on", "legal_status_kind").astype("str"),
            permanence_kind=last_said(child, day, plans, "happened_on", "permanence_kind").astype("str"),
            latest_review_on=pd.to_datetime(last_said(child, day, reviews, "happened_on", "happened_on")).astype("datetime64[s]"),
        )

    def _name_holders(self) -> None:
        """The worker and team of each plan and care episode: the social worker whose involvement began last, of those open at its end."""
        holders = self._holders()
        for table in ("ssd_cin_plans", "ssd_cp_plans", "ssd_cla_episodes"):
            rows = self.by_name.get(table)
            if rows is None:
                continue
            day = rows.frame["ended_on"].where(rows.frame["ended_on"] < self.spoken.as_at, self.spoken.as_at)
            found = holder_on(rows.frame["child_id"], day, holders)
            own = rows.frame.reindex(columns=["worker_id", "team_id"]).astype("str")
            taken = own["worker_id"].isna() & own["team_id"].isna()
            rows.frame = rows.frame.assign(
                worker_id=own["worker_id"].where(~taken, found["worker_id"]), team_id=own["team_id"].where(~taken, found["team_id"])
            )
            open_now = (rows.frame["ended_on"].isna() | (rows.frame["ended_on"] > self.spoken.as_at)) & ~rows.aside
            held = int((open_now & (rows.frame["worker_id"].notna() | rows.frame["team_id"].notna())).sum())
            whose = "worker and team are those of the social worker whose involvement began last"
            rows.note(f"{whose}: known for {held:,} of {int(open_now.sum()):,} open")

    def _holders(self) -> pd.DataFrame:
        """The involvements of social workers: by the job title of the worker, or by the role where that says it."""
        involved = self.kept("ssd_involvements", ["child_id", "worker_id", "team_id", "role", "started_on", "ended_on"])
        workers = self.kept("ssd_professionals", ["worker_id", "role"])
        title = involved["worker_id"].map(workers.drop_duplicates("worker_id").set_index("worker_id")["role"])
        says = (title.fillna("").astype("str") + " " + involved["role"].fillna("").astype("str")).str.casefold()
        return involved[(says.str.contains(SOCIAL_WORK) & ~says.str.contains(NOT_A_HOLDER)).to_numpy()]

    def _keep_workers_who_hold_cases(self) -> None:
        """The table lists everyone who ever worked with a child, leavers too: those with an open involvement are the workforce it shows."""
        workers = self.by_name.get("ssd_professionals")
        if workers is None:
            return
        involved = self.kept("ssd_involvements", ["worker_id", "started_on", "ended_on"])
        day = self.spoken.as_at
        busy = involved[(involved["started_on"] <= day) & (involved["ended_on"].isna() | (involved["ended_on"] > day))]
        idle = ~workers.frame["worker_id"].isin(busy["worker_id"]).to_numpy()
        self.leave_out(
            workers, idle, "are of workers with no open involvement: the table does not say who has left, so they are not counted"
        )


def last_said(child: pd.Series, day: pd.Series, said: pd.DataFrame, on: str, what: str) -> pd.Series:
    """For each child and day, what was said of the child last, on or before that day; empty where nothing was."""
    left = pd.DataFrame({"child_id": child, "day": day, "at": np.arange(len(child))}).dropna(subset=["child_id", "day"]).sort_values("day")
    right = pd.DataFrame({"child_id": said["child_id"], "day": said[on], "what": said[what]}).dropna(subset=["child_id", "day"])
    if left.empty or right.empty:
        return pd.Series(None, index=child.index, dtype="object")
    right = right.astype({"child_id": left["child_id"].dtype, "day": left["day"].dtype}).sort_values("day", kind="stable")
    found = pd.merge_asof(left, right, on="day", by="child_id").set_index("at")["what"]
    return pd.Series(found.reindex(np.arange(len(child))).to_numpy(dtype="object"), index=child.index)


def holder_on(child: pd.Series, day: pd.Series, holders: pd.DataFrame) -> pd.DataFrame:
    """The worker and team of the involvement open on each child's day that began last."""
    asked = pd.DataFrame({"child_id": child, "day": day, "at": np.arange(len(child))})
    columns = ["child_id", "worker_id", "team_id", "started_on", "ended_on"]
    both = asked.merge(holders[columns].astype({"child_id": "str"}), on="child_id")
    open_then = (both["started_on"] <= both["day"]) & (both["ended_on"].isna() | (both["ended_on"] >= both["day"]))
    last = both[open_then].sort_values("started_on", kind="stable").drop_duplicates("at", keep="last").set_index("at")
    found = last[["worker_id", "team_id"]].reindex(np.arange(len(child))).astype("str")
    return found.set_index(child.index)
