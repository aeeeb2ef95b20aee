"""Measures the council has only as figures: shown as given, hidden where they came hidden, and nothing worked out that was not said."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest

from data.reference.declared import measures
from data.tables import Tables
from kpi import REGISTER
from kpi.commentary import comment_many
from kpi.figures import FIGURE_COLUMNS, HISTORY_SHORT, all_figures, cases_of, covered_periods, figures_of
from kpi.measures import HIDDEN, NO_LIST, NO_SHARE, ONLY_THE_RESULT, Undeclarable, declare, undeclare
from kpi.reading_over import adds_up, over
from kpi.signalling import signalled
from kpi.targets import judged, with_months_before
from tests.kpi.building import frame

ROW = {
    "key": "sessions_attended", "title": "Sessions attended", "measure": "percent", "better": "higher", "domain": "looked_after",
    "source": "A register", "noun": "sessions", "did": "attended", "basis": "in_period",
}  # fmt: skip
MAY = pd.Timestamp("2026-05-31")


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    before = set(REGISTER)
    yield
    undeclare(set(REGISTER) - before)


def council(text: str) -> Tables:
    """month level unit numerator denominator value flag, one a line, - for nothing; all of sessions_attended."""
    rows: list[dict[str, Any]] = []
    for line in text.strip().splitlines():
        month, level, unit, *numbers, flag = [None if cell == "-" else cell for cell in line.split()]
        given = dict(zip(("numerator", "denominator", "value"), [None if n is None else float(n) for n in numbers], strict=True))
        on = pd.Timestamp(f"{month}-01") + pd.offsets.MonthEnd(0)
        rows.append({"measure": ROW["key"], "level_kind": level, "unit_id": unit, "observed_on": on, "flag_kind": flag, **given})
    months = pd.date_range("2025-01-31", "2026-12-31", freq="ME").as_unit("s")
    return Tables({"measure_value": frame("measure_value", rows)}, covered={"measure_value": months})


def figures(text: str, **changed: str) -> pd.DataFrame:
    (key,) = declare([{**ROW, **changed}])
    return figures_of(REGISTER[key], council(text))


def test_a_share_is_its_numerator_over_its_denominator_by_unit_and_month() -> None:
    out = figures("2026-04 authority - 80 100 - -\n2026-05 authority - 90 120 - -\n2026-05 service North 30 40 - -")
    assert list(out.columns) == list(FIGURE_COLUMNS)
    told = [tuple(row) for row in out[["period", "level", "unit_id", "numerator", "denominator"]].itertuples(index=False)]
    april = MAY - pd.offsets.MonthEnd(1)
    assert told == [(april, "authority", "", 80, 100), (MAY, "authority", "", 90, 120), (MAY, "service", "North", 30, 40)]


def test_a_month_without_a_row_has_no_data_though_the_file_spans_it() -> None:
    out = figures("2026-03 authority - 80 100 - -\n2026-05 authority - 90 120 - -")
    assert [f"{p:%Y-%m}" for p in out["period"]] == ["2026-03", "2026-05"]
    assert [f"{p:%Y-%m}" for p in covered_periods(REGISTER[ROW["key"]], council("2026-05 authority - 1 2 - -"))] == ["2026-05"]


@pytest.mark.parametrize("cells", ["- 100 - <5", "3 - - c", "- - - x", "- - 71.5 <5"])
def test_a_figure_that_came_hidden_in_any_part_is_hidden_and_never_nought(cells: str) -> None:
    row = figures(f"2026-05 authority - {cells}").iloc[0]
    assert pd.isna(row["numerator"])
    assert pd.isna(row["denominator"])
    assert row["note"] == f"{HIDDEN}: {cells.split()[-1]}"
    assert judged(pd.DataFrame([row]), NO_TARGETS)["status"].tolist() == ["no data"]


def test_a_share_of_which_only_the_result_is_given_is_not_guessed() -> None:
    row = figures("2026-05 authority - - - 91.5 -").iloc[0]
    assert pd.isna(row["numerator"])
    assert row["note"] == ONLY_THE_RESULT


@pytest.mark.parametrize("cells", ["101 100", "-1 100", "5 -1"])
def test_a_numerator_that_is_no_part_of_its_denominator_is_no_figure(cells: str) -> None:
    row = figures(f"2026-05 authority - {cells} - -").iloc[0]
    assert (pd.isna(row["numerator"]), pd.isna(row["denominator"]), row["note"]) == (True, True, NO_SHARE)


def test_a_count_is_judged_however_small_and_a_figure_given_whole_has_no_number_of_cases() -> None:
    aim = pd.DataFrame({"kpi": ["children_missing_education", "attainment_gap"], "since": pd.Timestamp("2025-01-01"), "green": [5.0, 15.0]})
    aim = aim.assign(amber=[8.0, 20.0], by=pd.NaT)
    rows = [
        {"measure": key, "level_kind": "authority", "observed_on": MAY, "value": value}
        for key, value in (("children_missing_education", 4), ("attainment_gap", 18.4))
    ]
    tables = Tables({"measure_value": frame("measure_value", rows)})
    out = judged(pd.concat([figures_of(REGISTER[key], tables) for key in aim["kpi"]]), aim)
    assert list(out["value"]) == [4, 18.4]
    assert list(out["status"]) == ["met", "near"]
    assert not adds_up(REGISTER["attainment_gap"])


def test_months_read_together_are_added_up_and_a_hidden_one_makes_the_reading_short() -> None:
    months = [
        "2026-01 authority - 10 40 - -",
        "2026-02 authority - 20 40 - -",
        "2026-03 authority - 30 40 - -",
        "2026-04 authority - - 40 - <5",
    ]
    out = over(figures("\n".join([*months, "2026-05 authority - 40 40 - -"])), 3).set_index("period")
    march = pd.Timestamp("2026-03-31")
    assert (out.loc[march, "numerator"], out.loc[march, "denominator"], out.loc[march, "note"]) == (60, 120, "")
    assert (out.loc[MAY, "numerator"], out.loc[MAY, "denominator"], out.loc[MAY, "note"]) == (70, 80, HISTORY_SHORT)


def test_nothing_is_added_up_to_the_whole() -> None:
    out = figures("2026-05 service North 30 40 - -\n2026-05 service South 30 40 - -")
    assert set(out["level"]) == {"service"}


def test_it_has_no_cases_and_says_so() -> None:
    (key,) = declare([ROW])
    tables = council("2026-05 authority - 80 100 - -")
    assert cases_of(REGISTER[key], tables, covered_periods(REGISTER[key], tables)).empty
    assert NO_LIST in REGISTER[key].definition


def test_it_is_treated_like_any_kpi_by_targets_signals_and_commentary() -> None:
    text = "\n".join(f"{p:%Y-%m} authority - {60 + n} 100 - -" for n, p in enumerate(pd.date_range("2025-01-31", "2026-05-31", freq="ME")))
    aim = pd.DataFrame({"kpi": [ROW["key"]], "since": pd.Timestamp("2025-01-01"), "green": 75.0, "amber": 70.0, "by": pd.NaT})
    out = with_months_before(judged(figures(text), aim))
    assert (out["status"].iloc[-1], out["sustained"].iloc[-1]) == ("met", 2)
    told = signalled(out, pd.DataFrame(columns=["kpi", "happened_on"]))
    assert told["signal"].iloc[-1] == "improvement"
    said = comment_many(told)[ROW["key"], "authority", ""]
    assert said.fact == "76 of 100 sessions were attended: 76.0\u202f% against a target of 75\u202f%."


def test_commentary_says_that_a_figure_is_hidden() -> None:
    out = with_months_before(judged(figures("2026-04 authority - 80 100 - -\n2026-05 authority - - 100 - <5"), NO_TARGETS))
    said = comment_many(signalled(out, pd.DataFrame(columns=["kpi", "happened_on"])))[ROW["key"], "authority", ""]
    assert said.fact == f"There is no figure for May 2026: {HIDDEN}: <5."


def test_every_measure_of_the_invented_council_is_declared_and_counted_among_all_figures() -> None:
    keys = {row["key"] for row in measures("invented")}
    assert keys == {
        "legal_spend", "children_missing_education", "electively_home_educated", "attendance_children_in_care", "attainment_gap",
        "development_centre_places",
    }  # fmt: skip
    assert keys <= set(REGISTER)
    declare([ROW])
    assert set(all_figures(council("2026-05 authority - 1 2 - -"), [ROW["key"]])["kpi"]) == {ROW["key"]}


def test_the_same_declaration_again_changes_nothing() -> None:
    declare([ROW])
    held = REGISTER[ROW["key"]]
    declare([ROW, ROW])
    assert REGISTER[ROW["key"]] is held


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"key": "cp_visits_in_time"}, "another measure has this key already"),
        ({"key": "Sessions Attended"}, "is not a key"),
        ({"title": "", "did": ""}, "title, did are empty"),
        ({"measure": "median"}, "measure is “median”: write one of percent, mean, days, count, value"),
        ({"better": "up"}, "better is “up”: write one of higher, lower, nothing"),
        ({"domain": "schools"}, "domain is “schools”"),
        ({"basis": "yearly"}, "basis is “yearly”"),
    ],
)
def test_a_wrong_declaration_is_refused_in_words_and_nothing_is_declared(changed: dict[str, str], says: str) -> None:
    before = dict(REGISTER)
    with pytest.raises(Undeclarable, match=says):
        declare([{**ROW, "key": "first_of_two"}, {**ROW, **changed}])
    assert before == REGISTER


def test_another_wording_of_a_declared_measure_is_a_clash() -> None:
    declare([ROW])
    with pytest.raises(Undeclarable, match="another measure has this key"):
        declare([{**ROW, "title": "Sessions missed"}])


def test_a_measure_with_cases_is_never_taken_out() -> None:
    undeclare(["cp_visits_in_time"])
    assert "cp_visits_in_time" in REGISTER


NO_TARGETS = pd.DataFrame({"kpi": pd.Series(dtype="str"), "since": pd.Series(dtype="datetime64[s]"), "green": pd.Series(dtype="float64")})
NO_TARGETS = NO_TARGETS.assign(amber=pd.Series(dtype="float64"), by=pd.Series(dtype="datetime64[s]"))
