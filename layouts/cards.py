"""The parts a page is made of that are not tables or charts: attention, sustained, facts, the definition beside a chart, and states.

Pure: plain values in, a component out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dash import html
from dash.development.base_component import Component

from kpi.model import SHARES, Kpi
from layouts import words
from layouts.glossary import terms_in, words_used
from layouts.marks import status_mark, status_sign, sustained_dots, value
from layouts.signs import is_it_real

Content = Any  # what Dash takes as children: text, a component, or a list of them


@dataclass(frozen=True)
class Attention:
    """One thing that needs attention: the point, then what it rests on.

    `Attention("near", "Visits are improving, but slowly.", [link("74 of 91 children", url), " were seen in time."], "Four more ...")`
    """

    status: str
    point: str
    says: Content
    more: Content = None


@dataclass(frozen=True)
class Fact:
    """One fact in a strip: `Fact("On last month", "+2.4", "points, better")`. `shown` and `sub` may be components."""

    term: str
    shown: Content
    sub: Content = None


def attention(
    items: Sequence[Attention], *, heading: str = "What needs attention", nothing: str = "", ident: str = "attention"
) -> Component:
    """What needs attention, in words and in order of weight; `nothing` is said when the list is empty, `ident` is the heading's id."""
    if not items:
        calm = nothing or "Nothing is short of its target this month."
        return html.Section([html.H2(heading, id=ident), html.P(calm, className="calm")], className="attn", **_labelled(ident))
    rows = [
        html.Li(
            [
                status_sign(item.status, large=True),
                html.Div(
                    [
                        html.P(
                            [
                                html.Span(f"{words.STATUS_WORDS[item.status]}: ", className="vh"),
                                html.B(item.point),
                                " ",
                                *_listed(item.says),
                            ]
                        ),
                        *([html.P(item.more, className="more")] if item.more else []),
                    ]
                ),
            ]
        )
        for item in items
    ]
    return html.Section([html.H2(heading, id=ident), html.Ol(rows)], className="attn", **_labelled(ident))


def sustained(items: Sequence[tuple[Content, Sequence[bool] | int]], *, heading: str = "Sustained", ident: str = "sustained") -> Component:
    """Measures that have met their target in each of the last three months: `sustained([(link("Seen in time", url), 3)])`."""
    says = "No measure has met its target in each of the last three months."
    if not items:
        return html.Section([html.H2(heading, id=ident), html.P(says, className="calm")], **_labelled(ident))
    rows = [html.Li([html.Span(name), sustained_dots(months)]) for name, months in items]
    return html.Section([html.H2(heading, id=ident), html.Ul(rows, className="strip")], **_labelled(ident))


def facts(items: Sequence[Fact], *, large: bool = False) -> Component:
    """A strip of facts under a page title: `facts([Fact("May 2026", value(81.3, "percent", hero=True), "74 of 91")])`.

    `large` is the quieter strip of the Data page, whose figures stand beside their words.
    """
    if large:
        return html.Dl([html.Div([html.Dt(f.term), html.Dd([html.B(f.shown), *_listed(f.sub)])]) for f in items], className="fig4")
    return html.Dl([html.Div([html.Dt(f.term), html.Dd([*_listed(f.shown), *_subs(f.sub)])]) for f in items], className="facts")


def kpi_facts(kpi: Kpi, figure: Mapping[str, Any], months: Sequence[bool] | int | None = None) -> Component:
    """The strip that opens a KPI page, from one judged figure: value with n of N, target, change, months sustained.

    `kpi_facts(REGISTER["cp_visits_in_time"], judged_row, [False, True, True])`; without `months` the row's own count is used.
    """
    base = words.base(figure["numerator"], figure["denominator"], kpi.measure)
    by = words.by_words(figure["target_by"])
    target = words.target_words(figure["target"], kpi.better, kpi.measure)
    meant = words.better_or_worse(figure["change"], kpi.better)
    under: list[Content] = [f"{base} {kpi.noun}" if base else kpi.noun]
    if kpi.given is not None and figure["note"]:
        under.append(f"No figure: {figure['note']}")
    points = "points, " if kpi.measure in SHARES and meant in ("better", "worse", "up", "down") else ""
    held = None if figure["status"] not in ("met", "near", "not met") else figure["sustained"] if months is None else months
    return facts(
        [
            Fact(words.month(figure["period"]), value(figure["value"], kpi.measure, hero=True), under),
            Fact("Against target", status_mark(figure["status"]), f"{target} {by}".strip() if target != "None set" else None),
            Fact("On last month", words.signed(figure["change"], kpi.measure), f"{points}{meant}" or None),
            Fact("Is it real?", is_it_real(figure, kpi.better)),
            Fact("Sustained", sustained_dots(held), _held_words(held)),
        ]
    )


def aside(sections: Sequence[Component]) -> Component:
    """The column beside a chart: definition, left out, who was not seen. Takes sections made by the functions below."""
    return html.Aside(list(sections), className="aside", **{"aria-label": "About this measure"})


