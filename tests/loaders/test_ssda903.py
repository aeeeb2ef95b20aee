"""The children looked after return: what its tables become, how its episodes are put together, and which years it speaks for."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import loaders
from data.reading import Reading
from tests.loaders.extracts import TODAY, nothing_lost, problems, read, text, workbook

EPISODES = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN"
YEAR = (pd.Timestamp("2025-04-01"), pd.Timestamp("2026-03-31"))
A_LONG_STAY = (
    "7,01/05/2025,S,C1,N1,U6,PR1,01/07/2025,X1,CREQB,AA1 1AA,AA2 2BB,SC100",
    "7,01/07/2025,P,C1,N1,U4,PR4,01/09/2025,X1,,AA1 1AA,AA3 3CC,SC200",
    "7,01/09/2025,L,C2,N1,U4,PR4,01/12/2025,X1,CHILD,AA1 1AA,AA3 3CC,SC200",
    "7,01/12/2025,B,E1,N1,A5,PR1,01/02/2026,E11,,AA1 1AA,AA4 4DD,",
)


def day(text: str) -> pd.Timestamp:
    return pd.Timestamp(text)


def episodes(tmp_path: Path, *lines: str, headings: str = EPISODES) -> Reading:
    return read(text(tmp_path / "episodes.csv", headings, *lines), as_at=dt.date(2026, 3, 31))


def rows_of(reading: Reading, table: str, *columns: str) -> list[tuple[object, ...]]:
    frame = reading.tables[table].sort_values(["child_id", "started_on"])
    values = frame[list(columns)].astype(object)
    return [tuple(row) for row in values.where(values.notna(), None).itertuples(index=False)]


def test_a_period_of_care_runs_from_its_start_to_the_reason_that_ends_it(tmp_path: Path) -> None:
    reading = episodes(tmp_path, *A_LONG_STAY)
    columns = ("started_on", "ended_on", "end_reason", "legal_status_kind", "need_kind")
    assert rows_of(reading, "cla_episode", *columns) == [(day("2025-05-01"), day("2026-02-01"), "E11", "E1", "N1")]
    assert reading.problems == ()


def test_a_placement_goes_on_while_only_the_legal_status_changes(tmp_path: Path) -> None:
    reading = episodes(tmp_path, *A_LONG_STAY)
    columns = ("started_on", "ended_on", "placement_kind", "provider_kind", "urn", "change_kind")
    assert rows_of(reading, "placement", *columns) == [
        (day("2025-05-01"), day("2025-07-01"), "U6", "PR1", "SC100", "CREQB"),
        (day("2025-07-01"), day("2025-12-01"), "U4", "PR4", "SC200", "CHILD"),
        (day("2025-12-01"), day("2026-02-01"), "A5", "PR1", None, None),
    ]


def test_a_legal_status_has_a_row_for_each_change(tmp_path: Path) -> None:
    assert rows_of(episodes(tmp_path, *A_LONG_STAY), "legal_status", "started_on", "ended_on", "legal_status_kind") == [
        (day("2025-05-01"), day("2025-09-01"), "C1"),
        (day("2025-09-01"), day("2025-12-01"), "C2"),
        (day("2025-12-01"), day("2026-02-01"), "E1"),
    ]


@pytest.mark.parametrize(("rne", "placements", "statuses"), [("S", 2, 2), ("L", 1, 2), ("P", 2, 1), ("T", 2, 1), ("B", 2, 2), ("U", 2, 2)])
def test_what_each_reason_for_a_new_episode_begins(tmp_path: Path, rne: str, placements: int, statuses: int) -> None:
    reading = episodes(tmp_path, "1,01/05/2025,S,C1,N1,U6,PR1,01/07/2025,X1,,,,", f"1,01/07/2025,{rne},C1,N1,U6,PR1,,,,,,")
    assert (len(reading.tables["placement"]), len(reading.tables["legal_status"])) == (placements, statuses)


def test_care_that_goes_on_is_open(tmp_path: Path) -> None:
    reading = episodes(tmp_path, "1,01/05/2025,S,V2,N1,U6,PR1,01/07/2025,X1,,,,", "1,01/07/2025,P,V2,N1,K2,PR4,,,,,,")
    assert rows_of(reading, "cla_episode", "started_on", "ended_on") == [(day("2025-05-01"), None)]
    assert rows_of(reading, "placement", "ended_on") == [(day("2025-07-01"),), (None,)]


def test_care_that_ends_and_starts_again_is_two_periods(tmp_path: Path) -> None:
    reading = episodes(tmp_path, "1,01/05/2025,S,V2,N1,U6,PR1,01/06/2025,E4A,,,,", "1,01/09/2025,S,V2,N1,U6,PR1,,,,,,")
    assert rows_of(reading, "cla_episode", "started_on", "ended_on") == [(day("2025-05-01"), day("2025-06-01")), (day("2025-09-01"), None)]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("1,01/05/2025,S,V2,N1,U6,PR1,01/06/2025,X1,,,,", "none does"),
        ("1,01/05/2025,S,V2,N1,U6,PR1,01/06/2025,,,,,", "no reason beside it"),
        ("1,01/05/2025,S,V2,N1,U6,PR1,,E4A,,,,", "no end date beside it"),
    ],
)
def test_an_end_that_is_not_certain_never_closes_care(tmp_path: Path, line: str, says: str) -> None:
    reading = episodes(tmp_path, line)
    assert rows_of(reading, "cla_episode", "ended_on") == [(None,)]
    (problem,) = problems(reading, "warning")
    assert says in problem.says


@pytest.mark.parametrize(
    ("second", "column", "says"),
    [
        ("1,08/07/2025,P,V2,N1,K2,PR4,,,,,,", "DEC", "is not the day the child's next episode begins"),
        ("1,01/07/2025,L,C2,N1,K2,PR4,,,,,,", "PLACE", "no move was counted"),
        ("1,01/07/2025,P,C2,N1,K2,PR4,,,,,,", "LS", "no change was counted"),
    ],
)
def test_episodes_that_contradict_one_another_are_told(tmp_path: Path, second: str, column: str, says: str) -> None:
    reading = episodes(tmp_path, "1,01/05/2025,S,V2,N1,U6,PR1,01/07/2025,X1,,,,", second)
    (problem,) = problems(reading, "warning")
    assert problem.column == column
    assert says in problem.says


def test_care_that_began_before_the_file_is_never_given_a_later_start(tmp_path: Path) -> None:
    lines = ("1,01/05/2025,P,C2,N1,U6,PR1,01/07/2025,X1,,,,", "1,01/07/2025,L,C1,N1,U6,PR1,,,,,,", "2,01/06/2025,S,V2,N1,U6,PR1,,,,,,")
    reading = episodes(tmp_path, *lines)
    assert rows_of(reading, "cla_episode", "child_id", "started_on") == [("2", day("2025-06-01"))]
    assert rows_of(reading, "placement", "child_id", "started_on") == [("1", day("2025-05-01")), ("2", day("2025-06-01"))]
    assert rows_of(reading, "legal_status", "child_id", "started_on") == [("1", day("2025-07-01")), ("2", day("2025-06-01"))]
    problem, uncounted = problems(reading, "warning")
    assert (problem.row, problem.column) == (2, "RNE")
    assert "POC_START" in problem.says
    assert uncounted.says.startswith("Of 2 times in care the file has the beginning of 1 (50%), so it does not say how many children")
    assert "cla_episode" not in reading.covers, (
        "half the children's beginnings are not in the file, so it cannot speak for how many there are"
    )
    assert reading.complete == {}


def test_a_column_that_says_when_care_began_is_believed(tmp_path: Path) -> None:
    reading = episodes(tmp_path, "1,01/05/2025,P,C2,N1,U6,PR1,,,,,,,03/02/2019", headings=f"{EPISODES},POC_START")
    assert rows_of(reading, "cla_episode", "started_on") == [(day("2019-02-03"),)]
    assert reading.covers["cla_episode"] == YEAR
    assert reading.problems == ()


def test_postcodes_are_known_and_not_kept(tmp_path: Path) -> None:
    path = text(tmp_path / "episodes.csv", EPISODES, *A_LONG_STAY)
    (sheet,) = loaders.check(path, today=TODAY).sheets
    assert {matched[0] for matched in sheet.matched if "known, and not kept" in matched} == {"HOME_POST", "PL_POST"}
    words = "".join(frame.to_csv() for frame in read(path).tables.values())
    assert "AA1 1AA" not in words
    assert "AA3 3CC" not in words


def test_distance_and_location_are_read_where_a_system_adds_them(tmp_path: Path) -> None:
    headings = f"{EPISODES},PL_DISTANCE,PL_LOCATION,PL_LA"
    lines = (
        "1,01/05/2025,S,C2,N1,U6,PR1,,,,,,,21.4,OUT,E10000002",
        "2,01/05/2025,S,C2,N1,U6,PR1,,,,,,,3,IN,",
        "3,01/05/2025,S,C2,N1,U6,PR1,,,,,,,,,",
    )
    columns = ("distance_miles", "out_of_area", "location_kind")
    assert rows_of(episodes(tmp_path, *lines, headings=headings), "placement", *columns) == [
        (21.4, True, "out"), (3.0, False, "in"), (None, None, None),
    ]  # fmt: skip


def test_a_new_episode_for_no_known_reason_is_set_aside(tmp_path: Path) -> None:
    reading = episodes(tmp_path, "1,01/05/2025,S,V2,N1,U6,PR1,,,,,,", "2,01/05/2025,Q,V2,N1,U6,PR1,,,,,,")
    (problem,) = problems(reading, "set_aside")
    assert (problem.row, problem.column, problem.value) == (3, "RNE", "Q")
    assert reading.tables["cla_episode"]["child_id"].tolist() == ["1"]


def test_children_old_and_new_codes_for_sex(tmp_path: Path) -> None:
    lines = ("001,1,01/02/2010,WBRI,A1,,", "2,F,01/03/2012,,A2,1,05/06/2025", "3,U,01/03/2012,XXXX,A3,,")
    reading = read(text(tmp_path / "header_2026-03-31.csv", "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB", *lines))
    child = reading.tables["child"]
    assert child["child_id"].tolist() == ["001", "2", "3"]
    assert child["sex_kind"].tolist() == ["male", "female", "not_stated"]
    assert child["ethnicity_kind"].isna().tolist() == [False, True, True]
    assert [problem.value for problem in problems(reading, "warning")] == ["XXXX"]


def test_unaccompanied_children(tmp_path: Path) -> None:
    reading = read(text(tmp_path / "uasc_2026-03-31.csv", "CHILD,SEX,DOB,DUC", "5,M,01/02/2010,01/02/2028"))
    child = reading.tables["child"].iloc[0]
    assert (child["unaccompanied"], child["unaccompanied_until_on"]) == (True, day("2028-02-01"))


def test_reviews(tmp_path: Path) -> None:
    reading = read(
        text(tmp_path / "reviews.csv", "CHILD,DOB,REVIEW,REVIEW_CODE", "1,01/02/2010,20/05/2025,PN1", "1,01/02/2010,31/03/2026,pn4")
    )
    assert reading.tables["cla_review"]["participation_kind"].tolist() == ["PN1", "PN4"]
    assert (reading.covers, reading.complete) == ({"cla_review": YEAR}, {"cla_review": YEAR})


HEALTH = "CHILD,DOB,SDQ_SCORE,SDQ_REASON,CONVICTED,HEALTH_CHECK,IMMUNISATIONS,TEETH_CHECK,HEALTH_ASSESSMENT,SUBSTANCE_MISUSE"


def test_health_as_it_stood_at_the_year_end(tmp_path: Path) -> None:
    lines = ("1,01/02/2010,14,,0,,1,0,1,1", "2,01/02/2010,,SDQ2,0,1,,,,", "3,01/02/2010,,,0,,,,,")
    reading = read(text(tmp_path / "oc2_2026-05-20.csv", HEALTH, *lines))
    status = reading.tables["health_status"]
    said = status.set_index(["child_id", "health_kind"])
    assert said.loc[("1", "dental_check"), "up_to_date"] == False  # noqa: E712
    assert said.loc[("1", "health_assessment"), "up_to_date"] == True  # noqa: E712
    assert said.loc[("1", "strengths_and_difficulties"), "score"] == 14
    assert said.loc[("2", "strengths_and_difficulties"), "up_to_date"] == False  # noqa: E712
    assert said.loc[("2", "development_check"), "up_to_date"] == True  # noqa: E712
    assert pd.isna(said.loc[("1", "substance_misuse"), "up_to_date"])
    assert said.loc[("1", "substance_misuse"), "score"] == 1
    assert len(status) == 7
    assert set(status["observed_on"]) == {day("2026-03-31")}
    assert [problem.row for problem in problems(reading, "set_aside")] == [4]
    assert reading.covers == {"health_status": (day("2026-03-31"), day("2026-03-31"))}


@pytest.mark.parametrize(
    ("named", "observed"),
    [("2026-03-31", "2026-03-31"), ("2026-04-02", "2026-03-31"), ("2025-09-30", "2025-03-31"), ("2025-11-30", "2025-11-30")],
)
def test_a_table_without_dates_speaks_of_the_year_end_or_of_its_month(tmp_path: Path, named: str, observed: str) -> None:
    reading = read(text(tmp_path / f"oc3_{named}.csv", "CHILD,DOB,IN_TOUCH,ACTIV,ACCOM", "1,01/02/2006,YES,F2,U1"))
    assert reading.tables["care_leaver"]["observed_on"].tolist() == [day(observed)]
    assert any("holds no dates" in problem.says for problem in problems(reading, "note"))


def test_a_table_without_dates_in_a_file_without_a_date_is_warned_of(tmp_path: Path) -> None:
    reading = read(text(tmp_path / "oc3.csv", "CHILD,DOB,IN_TOUCH,ACTIV,ACCOM", "1,01/02/2006,YES,F2,U1"))
    assert any("--as-at" in problem.says for problem in problems(reading, "warning"))
    dated = read(text(tmp_path / "oc3_.csv", "CHILD,DOB,IN_TOUCH,ACTIV,ACCOM,YEAR_END", "1,01/02/2006,YES,F2,U1,31/03/2026"))
    assert dated.tables["care_leaver"]["observed_on"].tolist() == [day("2026-03-31")]
    assert problems(dated, "warning") == []


def test_care_leavers(tmp_path: Path) -> None:
    lines = ("1,01/02/2006,YES,F2,U1", "2,01/02/2006,REFU,G5,W2", "3,01/02/2006,RHOM,0,0", "4,01/02/2006,DIED,,", "5,01/02/2006,NREQ,P4,Z1")
    leaver = read(text(tmp_path / "oc3_2026-03-31.csv", "CHILD,DOB,IN_TOUCH,ACTIV,ACCOM", *lines)).tables["care_leaver"]
    assert leaver["in_touch_kind"].tolist() == ["yes", "refused", "returned_home", "died", "not_required"]
    assert leaver["accommodation_kind"].fillna("").tolist() == ["U", "W", "", "", "Z"]
    assert leaver["suitable"].astype(object).where(leaver["suitable"].notna(), None).tolist() == [True, False, None, None, True]
    assert leaver["activity_kind"].fillna("").tolist() == ["F2", "G5", "", "", "P4"]


def test_adoption_told_in_two_tables_is_one_row(tmp_path: Path) -> None:
    sheets = {
        "AD1": [["CHILD", "DOB", "DATE_INT", "DATE_MATCH", "FOSTER_CARE"], ["1", "01/02/2020", "01/05/2025", "01/08/2025", "0"]],
        "PlacedAdoption": [
            ["CHILD", "DOB", "DATE_PLACED", "DATE_PLACED_CEASED", "REASON_PLACED_CEASED"],
            ["1", "01/02/2020", "01/05/2025", None, None], ["2", "01/02/2021", "03/06/2025", "04/02/2026", "RD3"],
        ],
    }  # fmt: skip
    reading = read_whole(workbook(tmp_path / "ssda903_2026-03-31.xlsx", sheets))
    adoption = reading.tables["adoption"].set_index("child_id")
    assert adoption.loc["1", "matched_on"] == day("2025-08-01")
    assert (adoption.loc["2", "ended_on"], adoption.loc["2", "end_kind"]) == (day("2026-02-04"), "RD3")
    assert len(adoption) == 2


def read_whole(path: Path) -> Reading:
    """As `read`, for files in which several rows may tell one fact."""
    return loaders.read(path, today=TODAY)


def test_an_earlier_permanence_with_a_day_known_in_part(tmp_path: Path) -> None:
    lines = ("1,01/02/2010,P1,OUT,zz/05/2014", "2,01/02/2010,P2,E06000001,07/05/2014", "3,01/02/2010,Z1,,")
    path = text(tmp_path / "previous_permanence_2026-03-31.csv", "CHILD,DOB,PREV_PERM,LA_PERM,DATE_PERM", *lines)
    frame = read(path).tables["previous_permanence"]
    assert frame["permanence_kind"].tolist() == ["adoption", "sgo", "none"]
    assert frame["happened_on"].tolist() == [pd.NaT, day("2014-05-07"), pd.NaT]
    assert frame["granted_by"].fillna("").tolist() == ["OUT", "E06000001", ""]


def test_missing_and_away(tmp_path: Path) -> None:
    lines = ("1,01/02/2010,M,05/05/2025,07/05/2025", "1,01/02/2010,A,05/05/2025,06/05/2025", "2,01/02/2010,m,30/03/2026,")
    frame = read(text(tmp_path / "missing.csv", "CHILD,DOB,MISSING,MIS_START,MIS_END", *lines)).tables["missing_episode"]
    assert frame["missing_kind"].tolist() == ["missing", "absent", "missing"]
    assert frame["nth"].tolist() == [0, 1, 0]
    assert frame["ended_on"].isna().tolist() == [False, False, True]


def test_social_workers_and_why_they_changed(tmp_path: Path) -> None:
    lines = (
        "1,01/02/2010,SW9,01/04/2025,01/09/2025,LEFTRL",
        "1,01/02/2010,SW4,01/09/2025,,",
        "1,01/02/2010,SW5,01/10/2025,01/11/2025,LAZY",
    )
    reading = read(text(tmp_path / "sw_episodes_2026-03-31.csv", "CHILD,DOB,SW_ID,SW_DECOM,SW_DEC,SW_REASON", *lines))
    assert reading.tables["involvement"]["change_kind"].fillna("").tolist() == ["LEFTRL", "", ""]
    assert [problem.value for problem in problems(reading, "warning")] == ["LAZY"]


def test_deprivations_of_liberty(tmp_path: Path) -> None:
    reading = read(text(tmp_path / "dolo_2026-03-31.csv", "CHILD,DOB,DOLO_START,DOLO_END", "1,01/02/2010,05/05/2025,"))
    assert rows_of(reading, "deprivation_of_liberty", "child_id", "started_on", "ended_on") == [("1", day("2025-05-05"), None)]


def test_the_whole_return_as_one_workbook(tmp_path: Path) -> None:
    sheets = {
        "Header": [["CHILD", "SEX", "DOB", "ETHNIC", "UPN"], ["7", "1", "01/02/2018", "WBRI", "U"]],
        "Episodes": [EPISODES.split(","), *(line.split(",") for line in A_LONG_STAY)],
        "UASC": [["CHILD", "SEX", "DOB", "DUC"], ["7", "1", "01/02/2018", "01/02/2036"]],
        "OC2": [[*HEALTH.split(",")], ["7", "01/02/2018", "5", "", "0", "", "1", "1", "1", "0"]],
        "Reviews": [["CHILD", "DOB", "REVIEW", "REVIEW_CODE"], ["7", "01/02/2018", "26/03/2026", "PN3"]],
        "Notes": [["Anything"]],
    }
    reading = read_whole(workbook(tmp_path / "everything.xlsx", sheets))
    assert reading.source == "ssda903"
    assert {name: len(frame) for name, frame in reading.tables.items()} == {
        "child": 1, "cla_episode": 1, "legal_status": 3, "placement": 3, "health_status": 5, "cla_review": 1,
    }  # fmt: skip
    child = reading.tables["child"].iloc[0]
    assert (child["ethnicity_kind"], child["unaccompanied"]) == ("WBRI", True)
    assert reading.as_at == day("2026-03-26")
    assert set(reading.tables["health_status"]["observed_on"]) == {day("2026-03-31")}, "dated by the tables beside it"


@pytest.mark.parametrize(
    ("as_at", "first", "last"),
    [("2026-03-31", "2025-04-01", "2026-03-31"), ("2026-05-20", "2025-04-01", "2026-03-31"), ("2025-12-31", "2025-04-01", "2025-12-31")],
)
def test_the_return_speaks_for_its_year(tmp_path: Path, as_at: str, first: str, last: str) -> None:
    path = text(tmp_path / "reviews.csv", "CHILD,DOB,REVIEW,REVIEW_CODE", "1,01/02/2010,20/05/2025,PN1", "1,01/02/2010,20/11/2025,PN1")
    reading = read(path, as_at=dt.date.fromisoformat(as_at))
    assert reading.covers == {"cla_review": (day(first), day(last))}


def test_an_extract_of_several_years_speaks_for_the_years_that_are_full(tmp_path: Path) -> None:
    per_year = {2023: 10, 2024: 9, 2025: 10, 2021: 3}
    lines = [f"{n},01/02/2010,{1 + n:02}/09/{year},PN1" for year, count in per_year.items() for n in range(count)]
    reading = read(text(tmp_path / "reviews.csv", "CHILD,DOB,REVIEW,REVIEW_CODE", *lines), as_at=dt.date(2026, 3, 31))
    assert reading.covers == {"cla_review": (day("2023-04-01"), day("2026-03-31"))}
    assert reading.complete == {"cla_review": YEAR}, "complete only for the year it was made for"


STATUSES, PLACES = st.sampled_from(["C1", "C2", "V2"]), st.sampled_from(["U6", "K2", "P1"])
STEPS = st.lists(st.tuples(st.integers(1, 60), st.sampled_from("LPTBU"), STATUSES, PLACES), max_size=6)


@given(st.lists(STEPS, min_size=1, max_size=4), st.randoms(use_true_random=False))
@settings(max_examples=20)
def test_placements_and_statuses_fill_each_period_without_a_gap_in_whatever_order_the_rows_lie(
    tmp_path_factory: pytest.TempPathFactory, children: list[list[tuple[int, str, str, str]]], order: object
) -> None:
    lines = []
    for child, steps in enumerate(children):
        begun, rne, status, place = day("2024-01-01"), "S", "V2", "U6"
        for days, *following in steps:
            ends = begun + pd.Timedelta(days=days)
            lines.append(f"{child},{begun:%d/%m/%Y},{rne},{status},N1,{place},PR1,{ends:%d/%m/%Y},X1,,,,")
            begun, (rne, status, place) = ends, following
        lines.append(f"{child},{begun:%d/%m/%Y},{rne},{status},N1,{place},PR1,,,,,,")
    order.shuffle(lines)  # type: ignore[attr-defined]
    reading = episodes(tmp_path_factory.mktemp("returns"), *lines)
    assert rows_of(reading, "cla_episode", "started_on", "ended_on") == [(day("2024-01-01"), None)] * len(children)
    for table in ("placement", "legal_status"):
        for _, run in reading.tables[table].sort_values("started_on").groupby("child_id"):
            assert run["started_on"].tolist()[1:] == run["ended_on"].tolist()[:-1]
            assert run["started_on"].iloc[0] == day("2024-01-01")
            assert run["ended_on"].isna().sum() == 1


def test_the_published_samples(shared: Path) -> None:
    counts = {
        "episodes": 5050, "header": 2675, "missing": 43, "oc2": 2675, "oc3": 53, "placed_for_adoption": 29, "previous_permanence": 2675,
        "reviews": 12582, "sw_episodes": 1, "uasc": 132,
    }  # fmt: skip
    for name, count in counts.items():
        reading = loaders.read(shared / "samples" / "ssda903" / f"{name}.csv", as_at=dt.date(2018, 3, 31), today=TODAY)
        nothing_lost(reading)
        assert (reading.source, reading.rows_in) == ("ssda903", count), name
    reading = loaders.read(shared / "samples" / "ssda903" / "episodes.csv", as_at=dt.date(2018, 3, 31), today=TODAY)
    assert {name: len(frame) for name, frame in reading.tables.items()} == {"cla_episode": 381, "legal_status": 1791, "placement": 3757}
    assert reading.covers == {}, "most of its children began care before it: the file does not hold when"
