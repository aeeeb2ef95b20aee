"""The children looked after return (SSDA903) of two years to 31 March 2026: the same children as in Annex A, told another way.

Some of it differs from Annex A on purpose, as two systems do: `DIFFERS` says what, and how often.
"""

from __future__ import annotations

from random import Random

from data.sample import codes
from data.sample.care_practice import Looked, legal_status_on, placement_on
from data.sample.council import Council
from data.sample.days import FAR, day, months_before
from data.sample.files import Cell, Sheet
from data.sample.leaving import standing
from data.sample.records import Care, Child
from data.sample.simulation import Simulation

YEAR_END, SINCE = day(2026, 3, 31), day(2024, 4)
SEXES = {codes.SEXES[0]: "1", codes.SEXES[1]: "2", codes.SEXES[2]: "U", codes.SEXES[3]: "9"}
EPISODES = (
    "CHILD", "DECOM", "RNE", "LS", "CIN", "PLACE", "PLACE_PROVIDER", "DEC", "REC", "REASON_PLACE_CHANGE", "HOME_POST", "PL_POST", "URN",
    "PL_DISTANCE", "PL_LOCATION",
)  # fmt: skip
OC2 = (
    "CHILD", "DOB", "SDQ_SCORE", "SDQ_REASON", "CONVICTED", "HEALTH_CHECK", "IMMUNISATIONS", "TEETH_CHECK", "HEALTH_ASSESSMENT",
    "SUBSTANCE_MISUSE", "INTERVENTION_RECEIVED", "INTERVENTION_OFFERED",
)  # fmt: skip
WORKER_REASONS = ("MANAGE", "FCONTA", "LEFTRL", "ORGRST", "TSPROC", "ABSENC", "CHCHAN", "OTHERS")
DIFFERS = {
    "date of birth": 3,
    "provider of a placement": 4,
    "accommodation of a care leaver": 3,
    "placement that ends after the next begins": 2,
}
COVERS_A_YEAR = 0.95  # how often another worker covers for a child's own: absence, leave, a post empty for some weeks
Spell = tuple[str, int, int]  # a worker, from a day, to a day
IN_TOUCH = {"yes": "YES", "no": "NO", "refused": "REFU", "not_required": "NREQ"}


def tables(sim: Simulation) -> dict[str, Sheet]:
    """File name -> table. None where the simulation does not reach the year the return is of."""
    rng = Random(f"{sim.seed} return")
    care = [one for one in sim.records.care if one.start <= YEAR_END and one.end > SINCE]
    if not care:
        return {}
    looked = [sim.looked[id(one)] for one in care]
    children = list({one.child.child_id: one.child for one in care}.values())
    return {
        "header": _header(rng, children),
        "episodes": _episodes(rng, care),
        "reviews": _reviews(looked),
        "oc2": _health(rng, looked),
        "oc3": _care_leavers(rng, sim),
        "missing": _missing(looked),
        "sw_episodes": _workers(rng, sim, care),
        "uasc": _unaccompanied(children),
        "ad1": _adopted(sim),
        "placed_for_adoption": _to_be_adopted(sim),
    }


def _header(rng: Random, children: list[Child]) -> Sheet:
    differ = _some(rng, len(children), "date of birth")
    rows: list[list[Cell]] = [["CHILD", "SEX", "DOB", "ETHNIC", "UPN", "MOTHER", "MC_DOB"]]
    for number, child in enumerate(children):
        born = child.born + (31 if number in differ else 0)
        rows.append([child.child_id, SEXES[child.sex], born, codes.bare(child.ethnicity), None, "0", None])
    return Sheet("Header", rows, frozenset({2, 6}))


def _some(rng: Random, of: int, what: str) -> set[int]:
    return set(rng.sample(range(of), min(DIFFERS[what], of)))


def _episodes(rng: Random, care: list[Care]) -> Sheet:
    rows: list[list[Cell]] = [list(EPISODES)]
    for one in care:
        rows += _of_one(one)
    moved = [number for number, row in enumerate(rows) if number and row[8] == "X1" and row[9]]
    for number in rng.sample(moved, min(DIFFERS["placement that ends after the next begins"], len(moved))):
        rows[number][7] = min(int(str(rows[number][7])) + 9, YEAR_END)
    own = [number for number, row in enumerate(rows) if row[6] == "PR1" and row[5] == "U6" and row[7] is None]
    for number in rng.sample(own, min(DIFFERS["provider of a placement"], len(own))):
        rows[number][6] = "PR4"
    return Sheet("Episodes", rows, frozenset({1, 7}))