def aside_section(heading: str, *content: Content) -> Component:
    """One section of that column: `aside_section("The 17 not seen in time", html.P(...))`."""
    return html.Section([html.H2(heading), *content])


def definition(kpi: Kpi, terms: Mapping[str, Content] | None = None) -> Component:
    """What a measure measures: the first paragraph of its definition, its terms, and the rest and the words it uses one click away.

    `definition(kpi, {"Clock": "10 working days, since 1 Sep 2024", "Target set by": "Improvement Board, 14 Jan 2026"})`.
    """
    first, *rest = [paragraph.strip() for paragraph in kpi.definition.split("\n\n") if paragraph.strip()]
    full = [
        html.P(paragraph)
        for paragraph in [*rest, f"Method: {kpi.method}" if kpi.method else "", f"Source: {kpi.sources}" if kpi.sources else ""]
        if paragraph
    ]
    listed = {**(terms or {}), "Key": html.Code(kpi.key)}
    return aside_section(
        "What this measures",
        html.P(first),
        html.Dl([part for term, says in listed.items() for part in (html.Dt(term), html.Dd(says))], className="dl"),
        *([html.Details([html.Summary("Full definition"), *full])] if full else []),
        words_used(terms_in(kpi.title, kpi.noun, kpi.did, kpi.definition)),
    )


def left_out(counts: Mapping[str, int] | None, noun: str, apart: Mapping[str, int] | None = None, see: Content = None) -> Component:
    """How many were left out, why, and what was counted but is shown apart: `left_out({"no start date": 1}, "children")`."""
    total = sum((counts or {}).values())
    heading = f"Left out: {words.count(total)} {noun}" if total else "Nothing left out"
    content: list[Content] = (
        [counted(dict(sorted(counts.items(), key=lambda item: -item[1])))] if total and counts else [html.P("Every case could be used.")]
    )
    if apart and sum(apart.values()):
        content.append(html.P(f"Counted, and shown apart: {words.reasons(apart)}."))
    if see:
        content.append(html.P(see))
    return aside_section(heading, *content)


def counted(counts: Mapping[str, int]) -> Component:
    """Counts and what they are, in the order given: `counted({"1 to 5 days late": 9, "6 to 10 days late": 5})`."""
    return html.Ul([html.Li([html.B(words.count(n)), html.Span(says)]) for says, n in counts.items() if n], className="out")


def section(heading: str, *content: Content, says: Content = None, aside: Content = None, ident: str | None = None) -> Component:
    """A block of a page under its own heading: `section("Latest loads", table, says="Nothing is overwritten.", aside=link(...))`."""
    title = html.H2(heading, id=ident) if ident else html.H2(heading)
    top = html.Div([html.Div([title, *([html.P(says, className="small quiet")] if says else [])]), *_listed(aside)], className="sec")
    return html.Section([top, *content], className="blk")


def empty(heading: str, says: Content, action: Content = None) -> Component:
    """Nothing to show yet, and what to do: `empty("No data for May 2026", "Nothing is loaded for it.", link("See loads", "/data"))`."""
    return _state("empty", heading, says, action)


def error(heading: str = "This could not be shown", says: Content = "", action: Content = None) -> Component:
    """Something went wrong: what is known, and what to try. It is announced when it appears."""
    return _state(
        "error",
        heading,
        says or "Nothing has been lost. Try again; if it happens again, tell whoever looks after Sightline.",
        action,
        role="alert",
    )


def no_permission(says: Content = "", action: Content = None) -> Component:
    """The page exists but this person may not see it: who to ask, and nothing of what it holds."""
    return _state(
        "locked", "You do not have access to this", says or "Ask whoever looks after Sightline in your service if you need it.", action
    )


def loading(says: str = "Loading the figures") -> Component:
    """While figures are on their way: still, and read out once."""
    return html.Div(
        [html.P(says, className="quiet"), html.Div([html.I(), html.I(), html.I()], **{"aria-hidden": "true"})],
        className="loading",
        role="status",
    )


def _state(kind: str, heading: str, says: Content, action: Content, *, role: str | None = None) -> Component:
    content = [html.H2(heading), html.P(says), *([html.P(action)] if action else [])]
    return html.Div(content, className=f"state state-{kind}", **({"role": role} if role else {}))


def _held_words(months: Sequence[bool] | int | None) -> str | None:
    if months is None or (not isinstance(months, Sequence) and words.missing(months)):
        return None
    n = sum(months) if isinstance(months, Sequence) else int(months)
    return "target met three months running" if n == 3 else "of the last three months met"


def _labelled(ident: str) -> dict[str, str]:
    return {"aria-labelledby": ident}


def _listed(content: Content) -> list[Content]:
    return [] if content is None else list(content) if isinstance(content, list | tuple) else [content]


def _subs(sub: Content) -> list[Component]:
    return [html.Span(line, className="sub") for line in _listed(sub) if line]
