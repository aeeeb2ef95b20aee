"""The trend of each KPI in the Excel summary: one tidy table of months, and a native chart of each KPI against its target."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from typing import Any

import pandas as pd
from openpyxl.chart import LineChart, Reference, Series
from openpyxl.chart.axis import ChartLines, DateAxis
from openpyxl.chart.label import DataLabel, DataLabelList
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.drawing.text import CharacterProperties, Font, Paragraph, ParagraphProperties, RegularTextRun
from openpyxl.utils.units import pixels_to_EMU
from openpyxl.worksheet.worksheet import Worksheet

from kpi.model import Measure
from layouts import words
from layouts.workbook_cells import (
    DATA_LINE,
    FAMILY,
    FIGURE_FORMATS,
    INK,
    INK_2,
    LINE,
    LINE_STRONG,
    MONTH,
    WHITE,
    Column,
    clean,
    put,
    status_format,
    status_words,
    table,
)  # fmt: skip
from layouts.workbook_contents import Book, Row

_MONTH, _FIGURE, _TARGET = 3, 4, 7  # columns of the table the charts are drawn from
_ACROSS, _CHART_POINTS, _CAPTION_POINTS = 2, 195, 27  # charts on a line; two lines and the head fill an A4 page
_AXIS_WORDS: dict[Measure, str] = {
    "percent": "Per cent", "ratio": "Per cent", "mean": "Average", "count": "Number", "rate": "Per 10,000", "days": "Days",
    "median": "Days", "value": "Figure",
}  # fmt: skip

Span = tuple[int, int]


def trend_table(sheet: Worksheet, at_row: int, book: Book) -> dict[str, Span]:
    """One line for each KPI and month, months without data included; returns the first and last row of each KPI's months."""
    months = _months(book)
    by_kpi = {str(key): frame.set_index("period") for key, frame in book.trend.groupby("kpi")}
    records: list[tuple[Row, pd.Timestamp, dict[Hashable, Any]]] = []
    spans: dict[str, Span] = {}
    for row in book.measures:
        if row.key not in by_kpi:
            continue
        found = by_kpi[row.key].to_dict("index")
        first = at_row + 1 + len(records)
        records += [(row, month, found.get(month, {})) for month in months]
        spans[row.key] = (first, at_row + len(records))
    table(sheet, at_row, _trend_columns(), records, nothing="There are no months to show.")
    return spans


def _months(book: Book) -> pd.DatetimeIndex:
    if book.trend.empty:
        return pd.DatetimeIndex([])
    return pd.date_range(book.trend["period"].min(), max(book.trend["period"].max(), book.period), freq="ME")


def _trend_columns() -> list[Column]:
    def shown(record: Any) -> str:
        return FIGURE_FORMATS[record[0].measure]

    return [
        Column("Area", 22, lambda r: r[0].domain, "quiet"),
        Column("Measure", 48, lambda r: r[0].title),
        Column("Month", 18, lambda r: r[1], "day", lambda r: MONTH),
        Column("Figure", 11, lambda r: r[2].get("value"), "figure", shown),
        Column("Number", 10, lambda r: r[2].get("numerator"), "number"),
        Column("Out of", 10, lambda r: r[2].get("denominator"), "number"),
        Column("Target", 11, lambda r: r[2].get("target"), "number", shown),
        Column("Status", 14, lambda r: status_words(r[2].get("status")), "text", lambda r: status_format(r[2].get("status"))),
    ]


def charts(sheet: Worksheet, at_row: int, book: Book, source: Worksheet, spans: dict[str, Span]) -> None:
    """Lay the charts out two on a line. Chart and caption share one tall cell, so that no page break parts or cuts them."""
    if not book.measures:
        put(sheet, at_row, 1, "There are no measures to draw.", "line")
    for column in "AB":
        sheet.column_dimensions[column].width = 66
    for place, row in enumerate(book.measures):
        line, across = at_row + place // _ACROSS, 1 + place % _ACROSS
        sheet.row_dimensions[line].height = _CHART_POINTS + _CAPTION_POINTS
        drawn = row.key in spans and _has_figures(source, spans[row.key])
        put(sheet, line, across, _message(row, book.period) if drawn else f"{row.title}: no data to draw in these months.", "caption")
        if drawn:
            chart = _chart(row, source, spans[row.key])
            chart.anchor = _over(line, across)
            sheet.add_chart(chart)


