"""The Standard Safeguarding Dataset: care, placements, reviews, health, missing, permanence, leaving care, and the workforce."""

from __future__ import annotations

import pandas as pd

from loaders.codes import CATEGORY_OF_NEED, LEGAL_STATUS, PLACEMENT, PROVIDER, codes
from loaders.codes_annex_a import ACCOMMODATION, ACTIVITY, CARE_END, ELIGIBILITY, IN_TOUCH, SUITABILITY
from loaders.codes_local import TOOK_PART
from loaders.source import Cover, Form, Frames, Spoken
from loaders.ssd_fields import (
    Build,
    code,
    day,
    ends,
    events,
    flag,
    form,
    held_now,
    ident,
    number,
    on_the_day,
    plans_held,
    register,
    said_as,
    visits,
    visits_cover,
    words,
)
from loaders.ssd_help import flagged

MISSING = codes("""
    missing = m | missing from care
    absent = a | away | away from placement without authorisation
""")  # fmt: skip
CONTINUES = "X1"  # an episode ends and the next begins the same day: the child is still looked after
STARTS = "S"
# What a care plan may tick, and the permanence it stands for; where several are ticked, the first here holds.
TICKS = {
    "ADOPTION": "adoption", "LTFOST18": "long_term_fostering", "RESPLMT": "long_term_residential", "SUPPLIV": "supported_living",
    "RETURN1M": "return_to_family", "RETURN6M": "return_to_family", "RETURNEV": "return_to_family", "REMAINSUP": "return_to_family",
    "LTRELFR": "other", "OTHERPLN": "other",
}  # fmt: skip


def _periods(frame: pd.DataFrame) -> pd.DataFrame:
    """Periods of care, each from the day a child began to be looked after to the day the last of its episodes ended it.

    A period begins at a child's first episode, at one that says so (S), and at one that starts after the one before had ended. It goes on
    while its last episode is open, or says another follows (X1).
    """
    rows = frame.sort_values(["child_id", "started_on", "source_row"], kind="stable")
    before = rows.groupby("child_id")["ended_on"].shift()
    first = rows["child_id"] != rows["child_id"].shift()
    begins = first | (rows["start_reason"].fillna("").str.upper() == STARTS) | (rows["started_on"] > before)
    rows = rows.assign(period=begins.cumsum())
    entered = rows["entered_on"].where(begins)
    rows = rows.assign(began_on=entered.where(entered < rows["started_on"], rows["started_on"]))
    rows["began_on"] = rows.groupby("period")["began_on"].transform("min")
    last = rows.drop_duplicates("period", keep="last")
    goes_on = last["end_reason"] == CONTINUES
    return last.assign(
        started_on=last["began_on"], ended_on=last["ended_on"].mask(goes_on), end_reason=last["end_reason"].mask(goes_on)
    ).drop_duplicates(["child_id", "started_on"], keep="last")  # fmt: skip


