"""Court, health in care, finding homes and care leavers a second time, in plain loops: what tests/kpi/naive_care.py does not hold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pandas as pd

from data.tables import Tables
from tests.kpi.naive import LEFT_OUT, Found, Row, found, is_open, months_on, nth_working_day, of, rows, said_met, speaking_for, this_month
from tests.kpi.naive_care import Naive, aged, holder_of, in_care, last_day, one, placement, status

OUT_OF_TOUCH, NO_LONGER = ("no", "refused"), ("died", "returned_home")


# Court -------------------------------------------------------------------------------------------------------------------------


def pre_proceedings_open(t: Tables, end: date) -> Iterator[Found]:
    for p in rows(t, "pre_proceedings"):
        if is_open(p, end):
            yield one(p.child_id, p, apart=(end - p.started_on).days > 112)


def ended_within(t: Tables, name: str, end: date, last: timedelta) -> Iterator[Found]:
    for p in rows(t, name):
        if this_month(p.ended_on, end):
            verdict = LEFT_OUT if p.ended_on < p.started_on else said_met(p.ended_on <= p.started_on + last)
            yield found(p.child_id, p, verdict)


def pre_proceedings_in_16_weeks(t: Tables, end: date) -> Iterator[Found]:
    yield from ended_within(t, "pre_proceedings", end, timedelta(weeks=16))


def proceedings_in_26_weeks(t: Tables, end: date) -> Iterator[Found]:
    yield from ended_within(t, "proceedings", end, timedelta(weeks=26) - timedelta(days=1))


def with_parents(t: Tables, end: date) -> Iterator[tuple[Row, Row, Row, str]]:
    for e, held in in_care(t, end):
        p, order = placement(t, e, end), status(t, e, end)
        if p and p.placement_kind == "P1" and order in ("C1", "C2"):
            yield e, held, p, order


def placed_with_parents(t: Tables, end: date) -> Iterator[Found]:
    yield from (one(e.child_id, held) for e, held, _, _ in with_parents(t, end))


def parents_spot_checks(t: Tables, end: date) -> Iterator[Found]:
    for e, held, p, _ in with_parents(t, end):
        checks = [c.happened_on for c in of(t, "parent_placement_check", e.child_id) if c.check_kind == "spot_check"]
        last = last_day(checks, p.started_on, end)
        due = months_on(last or p.started_on, 6)
        yield found(e.child_id, held, said_met(end <= due), due=due, apart=last is None and end <= due)


def parents_over_12_months(t: Tables, end: date) -> Iterator[Found]:
    for e, held, p, order in with_parents(t, end):
        if order == "C2":
            yield found(e.child_id, held, said_met(months_on(p.started_on, 12) < end))


# Health, going missing and permanence ------------------------------------------------------------------------------------------


def last_check(t: Tables, child: str, kind: str, end: date) -> date | None:
    return last_day([c.happened_on for c in of(t, "health_check", child) if c.health_kind == kind and not c.refused], date.min, end)


def cla_health_checks(t: Tables, end: date) -> Iterator[Found]:
    for e, held in in_care(t, end):
        if months_on(e.started_on, 12) <= end:
            last, five = last_check(t, e.child_id, "health_assessment", end), aged(t, e.child_id, 5, end)
            in_date = last is not None and months_on(last, 12 if five else 6) >= end
            yield found(e.child_id, held, LEFT_OUT if five is None else said_met(in_date))


def cla_dental_checks(t: Tables, end: date) -> Iterator[Found]:
    for e, held in in_care(t, end):
        if months_on(e.started_on, 12) <= end:
            last = last_check(t, e.child_id, "dental_check", end)
            yield found(e.child_id, held, said_met(last is not None and months_on(last, 12) >= end))


def return_interviews(t: Tables, end: date) -> Iterator[Found]:
    for m in rows(t, "missing_episode"):
        due = m.ended_on + timedelta(days=3) if m.ended_on else None
        times = [e for e in of(t, "cla_episode", m.child_id) if is_open(e, m.started_on) and e.legal_status_kind not in ("V3", "V4")]
        if m.missing_kind == "absent" or not times or not this_month(due, end):
            continue
        held = m.interview_on if m.interview_on and m.interview_on <= end else None
        in_time = held is not None and m.ended_on <= held <= due
        declined = held is None and m.interview_offered is True and m.interview_accepted is False
        left_out = m.ended_on < m.started_on or (m.interview_offered is None and held is None)
        yield found(m.child_id, holder_of(t, m, end), LEFT_OUT if left_out else said_met(in_time or declined), due=due)


def permanence_by_second_review(t: Tables, end: date) -> Iterator[Found]:
    """Where every month has dated decisions loaded, they alone count."""
    for e, held in in_care(t, end):
        if months_on(e.started_on, 4) < end:
            days = [d.happened_on for d in of(t, "permanence_decision", e.child_id) if d.permanence_kind]
            yield found(e.child_id, held, said_met(last_day(days, e.started_on, end) is not None))


# Finding homes -----------------------------------------------------------------------------------------------------------------


def foster_enquiries_approved(t: Tables, end: date) -> Iterator[Found]:
    nobody = Row(team_id=None, worker_id=None)
    for q in t.foster_enquiry.itertuples():
        asked, approved, closed = (_day(value) for value in (q.happened_on, q.approved_on, q.closed_on))
        ended = min((day for day in (approved, closed) if day), default=None)
        if this_month(ended, end):
            yield found(str(q.enquiry_id), nobody, LEFT_OUT if ended and ended < asked else said_met(approved == ended))


def adoption_entry_to_placed(t: Tables, end: date) -> Iterator[Found]:
    for a in rows(t, "adoption"):
        if this_month(a.placed_on, end):
            nobody = Row(child_id=a.child_id, team_id=None, worker_id=None)
            unknown = a.entered_care_on is None or a.placed_on < a.entered_care_on
            days = 0.0 if unknown else float((a.placed_on - a.entered_care_on).days)
            yield one(a.child_id, holder_of(t, nobody, end), left_out=unknown, value=days)


def _day(value: Any) -> Any:
    return None if pd.isna(value) else value.date()


# Care leavers ------------------------------------------------------------------------------------------------------------------


def aged_19_to_21(t: Tables, end: date) -> Iterator[tuple[Row, bool]]:
    """Care leavers of these ages or of unknown age, and whether they are left out whatever is asked of them."""
    for c in speaking_for(rows(t, "care_leaver"), end):
        nineteen, twenty_two = aged(t, c.child_id, 19, end), aged(t, c.child_id, 22, end)
        if nineteen is None or (nineteen and not twenty_two):
            other = c.eligibility_kind not in ("former_relevant", None)
            yield c, other or nineteen is None or c.in_touch_kind in NO_LONGER


def care_leavers_suitable_home(t: Tables, end: date) -> Iterator[Found]:
    for c, left_out in aged_19_to_21(t, end):
        suitable = False if c.suitable is None and c.in_touch_kind in OUT_OF_TOUCH else c.suitable
        away = (c.accommodation_kind or "-")[0] in "GHR"
        yield found(c.child_id, c, LEFT_OUT if left_out or away or suitable is None else said_met(suitable))


def care_leavers_in_education_or_work(t: Tables, end: date) -> Iterator[Found]:
    for c, left_out in aged_19_to_21(t, end):
        unknown = c.activity_kind is None and c.in_touch_kind not in OUT_OF_TOUCH
        yield found(c.child_id, c, LEFT_OUT if left_out or unknown else said_met((c.activity_kind or "-")[0] in "FP"))


def care_leavers_in_touch(t: Tables, end: date) -> Iterator[Found]:
    for c, left_out in aged_19_to_21(t, end):
        yield found(c.child_id, c, LEFT_OUT if left_out or c.in_touch_kind is None else said_met(c.in_touch_kind == "yes"))


def pathway_plans_current(t: Tables, end: date) -> Iterator[Found]:
    for c in speaking_for(rows(t, "care_leaver"), end):
        days = [p.happened_on for p in of(t, "pathway_plan", c.child_id)] + ([c.pathway_reviewed_on] if c.pathway_reviewed_on else [])
        last = last_day(days, date.min, end)
        left_out = c.eligibility_kind == "qualifying" or c.in_touch_kind in (*NO_LONGER, "not_required")
        yield found(c.child_id, c, LEFT_OUT if left_out else said_met(last is not None and months_on(last, 6) >= end))


def homeless_jointly_assessed(t: Tables, end: date) -> Iterator[Found]:
    for h in rows(t, "homeless_presentation"):
        due = nth_working_day(h.happened_on, 10)
        if this_month(due, end):
            backwards = h.assessed_on is not None and h.assessed_on < h.happened_on
            met = said_met(h.assessed_on is not None and h.assessed_on <= due)
            yield found(h.child_id, h, LEFT_OUT if backwards else met, due=due)


NAIVE_LEAVING: dict[str, Naive] = {
    rule.__name__: rule
    for rule in (
        pre_proceedings_open, pre_proceedings_in_16_weeks, cla_health_checks, cla_dental_checks, return_interviews,
        permanence_by_second_review, proceedings_in_26_weeks, placed_with_parents, parents_spot_checks,
        parents_over_12_months, foster_enquiries_approved, adoption_entry_to_placed, care_leavers_suitable_home,
        care_leavers_in_education_or_work, care_leavers_in_touch, pathway_plans_current, homeless_jointly_assessed,
    )
}  # fmt: skip
