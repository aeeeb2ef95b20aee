"""The Standard Safeguarding Dataset: people, the front door, assessments, enquiries, conferences, plans, and the court before care."""

from __future__ import annotations

import json

import pandas as pd

from loaders.codes import CATEGORY_OF_ABUSE, CATEGORY_OF_NEED, ETHNICITY, REFERRAL_SOURCE, SEX
from loaders.codes_annex_a import CLOSURE
from loaders.codes_local import PRE_PROCEEDINGS_END, TOOK_PART
from loaders.source import Form, Frames, Spoken
from loaders.ssd_fields import (
    code,
    day,
    ends,
    events,
    flag,
    form,
    held_now,
    ident,
    plans_held,
    register,
    said_as,
    visits,
    visits_cover,
    words,
)

UNACCOMPANIED = r"uasc|unaccompanied"


def _teams(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    return {"team": frame.assign(team_id=frame["team_name"].fillna(frame["team_id"]))}


def _disabilities(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    none = frame["disability"].fillna("").str.casefold().isin(["none", "no", "n", "no disability"])
    known = frame["disability"].notna()
    disabled = (~none).astype("boolean").where(known)
    return {"child": frame.assign(disabled=disabled).sort_values("disabled", ascending=False, kind="stable")}


def _immigration(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    alone = frame["status"].fillna("").str.casefold().str.contains(UNACCOMPANIED)
    unaccompanied = pd.Series(True, index=frame.index, dtype="boolean").where(alone)
    return {"child": frame.assign(unaccompanied=unaccompanied, unaccompanied_until_on=frame["until_on"].where(alone))}


def flagged(said: pd.Series, key: str) -> pd.Series:
    """What a column of JSON says under a key: yes, no, or nothing. Each different wording is looked into once."""

    def one(words: str) -> bool | None:
        try:
            found = json.loads(words)
        except ValueError:
            return None
        answer = str(found.get(key, "")).strip().casefold() if isinstance(found, dict) else ""
        return True if answer in ("y", "yes", "true", "1") else False if answer in ("n", "no", "false", "0") else None

    read = {words: one(words) for words in said.dropna().unique()}
    return said.map(read).astype("boolean")


def _assessments(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    """No further action after the assessment is: not assessed as needing support."""
    nothing = frame["no_further_action"].fillna(flagged(frame["outcome"], "NFA_FLAG"))
    return {"assessment": frame.assign(support_required=~nothing)}


def _enquiries(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    """An enquiry with no further action needed no conference; whether another did is told by the conferences alone."""
    unnecessary = frame["no_further_action"].where(frame["no_further_action"].fillna(False))
    return {"section47": frame.assign(happened_on=frame["started_on"], conference_unnecessary=unnecessary)}


def _in_need(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    return {"cin_plan": frame, "allocation": held_now(frame, "cin", spoken)}


def _protection(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    return {"cp_plan": frame, "allocation": held_now(frame, "cp", spoken)}


HELP: tuple[Form, ...] = (
    form(
        "ssd_department", "teams",
        ident("team_id", "dept_team_id", need="row"), words("team_name", "dept_team_name"), words("service_id", "dept_team_parent_name"),
        build=_teams,
    ),
    form(
        "ssd_person", "children",
        ident("child_id", "pers_person_id", need="row"), code("sex_kind", SEX, "pers_sex", "pers_gender"),
        code("ethnicity_kind", ETHNICITY, "pers_ethnicity"), day("born_on", "pers_dob", when="birth"),
        day("expected_on", "pers_expected_dob", when="any"), day("died_on", "pers_death_date", when="past"), build=said_as("child"),
    ),
    form(
        "ssd_disability", "disabilities",
        ident("child_id", "disa_person_id", need="row"), words("disability", "disa_disability_code"), build=_disabilities,
    ),
    form(
        "ssd_immigration_status", "unaccompanied children",
        ident("child_id", "immi_person_id", need="row"), words("status", "immi_immigration_status"),
        day("until_on", "immi_immigration_status_end_date", when="any"), build=_immigration,
    ),
    form(
        "ssd_mother", "mothers who are themselves children known to the council",
        ident("child_id", "moth_person_id", need="row"), ident("mother_of_id", "moth_childs_person_id"), build=said_as("child"),
    ),
    form(
        "ssd_contacts", "contacts",
        ident("child_id", "cont_person_id", need="row"), day("happened_on", "cont_contact_date", need="row"),
        code("source_kind", REFERRAL_SOURCE, "cont_contact_source_code"), build=said_as("contact"), covers=events("contact"),
    ),
    form(
        "ssd_early_help_episodes", "early help",
        ident("child_id", "earl_person_id", need="row"), day("started_on", "earl_episode_start_date", need="row"),
        ends("ended_on", "earl_episode_end_date"), words("organisation", "earl_episode_organisation"), build=said_as("early_help"),
        covers=register("early_help"), spans=(("started_on", "ended_on"),),
    ),
    form(
        "ssd_cin_episodes", "referrals",
        ident("child_id", "cine_person_id", need="row"), day("happened_on", "cine_referral_date", need="row"),
        code("need_kind", CATEGORY_OF_NEED, "cine_cin_primary_need_code", "cine_cin_primary_need"),
        code("source_kind", REFERRAL_SOURCE, "cine_referral_source_code"), flag("no_further_action", "cine_referral_nfa"),
        code("closure_kind", CLOSURE, "cine_close_reason"), ends("closed_on", "cine_close_date"),
        ident("team_id", "cine_referral_team", "cine_referral_team_name"),
        ident("worker_id", "cine_referral_worker_id", "cine_referral_worker_name"), build=said_as("referral"), covers=events("referral"),
        spans=(("happened_on", "closed_on"),),
    ),
    form(
        "ssd_cin_assessments", "assessments",
        ident("child_id", "cina_person_id", need="row"), day("started_on", "cina_assessment_start_date", need="row"),
        day("ended_on", "cina_assessment_auth_date", need="column"), flag("child_seen", "cina_assessment_child_seen"),
        flag("no_further_action", "cina_assessment_outcome_nfa"), words("outcome", "cina_assessment_outcome_json"),
        ident("team_id", "cina_assessment_team", "cina_assessment_team_name"),
        ident("worker_id", "cina_assessment_worker_id", "cina_assessment_worker_name"), build=_assessments,
        covers=events("assessment", "ended_on"), spans=(("started_on", "ended_on"),),
    ),
    form(
        "ssd_s47_enquiry", "section 47 enquiries",
        ident("enquiry_id", "s47e_s47_enquiry_id"), ident("child_id", "s47e_person_id", need="row"),
        day("started_on", "s47e_s47_start_date", need="row"), ends("ended_on", "s47e_s47_end_date"),
        flag("no_further_action", "s47e_s47_nfa"), ident("team_id", "s47e_s47_completed_by_team", "s47e_s47_completed_by_team_name"),
        ident("worker_id", "s47e_s47_completed_by_worker_id", "s47e_s47_completed_by_worker_name"), build=_enquiries,
        covers=events("section47", "started_on"), spans=(("started_on", "ended_on"),),
    ),
    form(
        "ssd_initial_cp_conference", "initial conferences",
        ident("child_id", "icpc_person_id"), ident("enquiry_id", "icpc_s47_enquiry_id"),
        day("happened_on", "icpc_icpc_date", need="column"), flag("transfer_in", "icpc_icpc_transfer_in"),
        flag("led_to_plan", "icpc_icpc_outcome_cp_flag"), ident("team_id", "icpc_icpc_team", "icpc_icpc_team_name"),
        ident("worker_id", "icpc_icpc_worker_id", "icpc_icpc_worker_name"), build=said_as("icpc"), covers=events("icpc"),
    ),
    form(
        "ssd_cin_plans", "child in need plans",
        ident("plan_id", "cinp_cin_plan_id"), ident("child_id", "cinp_person_id", need="row"),
        day("started_on", "cinp_cin_plan_start_date", need="row"), ends("ended_on", "cinp_cin_plan_end_date"),
        ident("team_id", "cinp_cin_plan_team", "cinp_cin_plan_team_name"),
        ident("worker_id", "cinp_cin_plan_worker_id", "cinp_cin_plan_worker_name"), build=_in_need,
        covers=plans_held("cin_plan", "cin"), spans=(("started_on", "ended_on"),),
    ),
    form(
        "ssd_cin_visits", "visits to children in need",
        ident("child_id", "cinv_person_id"), ident("plan_id", "cinv_cin_plan_id"),
        day("happened_on", "cinv_cin_visit_date", need="row"), flag("child_seen", "cinv_cin_visit_seen"),
        flag("seen_alone", "cinv_cin_visit_seen_alone"), flag("bedroom_seen", "cinv_cin_visit_bedroom"), build=visits("cin"),
        covers=visits_cover("cin"),
    ),
    form(
        "ssd_cp_plans", "child protection plans",
        ident("plan_id", "cppl_cp_plan_id"), ident("child_id", "cppl_person_id", need="row"),
        day("started_on", "cppl_cp_plan_start_date", need="row"), ends("ended_on", "cppl_cp_plan_end_date"),
        code("initial_category_kind", CATEGORY_OF_ABUSE, "cppl_cp_plan_initial_category"),
        code("category_kind", CATEGORY_OF_ABUSE, "cppl_cp_plan_latest_category"), flag("other_authority", "cppl_cp_plan_ola"),
        build=_protection, covers=plans_held("cp_plan", "cp"), spans=(("started_on", "ended_on"),),
    ),
    form(
        "ssd_cp_visits", "visits to children with a protection plan",
        ident("child_id", "cppv_person_id"), ident("plan_id", "cppv_cp_plan_id"),
        day("happened_on", "cppv_cp_visit_date", need="row"), flag("child_seen", "cppv_cp_visit_seen"),
        flag("seen_alone", "cppv_cp_visit_seen_alone"), flag("bedroom_seen", "cppv_cp_visit_bedroom"), build=visits("cp"),
        covers=visits_cover("cp"),
    ),
    form(
        "ssd_cp_reviews", "review conferences",
        ident("child_id", "cppr_person_id"), ident("plan_id", "cppr_cp_plan_id"), day("due_on", "cppr_cp_review_due", when="any"),
        day("happened_on", "cppr_cp_review_date", need="column"), flag("quorate", "cppr_cp_review_quorate"),
        code("participation_kind", TOOK_PART, "cppr_cp_review_participation"), build=said_as("cp_review"), covers=events("cp_review"),
    ),
    form(
        "ssd_pre_proceedings", "pre-proceedings",
        ident("child_id", "prep_person_id", need="row"), ident("family_id", "prep_plo_family_id"),
        day("started_on", "prep_pre_pro_decision_date", need="row"), ends("ended_on", "prep_agree_stepdown_issue_date"),
        day("letter_on", "prep_pre_pro_letter_date", when="past"), code("outcome_kind", PRE_PROCEEDINGS_END, "prep_pre_pro_outcome"),
        build=said_as("pre_proceedings"), covers=register("pre_proceedings"), spans=(("started_on", "ended_on"),),
    ),
)  # fmt: skip