def _care(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    periods = _periods(frame)
    contacted = frame[frame["iro_contact_on"].notna()].drop_duplicates(["child_id", "iro_contact_on"])
    return {
        "cla_episode": periods, "allocation": held_now(periods, "cla", spoken),
        "iro_contact": contacted.drop(columns="worker_id").assign(happened_on=contacted["iro_contact_on"]),
    }  # fmt: skip


def _care_cover(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    return plans_held("cla_episode", "cla")(_periods(frame), spoken)


def ticked(said: pd.Series) -> pd.Series:
    """The permanence a care plan's ticks stand for; empty where none is ticked."""
    out = pd.Series(pd.NA, index=said.index, dtype="str")
    for key, kind in TICKS.items():
        yes = flagged(said, key).fillna(False).astype(bool)
        out = out.where(out.notna() | ~yes, kind)
    return out


def health_kind(said: pd.Series) -> pd.Series:
    """Which check a health record is of, by its words; empty where it is neither a health assessment nor a dental check."""
    plain = said.fillna("").str.casefold()
    kind = pd.Series(pd.NA, index=said.index, dtype="str")
    kind = kind.mask(plain.str.contains("health"), "health_assessment")
    return kind.mask(plain.str.contains("dental|dentist|teeth"), "dental_check")


def _care_leavers(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    suitable = (frame["suitability"] == "suitable").astype("boolean").where(frame["suitability"].notna())
    rows = frame.assign(suitable=suitable, observed_on=spoken.month_end)
    latest = rows.sort_values(["latest_contact_on", "source_row"], na_position="first", kind="stable").drop_duplicates(
        "child_id", keep="last"
    )
    planned = rows[rows["pathway_reviewed_on"].notna()]
    planned = planned.assign(happened_on=planned["pathway_reviewed_on"]).drop_duplicates(["child_id", "happened_on"])
    return {"care_leaver": latest.sort_values("source_row"), "pathway_plan": planned}


def _adoptions(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    adopted = frame["order_kind"].fillna("").str.contains("adopt", case=False)
    reversed_on = frame["reversed_on"]
    return {"adoption": frame.assign(adopted_on=frame["order_on"].where(adopted), ended_on=reversed_on, end_kind=frame["reversed_for"])}


def _workers(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    return {"worker": frame.assign(observed_on=spoken.month_end, case_holding=True)}


def _status(kind: str) -> Build:
    def build(frame: pd.DataFrame, spoken: Spoken) -> Frames:
        return {"health_status": frame.assign(health_kind=kind)}

    return build


CARE: tuple[Form, ...] = (
    form(
        "ssd_cla_episodes", "care episodes",
        ident("episode_id", "clae_cla_episode_id"), ident("care_id", "clae_cla_id"), ident("child_id", "clae_person_id", need="row"),
        day("started_on", "clae_cla_episode_start_date", need="row"), words("start_reason", "clae_cla_episode_start_reason"),
        code("need_kind", CATEGORY_OF_NEED, "clae_cla_primary_need_code", "clae_cla_primary_need"),
        day("ended_on", "clae_cla_episode_ceased", "clae_cla_episode_ceased_date", need="column"),
        code("end_reason", CARE_END, "clae_cla_episode_ceased_reason"), day("entered_on", "clae_entered_care_date", when="past"),
        day("iro_contact_on", "clae_cla_last_iro_contact_date"), build=_care, covers=_care_cover,
        spans=(("started_on", "ended_on"),),
    ),
    form(
        "ssd_legal_status", "legal statuses",
        ident("child_id", "lega_person_id", need="row"), day("started_on", "lega_legal_status_start_date", need="row"),
        ends("ended_on", "lega_legal_status_end_date"), code("legal_status_kind", LEGAL_STATUS, "lega_legal_status"),
        build=said_as("legal_status"), covers=register("legal_status"), spans=(("started_on", "ended_on"),),
    ),
    form(
        "ssd_cla_placement", "placements",
        ident("child_id", "clap_person_id"), ident("care_id", "clap_cla_id"), ident("episode_id", "clap_cla_episode_id"),
        day("started_on", "clap_cla_placement_start_date", need="row"), ends("ended_on", "clap_cla_placement_end_date"),
        code("placement_kind", PLACEMENT, "clap_cla_placement_type"), code("provider_kind", PROVIDER, "clap_cla_placement_provider"),
        words("change_kind", "clap_cla_placement_change_reason"), number("distance_miles", "clap_cla_placement_distance"),
        ident("urn", "clap_cla_placement_urn"), build=said_as("placement"), covers=register("placement"),
        spans=(("started_on", "ended_on"),),
    ),
    form(
        "ssd_cla_visits", "visits to children looked after",
        ident("child_id", "clav_person_id"), ident("care_id", "clav_cla_id"), ident("episode_id", "clav_cla_episode_id"),
        day("happened_on", "clav_cla_visit_date", need="row"), flag("child_seen", "clav_cla_visit_seen"),
        flag("seen_alone", "clav_cla_visit_seen_alone"), build=visits("cla"), covers=visits_cover("cla"),
    ),
    form(
        "ssd_cla_reviews", "reviews of children looked after",
        ident("child_id", "clar_person_id"), ident("care_id", "clar_cla_id"), ident("episode_id", "clar_cla_episode_id"),
        day("due_on", "clar_cla_review_due_date", when="any"), day("happened_on", "clar_cla_review_date", need="column"),
        flag("cancelled", "clar_cla_review_cancelled"), code("participation_kind", TOOK_PART, "clar_cla_review_participation"),
        day("iro_contact_on", "clar_cla_review_last_iro_contact_date"), build=said_as("cla_review"), covers=events("cla_review"),
    ),
    form(
        "ssd_cla_care_plan", "permanence plans",
        ident("child_id", "lacp_person_id", need="row"), day("happened_on", "lacp_cla_care_plan_start_date", need="row"),
        words("ticks", "lacp_cla_care_plan_json"), build=said_as("permanence_decision"), covers=events("permanence_decision"),
    ),
    form(
        "ssd_cla_health", "health checks",
        ident("child_id", "clah_person_id", need="row"), words("check", "clah_health_check_type"),
        day("happened_on", "clah_health_check_date", need="column", when="any"), words("status", "clah_health_check_status"),
        build=said_as("health_check"), covers=events("health_check"),
    ),
    form(
        "ssd_cla_immunisations", "immunisations",
        ident("child_id", "clai_person_id", need="row"), flag("up_to_date", "clai_immunisations_status"),
        day("observed_on", "clai_immunisations_status_date", need="row", when="past"), build=_status("immunisations"),
    ),
    form(
        "ssd_sdq_scores", "strengths and difficulties scores",
        ident("child_id", "csdq_person_id", need="row"), number("score", "csdq_sdq_score"),
        day("observed_on", "csdq_sdq_completed_date", need="row", when="past"), build=_status("strengths_and_difficulties"),
    ),
    form(
        "ssd_missing", "missing episodes",
        ident("child_id", "miss_person_id", "miss_la_person_id", need="row"),
        day("started_on", "miss_missing_episode_start_date", "miss_mis_epi_start", need="row"),
        ends("ended_on", "miss_missing_episode_end_date", "miss_mis_epi_end"),
        code("missing_kind", MISSING, "miss_missing_episode_type", "miss_mis_epi_type"),
        flag("interview_offered", "miss_missing_rhi_offered", "miss_mis_epi_rhi_offered"),
        flag("interview_accepted", "miss_missing_rhi_accepted", "miss_mis_epi_rhi_accepted"),
        build=said_as("missing_episode"), covers=events("missing_episode", "started_on"), spans=(("started_on", "ended_on"),),
    ),
    form(
        "ssd_permanence", "adoption",
        ident("child_id", "perm_person_id"), ident("care_id", "perm_cla_id"), day("decided_on", "perm_adm_decision_date"),
        day("fostering_for_adoption_on", "perm_placed_ffa_cp_date"), day("placement_order_on", "perm_placement_order_date"),
        day("matched_on", "perm_matched_date"), day("placed_on", "perm_placed_for_adoption_date"),
        day("order_on", "perm_permanence_order_date"), words("order_kind", "perm_permanence_order_type"),
        day("reversed_on", "perm_decision_reversed_date"), words("reversed_for", "perm_decision_reversed_reason"), build=_adoptions,
    ),
    form(
        "ssd_care_leavers", "care leavers",
        ident("child_id", "clea_person_id", need="row"), code("eligibility_kind", ELIGIBILITY, "clea_care_leaver_eligibility"),
        code("in_touch_kind", IN_TOUCH, "clea_care_leaver_in_touch"), day("latest_contact_on", "clea_care_leaver_latest_contact"),
        code("accommodation_kind", ACCOMMODATION, "clea_care_leaver_accommodation"),
        code("suitability", SUITABILITY, "clea_care_leaver_accom_suitable"), code("activity_kind", ACTIVITY, "clea_care_leaver_activity"),
        day("pathway_reviewed_on", "clea_pathway_plan_review_date"), ident("adviser_id", "clea_care_leaver_personal_advisor"),
        ident("team_id", "clea_care_leaver_allocated_team", "clea_care_leaver_allocated_team_name"),
        ident("worker_id", "clea_care_leaver_worker_id", "clea_care_leaver_worker_name"), build=_care_leavers,
        covers=on_the_day("care_leaver"),
    ),
    form(
        "ssd_involvements", "workers' involvements",
        ident("child_id", "invo_person_id", need="row"), ident("worker_id", "invo_professional_id", need="row"),
        ident("team_id", "invo_professional_team"), words("role", "invo_professional_role_id"),
        day("started_on", "invo_involvement_start_date", need="row"), ends("ended_on", "invo_involvement_end_date"),
        words("change_kind", "invo_worker_change_reason"), build=said_as("involvement"), covers=register("involvement"),
        spans=(("started_on", "ended_on"),),
    ),
    form(
        "ssd_professionals", "workers",
        ident("worker_id", "prof_professional_id", need="row"), ident("registration_id", "prof_social_worker_registration_no"),
        words("role", "prof_professional_job_title"), ident("team_id", "prof_professional_department"),
        number("fte", "prof_full_time_equivalency"), flag("agency", "prof_agency_worker_flag"), build=_workers,
        covers=on_the_day("worker"),
    ),
)  # fmt: skip
