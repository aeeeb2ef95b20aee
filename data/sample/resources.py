"""Posts, training and the population of the invented council."""

from __future__ import annotations

import math
from random import Random

from data.sample import story
from data.sample.council import Council, Worker
from data.sample.days import FAR, day, month_end
from data.sample.files import Cell, Sheet

POPULATION_SHEET = ("group", "people", "year", "source")
ESTABLISHMENT = ("team", "snapshot_date", "posts_fte", "vacant_fte", "agency_covering_fte")
TRAINING = ("worker_id", "course", "required_from", "completed_date")
PEOPLE = {2021: 158400, 2022: 159100, 2023: 159700, 2024: 160000, 2025: 160300}
NEW_STARTERS = 60  # days in post after which the Essentials are required
POSTS = story.Curve(((day(2025, 4), 66.0), (day(2025, 9), 71.0)))


def population() -> Sheet:
    rows: list[list[Cell]] = [list(POPULATION_SHEET)]
    rows += [["0-17", people, year, "Invented"] for year, people in PEOPLE.items()]
    return Sheet("Population", rows)


def establishment(council: Council, months: range, scale: float) -> Sheet:
    """The posts of each team on the last day of each month: those no permanent worker fills are vacant, covered by agency or not."""
    rows: list[list[Cell]] = [list(ESTABLISHMENT)]
    for month in months:
        as_at = month_end(month)
        here = [w for w in council.workers if w.social_worker and w.in_post(as_at)]
        for team, share in story.TEAM_SHARES.items():
            permanent, agency = (sum(w.fte for w in here if w.team_at(as_at) == team and w.agency == hired) for hired in (False, True))
            posts = max(math.ceil(POSTS.at(as_at) * share * scale), math.ceil(permanent))
            vacant = round(posts - permanent, 1)
            rows.append([team, as_at, posts, vacant, round(min(agency, vacant), 1)])
    return Sheet("Establishment", rows, frozenset({1}))


def essentials(worker: Worker, seed: int) -> tuple[int, int]:
    """From when a worker is required to have the Essentials training, and when they completed it (FAR: not yet)."""
    rng = Random(f"{seed} essentials {worker.worker_id}")
    required, ready = worker.started + NEW_STARTERS, rng.random()
    points = story.ESSENTIALS.points
    if ready > points[-1][1]:
        return required, FAR
    reached = next((on for on in range(points[0][0], points[-1][0] + 1, 7) if story.ESSENTIALS.at(on) >= ready), points[-1][0])
    return required, max(reached, worker.started + rng.randrange(10, 120))


def training(council: Council, month: int, seed: int) -> Sheet:
    """The register on a month's last day: its own staff, two courses."""
    as_at = month_end(month)
    rows: list[list[Cell]] = [list(TRAINING)]
    for worker in council.extract_of(month):
        if worker.social_worker and worker.in_post(as_at):
            required, completed = essentials(worker, seed)
            again = worker.started + 30 + Random(f"{seed} recording {worker.worker_id}").randrange(700)
            rows.append([worker.worker_id, "Essentials", required, completed if completed <= as_at else None])
            rows.append([worker.worker_id, "Recording with children in mind", worker.started, again if again <= as_at else None])
    return Sheet("Training", rows, frozenset({2, 3}))
