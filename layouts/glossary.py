"""The words of the work, explained one tap away: what a CP plan, an ICPC or an expected range is, for those who seldom use them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component


@dataclass(frozen=True)
class Term:
    """One term as it is shown, what it means in a sentence or two, and how it may stand in a text (a pattern, read without case)."""

    term: str
    means: str
    found: str


TERMS: tuple[Term, ...] = (
    Term(
        "CIN",
        "Child in need: one who is unlikely to be healthy and to develop well without the council’s support, which is "
        "given under section 17 of the Children Act 1989.",
        r"\bCIN\b|\bchild(ren)? in need\b",
    ),
    Term(
        "CLA",
        "Child looked after: a child in the council’s care, by a court’s order or by agreement with the parents. On these "
        "pages: a child in care.",
        r"\bCLA\b|\blooked after\b|\bin care\b",
    ),
    Term(
        "Core group",
        "The professionals and family members who carry a child protection plan out, and meet to do so.",
        r"\bcore groups?\b",
    ),
    Term(
        "CP plan",
        "Child protection plan: made by a child protection conference for a child who is suffering, or is likely to "
        "suffer, significant harm, and reviewed until the risk is past.",
        r"\bCP\b|\bchild protection plans?\b",
    ),
    Term(
        "Expected range",
        "Where a figure falls month by month by chance alone, as long as the work stays as it is. A month inside it is no "
        "news, whichever way it moved.",
        r"\bexpected range\b",
    ),
    Term(
        "FTE",
        "Full-time equivalent: a worker or a post counted by its hours, so that two people on half time are 1.0.",
        r"\bFTE\b|\bfull-time equivalents?\b",
    ),
    Term(
        "ICPC",
        "Initial child protection conference: the meeting that decides whether a child needs a child protection plan, due "
        "within 15 working days of the strategy discussion.",
        r"\bICPCs?\b|\binitial (child protection )?conferences?\b",
    ),
    Term(
        "IRO",
        "Independent reviewing officer: chairs the reviews of a child in care, and must take up what is not done for the child.",
        r"\bIROs?\b|\breviewing officers?\b",
    ),
    Term(
        "RAG",
        "Red, amber, green: the colours many reports give a figure against its target. Here they are Not met, Near and "
        "Met, each with a word and a shape, and none is given to fewer than ten cases.",
        r"\bRAG\b",
    ),
    Term(
        "Section 47",
        "An enquiry under section 47 of the Children Act 1989: whether a child is suffering, or is likely to suffer, significant harm.",
        r"\bsection 47\b|\bs47\b",
    ),
    Term(
        "Special cause",
        "A change that chance alone would seldom explain, found by a rule and not by eye. Here it is called real: "
        "improving or worsening. What brought it about, a figure cannot say.",
        r"\bspecial cause\b|\breal (change|improvement|concern)\b",
    ),
)
ON_EVERY_CHART = ("Expected range", "RAG", "Special cause")  # said of every figure, whatever it measures


def terms_in(*texts: str) -> list[Term]:
    """The terms that stand in these texts, in the order of the alphabet: `terms_in("Children on a CP plan seen in time")`."""
    return [term for term in TERMS if any(re.search(term.found, text, flags=re.IGNORECASE) for text in texts)]


def words_used(terms: Iterable[Term] = TERMS, *, heading: str = "Words used here") -> Component:
    """The terms with what they mean, folded away until asked for; those that stand on every chart are among them."""
    shown = {term.term: term for term in TERMS if term.term in ON_EVERY_CHART} | {term.term: term for term in terms}
    return html.Details([html.Summary(heading), _listed(shown.values())], className="glossary")


def every_word() -> Component:
    """Every term there is, open: where the foot of each page leads."""
    return html.Div(_listed(TERMS), className="glossary")


def _listed(terms: Iterable[Term]) -> Component:
    ordered = sorted(terms, key=lambda term: term.term.casefold())
    return html.Dl([html.Div([html.Dt(term.term), html.Dd(term.means)]) for term in ordered], className="dl")
