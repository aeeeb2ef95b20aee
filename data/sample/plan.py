"""The improvement plan of the invented council: an action or two under each of seven recommendations, kept up to date or not."""

from __future__ import annotations

from random import Random

from data.sample.days import FAR, day, month_end, month_start, working_on_or_before
from data.sample.files import Cell, Sheet

ACTIONS = (
    "action_id", "recommendation_no", "text", "lead", "due_date", "status", "last_update_date", "rag", "impact_note", "snapshot_date",
)  # fmt: skip
UPDATED = 0.93, 0.72  # a month, of those with a lead who reports; and over the summer
LEADS = ("Head of assessment", "Head of help and protection", "Head of children in care", "Principal social worker", "Head of quality")
Action = tuple[str, str, int, int, int, int]
PLAN: tuple[Action, ...] = (  # recommendation, what, lead, from, due, done
    ("1", "Agree with partners what becomes a referral, and record it alike", 0, day(2023, 5), day(2025, 3, 31), day(2025, 4, 4)),
    ("1", "Read every month's referrals that came back within the year", 0, day(2023, 5), day(2024, 3, 29), day(2024, 2, 16)),
    ("1", "Look into assessments that end with no service, team by team", 0, day(2024, 4), day(2026, 3, 31), FAR),
    ("1", "Offer early help at the point of closing", 1, day(2024, 9), day(2026, 9, 30), FAR),
    ("2", "Train every assessor in using chronologies", 3, day(2023, 5), day(2024, 6, 28), day(2024, 9, 20)),
    ("2", "Managers ask for the family's history before they sign off", 3, day(2023, 9), day(2024, 12, 20), day(2024, 12, 6)),
    ("2", "Audit how history is weighed, twice a year", 4, day(2024, 1), day(2026, 12, 18), FAR),
    ("3", "A direct work kit in every team room", 3, day(2023, 5), day(2023, 12, 15), day(2023, 12, 8)),
    ("3", "Children's own words at the head of each plan", 1, day(2023, 9), day(2025, 9, 30), day(2026, 1, 23)),
    ("3", "See children alone at each visit, and say so", 1, day(2024, 1), day(2026, 6, 30), FAR),
    ("4", "A housing officer at the front door", 0, day(2024, 9), day(2025, 5, 30), day(2025, 5, 12)),
    ("4", "A joint protocol with the housing authority", 0, day(2023, 5), day(2024, 9, 30), day(2025, 4, 25)),
    ("4", "Supported lodgings for homeless 16 and 17 year olds", 2, day(2025, 3), day(2026, 4, 30), FAR),
    ("5", "Keep every escalation in one register", 2, day(2023, 5), day(2023, 10, 31), day(2023, 10, 20)),
    ("5", "Answer formal escalations within 20 working days", 2, day(2023, 9), day(2025, 12, 19), FAR),
    ("5", "Reviewing officers speak with the child between reviews", 2, day(2024, 6), day(2026, 7, 31), FAR),
    ("6", "Three supervisions in three months for every social worker", 3, day(2023, 5), day(2025, 7, 31), FAR),
    ("6", "Grade a sample of supervision for reflection", 3, day(2023, 11), day(2024, 5, 31), day(2024, 5, 17)),
    ("6", "Follow actions from supervision to their end", 4, day(2024, 5), day(2026, 5, 15), FAR),
    ("6", "Relief supervision where a manager's post is empty", 1, day(2025, 10), day(2026, 8, 28), FAR),
    ("7", "Children in care council at each corporate parenting board", 2, day(2023, 5), day(2024, 4, 30), day(2024, 3, 22)),
    ("7", "An advocate offered before each review", 2, day(2023, 9), day(2025, 1, 31), day(2025, 2, 14)),
    ("7", "A yearly survey of children in care, answered in public", 2, day(2024, 3), day(2026, 10, 30), FAR),
    ("7", "Young inspectors of homes and offices", 2, day(2025, 6), day(2026, 12, 18), FAR),
)  # fmt: skip


def actions(rng: Random, months: range) -> Sheet:
    """The plan as it stood on the last day of each month; a finished action stays on it for three months."""
    rows: list[list[Cell]] = [list(ACTIONS)]
    told: dict[int, int] = {}
    for month in months:
        as_at = month_end(month)
        for number, (recommendation, text, lead, since, due, done) in enumerate(PLAN):
            if since > as_at or done + 92 < as_at:
                continue
            if done <= as_at:
                told[number] = working_on_or_before(done)
            elif rng.random() < UPDATED[(month % 12 in (6, 7)) or lead == 2]:
                told[number] = working_on_or_before(month_start(month) + rng.randrange(8, 28))
            status = "complete" if done <= as_at else "in progress" if number in told else "not started"
            rag = "blue" if done <= as_at else "red" if due < as_at else "amber" if due - as_at < 60 else "green"
            note = "Seen in audits and figures" if done <= as_at else None
            rows.append([
                f"P{number + 1:02d}", recommendation, text, LEADS[lead], due, status, told.get(number), rag, note, as_at,
            ])  # fmt: skip
    return Sheet("Actions", rows, frozenset({4, 6, 9}))
