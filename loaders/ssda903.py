"""The children looked after return (SSDA903), as CSV tables or as one workbook with a sheet for each: found by their columns.

Old and new columns are read alike. Postcodes (HOME_POST, PL_POST) are known and not kept: they tell where a child lives, and without
outside data no distance can be had from them; a system that adds PL_DISTANCE or PL_LOCATION has it read. UPNs are not kept either. The
return says that a girl is a mother (MOTHER, MC_DOB) but not who her child is, so there is nothing to keep of that.
"""

from __future__ import annotations

from dataclasses import replace

from loaders.codes import CATEGORY_OF_NEED, ETHNICITY, LEGAL_STATUS, PROVIDER, SEX
from loaders.codes_annex_a import ADOPTION_END, IN_TOUCH, LOCATION
from loaders.codes_returns import (
    EPISODE_CEASED,
    MISSING,
    NEW_EPISODE,
    PARTICIPATION,
    PLACEMENT_CHANGE,
    PREVIOUS_PERMANENCE,
    RETURN_ACCOMMODATION,
    RETURN_ACTIVITY,
    RETURN_PLACEMENT,
    WORKER_CHANGE,
)
from loaders.source import Field, Form, Source
from loaders.ssda903_build import (
    care_leavers,
    check_health,
    complete_for_its_year,
    events,
    header,
    health,
    on_its_day,
    over_the_years,
    read_permanence_days,
    say_what_day,
    unaccompanied,
)
from loaders.ssda903_chain import tell_of_the_chain
from loaders.ssda903_episodes import episodes, episodes_complete, episodes_cover

CHILD = Field("child_id", ("CHILD",), "id", "row")
BORN = Field("born_on", ("DOB",), "date", when="birth")
BORN_AGAIN = Field("born_on_again", ("DOB",), "unused")  # the header has it
SEX_KIND = Field("sex_kind", ("SEX",), "code", codes=SEX)
AS_AT = Field("as_at_on", ("YEAR_END", "SNAPSHOT_DATE"), "date", when="happened")


def _unread(*headings: str) -> tuple[Field, ...]:
    return tuple(Field(heading.casefold(), (heading,), "unused") for heading in headings)


def _days(name: str, heading: str) -> Field:
    return Field(name, (heading,), "date", "column", when="happened")


HEADER = Form(
    "ssda903_header", "SSDA903 Header (the children)",
    (
        CHILD, replace(SEX_KIND, need="column"), replace(BORN, need="column"),
        Field("ethnicity_kind", ("ETHNIC", "ETHNICITY"), "code", "column", codes=ETHNICITY), AS_AT, *_unread("UPN", "MOTHER", "MC_DOB"),
    ),
    build=header, unique=("child_id",),
)  # fmt: skip

EPISODES = Form(
    "ssda903_episodes", "SSDA903 Episodes",
    (
        CHILD,
        Field("started_on", ("DECOM",), "date", "row", when="happened"),
        Field("rne", ("RNE",), "code", "row", codes=NEW_EPISODE),
        Field("legal_status_kind", ("LS",), "code", "column", codes=LEGAL_STATUS),
        Field("need_kind", ("CIN",), "code", codes=CATEGORY_OF_NEED),
        Field("placement_kind", ("PLACE",), "code", "column", codes=RETURN_PLACEMENT),
        Field("provider_kind", ("PLACE_PROVIDER",), "code", codes=PROVIDER),
        _days("ended_on", "DEC"),
        Field("rec", ("REC",), "code", "column", codes=EPISODE_CEASED),
        Field("change_kind", ("REASON_PLACE_CHANGE",), "code", codes=PLACEMENT_CHANGE),
        Field("urn", ("URN",), "id"),
        Field("distance_miles", ("PL_DISTANCE",), "number", low=0),
        Field("location_kind", ("PL_LOCATION",), "code", codes=LOCATION),
        Field("care_began_on", ("POC_START", "PERIOD_OF_CARE_START"), "date", when="past"),
        *_unread("HOME_POST", "PL_POST", "PL_LA", "LA_PLACEMENT"),
    ),
    build=episodes, covers=episodes_cover, complete=episodes_complete, check=tell_of_the_chain, unique=("child_id", "started_on"),
    spans=(("started_on", "ended_on"),),
)  # fmt: skip

REVIEWS = Form(
    "ssda903_reviews", "SSDA903 Reviews",
    (
        CHILD, BORN_AGAIN, Field("happened_on", ("REVIEW",), "date", "row", when="happened"),
        Field("participation_kind", ("REVIEW_CODE",), "code", "column", codes=PARTICIPATION),
    ),
    build=events("cla_review"), covers=over_the_years("cla_review", "happened_on"),
    complete=complete_for_its_year("cla_review", "happened_on"), unique=("child_id", "happened_on"),
)  # fmt: skip

UNACCOMPANIED = Form(
    "ssda903_uasc", "SSDA903 UASC (unaccompanied children)",
    (CHILD, SEX_KIND, BORN, Field("unaccompanied_until_on", ("DUC",), "date", "column"), AS_AT),
    build=unaccompanied, unique=("child_id",),
)  # fmt: skip

