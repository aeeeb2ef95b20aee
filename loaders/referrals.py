"""The referrals extract: every referral with the day it was decided on, which Annex A does not print, and how it ended."""

from __future__ import annotations

import pandas as pd

from loaders.codes import CATEGORY_OF_NEED, REFERRAL_SOURCE
from loaders.codes_annex_a import CLOSURE
from loaders.cover import log_cover
from loaders.local_fields import CHILD, HELD_BY
from loaders.source import Cover, Field, Form, Frames, Source, Spoken


def _build(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    return {"referral": frame}


def _covers(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    return {"referral": log_cover(frame["happened_on"], spoken)}


REFERRALS = Source(
    "referrals",
    "referrals",
    (
        Form(
            "referrals",
            "a referrals extract",
            (
                CHILD,
                Field("happened_on", ("referral_date", "Date referred", "Referral received"), "date", "row", when="happened"),
                Field("decided_on", ("decision_date", "Date of decision", "referral_decision_date"), "date", "column", when="happened"),
                Field("no_further_action", ("nfa", "nfa (Y/N)", "no_further_action"), "flag"),
                Field("source_kind", ("source", "source_of_referral"), "code", codes=REFERRAL_SOURCE),
                Field("need_kind", ("need", "primary_need", "Category of need"), "code", codes=CATEGORY_OF_NEED),
                Field("closed_on", ("closed_date", "Date closed", "referral_closed_date"), "date", when="happened"),
                Field("closure_kind", ("closure_reason", "reason_closed"), "code", codes=CLOSURE),
                *HELD_BY,
            ),
            build=_build,
            covers=_covers,
            spans=(("happened_on", "decided_on"), ("happened_on", "closed_on")),
        ),
    ),
)
