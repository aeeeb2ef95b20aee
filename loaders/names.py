"""A file's name as it is shown and kept: its last part alone, in letters that cannot mislead the eye."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 120


def shown_name(name: str) -> str:
    """The name without folders, control letters or letters that turn the reading direction; a long one is shortened in its middle."""
    last = re.split(r"[\\/]", name)[-1]
    visible = " ".join("".join(letter if unicodedata.category(letter)[0] != "C" else " " for letter in last).split())
    if visible.strip(". ") == "":
        return "file without a name"
    if len(visible) > LONGEST:
        visible = f"{visible[: LONGEST - 30]}…{visible[-29:]}"
    return visible
