"""How extracts arrive: files in, canonical rows out, and everything wrong in them said with its place.

`SOURCES` lists what is read. Adding a source is one module that declares it, one row here, and one test.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from data.reading import Reading
from loaders.actions import ACTIONS
from loaders.annex_a import ANNEX_A
from loaders.annotations import ANNOTATIONS
from loaders.audit_actions import AUDIT_ACTIONS
from loaders.audits import AUDITS
from loaders.checking import Checked, check_file
from loaders.cin_census import CIN_CENSUS
from loaders.clocks import CLOCKS
from loaders.core_groups import CORE_GROUPS
from loaders.describing import described
from loaders.establishment import ESTABLISHMENT
from loaders.folders import find, nothing_in
from loaders.foster_enquiries import FOSTER_ENQUIRIES
from loaders.homeless import HOMELESS
from loaders.iro_escalations import IRO_ESCALATIONS
from loaders.many import read_all
from loaders.mapping import NO_WORDS, CouncilWords, Unmapped, read_mapping
from loaders.measure_values import MEASURE_VALUES
from loaders.missing_episodes import MISSING_EPISODES
from loaders.participation import PARTICIPATION
from loaders.plo import PLO
from loaders.population import POPULATION
from loaders.published import PUBLISHED
from loaders.pwp_checks import PWP_CHECKS
from loaders.read import read_file
from loaders.referrals import REFERRALS
from loaders.reviews import REVIEWS
from loaders.source import Source
from loaders.ssd import SSD, read_ssd
from loaders.ssda903 import SSDA903
from loaders.supervision import SUPERVISION_SESSIONS
from loaders.targets import TARGETS
from loaders.teams import TEAMS
from loaders.telling import checked_lines, loaded_lines, told
from loaders.training import TRAINING
from loaders.visits import VISITS
from loaders.workers import WORKERS
from loaders.workforce_census import WORKFORCE_CENSUS

SOURCES: tuple[Source, ...] = (
    ANNEX_A, VISITS, REFERRALS, REVIEWS, CORE_GROUPS, PLO, PWP_CHECKS, IRO_ESCALATIONS, PARTICIPATION, HOMELESS, FOSTER_ENQUIRIES,
    MISSING_EPISODES, WORKERS, ESTABLISHMENT, TRAINING, SUPERVISION_SESSIONS, AUDITS, AUDIT_ACTIONS, ACTIONS, TEAMS, ANNOTATIONS,
    SSDA903, CIN_CENSUS, WORKFORCE_CENSUS, TARGETS, CLOCKS, POPULATION, PUBLISHED, MEASURE_VALUES,
)  # fmt: skip

__all__ = [
    "SOURCES", "SSD", "CouncilWords", "Unmapped", "check", "checked_lines", "described", "find", "loaded_lines", "mapping",
    "nothing_in", "read", "read_all", "read_ssd", "told",
]  # fmt: skip


def read(
    path: Path, *, as_at: dt.date | None = None, today: dt.date, words: CouncilWords = NO_WORDS, shown_as: str | None = None
) -> Reading:  # fmt: skip
    """Read one extract, whatever its name, as what its columns show it to be.

    `as_at`: the day it speaks of, where the name and contents do not say it rightly; `today`: no event can be after it; `words`: the
    council's own mapping file, read by `mapping`; `shown_as`: what the file was called where it came from, if it lies under another
    name here (an upload): shown and kept without folders or misleading letters, and never opened by.
    Raises `data.reading.Refused`, saying what is wrong, where and what to do, when it cannot be read at all.
    """
    return read_file(path, SOURCES, as_at=as_at, today=today, words=words, shown_as=shown_as)


def check(path: Path, *, as_at: dt.date | None = None, today: dt.date, words: CouncilWords = NO_WORDS) -> Checked:
    """What one file would be read as; nothing is stored. Raises `data.reading.Refused` where it cannot be opened at all."""
    return check_file(path, SOURCES, as_at=as_at, today=today, words=words)


def mapping(path: Path | None) -> CouncilWords:
    """The council's own words, from its mapping file; none where it has no such file. Raises `Unmapped` with the rule and the remedy."""
    return NO_WORDS if path is None else read_mapping(path, SOURCES)
