"""What may be published: no count of 1 to 4 is shown, and none can be worked out from what is."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.disclosure import NOT_PUBLISHED, UNCOUNTED, Told, fit_groups, fit_to_publish, hidden_groups

GROUPS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=7)
SHOWN_WHOLE = (False, False)


def counts(groups: list[tuple[int, int]]) -> np.ndarray:
    """(met, not met) -> met, not met, all."""
    return np.array([(met, missed, met + missed) for met, missed in groups], dtype="float64")


def figures(text: str, kpi: str = "cp_visits_in_time") -> pd.DataFrame:
    """level unit numerator denominator, one a line."""
    rows = [line.split() for line in text.strip().splitlines()]
    frame = pd.DataFrame([(r[0], r[1].replace("-", ""), float(r[2]), float(r[3])) for r in rows])
    frame.columns = pd.Index(["level", "unit_id", "numerator", "denominator"])
    return frame.assign(kpi=kpi, period=pd.Timestamp("2026-05-31"), value=1.0, status="met", change=0.1)


def hidden(frame: pd.DataFrame, **service_of: str) -> dict[str, str]:
    out = fit_to_publish(frame, service_of)
    return {unit: why for unit, why in zip(out["unit_id"], out["hidden"], strict=True) if why}


def told(groups: list[tuple[int, int]]) -> Told:
    """(met, not met) of groups called a, b, c, ... as a percentage tells of them."""
    table = counts(groups)
    return Told(tuple((name,) for name in "abcdefg"[: len(groups)]), table[:, 2], table[:, 0])


def gone(groups: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    ((sizes, figures_gone),) = fit_groups([told(groups)], [SHOWN_WHOLE])
    return sizes, figures_gone


# ---- the groups of one whole
def test_large_groups_and_empty_ones_are_shown() -> None:
    assert not hidden_groups(counts([(20, 10), (0, 0), (5, 5), (0, 30)])).any()


@pytest.mark.parametrize(("met", "missed", "shown"), [(4, 20, False), (5, 20, True), (20, 4, False), (20, 0, True), (0, 20, True)])
def test_a_count_of_one_to_four_is_hidden_and_zero_is_shown(met: int, missed: int, shown: bool) -> None:
    assert hidden_groups(counts([(met, missed), (50, 50), (60, 60)]))[0] != shown


def test_a_group_hidden_alone_takes_the_next_smallest_with_it() -> None:
    assert list(hidden_groups(counts([(2, 30), (40, 40), (15, 15)]))) == [True, False, True]


def test_groups_of_one_size_are_hidden_together() -> None:
    """Sizes 12, 12 and 4: were only the first 12 hidden, the rule itself would tell that it is at most 12, and so that the other is 4."""
    assert hidden_groups(np.array([[12.0], [12.0], [4.0]])).all()


def test_small_groups_are_not_hidden_where_their_sum_gives_them_away() -> None:
    """Sizes 4, 4 and 4 make 12, and if all are small only so; a group that is not small goes with them."""
    assert list(hidden_groups(np.array([[4.0], [4.0], [4.0], [20.0], [30.0]]))) == [True, True, True, True, False]


def test_what_came_hidden_is_hidden_with_another() -> None:
    assert list(hidden_groups(np.array([[np.nan], [20.0], [30.0]]))) == [True, True, True], "how many it is of cannot be weighed"


@given(GROUPS)
def test_those_hidden_make_together_a_group_that_could_be_published(groups: list[tuple[int, int]]) -> None:
    table = counts(groups)
    out = hidden_groups(table)
    for row in table[~out]:
        assert not any(0 < count < 5 for count in row)
    if out.any() and not out.all():
        together = table[out].sum(axis=0)
        assert out.sum() >= 2
        assert not any(0 < count < 5 for count in together)


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=2, max_size=3))
def test_no_hidden_count_has_only_one_possible_value(groups: list[tuple[int, int]]) -> None:
    """By trying every table an outsider could think of: those that add up, agree with all that is shown, and hide the same places."""
    table = counts(groups)
    sizes, figures_gone = gone(groups)
    if not figures_gone.any() or figures_gone.all():
        return
    size_of = [[int(n)] if not hid else range(int(table[sizes][:, 2].sum()) + 1) for n, hid in zip(table[:, 2], sizes, strict=True)]
    met_of = [
        [int(n)] if not hid else range(int(table[figures_gone][:, 0].sum()) + 1) for n, hid in zip(table[:, 0], figures_gone, strict=True)
    ]
    possible: list[set[tuple[int, int]]] = [set() for _ in groups]
    for size in product(*size_of):
        if sum(size) != table[:, 2].sum():
            continue
        for met in product(*met_of):
            if sum(met) != table[:, 0].sum() or any(m > n for m, n in zip(met, size, strict=True)):
                continue
            other = gone([(m, n - m) for m, n in zip(met, size, strict=True)])
            if (other[0] == sizes).all() and (other[1] == figures_gone).all():
                for place, pair in enumerate(zip(met, size, strict=True)):
                    possible[place].add(pair)
    for place in np.flatnonzero(figures_gone):
        sure = {met for met, _ in possible[place]}
        assert len(sure) > 1 or sure == {0}, f"{groups[place]} could be worked out, and none is the one count that may be"
    for place in np.flatnonzero(sizes):
        assert len({size for _, size in possible[place]}) > 1, f"how many there are of {groups[place]} could be worked out"


# ---- several measures of the same children
def test_a_size_is_hidden_in_the_same_places_in_every_measure_that_shares_it() -> None:
    one, other = [(3, 0), (7, 0), (30, 30), (40, 40)], [(0, 3), (0, 7), (2, 58), (40, 40)]
    for sizes, figures_gone in fit_groups([told(one), told(other)], [SHOWN_WHOLE] * 2):
        assert list(sizes) == [True, True, False, False]
        assert list(figures_gone[:2]) == [True, True]
    assert fit_groups([told(one), told(other)], [SHOWN_WHOLE] * 2)[1][1][2], "met by 2 of 60 is hidden, though their number is shown"


def test_what_one_measure_hides_as_met_another_does_not_show_as_its_size() -> None:
    visited, of_those = [(57, 3), (30, 30), (40, 40)], [(20, 37), (10, 20), (25, 15)]
    (_, met_gone), (sizes, _) = fit_groups([told(visited), told(of_those)], [SHOWN_WHOLE] * 2)
    assert list(met_gone) == [True, True, False]
    assert list(sizes) == list(met_gone)


@given(st.lists(st.tuples(st.integers(0, 40), st.lists(st.integers(0, 40), min_size=3, max_size=3)), min_size=2, max_size=5))
def test_measures_that_share_a_size_never_tell_more_together_than_apart(groups: list[tuple[int, list[int]]]) -> None:
    """The published tables together, solved as equations: every hidden count stays one of several that are known only as a sum."""
    size = np.array([n for n, _ in groups], dtype="float64")
    names = tuple((f"g{place}",) for place in range(len(groups)))
    mets = [np.array([min(met[m], n) for n, met in groups], dtype="float64") for m in range(3)]
    found = fit_groups([Told(names, size, met) for met in mets], [SHOWN_WHOLE] * 3)
    shown = np.logical_or.reduce([~sizes for sizes, _ in found])
    assert all((shown == ~sizes).all() for sizes, _ in found), "what one shows, all show"
    left = ~shown
    assert not left.any() or (left.sum() >= 2 and not 0 < size[left].sum() < 5) or left.all()


def test_the_groups_of_a_hidden_whole_are_hidden() -> None:
    ((sizes, figures_gone),) = fit_groups([told([(20, 10), (30, 30)])], [(False, True)])
    assert (sizes.any(), figures_gone.all()) == (False, True)
    ((sizes, figures_gone),) = fit_groups([told([(20, 10), (30, 30)])], [(True, True)])
    assert sizes.all()
    assert figures_gone.all()


# ---- services and teams
def test_the_teams_of_a_hidden_service_are_hidden_and_a_small_whole_hides_everything() -> None:
    frame = figures("authority - 60 95\nservice A 2 5\nservice B 28 40\nservice C 30 50\nteam a1 2 5\nteam b1 28 40\nteam c1 30 50")
    out = hidden(frame, a1="A", b1="B", c1="C")
    assert out["A"] == NOT_PUBLISHED
    assert out["B"] == NOT_PUBLISHED
    assert "a1" in out
    assert "b1" in out
    assert "C" not in out
    tiny = figures("authority - 3 3\nservice A 3 3")
    assert hidden(tiny) == {"": NOT_PUBLISHED, "A": NOT_PUBLISHED}


def test_a_team_in_no_service_is_weighed_with_those_nobody_holds() -> None:
    """The service of work nobody holds is that one team: where the service is hidden, so is the team."""
    frame = figures(
        "authority - 60 95\nservice A 2 4\nservice unallocated 6 12\nservice C 52 79\nteam a1 2 4\nteam unallocated 6 12\nteam c1 52 79"
    )
    assert {"A", "unallocated", "a1"} <= set(hidden(frame, a1="A", c1="C"))
    out = fit_to_publish(frame, {"a1": "A", "c1": "C"}).set_index(["level", "unit_id"])
    assert pd.isna(out.loc[("team", "unallocated"), "denominator"])


def test_a_team_whose_service_has_no_figure_is_hidden() -> None:
    assert "a1" in hidden(figures("authority - 60 95\nservice B 60 95\nteam a1 20 40"), a1="A")


def test_what_is_hidden_leaves_no_number_or_status_behind() -> None:
    out = fit_to_publish(figures("authority - 60 95\nservice A 2 5\nservice B 58 90"), {})
    row = out[out["unit_id"] == "A"].iloc[0]
    assert row[["numerator", "value", "change"]].isna().all()
    assert row["status"] == "not published"
    assert row["denominator"] == 5, "how many there are may be shown where it is not small"


def test_a_small_denominator_is_hidden_with_the_next() -> None:
    out = fit_to_publish(figures("authority - 60 95\nservice A 0 4\nservice B 30 41\nservice C 30 50"), {}).set_index("unit_id")
    assert out["denominator"].isna().to_dict() == {"": False, "A": True, "B": True, "C": False}


def test_a_figure_given_whole_is_not_published_for_nobody_knows_how_many_it_counts() -> None:
    assert hidden(figures("authority - 18.4 1", "attainment_gap")) == {"": UNCOUNTED}


def test_a_workers_figures_are_never_published() -> None:
    assert list(fit_to_publish(figures("authority - 60 95\nworker w1 20 40"), {})["level"]) == ["authority"]
