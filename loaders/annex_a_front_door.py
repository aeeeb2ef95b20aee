"""Annex A lists 1 to 4: contacts, early help, referrals and assessments of the last six months."""

from __future__ import annotations

import pandas as pd

from loaders.annex_a_headings import CHILD, CHILD_WITH_DISABILITY, HELD_BY, not_kept
from loaders.annex_a_rows import child_rows
from loaders.codes import REFERRAL_SOURCE
from loaders.cover import complete_window, events_cover, window
from loaders.source import Cover, Field, Form, Frames, Spoken


def _contacts(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    return {"contact": frame, "child": child_rows(frame, spoken)}


def _contacts_cover(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    return {"contact": events_cover(frame["happened_on"], spoken)}


def _contacts_complete(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    return complete_window(frame["happened_on"], spoken, "contact")


def _early_help(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    return {"early_help": frame, "child": child_rows(frame, spoken)}


def _early_help_cover(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    """The assessments of the last six months, and of older ones only those still being worked on: so never declared complete."""
    return {"early_help": window(spoken)}


def _referrals(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    return {"referral": frame, "child": child_rows(frame, spoken)}


def _referrals_cover(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    return {"referral": events_cover(frame["happened_on"], spoken)}


def _referrals_complete(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    return complete_window(frame["happened_on"], spoken, "referral")


def _assessments(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    return {"assessment": frame, "child": child_rows(frame, spoken)}


def _assessments_cover(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    """The list holds assessments open in the window, some begun long before: it speaks for all months from the first authorisation."""
    return {"assessment": events_cover(frame["ended_on"], spoken)}


def _assessments_complete(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    return complete_window(frame["ended_on"], spoken, "assessment", listed=len(frame))


CONTACTS = Form(
    "list_1",
    "Annex A list 1 (contacts)",
    (
        *CHILD,
        Field("happened_on", ("Date of Contact",), "date", "row", when="happened", like=r"date.*contact"),
        Field("source_kind", ("Contact Source",), "code", "column", codes=REFERRAL_SOURCE, like=r"contact.*source"),
    ),
    build=_contacts,
    covers=_contacts_cover,
    complete=_contacts_complete,
    number=1,
)

EARLY_HELP = Form(
    "list_2",
    "Annex A list 2 (early help assessments)",
    (
        *CHILD,
        Field("started_on", ("Assessment start date",), "date", "row", when="happened"),
        Field("ended_on", ("Assessment completion date",), "date", when="happened"),
        Field("organisation", ("Organisation completing assessment",), "text", "column"),
    ),
    build=_early_help,
    covers=_early_help_cover,
    spans=(("started_on", "ended_on"),),
    number=2,
)

REFERRALS = Form(
    "list_3",
    "Annex A list 3 (referrals)",
    (
        *CHILD,
        Field("happened_on", ("Date of referral",), "date", "row", when="happened", like=r"date of.*referral"),
        Field("source_kind", ("Referral Source",), "code", codes=REFERRAL_SOURCE, like=r"referral.*source"),
        Field("no_further_action", ("Referral NFA?", "Referral NFA (Y/N)"), "flag", "column"),
        *not_kept("Number of Referrals in Last 12 Months"),
        *HELD_BY,
    ),
    build=_referrals,
    covers=_referrals_cover,
    complete=_referrals_complete,
    number=3,
)

ASSESSMENTS = Form(
    "list_4",
    "Annex A list 4 (assessments)",
    (
        *CHILD_WITH_DISABILITY,
        Field("started_on", ("Continuous Assessment Start Date",), "date", "row", when="happened"),
        Field("child_seen", ("Child Seen During Continuous Assessment",), "flag"),
        Field("ended_on", ("Continuous Assessment Date of Authorisation",), "date", "column", when="happened"),
        Field(
            "support_required",
            (
                "Was the child assessed as requiring LA children's social care support?",
                "Was the child assessed as being in need at assessment?",
            ),
            "flag",
            "column",
            like=r"was the child assessed.*(social care support|in need)",
        ),
        *HELD_BY,
    ),
    build=_assessments,
    covers=_assessments_cover,
    complete=_assessments_complete,
    spans=(("started_on", "ended_on"),),
    number=4,
)
