"""What a statutory return in XML is made of: which of its elements are rows, and what each row takes from those around it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Module:
    """One repeated element of a return, read as one sheet with a row for each time it comes.

    `headings`: the values it may hold, in the order of the return's own description. `above`: values taken from the elements it lies
    in. `header`: values taken from the return's header. `told`: (its value, what that is called above): listed, too, on the row it lies in.
    """

    tag: str
    sheet: str
    headings: tuple[str, ...]
    above: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    told: tuple[str, str] | None = None


@dataclass(frozen=True)
class Layout:
    """One return. `collection`: what its header calls it. `renamed`: (heading, what later or earlier years call the same value)."""

    collection: str
    title: str
    modules: tuple[Module, ...]
    renamed: tuple[tuple[str, str], ...] = ()
