"""The placed with parents extract: each check of a child in care who lives with a parent, unannounced or a review."""

from __future__ import annotations

import pandas as pd

from loaders.codes_local import PARENT_CHECK
from loaders.cover import log_cover
from loaders.local_fields import CHILD, HELD_BY
from loaders.source import Cover, Field, Form, Frames, Source, Spoken


def _build(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    return {"parent_placement_check": frame}


def _covers(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    return {"parent_placement_check": log_cover(frame["happened_on"], spoken)}


PWP_CHECKS = Source(
    "pwp_checks",
    "checks of children placed with parents",
    (
        Form(
            "pwp_checks",
            "an extract of checks of children placed with parents",
            (
                CHILD,
                Field("happened_on", ("check_date", "Date of check"), "date", "row", when="happened"),
                Field("check_kind", ("type", "check_type", "Type of check"), "code", codes=PARENT_CHECK),
                Field("outcome", ("outcome", "Outcome of check"), "text"),
                *HELD_BY,
            ),
            build=_build,
            covers=_covers,
            unique=("child_id", "happened_on", "check_kind"),
        ),
    ),
)
