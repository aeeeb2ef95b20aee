"""The measures the invented council has only as figures: spending, education and courses, month by month (data/reference/measures.csv)."""

from __future__ import annotations

from random import Random

from data.sample import story
from data.sample.days import FAR, as_date, month_end, month_name, month_start
from data.sample.files import Cell, Sheet
from data.sample.simulation import Simulation

MEASURE_VALUES = ("measure", "unit_level", "unit", "month", "numerator", "denominator", "value")
# School days of each month, January first. In August a few children in care are at schools whose term begins before September.
SCHOOL_DAYS = (20, 15, 20, 12, 17, 20, 14, 3, 21, 17, 20, 14)
AUGUST, AT_SCHOOL_IN_AUGUST = 8, 0.06
NEW_SCORES = (2, 7, 12)  # the months whose end has a new term's assessments
BETWEEN_SCORES = 2025 * 12 + 7  # August 2025: the tracker was between two school years, and the figure came hidden
FEWEST_MISSING = ("South", BETWEEN_SCORES)  # after the summer's enquiries few were left on this register: the figure came as <5
MISSING_EDUCATION = {"North": (22.0, -0.15), "Central": (26.0, -0.20), "South": (17.0, -0.14)}  # at the start, and a month


def measure_values(rng: Random, sim: Simulation) -> Sheet:
    """Six measures with no list of children behind them, of the whole authority and one by service; two figures come hidden."""
    rows: list[list[Cell]] = [list(MEASURE_VALUES)]
    gap = 0.0
    for month in sim.months:
        passed, of_year = month - (story.LAST_MONTH - 35), as_date(month_start(month)).month
        if month == sim.months[0] or of_year in NEW_SCORES:
            gap = round(14.6 - 0.045 * passed + rng.gauss(0, 0.35), 1)
        educated = round((760 + 5.2 * passed + rng.gauss(0, 6)) * sim.scale)
        places = max(round((120 if of_year != AUGUST else 40) * sim.scale), 1)
        taken = min(round(places * (0.66 + 0.004 * passed + rng.gauss(0, 0.035))), places)
        name = month_name(month)
        rows += [
            ["legal_spend", "authority", None, name, *_legal(rng, sim, month, passed), None],
            ["electively_home_educated", "authority", None, name, None, None, educated],
            ["attendance_children_in_care", "authority", None, name, *_attended(rng, sim, month, passed, of_year), None],
            ["attainment_gap", "authority", None, name, None, None, "x" if month == BETWEEN_SCORES else gap],
            ["development_centre_places", "authority", None, name, taken, places, None],
            *_missing_education(rng, sim, month, passed),
        ]
    return Sheet("Measures", rows)


def _legal(rng: Random, sim: Simulation, month: int, passed: int) -> tuple[int, int]:
    """Pounds, and the children who were in proceedings in the month: dear years of many agency advocates, then fewer."""
    first, last = month_start(month), month_end(month)
    children = len({one.child.child_id for one in sim.courts if one.issued != FAR and one.issued <= last and one.heard >= first})
    return round(children * (1950 - 9 * passed + rng.gauss(0, 90))), children


def _attended(rng: Random, sim: Simulation, month: int, passed: int, of_year: int) -> tuple[int, int]:
    """Of two sessions a school day for each child in care of 5 to 15, those attended; the winter months are the worst."""
    on = month_end(month)
    pupils = sum(care.open_on(on) and 5 <= care.child.age_on(on) < 16 for care in sim.records.care)
    if of_year == AUGUST:
        pupils = max(round(pupils * AT_SCHOOL_IN_AUGUST), 1)
    sessions = pupils * SCHOOL_DAYS[of_year - 1] * 2
    share = 0.892 + 0.0008 * passed - (0.012 if of_year in (11, 12, 1) else 0.0) + rng.gauss(0, 0.005)
    return min(round(sessions * share), sessions), sessions


def _missing_education(rng: Random, sim: Simulation, month: int, passed: int) -> list[list[Cell]]:
    """By service and together; a service's figure under five comes hidden, as the team that keeps the register sends it."""
    name, together = month_name(month), 0
    rows: list[list[Cell]] = []
    for service, (at_first, change) in MISSING_EDUCATION.items():
        usual = max(round((at_first + change * passed + rng.gauss(0, 1.2)) * sim.scale), 0)
        count = min(usual, 3) if (service, month) == FEWEST_MISSING else usual
        together += count
        rows.append(["children_missing_education", "service", service, name, None, None, count if count > 4 else "<5"])
    return [["children_missing_education", "authority", None, name, None, None, together], *rows]