HEALTH = Form(
    "ssda903_oc2", "SSDA903 OC2 (health of children looked after for a year)",
    (
        CHILD, BORN_AGAIN,
        Field("sdq_score", ("SDQ_SCORE",), "number", low=0, high=40),
        Field("sdq_reason", ("SDQ_REASON",), "text"),
        Field("development_check", ("HEALTH_CHECK",), "flag"),
        Field("immunisations", ("IMMUNISATIONS",), "flag", "column"),
        Field("teeth_check", ("TEETH_CHECK",), "flag", "column"),
        Field("health_assessment", ("HEALTH_ASSESSMENT",), "flag", "column"),
        Field("substance_misuse", ("SUBSTANCE_MISUSE",), "flag"), AS_AT,
        *_unread("CONVICTED", "INTERVENTION_RECEIVED", "INTERVENTION_OFFERED"),
    ),
    build=health, covers=on_its_day("health_status"), complete=on_its_day("health_status"), check=check_health, unique=("child_id",),
)  # fmt: skip

CARE_LEAVERS = Form(
    "ssda903_oc3", "SSDA903 OC3 (care leavers)",
    (
        CHILD, BORN_AGAIN,
        Field("in_touch_kind", ("IN_TOUCH",), "code", "column", codes=IN_TOUCH, expected=True),
        Field("activity_kind", ("ACTIV",), "code", "column", codes=RETURN_ACTIVITY),
        Field("accommodation", ("ACCOM",), "code", "column", codes=RETURN_ACCOMMODATION), AS_AT,
    ),
    build=care_leavers, covers=on_its_day("care_leaver"), complete=on_its_day("care_leaver"), check=say_what_day, unique=("child_id",),
)  # fmt: skip

ADOPTED = Form(
    "ssda903_ad1", "SSDA903 AD1 (adopted children)",
    (
        CHILD, BORN_AGAIN, Field("decided_on", ("DATE_INT",), "date", "row", when="happened"), _days("matched_on", "DATE_MATCH"),
        *_unread("FOSTER_CARE", "NB_ADOPTR", "SEX_ADOPTR", "LS_ADOPTR"),
    ),
    build=events("adoption"), spans=(("decided_on", "matched_on"),),
)  # fmt: skip

TO_BE_ADOPTED = Form(
    "ssda903_placed_for_adoption", "SSDA903 PlacedAdoption (children who should be placed for adoption)",
    (
        CHILD, BORN_AGAIN, Field("decided_on", ("DATE_PLACED",), "date", "row", when="happened"), _days("ended_on", "DATE_PLACED_CEASED"),
        Field("end_kind", ("REASON_PLACED_CEASED",), "code", "column", codes=ADOPTION_END),
    ),
    build=events("adoption"), spans=(("decided_on", "ended_on"),),
)  # fmt: skip

PERMANENCE = Form(
    "ssda903_previous_permanence", "SSDA903 PrevPerm (an earlier permanence)",
    (
        CHILD, BORN_AGAIN, Field("permanence_kind", ("PREV_PERM",), "code", "row", codes=PREVIOUS_PERMANENCE),
        Field("granted_by", ("LA_PERM",), "text", "column"), Field("permanence_day", ("DATE_PERM",), "text", "column"), AS_AT,
    ),
    build=events("previous_permanence"), check=read_permanence_days,
)  # fmt: skip

AWAY = Form(
    "ssda903_missing", "SSDA903 Missing (missing and away without authority)",
    (
        CHILD, BORN_AGAIN, Field("missing_kind", ("MISSING",), "code", "column", codes=MISSING, expected=True),
        Field("started_on", ("MIS_START",), "date", "row", when="happened"), _days("ended_on", "MIS_END"),
    ),
    build=events("missing_episode"), covers=over_the_years("missing_episode", "started_on"),
    complete=complete_for_its_year("missing_episode", "started_on"), spans=(("started_on", "ended_on"),),
)  # fmt: skip

WORKERS = Form(
    "ssda903_sw_episodes", "SSDA903 SWEpisodes (a child's social workers)",
    (
        CHILD, BORN_AGAIN, Field("worker_id", ("SW_ID",), "id", "row"),
        Field("started_on", ("SW_DECOM",), "date", "row", when="happened"), _days("ended_on", "SW_DEC"),
        Field("change_kind", ("SW_REASON",), "code", "column", codes=WORKER_CHANGE),
    ),
    build=events("involvement"), covers=over_the_years("involvement", "ended_on"),
    complete=complete_for_its_year("involvement", "ended_on"), spans=(("started_on", "ended_on"),),
)  # fmt: skip

LIBERTY = Form(
    "ssda903_dolo", "SSDA903 DoLo (deprivations of liberty)",
    (CHILD, BORN_AGAIN, Field("started_on", ("DOLO_START",), "date", "row", when="happened"), _days("ended_on", "DOLO_END")),
    build=events("deprivation_of_liberty"), covers=over_the_years("deprivation_of_liberty", "started_on"),
    complete=complete_for_its_year("deprivation_of_liberty", "started_on"), unique=("child_id", "started_on"),
    spans=(("started_on", "ended_on"),),
)  # fmt: skip

SSDA903 = Source(
    "ssda903",
    "the children looked after return (SSDA903)",
    (
        HEADER, EPISODES, REVIEWS, UNACCOMPANIED, HEALTH, CARE_LEAVERS, ADOPTED, TO_BE_ADOPTED, PERMANENCE, AWAY, WORKERS, LIBERTY,
    ),
)  # fmt: skip