def _over(line: int, across: int) -> TwoCellAnchor:
    """Where a chart lies: the width of its cell, and its height down to the caption."""
    top = AnchorMarker(col=across - 1, row=line - 1, rowOff=0)
    return TwoCellAnchor("oneCell", _from=top, to=AnchorMarker(col=across, row=line - 1, rowOff=pixels_to_EMU(_CHART_POINTS * 4 // 3)))


def _message(row: Row, period: pd.Timestamp) -> str:
    """What the chart says in a line: "May 2026: 81.3 % (74 of 91), Near. Target 85 % by 31 Jul 2026."."""
    base = words.base(row.numerator, row.denominator, row.measure)
    figure = "" if words.missing(row.value) else words.figure(row.value, row.measure) + (f" ({base})" if base else "") + ", "
    aim = "" if words.missing(row.target) else f" Target {row.aim}."
    return f"{words.month(period)}: {figure}{status_words(row.status)}.{aim}"


def _has_figures(source: Worksheet, span: Span) -> bool:
    return bool(_numbers(source, _FIGURE, span))


def _numbers(source: Worksheet, column: int, span: Span) -> list[tuple[int, float]]:
    """The months of one column that have a number, as (place in the series, number)."""
    values = ((i, source.cell(r, column).value) for i, r in enumerate(range(span[0], span[1] + 1)))
    return [(i, float(v)) for i, v in values if v is not None]


def _chart(row: Row, source: Worksheet, span: Span) -> LineChart:
    """A line of the figure with its last point labelled, a dashed line of the target of each month, and gaps where there is no data."""
    figures, targets = _numbers(source, _FIGURE, span), _numbers(source, _TARGET, span)
    chart = LineChart()
    chart.title = _title(clean(row.title), 11, INK, bold=True)
    chart.series.append(_figure_line(_column(source, _FIGURE, span), row.measure, last=figures[-1][0]))
    if targets:
        chart.series.append(_target_line(_column(source, _TARGET, span)))
    chart.set_categories(_column(source, _MONTH, span))
    chart.display_blanks = "gap"
    chart.visible_cells_only = False  # filtering the table must not empty the charts
    chart.roundedCorners = False
    chart.graphical_properties = GraphicalProperties(solidFill=WHITE, ln=LineProperties(noFill=True))
    chart.legend.position = "b"
    chart.legend.txPr = _plain_text(INK_2)
    _set_axes(chart, row.measure, [number for _, number in figures + targets])
    return chart


def _column(source: Worksheet, column: int, span: Span) -> Reference:
    return Reference(source, min_col=column, min_row=span[0], max_row=span[1])


def _figure_line(values: Reference, measure: Measure, *, last: int) -> Series:
    line = Series(values, title="Figure")
    line.smooth = False
    line.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=DATA_LINE, w=22860))
    line.marker.symbol, line.marker.size = "circle", 4
    line.marker.graphicalProperties = GraphicalProperties(solidFill=DATA_LINE, ln=LineProperties(solidFill=DATA_LINE))
    shown = {"showLegendKey": False, "showCatName": False, "showSerName": False, "showPercent": False, "showBubbleSize": False}
    label = DataLabel(idx=last, showVal=True, numFmt=FIGURE_FORMATS[measure], dLblPos="t", txPr=_plain_text(INK, bold=True), **shown)
    line.dLbls = DataLabelList(dLbl=[label], showVal=False, **shown)
    return line


def _target_line(values: Reference) -> Series:
    line = Series(values, title="Target")
    line.smooth = False
    line.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=INK, w=15875, prstDash="dash"))
    line.marker.symbol = "none"
    return line


def _set_axes(chart: LineChart, measure: Measure, numbers: Sequence[float]) -> None:
    """Months below, the measure's own unit at the side from 0 up, a handful of light grid lines."""
    chart.x_axis = DateAxis(axPos="b", crossAx=100, majorUnit=6, majorTimeUnit="months", baseTimeUnit="months")
    chart.y_axis.crossAx = 500
    top, step = scale(max(numbers), most=100 if measure == "percent" else None)
    chart.y_axis.scaling.min, chart.y_axis.scaling.max, chart.y_axis.majorUnit = min(0.0, *numbers, 0.0), top, step
    chart.x_axis.number_format, chart.y_axis.number_format = "mmm yy", "General"
    chart.y_axis.majorGridlines = ChartLines(spPr=GraphicalProperties(ln=LineProperties(solidFill=LINE, w=9525)))
    chart.x_axis.title, chart.y_axis.title = _title("Month", 8, INK_2), _title(_AXIS_WORDS[measure], 8, INK_2)
    for axis in (chart.x_axis, chart.y_axis):
        axis.delete = False
        axis.majorTickMark = "none"
        axis.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=LINE_STRONG, w=9525))
        axis.txPr = _plain_text(INK_2)


def scale(highest: float, *, most: float | None) -> tuple[float, float]:
    """The top of an axis from 0 and the step of its grid, in round numbers: `scale(85, most=100)` is (100, 20)."""
    if highest <= 0:
        return 1.0, 0.25
    rough = highest * 1.1 / 5
    size: float = 10.0 ** math.floor(math.log10(rough))
    step = next(size * n for n in (1, 2, 2.5, 5, 10) if size * n >= rough)
    top = math.ceil(highest * 1.1 / step) * step
    return (top, step) if most is None else (min(top, most), step)


def _title(said: str, size: int, color: str, *, bold: bool = False) -> Title:
    look = _letters(size, bold, color)
    paragraph = Paragraph(pPr=ParagraphProperties(defRPr=look), r=[RegularTextRun(rPr=look, t=said)])
    return Title(tx=Text(rich=RichText(p=[paragraph])), overlay=False)


def _plain_text(color: str, *, bold: bool = False) -> RichText:
    look = _letters(8, bold, color)
    return RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=look), endParaRPr=look)])


def _letters(size: int, bold: bool, color: str) -> CharacterProperties:
    return CharacterProperties(sz=size * 100, b=bold, solidFill=color, latin=Font(typeface=FAMILY))
