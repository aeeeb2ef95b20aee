"""The invented council: thirty-six months of the extracts a council has, with a story in them to find. Every person in it is invented."""

from __future__ import annotations

from data.sample.making import make
from data.sample.mess import MESS, Placed

__all__ = ["MESS", "Placed", "make"]
