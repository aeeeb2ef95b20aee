"""What is given rather than done: the organisation, standards and targets, the population, published figures, and what happened when."""

from __future__ import annotations

from data.columns import Table, code, day, flag, ident, number, words

ANNOTATION_KINDS = ("inspection", "policy", "recording_change", "system_change", "staffing")
CLOCK_UNITS = ("working_days", "calendar_days", "months")
AREA_KINDS = ("england", "region", "la", "statistical_neighbours")

GIVEN: tuple[Table, ...] = (
    Table(
        "team", "snapshot", ("team_id", "started_on"),
        (ident("team_id", True), day("started_on"), day("ended_on"), ident("service_id")),
        "Which service a team belongs to, from when.",
    ),
    Table(
        "annotation", "event", ("happened_on", "label", "kpi"),
        (
            day("happened_on", True), words("label", True), code("annotation_kind", *ANNOTATION_KINDS, required=True),
            words("kpi"), flag("rebase"),
        ),
        "Something that happened and may show in the figures; `kpi` empty: all of them; `rebase`: the range is drawn anew from it.",
    ),
    Table(
        "target", "event", ("kpi", "since"),
        (
            words("kpi", True), day("since", True), number("green"), number("amber"), day("by"), words("set_by"), words("source"),
            words("note"),
        ),
        "A target of a KPI from a day on; a later row takes its place and never changes it.",
    ),
    Table(
        "clock", "event", ("duty", "since"),
        (
            words("duty", True), day("since", True), number("interval", True), code("unit", *CLOCK_UNITS, required=True), words("set_by"),
            words("note"),
        ),
        "A local standard: within how long a duty falls due, from a day on.",
    ),
    Table(
        "population", "snapshot", ("group_id", "observed_on"),
        (ident("group_id", True), day("observed_on", True), number("people", True), words("source")),
        "How many people live in the area, by group: `0-17` is what rates per 10,000 are of.",
    ),
    Table(
        "published_figure", "snapshot", ("indicator", "area_id", "year_to_on"),
        (
            words("indicator", True), ident("area_id", True), day("year_to_on", True), day("year_from_on"), words("area"),
            code("area_kind", *AREA_KINDS), number("value"), number("numerator"), number("denominator"), words("source"), code("flag_kind"),
        ),
        "A figure the Department for Education has published for an area and a year.",
    ),
    Table(
        "measure_value", "snapshot", ("measure", "level_kind", "unit_id", "observed_on"),
        (
            words("measure", True), code("level_kind", "authority", "service", "team", required=True), ident("unit_id"),
            day("observed_on", True), number("numerator"), number("denominator"), number("value"), code("flag_kind"),
        ),
        "A figure the council has only as a figure, of a month; `flag_kind` keeps the mark (<5, c, x) that stood for a hidden one.",
    ),
)  # fmt: skip
