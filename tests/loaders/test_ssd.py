"""The Standard Safeguarding Dataset read straight from a database: a small warehouse, its joins, and everything that may be wrong."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Column, DateTime, Float, Integer, MetaData, String, Table, create_engine, insert
from sqlalchemy.engine import make_url
from typer.testing import CliRunner

from app import cli
from data.reading import Reading, Refused
from data.store import Store
from loaders.ssd import SSD, read_ssd

TODAY = dt.date(2026, 6, 10)
MAY = dt.date(2026, 5, 31)
Warehouse = Mapping[str, Sequence[Mapping[str, object]]]


def day(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def on(text: str) -> pd.Timestamp:
    return pd.Timestamp(text)


WAREHOUSE: Warehouse = {
    "ssd_department": [
        {"dept_team_id": "T1", "dept_team_name": "Brook", "dept_team_parent_id": "S1", "dept_team_parent_name": "North"},
        {"dept_team_id": "T2", "dept_team_name": "Weir", "dept_team_parent_id": "S1", "dept_team_parent_name": "North"},
    ],
    "ssd_person": [
        {"pers_person_id": "0012", "pers_sex": "F", "pers_ethnicity": "WBRI", "pers_dob": day("2012-03-04"), "pers_expected_dob": None},
        {"pers_person_id": "200", "pers_sex": "M", "pers_ethnicity": "SSD_PH", "pers_dob": day("1900-01-01"),
         "pers_expected_dob": day("2026-09-01")},
    ],
    "ssd_disability": [{"disa_table_id": "1", "disa_person_id": "0012", "disa_disability_code": "NONE"}],
    "ssd_cin_episodes": [
        {"cine_referral_id": 1, "cine_person_id": "0012", "cine_referral_date": day("2026-01-05"), "cine_referral_source_code": "1A",
         "cine_referral_nfa": "N", "cine_close_reason": "RC8", "cine_close_date": day("2026-02-20"), "cine_referral_team": "T1",
         "cine_referral_worker_id": "W1", "cine_cin_primary_need_code": "N1"},
        {"cine_referral_id": 2, "cine_person_id": "200", "cine_referral_date": day("2027-01-05"), "cine_referral_source_code": "1A",
         "cine_referral_nfa": "Y", "cine_close_reason": None, "cine_close_date": None, "cine_referral_team": "T9",
         "cine_referral_worker_id": "W1", "cine_cin_primary_need_code": None},
    ],
    "ssd_cin_assessments": [
        {"cina_assessment_id": "A1", "cina_person_id": "0012", "cina_assessment_start_date": day("2026-01-06"),
         "cina_assessment_child_seen": "Y", "cina_assessment_auth_date": day("2026-02-20"), "cina_assessment_outcome_nfa": None,
         "cina_assessment_outcome_json": '{"NFA_FLAG": "Y"}', "cina_assessment_team": "T1", "cina_assessment_worker_id": "W1"},
        {"cina_assessment_id": "A2", "cina_person_id": "200", "cina_assessment_start_date": day("2026-05-06"),
         "cina_assessment_child_seen": "N", "cina_assessment_auth_date": None, "cina_assessment_outcome_nfa": "N",
         "cina_assessment_outcome_json": None, "cina_assessment_team": "T1", "cina_assessment_worker_id": "W1"},
    ],
    "ssd_s47_enquiry": [
        {"s47e_s47_enquiry_id": "E1", "s47e_person_id": "0012", "s47e_s47_start_date": day("2026-03-02"), "s47e_s47_end_date": None,
         "s47e_s47_nfa": "N"},
        {"s47e_s47_enquiry_id": "E2", "s47e_person_id": "200", "s47e_s47_start_date": day("2026-03-03"), "s47e_s47_end_date": None,
         "s47e_s47_nfa": "Y"},
    ],
    "ssd_initial_cp_conference": [
        {"icpc_icpc_id": "C1", "icpc_s47_enquiry_id": "E1", "icpc_person_id": None, "icpc_icpc_transfer_in": "N",
         "icpc_icpc_date": day("2026-03-20"), "icpc_icpc_outcome_cp_flag": "Y"},
        {"icpc_icpc_id": "C2", "icpc_s47_enquiry_id": "E1", "icpc_person_id": "0012", "icpc_icpc_transfer_in": "N",
         "icpc_icpc_date": None, "icpc_icpc_outcome_cp_flag": None},
    ],
    "ssd_cp_plans": [
        {"cppl_cp_plan_id": "P1", "cppl_person_id": "0012", "cppl_cp_plan_start_date": day("2024-03-20"),
         "cppl_cp_plan_end_date": day("2024-09-01"), "cppl_cp_plan_initial_category": "NEG", "cppl_cp_plan_latest_category": "EMO",
         "cppl_cp_plan_ola": "N"},
        {"cppl_cp_plan_id": "P2", "cppl_person_id": "0012", "cppl_cp_plan_start_date": day("2026-03-20"), "cppl_cp_plan_end_date": None,
         "cppl_cp_plan_initial_category": "Neglect", "cppl_cp_plan_latest_category": "Neglect", "cppl_cp_plan_ola": "N"},
    ],
    "ssd_cp_visits": [
        {"cppv_cp_visit_id": "V1", "cppv_cp_plan_id": "P2", "cppv_cp_visit_date": day("2026-05-20"), "cppv_cp_visit_seen": "Y",
         "cppv_cp_visit_seen_alone": "Y", "cppv_cp_visit_bedroom": "N"},
        {"cppv_cp_visit_id": "V2", "cppv_cp_plan_id": "P9", "cppv_cp_visit_date": day("2026-05-21"), "cppv_cp_visit_seen": "Y",
         "cppv_cp_visit_seen_alone": "N", "cppv_cp_visit_bedroom": "N"},
    ],
    "ssd_cp_reviews": [
        {"cppr_cp_review_id": "R1", "cppr_cp_plan_id": "P2", "cppr_cp_review_due": day("2026-06-20"), "cppr_cp_review_date": None,
         "cppr_cp_review_quorate": None, "cppr_cp_review_participation": None},
    ],
    "ssd_cla_episodes": [
        {"clae_cla_episode_id": "L1", "clae_cla_id": "K1", "clae_person_id": "200", "clae_cla_episode_start_date": day("2025-01-10"),
         "clae_cla_episode_start_reason": "S", "clae_cla_episode_ceased": day("2025-06-01"), "clae_cla_episode_ceased_reason": "X1",
         "clae_cla_last_iro_contact_date": day("2026-05-01"), "clae_cla_primary_need_code": "N1"},
        {"clae_cla_episode_id": "L2", "clae_cla_id": "K1", "clae_person_id": "200", "clae_cla_episode_start_date": day("2025-06-01"),
         "clae_cla_episode_start_reason": "P", "clae_cla_episode_ceased": day("2025-09-01"), "clae_cla_episode_ceased_reason": "E4A",
         "clae_cla_last_iro_contact_date": day("2026-05-01"), "clae_cla_primary_need_code": "N1"},
        {"clae_cla_episode_id": "L3", "clae_cla_id": "K2", "clae_person_id": "200", "clae_cla_episode_start_date": day("2026-02-01"),
         "clae_cla_episode_start_reason": "S", "clae_cla_episode_ceased": None, "clae_cla_episode_ceased_reason": None,
         "clae_cla_last_iro_contact_date": day("2026-05-01"), "clae_cla_primary_need_code": "N1"},
    ],
    "ssd_legal_status": [
        {"lega_legal_status_id": "1", "lega_person_id": "200", "lega_legal_status": "V2", "lega_legal_status_start_date": day("2025-01-10"),
         "lega_legal_status_end_date": day("2025-09-01")},
        {"lega_legal_status_id": "2", "lega_person_id": "200", "lega_legal_status": "C2", "lega_legal_status_start_date": day("2026-02-01"),
         "lega_legal_status_end_date": None},
    ],
    "ssd_cla_reviews": [
        {"clar_cla_review_id": "1", "clar_cla_id": "K2", "clar_cla_review_due_date": day("2026-03-01"),
         "clar_cla_review_date": day("2026-02-27"), "clar_cla_review_cancelled": "N", "clar_cla_review_participation": "PN1"},
    ],
    "ssd_cla_care_plan": [
        {"lacp_table_id": "1", "lacp_person_id": "200", "lacp_cla_care_plan_start_date": day("2026-03-01"),
         "lacp_cla_care_plan_json": '{"RETURN6M": "Y", "ADOPTION": "Y"}'},
        {"lacp_table_id": "2", "lacp_person_id": "200", "lacp_cla_care_plan_start_date": day("2026-04-01"),
         "lacp_cla_care_plan_json": '{"RETURN6M": "", "ADOPTION": "N"}'},
    ],
    "ssd_cla_health": [
        {"clah_health_check_id": "1", "clah_person_id": "200", "clah_health_check_type": "Initial Health Assessment",
         "clah_health_check_date": day("2026-03-01"), "clah_health_check_status": "Completed"},
        {"clah_health_check_id": "2", "clah_person_id": "200", "clah_health_check_type": "Dental Check",
         "clah_health_check_date": day("2026-03-02"), "clah_health_check_status": "Refused"},
        {"clah_health_check_id": "3", "clah_person_id": "200", "clah_health_check_type": "Dental Check",
         "clah_health_check_date": day("2026-12-02"), "clah_health_check_status": "Planned"},
    ],
    "ssd_missing": [
        {"miss_table_id": "1", "miss_person_id": "200", "miss_missing_episode_start_date": day("2026-04-01"),
         "miss_missing_episode_type": "M", "miss_missing_episode_end_date": day("2026-04-02"), "miss_missing_rhi_offered": "Y",
         "miss_missing_rhi_accepted": "NA"},
    ],
    "ssd_care_leavers": [
        {"clea_table_id": "1", "clea_person_id": "0012", "clea_care_leaver_eligibility": "Former Relevant",
         "clea_care_leaver_in_touch": "YES", "clea_care_leaver_latest_contact": day("2026-05-01"), "clea_care_leaver_accommodation": "U",
         "clea_care_leaver_accom_suitable": "1", "clea_care_leaver_activity": "F2", "clea_pathway_plan_review_date": day("2026-02-01"),
         "clea_care_leaver_personal_advisor": "PA1", "clea_care_leaver_allocated_team": "T2", "clea_care_leaver_worker_id": "W2"},
    ],
    "ssd_involvements": [
        {"invo_involvements_id": "1", "invo_professional_id": "W1", "invo_professional_role_id": "ALLOC", "invo_professional_team": "T1",
         "invo_person_id": "0012", "invo_involvement_start_date": day("2026-03-20"), "invo_involvement_end_date": None},
        {"invo_involvements_id": "2", "invo_professional_id": "W3", "invo_professional_role_id": "FAMILY SUPPORT",
         "invo_professional_team": "T2", "invo_person_id": "0012", "invo_involvement_start_date": day("2026-04-20"),
         "invo_involvement_end_date": None},
        {"invo_involvements_id": "3", "invo_professional_id": "W2", "invo_professional_role_id": "ALLOC", "invo_professional_team": "T2",
         "invo_person_id": "200", "invo_involvement_start_date": day("2025-01-10"), "invo_involvement_end_date": day("2025-09-01")},
    ],
    "ssd_professionals": [
        {"prof_professional_id": "W1", "prof_professional_job_title": "Social Worker", "prof_agency_worker_flag": "SSD_PH",
         "prof_full_time_equivalency": 0.8, "prof_professional_department": "T1", "prof_professional_caseload": 17},
        {"prof_professional_id": "W2", "prof_professional_job_title": "Social Worker", "prof_agency_worker_flag": "N",
         "prof_full_time_equivalency": 1.0, "prof_professional_department": "T2", "prof_professional_caseload": 3},
        {"prof_professional_id": "W3", "prof_professional_job_title": "Family Support Worker", "prof_agency_worker_flag": "N",
         "prof_full_time_equivalency": 1.0, "prof_professional_department": "T2", "prof_professional_caseload": 3},
    ],
}  # fmt: skip


def built(url: str, warehouse: Warehouse = WAREHOUSE, schema: str | None = None, *, dates_as_words: bool = False) -> str:
    """A warehouse in the database at `url`, as its builders make it: dates as dates, or as an old build has them, as words."""
    address = make_url(url)
    engine = create_engine(address.set(drivername="postgresql+psycopg") if address.get_backend_name() == "postgresql" else address)
    metadata = MetaData(schema=schema)
    with engine.begin() as connection:
        for name, rows in warehouse.items():
            kinds = {column: _kind([row.get(column) for row in rows], words=dates_as_words) for column in rows[0]}
            table = Table(name, metadata, *(Column(column, kind) for column, kind in kinds.items()))
            table.create(connection)
            connection.execute(insert(table), [{c: _value(row.get(c), words=dates_as_words) for c in kinds} for row in rows])
    engine.dispose()
    return url


def _kind(values: Sequence[object], *, words: bool) -> type:
    known = next((value for value in values if value is not None), "")
    if isinstance(known, dt.datetime):
        return String if words else DateTime
    return Integer if isinstance(known, int) else Float if isinstance(known, float) else String


def _value(value: object, *, words: bool) -> object:
    return f"{value:%d/%m/%Y}" if words and isinstance(value, dt.datetime) else value


def warehouse_in(folder: Path, warehouse: Warehouse = WAREHOUSE) -> str:
    return built(f"sqlite:///{(folder / 'warehouse.sqlite').as_posix()}", warehouse)


@pytest.fixture
def reading(tmp_path: Path) -> Reading:
    return read_ssd(warehouse_in(tmp_path), as_at=MAY, today=TODAY)


def same(one: Reading, other: Reading) -> None:
    """Two readings that say the same, in whatever order their databases sort."""
    assert one.tables.keys() == other.tables.keys()
    for name, frame in one.tables.items():
        pd.testing.assert_frame_equal(_sorted(frame), _sorted(other.tables[name]))


def _sorted(frame: pd.DataFrame) -> pd.DataFrame:
    rows = frame.drop(columns="source_row")
    return rows.sort_values(list(rows.columns), ignore_index=True)


def said(reading: Reading, sheet: str) -> str:
    return "\n".join(f"{p.severity}: {p.column or ''} {p.value or ''} {p.says}" for p in reading.problems if p.sheet == sheet)


def test_every_row_is_loaded_or_set_aside_and_every_kept_row_can_be_traced(reading: Reading) -> None:
    loaded = {int(row) for frame in reading.tables.values() for row in frame["source_row"]}
    assert loaded.isdisjoint(reading.set_aside)
    assert reading.rows_in == sum(len(rows) for rows in WAREHOUSE.values())
    # The one row that becomes no row of its own is the care episode that goes on in the next.
    goes_on = {int(row) for row in set(range(reading.rows_in)) - loaded - reading.set_aside}
    assert len(goes_on) <= 1
    assert (reading.source, reading.as_at, reading.as_at_from) == ("ssd", on("2026-05-31"), "asked")


def test_children_keep_their_leading_zeros_and_placeholders_are_not_values(reading: Reading) -> None:
    child = reading.tables["child"].set_index("child_id")
    assert child.index.tolist() == ["0012", "200"]
    assert child.loc["0012", ["sex_kind", "ethnicity_kind", "born_on"]].tolist() == ["female", "WBRI", on("2012-03-04")]
    assert bool(child.loc["0012", "disabled"]) is False
    assert pd.isna(child.loc["200", "ethnicity_kind"])
    assert pd.isna(child.loc["200", "born_on"])
    assert child.loc["200", "expected_on"] == on("2026-09-01")
    assert "placeholder in 1 rows" in said(reading, "ssd_person")


def test_referrals_and_assessments(reading: Reading) -> None:
    (referral,) = reading.tables["referral"].to_dict("records")
    assert (referral["child_id"], referral["happened_on"], referral["no_further_action"]) == ("0012", on("2026-01-05"), False)
    assert (referral["closure_kind"], referral["need_kind"], referral["team_id"]) == ("RC8", "N1", "Brook")
    assert "is in the future" in said(reading, "ssd_cin_episodes")
    first, second = reading.tables["assessment"].sort_values("started_on").to_dict("records")
    assert (first["support_required"], first["ended_on"], first["child_seen"]) == (False, on("2026-02-20"), True)
    assert (second["support_required"], second["child_seen"], pd.isna(second["ended_on"])) == (True, False, True)


def test_a_conference_is_timed_from_the_enquiry_it_names_and_one_not_held_is_left_out(reading: Reading) -> None:
    (conference,) = reading.tables["icpc"].to_dict("records")
    assert (conference["child_id"], conference["section47_on"], conference["happened_on"]) == ("0012", on("2026-03-02"), on("2026-03-20"))
    assert conference["led_to_plan"]
    assert "1 rows have no date of the conference" in said(reading, "ssd_initial_cp_conference")
    assert reading.tables["section47"]["conference_unnecessary"].fillna(False).tolist() == [False, True]


def test_a_plan_counts_the_plans_before_it_and_is_held_by_its_social_worker(reading: Reading) -> None:
    plans = reading.tables["cp_plan"].sort_values("started_on")
    assert plans["previous_plans"].tolist() == [0.0, 1.0]
    assert plans["category_kind"].tolist()[1] == "neglect"
    assert plans[["team_id", "worker_id"]].fillna("").to_numpy().tolist() == [["", ""], ["Brook", "W1"]]
    held = reading.tables["allocation"]
    assert held[["child_id", "cohort_kind", "worker_id", "observed_on"]].to_numpy().tolist() == [["0012", "cp", "W1", on("2026-05-31")]]


def test_a_visit_finds_its_child_through_its_plan_and_one_of_no_plan_is_set_aside(reading: Reading) -> None:
    (visit,) = reading.tables["visit"].to_dict("records")
    assert (visit["child_id"], visit["cohort_kind"], visit["origin_kind"]) == ("0012", "cp", "log")
    assert (visit["child_seen"], visit["seen_alone"], visit["bedroom_seen"]) == (True, True, False)
    assert "Names no child" in said(reading, "ssd_cp_visits")
    assert reading.unsure_of is None  # it may be about anyone
    assert "cp_review" not in reading.covers  # none was ever held


def test_periods_of_care_are_put_together_from_their_episodes(reading: Reading) -> None:
    care = reading.tables["cla_episode"].sort_values("started_on")
    assert care["started_on"].tolist() == [on("2025-01-10"), on("2026-02-01")]
    assert care["ended_on"].tolist() == [on("2025-09-01"), pd.NaT]
    assert care[["end_reason", "legal_status_kind", "permanence_kind"]].fillna("").to_numpy().tolist() == [
        ["E4A", "V2", ""],
        ["", "C2", "adoption"],
    ]
    assert care["latest_review_on"].tolist()[1] == on("2026-02-27")
    assert reading.tables["iro_contact"]["happened_on"].tolist() == [on("2026-05-01")]
    assert reading.tables["cla_review"][["child_id", "participation_kind"]].to_numpy().tolist() == [["200", "PN1"]]
    assert "1 rows tick no permanence plan" in said(reading, "ssd_cla_care_plan")


def test_care_goes_on_where_the_last_episode_says_another_follows(tmp_path: Path) -> None:
    cut = {"ssd_cla_episodes": WAREHOUSE["ssd_cla_episodes"][:1]}
    (care,) = read_ssd(warehouse_in(tmp_path, cut), as_at=MAY, today=TODAY).tables["cla_episode"].to_dict("records")
    assert pd.isna(care["ended_on"])
    assert pd.isna(care["end_reason"])


def test_health_checks_are_those_done_or_refused(reading: Reading) -> None:
    checks = reading.tables["health_check"].sort_values("happened_on")
    assert checks[["health_kind", "refused"]].to_numpy().tolist() == [["health_assessment", False], ["dental_check", True]]
    assert "1 rows are checks planned or cancelled" in said(reading, "ssd_cla_health")


def test_missing_and_care_leavers(reading: Reading) -> None:
    (missing,) = reading.tables["missing_episode"].to_dict("records")
    assert (missing["missing_kind"], missing["interview_offered"], pd.isna(missing["interview_accepted"])) == ("missing", True, True)
    (leaver,) = reading.tables["care_leaver"].to_dict("records")
    assert (leaver["eligibility_kind"], leaver["in_touch_kind"], leaver["suitable"]) == ("former_relevant", "yes", True)
    assert (leaver["activity_kind"], leaver["observed_on"], leaver["team_id"]) == ("F2", on("2026-05-31"), "Weir")
    assert reading.tables["pathway_plan"]["happened_on"].tolist() == [on("2026-02-01")]


def test_the_workforce_is_those_with_an_open_involvement_and_no_caseload_of_another_day(reading: Reading) -> None:
    workers = reading.tables["worker"].set_index("worker_id")
    assert workers.index.tolist() == ["W1", "W3"]
    assert workers["caseload"].isna().all()
    assert workers.loc["W1", ["fte", "team_id", "observed_on"]].tolist() == [0.8, "Brook", on("2026-05-31")]
    assert pd.isna(workers.loc["W1", "agency"])
    assert "does not say who has left" in said(reading, "ssd_professionals")


def test_the_missing_tables_and_columns_are_said_and_the_rest_is_read(reading: Reading, tmp_path: Path) -> None:
    assert "is not in the database" in said(reading, "ssd_contacts")
    assert "has no column" in said(reading, "ssd_cp_visits")
    less = {name: [{c: v for c, v in row.items() if c != "cppl_person_id"} for row in rows] for name, rows in WAREHOUSE.items()}
    poorer = read_ssd(warehouse_in(tmp_path / "..", less), as_at=MAY, today=TODAY)
    assert "has no column cppl_person_id, and means nothing without" in said(poorer, "ssd_cp_plans")
    assert "cp_plan" not in poorer.tables
    assert len(poorer.tables["referral"]) == 1


def test_without_a_day_it_speaks_of_the_latest_thing_that_happened_and_says_so(tmp_path: Path) -> None:
    reading = read_ssd(warehouse_in(tmp_path), today=TODAY)
    assert (reading.as_at, reading.as_at_from) == (on("2026-05-21"), "contents")
    assert any("taken to speak of 21/05/2026" in p.says for p in reading.problems)


def test_what_it_covers_it_is_complete_for(reading: Reading) -> None:
    assert reading.covers["visit:cp"] == (on("2026-05-01"), on("2026-05-31"))
    assert reading.covers["cla_episode"] == (on("2025-09-01"), on("2026-05-31"))
    assert reading.covers["worker"] == (on("2026-05-31"), on("2026-05-31"))
    assert dict(reading.complete) == dict(reading.covers)


def test_dates_written_as_words_read_the_same(tmp_path: Path, reading: Reading) -> None:
    worded = read_ssd(built(f"sqlite:///{tmp_path / 'worded.sqlite'}", dates_as_words=True), as_at=MAY, today=TODAY)
    assert worded.content_hash != reading.content_hash
    same(worded, reading)


def test_the_order_of_the_rows_does_not_matter(tmp_path: Path, reading: Reading) -> None:
    turned = {name: list(reversed(rows)) for name, rows in reversed(WAREHOUSE.items())}
    other = read_ssd(built(f"sqlite:///{tmp_path / 'turned.sqlite'}", turned), as_at=MAY, today=TODAY)
    assert other.content_hash == reading.content_hash


def test_the_same_rows_of_another_day_are_another_load(tmp_path: Path, reading: Reading) -> None:
    again = read_ssd(f"sqlite:///{tmp_path / 'warehouse.sqlite'}", as_at=MAY, today=TODAY)
    june = read_ssd(f"sqlite:///{tmp_path / 'warehouse.sqlite'}", as_at=dt.date(2026, 6, 9), today=TODAY)
    assert again.content_hash == reading.content_hash
    assert june.content_hash != reading.content_hash


def test_the_names_of_tables_and_columns_may_be_in_capitals(tmp_path: Path, reading: Reading) -> None:
    loud = {name.upper(): [{c.upper(): v for c, v in row.items()} for row in rows] for name, rows in WAREHOUSE.items()}
    other = read_ssd(built(f"sqlite:///{tmp_path / 'loud.sqlite'}", loud), as_at=MAY, today=TODAY)
    same(other, reading)


def test_it_is_read_alike_from_either_database_and_the_store_keeps_it(database_url: str, tmp_path: Path, reading: Reading) -> None:
    elsewhere = database_url.replace("sightline.sqlite", "outside.sqlite")
    schema = None if elsewhere.startswith("sqlite") else "public"
    found = read_ssd(built(elsewhere), schema=schema, as_at=MAY, today=TODAY)
    same(found, reading)
    with_store = Store(f"sqlite:///{tmp_path / 'kept.sqlite'}")
    loaded = with_store.load("here", found, by="a.rahim")
    assert loaded.status == "loaded"
    assert with_store.load("here", found, by="a.rahim").status == "unchanged"
    with_store.close()


def test_nothing_is_ever_written_to_the_database(tmp_path: Path) -> None:
    url = warehouse_in(tmp_path)
    before = (tmp_path / "warehouse.sqlite").read_bytes()
    (tmp_path / "warehouse.sqlite").chmod(0o400)
    read_ssd(url, today=TODAY)
    assert (tmp_path / "warehouse.sqlite").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["warehouse.sqlite"]


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("not an address", "not the address of a database"),
        ("sqlite:///nowhere/warehouse.sqlite", "there is no such file"),
        ("oddbase://reader:hunter2@db.example/ssd", "no driver for “oddbase”"),
        ("postgresql://reader:hunter2@127.0.0.1:9/ssd?password=hunter2", "cannot be opened .*Check its host, port and name, the user"),
    ],
)
def test_what_cannot_be_opened_is_said_without_the_password(url: str, says: str) -> None:
    with pytest.raises(Refused, match=says) as refused:
        read_ssd(url, today=TODAY)
    assert "hunter2" not in str(refused.value)
    assert refused.value.__context__ is None or refused.value.__suppress_context__


def test_the_command_loads_it_like_any_other_extract_and_never_shows_the_address(tmp_path: Path) -> None:
    url = warehouse_in(tmp_path)
    first, again = (CliRunner().invoke(cli, ["load", "--ssd", url, "--as-at", "2026-05-31", "--format", "json"]) for _ in range(2))
    assert first.exit_code == again.exit_code == 0, first.output
    (loaded,), (unchanged,) = json.loads(first.stdout), json.loads(again.stdout)
    assert (loaded["file"], loaded["source"], loaded["status"], unchanged["status"]) == (
        "ssd warehouse.sqlite",
        "ssd",
        "loaded",
        "unchanged",
    )
    assert str(tmp_path) not in first.output
    figures = CliRunner().invoke(cli, ["figures", "--kpi", "cp_visits_in_time", "--from", "2026-05", "--to", "2026-05", "--format", "json"])
    (row,) = json.loads(figures.stdout)
    assert (row["numerator"], row["denominator"]) == (1, 1)


def test_the_command_says_what_is_wrong_without_the_password(tmp_path: Path) -> None:
    refused = CliRunner().invoke(cli, ["load", "--ssd", "postgresql://reader:hunter2@127.0.0.1:9/ssd"])
    assert refused.exit_code == 1
    assert "127.0.0.1/ssd: the database cannot be opened" in refused.output
    assert "hunter2" not in refused.output
    assert CliRunner().invoke(cli, ["load"]).exit_code == 2


def test_a_database_with_nothing_of_the_dataset_is_refused(tmp_path: Path) -> None:
    url = built(f"sqlite:///{tmp_path / 'other.sqlite'}", {"ssd_address": [{"addr_person_id": "1"}]})
    with pytest.raises(Refused, match=r"no table of the Standard Safeguarding Dataset.*ssd_address.*--ssd-schema"):
        read_ssd(url, today=TODAY)


def test_every_table_of_the_dataset_is_declared_once() -> None:
    names = [form.name for form in SSD.forms]
    assert len(names) == len(set(names))
    assert set(WAREHOUSE) <= set(names)