def _of_one(care: Care) -> list[list[Cell]]:
    """The episodes of a time in care, from its very beginning: a new one with each placement and each legal status."""
    last = min(care.end, YEAR_END + 1)
    starts = {placement.start for placement in care.placements}
    changes = sorted({care.start, *starts, care.order_on} - {FAR})
    days = [on for on in changes if care.start <= on < last]
    rows: list[list[Cell]] = []
    for number, on in enumerate(days):
        placement, (status_on, status) = placement_on(care, on), legal_status_on(care, on)
        ends = days[number + 1] if number + 1 < len(days) else care.end if care.end <= YEAR_END else None
        over = number + 1 == len(days)
        reason = None if ends is None else codes.bare(care.ended_by) if over else "X1"
        began = "S" if on == care.start else "B" if on in starts and on == status_on else "P" if on in starts else "L"
        change = placement.change if not over and days[number + 1] in starts else None
        rows.append([
            care.child.child_id, on, began, codes.bare(status), codes.bare(care.child.need), codes.bare(placement.kind),
            codes.bare(placement.provider), ends, reason, change, None, None, placement.urn, placement.miles,
            "OUT" if placement.out_of_area else "IN",
        ])  # fmt: skip
    return rows


def _reviews(looked: list[Looked]) -> Sheet:
    rows: list[list[Cell]] = [["CHILD", "DOB", "REVIEW", "REVIEW_CODE"]]
    for one in looked:
        child = one.care.child
        rows += [[child.child_id, child.born, r.day, r.code] for r in one.reviews if SINCE <= r.day <= YEAR_END and not r.cancelled]
    return Sheet("Reviews", rows, frozenset({1, 2}))


def _health(rng: Random, looked: list[Looked]) -> Sheet:
    """Children in care on 31 March for a year or more."""
    rows: list[list[Cell]] = [list(OC2)]
    year = months_before(YEAR_END, 12)
    for one in looked:
        child = one.care.child
        if one.care.start <= year and one.care.end > YEAR_END:
            half = months_before(YEAR_END, 6)
            young = child.age_on(YEAR_END) < 5
            asked = 4 <= child.age_on(YEAR_END) < 17
            score: Cell = rng.randrange(2, 27) if asked and rng.random() < 0.8 else None
            checked = any(year < on <= YEAR_END for on in one.dental)
            assessed = any((half if young else year) < on <= YEAR_END for on in one.health)
            rows.append([
                child.child_id, child.born, score, None if score is not None or not asked else "SDQ2", "0",
                (_yes(rng.random() < 0.9) if young else None), _yes(rng.random() < 0.88), _yes(checked), _yes(assessed),
                _yes(child.age_on(YEAR_END) > 12 and rng.random() < 0.07), "0", "0",
            ])  # fmt: skip
    return Sheet("OC2", rows, frozenset({1}))


def _yes(true: bool) -> str:
    return "1" if true else "0"


def _care_leavers(rng: Random, sim: Simulation) -> Sheet:
    """Those the return asks about: 17 and over on 31 March, and out of care."""
    rows: list[list[Cell]] = [["CHILD", "DOB", "IN_TOUCH", "ACTIV", "ACCOM"]]
    asked = [one for one in sim.leavers if one.listed_on(YEAR_END) and one.left <= YEAR_END and one.child.age_on(YEAR_END) >= 17]
    differ = _some(rng, len(asked), "accommodation of a care leaver")
    for number, one in enumerate(asked):
        now = standing(one, YEAR_END)
        home = "Y" if number in differ else now.home[0]
        rows.append([
            one.child.child_id, one.child.born, IN_TOUCH[now.in_touch], codes.bare(now.activity), f"{home}{1 if now.suitable else 2}",
        ])  # fmt: skip
    return Sheet("OC3", rows, frozenset({1}))


