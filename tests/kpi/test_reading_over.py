"""Several months read as one: added up from cases, never averaged, and marked where a month is missing."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from kpi import REGISTER
from kpi.figures import HISTORY_SHORT, cases_of, figures_of
from kpi.reading_over import YEAR_TO_DATE, Months, adds_up, over
from tests.kpi.building import periods, tables
from tests.kpi.random_council import MONTHS, council

# of a measure the council has only as figures, tests/kpi/test_measures.py adds up the figures themselves
SUMMED = [key for key, measure in REGISTER.items() if adds_up(measure) and measure.measure != "median" and measure.given is None]
STOCK = [key for key, measure in REGISTER.items() if not adds_up(measure)]


def month(numerator: float, denominator: float, when: str, **more: object) -> dict[str, object]:
    usual = {"kpi": "audits_inadequate", "level": "authority", "unit_id": "", "left_out": {}, "apart": {}, "note": ""}
    return {**usual, "period": periods(when)[0], "numerator": numerator, "denominator": denominator, **more}


def read(rows: list[dict[str, object]], months: Months, when: str, **more: object) -> pd.Series:
    found = over(pd.DataFrame(rows), months, **more)  # type: ignore[arg-type]
    return found[found["period"] == periods(when)[0]].iloc[0]


def test_three_months_are_added_up_and_not_averaged() -> None:
    got = read([month(1, 2, "2024-03"), month(0, 30, "2024-04"), month(3, 8, "2024-05")], 3, "2024-05")
    assert (got["numerator"], got["denominator"], got["note"]) == (4, 40, "")
    assert 100 * got["numerator"] / got["denominator"] == 10, "the average of 50, 0 and 37.5 per cent is nearly three times that"


def test_what_was_left_out_is_added_up_by_its_reason() -> None:
    rows = [month(1, 2, "2024-03", left_out={"a": 1}), month(1, 2, "2024-04", left_out={"a": 2, "b": 1}), month(1, 2, "2024-05")]
    assert read(rows, 3, "2024-05")["left_out"] == {"a": 3, "b": 1}
    assert read(rows, 1, "2024-05")["left_out"] == {}


@pytest.mark.parametrize(("when", "sums"), [("2024-03", (7, 12)), ("2024-04", (1, 1)), ("2024-05", (3, 2))])
def test_a_financial_year_begins_in_april(when: str, sums: tuple[float, float]) -> None:
    before = [month(0, 1, f"2023-{n:02}") for n in range(4, 13)] + [month(1, 1, "2024-01"), month(2, 1, "2024-02"), month(4, 1, "2024-03")]
    got = read([*before, month(1, 1, "2024-04"), month(2, 1, "2024-05")], YEAR_TO_DATE, when)
    assert (got["numerator"], got["denominator"], got["note"]) == (*sums, "")


def test_a_month_with_no_data_or_a_short_history_makes_the_reading_short() -> None:
    gap = [month(1, 2, "2024-02"), month(1, 2, "2024-04"), month(1, 2, "2024-05"), month(1, 2, "2024-06"), month(1, 2, "2024-07")]
    assert read(gap, 3, "2024-05")["note"] == HISTORY_SHORT
    assert read(gap, 3, "2024-06")["note"] == ""
    short = [month(1, 2, "2024-03", note=HISTORY_SHORT), month(1, 2, "2024-04"), month(1, 2, "2024-05"), month(1, 2, "2024-06")]
    assert [read(short, 3, when)["note"] for when in ("2024-05", "2024-06")] == [HISTORY_SHORT, ""]
    assert read(short, YEAR_TO_DATE, "2024-06")["note"] == "", "the year began in April"


def test_a_month_in_which_a_team_had_no_cases_is_not_missing() -> None:
    whole = [month(1, 5, when) for when in ("2024-03", "2024-04", "2024-05")]
    team = [month(1, 2, when, level="team", unit_id="T1") for when in ("2024-03", "2024-04")]
    found = over(pd.DataFrame([*whole, *team]), 3)
    ours = found[(found["unit_id"] == "T1") & (found["period"] == periods("2024-05")[0])].iloc[0]
    assert (ours["numerator"], ours["denominator"], ours["note"]) == (2, 4, "")
    alone = over(pd.DataFrame(team), 3, covered=periods("2024-03", "2024-04", "2024-05"))
    assert alone["period"].tolist() == list(periods("2024-03", "2024-04", "2024-05"))


def test_a_count_over_a_year_is_how_many_there_were() -> None:
    rows = [month(n, 1, when, kpi="section47_started") for n, when in ((4, "2024-03"), (0, "2024-04"), (5, "2024-05"))]
    got = read(rows, 3, "2024-05")
    assert (got["numerator"], got["denominator"]) == (9, 1)


def test_how_things_stood_at_a_month_end_is_not_added_up() -> None:
    rows = pd.DataFrame([month(80, 90, when, kpi="cp_visits_in_time") for when in ("2024-03", "2024-04", "2024-05")])
    pd.testing.assert_frame_equal(over(rows, 12), rows[over(rows, 12).columns.tolist()])


def test_medians_are_refused_and_so_is_no_month_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="1 or more"):
        over(pd.DataFrame([month(1, 2, "2024-05")]), 0)
    monkeypatch.setitem(REGISTER, "audits_inadequate", replace(REGISTER["audits_inadequate"], measure="median"))
    with pytest.raises(ValueError, match="comes from their cases"):
        over(pd.DataFrame([month(1, 2, "2024-05")]), 3)


@pytest.mark.parametrize("key", SUMMED)
@pytest.mark.parametrize("months", [3, 12, YEAR_TO_DATE])
def test_a_reading_is_that_of_the_cases_of_its_months(key: str, months: Months) -> None:
    of, measure = council(1), REGISTER[key]
    cases, found = cases_of(measure, of, MONTHS), over(figures_of(measure, of, MONTHS), months)
    for period in MONTHS[11:]:
        begins = pd.Timestamp(period.year - (period.month < 4), 4, 1) if months == YEAR_TO_DATE else period - pd.offsets.MonthEnd(months)
        ours = cases[(cases["period"] > begins) & (cases["period"] <= period)]
        counted = ours[ours["left_out"].isna()]
        top = counted["met"].fillna(False).astype("float64") if measure.measure == "percent" else counted["value"]
        bottom = pd.Series(1.0, index=counted.index) if measure.measure == "percent" else counted["weight"]
        now = found[found["period"] == period].set_index(["level", "unit_id"])
        assert now.loc[("authority", ""), "numerator"] == pytest.approx(top.sum())
        assert sum(now.loc[("authority", ""), "left_out"].values()) == len(ours) - len(counted)
        if measure.measure not in ("rate", "count"):
            assert now.loc[("authority", ""), "denominator"] == pytest.approx(bottom.sum())
        if measure.measure != "rate":
            for team, sums in top.groupby(counted["team_id"]).sum().items():
                assert now.loc[("team", team), "numerator"] == pytest.approx(sums)


def test_every_other_measure_is_handed_back_as_it_was() -> None:
    figures = pd.concat([figures_of(REGISTER[key], council(1), MONTHS[:6], levels=("authority",)) for key in STOCK], ignore_index=True)
    pd.testing.assert_frame_equal(over(figures, 12), figures)


def test_an_audit_quarter_reads_as_three_months_of_audits() -> None:
    of = tables(audit="audit_id happened_on grade_kind\nA 2024-03-04 inadequate\nB 2024-04-02 good\nC 2024-05-09 good\nD 2024-05-10 good")
    figures = figures_of(REGISTER["audits_inadequate"], of, periods("2024-03", "2024-04", "2024-05"), levels=("authority",))
    got = over(figures, 3).iloc[-1]
    assert (got["numerator"], got["denominator"], got["note"]) == (1, 4, "")
