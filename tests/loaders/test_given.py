"""What is given rather than done: targets, clocks, population, published figures, and measures a council has only as figures."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import loaders
from data import reference
from data.reading import Reading, Refused
from loaders.measure_values import month_of
from tests.loaders.extracts import TODAY, problems, read, text


def on(words: str) -> pd.Timestamp:
    return pd.Timestamp(words)


def cells(reading: Reading, table: str, *columns: str) -> list[list[object]]:
    frame = reading.tables[table][list(columns)]
    return frame.astype("object").where(frame.notna(), None).to_numpy().tolist()


def read_some(path: Path) -> Reading:
    """Read a file of which many rows are not of use: those are told together, with how many they are."""
    reading = loaders.read(path, today=TODAY)
    told = [int(p.says.split()[0].replace(",", "")) if "were left out" in p.says else 1 for p in problems(reading, "set_aside")]
    assert sum(told) == len(reading.set_aside)
    loaded = {int(row) for frame in reading.tables.values() for row in frame["source_row"]}
    assert loaded | reading.set_aside == set(range(reading.rows_in))
    assert loaded.isdisjoint(reading.set_aside)
    return reading


TARGETS = "kpi_id,authority,target,direction,amber,effective_from,effective_to,by,set_by,source_ref,note"


def test_targets(tmp_path: Path) -> None:
    path = text(
        tmp_path / "targets.csv",
        TARGETS,
        "cp_visits_in_time,,85,higher,75,01/04/2026,,31/07/2026,The Board,Plan 2.4,First step",
        "Audits Inadequate,local,5,lower,8.5,01/04/2026,,,The Board,,",
    )
    reading = read(path)
    assert (reading.source, reading.as_at, reading.problems) == ("targets", on(str(TODAY)), ())
    assert cells(reading, "target", "kpi", "since", "green", "amber", "by", "set_by", "source", "note") == [
        ["cp_visits_in_time", on("2026-04-01"), 85.0, 75.0, on("2026-07-31"), "The Board", "Plan 2.4", "First step"],
        ["audits_inadequate", on("2026-04-01"), 5.0, 8.5, None, "The Board", None, None],
    ]


def test_a_target_that_ends_is_followed_by_none_unless_another_takes_its_place(tmp_path: Path) -> None:
    path = text(
        tmp_path / "targets.csv",
        TARGETS,
        "a_kpi,,70,,,01/01/2025,31/03/2025,,,,",
        "a_kpi,,80,,,01/04/2025,30/06/2025,,,,",
        "a_kpi,,90,,,01/10/2025,31/12/2025,,,,",
    )
    rows = read(path).tables["target"].sort_values("since")
    assert rows[["since", "green"]].astype({"green": "object"}).where(rows[["since", "green"]].notna(), None).to_numpy().tolist() == [
        [on("2025-01-01"), 70.0],
        [on("2025-04-01"), 80.0],
        [on("2025-07-01"), None],
        [on("2025-10-01"), 90.0],
        [on("2026-01-01"), None],
    ]


@pytest.mark.parametrize(
    ("row", "column", "says"),
    [
        ("a_kpi,elsewhere,80,,,01/04/2026,,,,,", "authority", "is not the authority loaded here"),
        ("50% of visits,,80,,,01/04/2026,,,,,", "kpi_id", "is not the key of a KPI"),
        ("a_kpi,,80,higher,90,01/04/2026,,,,,", "amber", "nothing could ever be near"),
        ("a_kpi,,80,lower,70,01/04/2026,,,,,", "amber", "nothing could ever be near"),
        ("a_kpi,,80,,,,,,,,", "effective_from", "is empty"),
        ("other_kpi,,75,,,01/04/2026,,,,,", "kpi_id", "has the same"),
    ],
)
def test_a_target_that_cannot_be_kept_is_set_aside_with_its_place(row: str, column: str, says: str, tmp_path: Path) -> None:
    reading = read(text(tmp_path / "targets.csv", TARGETS, "other_kpi,,80,,,01/04/2026,,,,,", row))
    assert cells(reading, "target", "kpi") == [["other_kpi"]]
    (problem,) = problems(reading, "set_aside")
    assert (problem.row, problem.column) == (3, column)
    assert says in problem.says


def test_rows_of_this_authority_may_name_it_by_code_title_or_area(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (
        ("SIGHTLINE_AUTHORITY", "glos"),
        ("SIGHTLINE_AUTHORITY_TITLE", "The County"),
        ("SIGHTLINE_AREA", "Gloucestershire"),
    ):
        monkeypatch.setenv(name, value)
    rows = [f"k{i},{name},80,,,01/04/2026,,,,," for i, name in enumerate(["GLOS", "the county", "Gloucestershire", "", "local"])]
    reading = read(text(tmp_path / "targets.csv", TARGETS, *rows))
    assert cells(reading, "target", "kpi") == [["k0"], ["k1"], ["k2"], ["k3"]]


def test_a_kpi_that_is_not_known_here_is_kept_as_it_is_written(tmp_path: Path) -> None:
    assert cells(read(text(tmp_path / "t.csv", TARGETS, "no_such_kpi,,80,,,01/04/2026,,,,,")), "target", "kpi") == [["no_such_kpi"]]


def test_clocks(tmp_path: Path) -> None:
    path = text(
        tmp_path / "clocks.csv",
        "duty,since,interval,unit,set_by,note",
        "CP visit,01/04/2026,10,working days,Practice standards,",
        "cla_visit_settled,01/04/2026,3,months,Regulations,",
        "cin_visit,01/04/2026,0,days,,",
        "cin_visit,01/05/2026,1.5,days,,",
        "cin_visit,01/06/2026,4,weeks,,",
    )
    reading = read(path)
    assert cells(reading, "clock", "duty", "since", "interval", "unit", "set_by") == [
        ["cp_visit", on("2026-04-01"), 10.0, "working_days", "Practice standards"],
        ["cla_visit_settled", on("2026-04-01"), 3.0, "months", "Regulations"],
    ]
    assert [(p.row, p.column) for p in problems(reading, "set_aside")] == [(6, "unit"), (4, "interval"), (5, "interval")]


def test_population(tmp_path: Path) -> None:
    path = text(
        tmp_path / "population.csv",
        "group,year,people,source",
        "0 to 17,2024,130500,ONS mid-year estimates",
        "0-4,2024,\"33,000\",ONS mid-year estimates",
        ",2025,131000,",
        "0-17,,131000,",
        "0-17,2026,0,",
    )  # fmt: skip
    reading = read(path)
    assert cells(reading, "population", "group_id", "observed_on", "people", "source") == [
        ["0-17", on("2024-06-30"), 130500.0, "ONS mid-year estimates"],
        ["0-4", on("2024-06-30"), 33000.0, "ONS mid-year estimates"],
        ["0-17", on("2025-06-30"), 131000.0, None],
    ]
    assert [(p.row, p.column) for p in problems(reading, "set_aside")] == [(5, "year"), (6, "people")]
    dated = read(text(tmp_path / "dated.csv", "group,date,people", "Under 18,31/03/2026,1000"))
    assert cells(dated, "population", "group_id", "observed_on", "people") == [["0-17", on("2026-03-31"), 1000.0]]


@pytest.mark.parametrize(
    ("words", "month"),
    [
        ("2026-05", "2026-05-31"), ("2026/5", "2026-05-31"), ("05/2026", "2026-05-31"), ("31/05/2026", "2026-05-31"),
        ("2026-02-01", "2026-02-28"), ("May 2026", "2026-05-31"), ("1 September 2026", "2026-09-30"), ("Feb-2024", "2024-02-29"),
        ("2026-05-31 00:00:00", "2026-05-31"), ("May-26", None), ("05/26", None), ("2026-13", None), ("2026", None), ("soon", None),
    ],
)  # fmt: skip
def test_a_month_is_read_however_it_is_written_and_never_guessed(words: str, month: str | None) -> None:
    assert month_of(words) == (None if month is None else on(month))


VALUES = "measure,unit_level,unit,month,numerator,denominator,value"


def test_measures_known_only_as_figures_keep_the_marks_of_hidden_ones(tmp_path: Path) -> None:
    path = text(
        tmp_path / "measure_values.csv",
        VALUES,
        "legal_spend,,,2026-05,,,\"1,250,000\"",
        "school_attendance,Authority,The Council,May 2026,9120,9600,",
        "school_attendance,team,Brook,2026-05,<5,12,",
        "home_educated,team,Weir,2026-05,,,c",
    )  # fmt: skip
    reading = read(path)
    columns = ("measure", "level_kind", "unit_id", "observed_on", "numerator", "denominator", "value", "flag_kind")
    assert cells(reading, "measure_value", *columns) == [
        ["legal_spend", "authority", None, on("2026-05-31"), None, None, 1250000.0, None],
        ["school_attendance", "authority", None, on("2026-05-31"), 9120.0, 9600.0, None, None],
        ["school_attendance", "team", "Brook", on("2026-05-31"), None, 12.0, None, "<5"],
        ["home_educated", "team", "Weir", on("2026-05-31"), None, None, None, "c"],
    ]
    assert reading.problems == ()


@pytest.mark.parametrize(
    ("row", "column", "says"),
    [
        ("k,,,May-26,1,2,", "month", "is not a month"),
        ("k,,,2026-12,1,2,", "month", "has not come yet"),
        ("k,team,,2026-04,1,2,", "unit", "name it"),
        ("k,,,2026-04,1,,", "value", "Gives no figure"),
        ("k,,,2026-04,1,two,", "denominator", "neither a figure nor a mark"),
        ("k,,,2026-05,1,9,", "measure", "has the same"),
    ],
)
def test_a_figure_that_cannot_be_kept_is_set_aside(row: str, column: str, says: str, tmp_path: Path) -> None:
    reading = read(text(tmp_path / "v.csv", VALUES, "k,,,2026-05,1,2,", row))
    assert len(reading.tables["measure_value"]) == 1
    assert any(p.row == 3 and p.column == column and says in p.says for p in problems(reading, "set_aside")), reading.problems


TABLE = "indicator_code,indicator,area_type,area_code,area,period,value,unit,source"


def test_a_table_of_published_figures(tmp_path: Path) -> None:
    path = text(
        tmp_path / "published.csv",
        TABLE,
        "RR,Re-referrals,national,E92000001,England,2026,23.1,percent,DfE",
        "SW_TURNOVER,Turnover,la,E10000013,Gloucestershire,2026,c,percent,DfE",
        "S47_RATE,Section 47,region,E12000009,South West,2026,180,rate_per_10000,DfE",
        "RR,Re-referrals,sn_mean_2025,E10000013,Neighbours,2026,20,percent,DfE",
        "RR,Re-referrals,la,E10000013,Gloucestershire,2025/26,20,percent,DfE",
    )
    reading = read(path)
    assert cells(reading, "published_figure", "indicator", "area_kind", "area_id", "year_from_on", "year_to_on", "value", "flag_kind") == [
        ["re_referrals", "england", "E92000001", on("2025-04-01"), on("2026-03-31"), 23.1, None],
        ["turnover", "la", "E10000013", on("2025-10-01"), on("2026-09-30"), None, "c"],
        ["S47_RATE", "region", "E12000009", on("2025-04-01"), on("2026-03-31"), 180.0, None],
    ]
    assert [p.says for p in problems(reading, "set_aside")] == [
        "“2025/26” is not a year that ends in March or September: write it as 2025. The row was set aside.",
        "1 rows are means or medians of neighbours, which are worked out here from the councils' own rows. They were left out.",
    ]


def test_the_whole_table_of_published_figures_gives_what_comes_with_sightline(shared: Path) -> None:
    reading = read_some(shared / "reference" / "published_figures.csv")
    assert reading.rows_in == 16_540
    assert [p.says for p in problems(reading, "set_aside")] == [
        "2,786 rows are means or medians of neighbours, which are worked out here from the councils' own rows. They were left out."
    ]
    loaded = reading.tables["published_figure"]
    assert len(loaded) == 16_540 - 2_786
    for area in ("Gloucestershire", "Buckinghamshire"):
        columns = ["kpi", "label", "value", "areas"]
        pd.testing.assert_frame_equal(
            reference.published(area, loaded)[columns].sort_values(columns, ignore_index=True),
            reference.published(area)[columns].sort_values(columns, ignore_index=True),
        )


PLACE = "time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,old_la_code,new_la_code,la_name"
ENGLAND = "2026,Reporting year,National,E92000001,England,,,,,"
REGION = "2026,Reporting year,Regional,E92000001,England,E12000009,South West,,,"
COUNCIL = "2026,Reporting year,Local authority,E92000001,England,E12000009,South West,916,E10000013,Gloucestershire"


def test_referrals_as_downloaded_from_explore_education_statistics(tmp_path: Path) -> None:
    columns = "category,referral_count,rereferral_count,rereferral_percent,no_further_action_count,no_further_action_percent"
    path = text(
        tmp_path / "referrals.csv",
        f"{PLACE},{columns}",
        f"{ENGLAND},Referrals,600000,138000,23,39000,6.5",
        f"{REGION},Referrals,50000,11000,22,c,c",
        f"{COUNCIL},Referrals,6000,low,x,300,5",
        f"{COUNCIL.replace('2026,', '202526,', 1).replace('Reporting year', 'Financial year')},Other,z,z,z,z,z",
    )
    reading = read(path)
    columns = ("indicator", "area_kind", "area_id", "area", "value", "numerator", "denominator", "flag_kind")
    assert cells(reading, "published_figure", *columns)[:6] == [
        ["re_referrals", "england", "E92000001", "England", 23.0, 138000.0, 600000.0, None],
        ["re_referrals", "region", "E12000009", "South West", 22.0, 11000.0, 50000.0, None],
        ["re_referrals", "la", "E10000013", "Gloucestershire", None, None, 6000.0, "x"],
        ["re_referrals", "la", "E10000013", "Gloucestershire", None, None, None, "z"],
        ["referrals_no_further_action", "england", "E92000001", "England", 6.5, 39000.0, 600000.0, None],
        ["referrals_no_further_action", "region", "E12000009", "South West", None, None, 50000.0, "c"],
    ]
    assert set(reading.tables["published_figure"]["year_to_on"]) == {on("2026-03-31")}
    assert set(reading.tables["published_figure"]["source"]) == {"Department for Education, Open Government Licence v3.0"}


def test_conferences_in_15_days_are_worked_out_from_the_counts_and_hidden_where_one_is(tmp_path: Path) -> None:
    columns = "category,Section47,ICPC,Duration_0-10_days,Duration_11-15_days,Duration_16-20_days,Duration_21+_days"
    path = text(
        tmp_path / "c4.csv",
        f"{PLACE},{columns}",
        f"{ENGLAND},All,230590,72100,6240,52430,6430,6990",
        f"{COUNCIL},All,800,c,c,120,5,5",
    )
    reading = read(path)
    assert cells(reading, "published_figure", "indicator", "value", "flag_kind") == [
        ["icpc_in_15_days", 81.4, None],
        ["icpc_in_15_days", None, "c"],
    ]


def test_of_many_breakdowns_only_the_one_a_kpi_is_compared_with_is_read_and_the_rest_are_counted(tmp_path: Path) -> None:
    path = text(
        tmp_path / "activity.csv",
        f"{PLACE},care_leaver_age,breakdown,care_leaver_count,care_leaver_percent",
        f'{ENGLAND},17 to 18 years,"Total in education, employment or training",9430,64',
        f'{ENGLAND},19 to 21 years,"Total in education, employment or training",20760,54',
        f"{ENGLAND},19 to 21 years,Total,38440,100",
    )
    reading = read_some(path)
    assert cells(reading, "published_figure", "indicator", "value", "numerator") == [["care_leavers_in_education_or_work", 54.0, 20760.0]]
    (left_out,) = reading.problems[-1:]
    assert left_out.says == "2 rows hold no figure a KPI is compared with: they are other breakdowns. They were left out."
    assert len(reading.set_aside) == 2


def test_files_of_earlier_releases_are_read_under_their_own_headings(tmp_path: Path) -> None:
    path = text(
        tmp_path / "suitability.csv",
        f"{PLACE},age,accommodation_suitability,number,percentage",
        f"{ENGLAND},19 to 21 years,Accommodation considered suitable,33400,88",
        f"{ENGLAND},19 to 21 years,Accommodation considered not suitable,2100,6",
    )
    rows = cells(read_some(path), "published_figure", "indicator", "value", "numerator")
    assert rows == [["care_leavers_suitable_home", 88.0, 33400.0]]


def test_the_workforces_years_end_in_september(tmp_path: Path) -> None:
    path = text(
        tmp_path / "workforce.csv",
        f"{PLACE},inpost_fte,leavers_fte,turnover_rate_fte,vacancy_fte,vacancy_rate_fte,agency_fte,agency_rate_fte,cases,caseload_fte",
        f"{COUNCIL},300.5,33,11,30,9.1,20,6.2,4000,15.2",
    )
    rows = read(path).tables["published_figure"]
    assert rows[["indicator", "value"]].to_numpy().tolist() == [
        ["turnover", 11.0], ["vacancies", 9.1], ["agency_workers", 6.2], ["caseload", 15.2],
    ]  # fmt: skip
    assert set(rows["year_to_on"]) == {on("2026-09-30")}
    assert set(rows["year_from_on"]) == {on("2025-10-01")}


def test_a_download_with_nothing_a_kpi_is_compared_with_is_refused_naming_what_would_be(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"none of its columns is a figure a KPI is compared with.*rereferral_percent"):
        read(text(tmp_path / "b1.csv", f"{PLACE},category,At31_episodes", f"{ENGLAND},All,399460"))


def test_a_new_year_of_published_figures_is_one_load(tmp_path: Path) -> None:
    path = text(
        tmp_path / "d3.csv",
        f"{PLACE},category,CPP_start,CPP_subsequent,CPP_subsequent_percent",
        f"{ENGLAND},All,60000,15000,25",
        f"{COUNCIL.replace('2026', '2025', 1)},All,400,c,c",
        f"{COUNCIL},All,400,100,25.5",
    )
    loaded = read(path).tables["published_figure"]
    before, after = (reference.published("Gloucestershire", rows) for rows in (None, loaded))
    own = after[(after["kpi"] == "cp_repeat_plans") & (after["area_kind"] == "la")].set_index("year_to")["value"]
    assert own[on("2026-03-31")] == 25.5
    assert on("2025-03-31") not in own.index  # now hidden: the figure that came with Sightline is gone, and is not 0
    assert on("2025-03-31") in set(before.loc[(before["kpi"] == "cp_repeat_plans") & (before["area_kind"] == "la"), "year_to"])
    england = after[(after["kpi"] == "cp_repeat_plans") & (after["area_kind"] == "england")]
    assert england.iloc[-1][["value", "label"]].tolist() == [25.0, "England, year to March 2026"]