def _missing(looked: list[Looked]) -> Sheet:
    rows: list[list[Cell]] = [["CHILD", "DOB", "MISSING", "MIS_START", "MIS_END"]]
    for one in looked:
        child = one.care.child
        rows += [[child.child_id, child.born, m.kind, m.start, m.end] for m in one.missing if m.start >= SINCE and m.end <= YEAR_END]
    return Sheet("Missing", rows, frozenset({1, 3, 4}))


def _workers(rng: Random, sim: Simulation, care: list[Care]) -> Sheet:
    """Each social worker's time with each child, while the child was in care, and the time of those who covered for them."""
    rows: list[list[Cell]] = [["CHILD", "DOB", "SW_ID", "SW_DECOM", "SW_DEC", "SW_REASON"]]
    for one in care:
        child = one.child
        spells = _covered(Random(f"{sim.seed} cover {child.child_id} {one.start}"), sim.council, child, _spells(one))
        for number, (worker, since, until) in enumerate(spells):
            ends = until if until <= YEAR_END else None
            why = None if ends is None else "OTHERS" if number + 1 == len(spells) else rng.choice(WORKER_REASONS)
            if until > SINCE and since <= YEAR_END:
                rows.append([child.child_id, child.born, worker, since, ends, why])
    return Sheet("SWEpisodes", rows, frozenset({1, 3, 4}))


def _spells(care: Care) -> list[Spell]:
    """Worker, from, to: one after the other, the same worker's time joined."""
    out: list[Spell] = []
    holders = care.child.holders
    for number, (since, _, worker) in enumerate(holders):
        until = holders[number + 1][0] if number + 1 < len(holders) else FAR
        first, last = max(since, care.start), min(until, care.end)
        if number == 0:
            first = care.start  # who held the child before the simulation began is not known: the first one known is taken
        if first < last:
            if out and out[-1][0] == worker:
                out[-1] = (worker, out[-1][1], last)
            else:
                out.append((worker, first, last))
    return out


def _covered(rng: Random, council: Council, child: Child, spells: list[Spell]) -> list[Spell]:
    """The spells, broken where another social worker of the team covered for some weeks: Annex A goes on naming the child's own."""
    out: list[Spell] = []
    for worker, since, until in spells:
        at = since
        while True:
            began = at + 14 + int(rng.expovariate(COVERS_A_YEAR / 365))
            ended = began + rng.randrange(14, 57)
            if ended + 14 > min(until, YEAR_END):
                break
            others = [w.worker_id for w in council.in_team(child.holder_at(began)[0], began, social_work=True) if w.worker_id != worker]
            if others:
                out += [(worker, at, began), (rng.choice(others), began, ended)]
                at = ended
            else:
                at = began
        out.append((worker, at, until))
    return out


def _unaccompanied(children: list[Child]) -> Sheet:
    rows: list[list[Cell]] = [["CHILD", "SEX", "DOB", "DUC"]]
    rows += [[c.child_id, SEXES[c.sex], c.born, c.adult_on if c.adult_on <= YEAR_END else None] for c in children if c.unaccompanied]
    return Sheet("UASC", rows, frozenset({2, 3}))


def _adopted(sim: Simulation) -> Sheet:
    rows: list[list[Cell]] = [["CHILD", "DOB", "DATE_INT", "DATE_MATCH", "FOSTER_CARE", "NB_ADOPTR", "SEX_ADOPTR", "LS_ADOPTR"]]
    for one in sim.adoptions:
        if SINCE <= one.adopted <= YEAR_END:
            rows.append([one.care.child.child_id, one.care.child.born, one.decided, one.matched, "0", "2", "MF", "L0"])
    return Sheet("AD1", rows, frozenset({1, 2, 3}))


def _to_be_adopted(sim: Simulation) -> Sheet:
    rows: list[list[Cell]] = [["CHILD", "DOB", "DATE_PLACED", "DATE_PLACED_CEASED", "REASON_PLACED_CEASED"]]
    for one in sim.adoptions:
        if one.decided <= YEAR_END and one.care.end > SINCE:
            ceased = one.given_up if one.given_up <= YEAR_END else None
            rows.append([one.care.child.child_id, one.care.child.born, one.decided, ceased, "RD3" if ceased else None])
    return Sheet("PlacedAdoption", rows, frozenset({1, 2, 3}))
