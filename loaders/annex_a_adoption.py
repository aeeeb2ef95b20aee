"""Annex A lists 10 and 11: children on their way to adoption, and adopters, of the last twelve months."""

from __future__ import annotations

import pandas as pd

from loaders.annex_a_headings import CHILD_WITH_DISABILITY, ETHNICITY_KIND, SEX_KIND
from loaders.annex_a_rows import child_rows
from loaders.codes_annex_a import ADOPTION_END, LEAVES_ADOPTING
from loaders.cover import window
from loaders.source import Cover, Field, Form, Frames, Spoken

YEAR = pd.DateOffset(months=12)


def _children(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    return {"adoption": frame, "child": child_rows(frame, spoken)}


def _children_cover(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    return {"adoption": window(spoken, YEAR)}


def _adopters(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    return {"adopter": frame}


def _adopters_cover(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    return {"adopter": window(spoken, YEAR)}


def _day(name: str, heading: str) -> Field:
    return Field(name, (heading,), "date", when="happened")


CHILDREN = Form(
    "list_10",
    "Annex A list 10 (adoption: children)",
    (
        *CHILD_WITH_DISABILITY,
        Field("family_id", ("Family identifier",), "id"),
        _day("entered_care_on", "Date the Child Entered Care"),
        Field(
            "decided_on",
            ("Date of Decision that Child Should be Placed for Adoption",),
            "date",
            "column",
            when="happened",
            expected=True,
        ),
        _day("placement_order_on", "Date of Placement Order"),
        _day("matched_on", "Date of Matching Child and Prospective Adopters"),
        _day("placed_on", "Date Placed for Adoption"),
        _day("adopted_on", "Date of Adoption Order"),
        _day("ended_on", "Date of Decision that Child Should No Longer be Placed for Adoption"),
        Field("end_kind", ("Reason Why Child No Longer Placed for Adoption",), "code", codes=ADOPTION_END),
        _day("fostering_for_adoption_on", "Date the child was placed for fostering in FFA or concurrent planning placement"),
    ),
    build=_children,
    covers=_children_cover,
    unique=("child_id", "decided_on"),
    spans=(("entered_care_on", "decided_on"), ("decided_on", "ended_on"), ("matched_on", "placed_on"), ("placed_on", "adopted_on")),
    number=10,
)

ADOPTERS = Form(
    "list_11",
    "Annex A list 11 (adoption: prospective and approved adopters)",
    (
        Field("adopter_id", ("Individual adopter identifier",), "id", "row"),
        Field("family_id", ("Family identifier",), "id"),
        SEX_KIND,
        ETHNICITY_KIND,
        Field("disabled", ("Disability",), "flag"),
        Field("fosters_for_adoption", ("Is the (prospective) adopter fostering for adoption?",), "flag"),
        Field("happened_on", ("Date enquiry received",), "date", "row", when="happened"),
        _day("stage_1_from_on", "Date Stage 1 started"),
        _day("stage_1_to_on", "Date Stage 1 ended"),
        _day("stage_2_from_on", "Date Stage 2 started"),
        _day("stage_2_to_on", "Date Stage 2 ended"),
        _day("applied_on", "Date application submitted"),
        _day("approved_on", "Date application approved"),
        _day("matched_on", "Date adopter matched with child(ren)"),
        _day("placed_on", "Date child/children placed with adopter(s)"),
        Field("children_placed", ("No. of children placed", "Number of children placed"), "number"),
        _day("adopted_on", "Date of Adoption Order"),
        _day("left_on", "Date of leaving adoption process"),
        Field("leaving_kind", ("Reason for leaving adoption process",), "code", codes=LEAVES_ADOPTING),
    ),
    build=_adopters,
    covers=_adopters_cover,
    unique=("adopter_id", "happened_on"),
    spans=(("stage_1_from_on", "stage_1_to_on"), ("stage_2_from_on", "stage_2_to_on"), ("placed_on", "adopted_on")),
    number=11,
)
