"""The canonical tables, declared: every fact Sightline keeps, by where it arises. The order is the order they are shown in."""

from __future__ import annotations

from data.canonical.care import CARE
from data.canonical.given import GIVEN
from data.canonical.help_and_protection import HELP_AND_PROTECTION
from data.canonical.practice import PRACTICE
from data.columns import Table

TABLES: tuple[Table, ...] = (*HELP_AND_PROTECTION, *CARE, *PRACTICE, *GIVEN)
