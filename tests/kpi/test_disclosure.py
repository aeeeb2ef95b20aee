"""What may be published: no count of 1 to 4 is shown, and none can be worked out from what is."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.disclosure import NOT_PUBLISHED, fit_to_publish, hidden_groups

GROUPS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=7)


def counts(groups: list[tuple[int, int]]) -> np.ndarray:
    """(met, not met) -> met, not met, all."""
    return np.array([(met, missed, met + missed) for met, missed in groups], dtype="float64")


def figures(text: str) -> pd.DataFrame:
    """level unit numerator denominator, one a line."""
    rows = [line.split() for line in text.strip().splitlines()]
    frame = pd.DataFrame([(r[0], r[1].replace("-", ""), float(r[2]), float(r[3])) for r in rows])
    frame.columns = pd.Index(["level", "unit_id", "numerator", "denominator"])
    return frame.assign(kpi="cp_visits_in_time", period=pd.Timestamp("2026-05-31"), value=1.0, status="met", change=0.1)


def hidden(frame: pd.DataFrame, **service_of: str) -> dict[str, str]:
    out = fit_to_publish(frame, service_of)
    return {unit: why for unit, why in zip(out["unit_id"], out["hidden"], strict=True) if why}


def test_large_groups_and_empty_ones_are_shown() -> None:
    assert list(hidden_groups(counts([(20, 10), (0, 0), (5, 5), (0, 30)]))) == ["", "", "", ""]


@pytest.mark.parametrize(("met", "missed", "shown"), [(4, 20, False), (5, 20, True), (20, 4, False), (20, 0, True), (0, 20, True)])
def test_a_count_of_one_to_four_is_hidden_and_zero_is_shown(met: int, missed: int, shown: bool) -> None:
    assert (hidden_groups(counts([(met, missed), (50, 50), (60, 60)]))[0] == "") is shown


def test_a_group_hidden_alone_takes_the_next_smallest_with_it() -> None:
    assert list(hidden_groups(counts([(2, 30), (40, 40), (15, 15)]))) == [NOT_PUBLISHED, "", NOT_PUBLISHED]


@given(GROUPS)
def test_those_hidden_make_together_a_group_that_could_be_published(groups: list[tuple[int, int]]) -> None:
    table = counts(groups)
    gone = hidden_groups(table) != ""
    for row in table[~gone]:
        assert not any(0 < count < 5 for count in row)
    if gone.any() and not gone.all():
        together = table[gone].sum(axis=0)
        assert gone.sum() >= 2
        assert not any(0 < count < 5 for count in together)


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=2, max_size=3))
def test_no_hidden_count_has_only_one_possible_value(groups: list[tuple[int, int]]) -> None:
    """By trying every table that an outsider could think of: the ones that add up, and would have been hidden in the same places."""
    table = counts(groups)
    why = hidden_groups(table)
    gone = why != ""
    if not gone.any() or gone.all():
        return
    total = int(table[gone][:, -1].sum())
    met = int(table[gone][:, 0].sum())
    at = np.flatnonzero(gone)
    possible: list[set[tuple[int, int]]] = [set() for _ in at]
    for sizes in _ways(total, len(at)):
        for done in _ways(met, len(at)):
            if any(d > s for d, s in zip(done, sizes, strict=True)):
                continue
            other = table.copy()
            other[at] = [(d, s - d, s) for d, s in zip(done, sizes, strict=True)]
            if list(hidden_groups(other) != "") == list(gone):
                for i, pair in enumerate(zip(done, sizes, strict=True)):
                    possible[i].add(pair)
    assert all(len({size for _, size in pairs}) > 1 for pairs in possible)


def _ways(total: int, parts: int) -> list[tuple[int, ...]]:
    if parts == 1:
        return [(total,)]
    return [(first, *rest) for first in range(total + 1) for rest in _ways(total - first, parts - 1)]


def test_the_teams_of_a_hidden_service_are_hidden_and_a_small_whole_hides_everything() -> None:
    frame = figures("authority - 60 95\nservice A 2 5\nservice B 28 40\nservice C 30 50\nteam a1 2 5\nteam b1 28 40\nteam c1 30 50")
    gone = hidden(frame, a1="A", b1="B", c1="C")
    assert gone["A"] == NOT_PUBLISHED
    assert gone["B"] == NOT_PUBLISHED
    assert "a1" in gone
    assert "b1" in gone
    assert "C" not in gone
    tiny = figures("authority - 3 3\nservice A 3 3")
    assert hidden(tiny) == {"": NOT_PUBLISHED, "A": NOT_PUBLISHED}


def test_what_is_hidden_leaves_no_number_or_status_behind() -> None:
    out = fit_to_publish(figures("authority - 60 95\nservice A 2 5\nservice B 58 90"), {})
    row = out[out["unit_id"] == "A"].iloc[0]
    assert row[["numerator", "denominator", "value", "change"]].isna().all()
    assert row["status"] == "not published"


def test_a_workers_figures_are_never_published() -> None:
    assert list(fit_to_publish(figures("authority - 60 95\nworker w1 20 40"), {})["level"]) == ["authority"]
