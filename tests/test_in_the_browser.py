"""A director's morning in a real Chromium: the briefing, a KPI, a team, the very children, the workbook; by mouse and by keyboard."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.looking import barriers, cut_off, keep_two_of_each, out_of_order, sideways, too_faint, unseen_focus

pytestmark = pytest.mark.browser
ADDRESSES = {
    "briefing": "/",
    "briefing of a team": "/?team=Harbour",
    "kpi": "/kpi/cp_visits_in_time",
    "kpi of a team": "/kpi/cin_visits_in_time?team=Harbour",
    "cases": "/cases/cin_visits_in_time?team=Harbour&show=all",
    "data": "/data",
    "problems": "/data/problems",
    "problems of one source": "/data/problems?source=visits&severity=set_aside&q=row",
    "completeness": "/data/completeness",
    "completeness of a field": "/data/completeness?table=visit&field=seen_alone",
    "late recording": "/data/recording",
    "conflicts": "/data/conflicts",
    "restated figures": "/data/restated",
    "loads": "/data/loads",
    "withdraw a load": "/data/withdraw/1",
    "targets": "/targets",
    "catalogue": "/catalogue",
    "catalogue searched": "/catalogue?q=supervision",
    "broken down": "/kpi/cp_visits_in_time/by/age",
    "broken down by worker": "/kpi/cin_visits_in_time/by/worker?team=Harbour",
    "no such breakdown": "/kpi/cp_visits_in_time/by/star_sign",
    "known only as a figure": "/kpi/legal_spend",
    "no list of cases": "/cases/legal_spend",
    "domains": "/domains",
    "domain": "/domain/protection",
    "teams": "/teams?domain=protection",
    "surgeries": "/surgery",
    "fortnightly report": "/surgery/report",
    "team": "/team/Harbour",
    "due": "/due",
    "due in a team": "/due?team=Harbour&show=overdue",
    "due on a day the data does not reach": "/due?day=30/06/2026&duty=cp_visit",
    "audits, checks and escalations": "/audits",
    "readiness": "/readiness",
    "readiness before there was data": "/readiness?day=01/01/2020",
    "deep dive of a team": "/deep-dive?team=Harbour",
    "improvement plan": "/plan",
    "an action of the plan": "/plan/P16",
    "no such action": "/plan/none",
    "meetings calendar": "/plan/calendar",
    "method": "/method",
    "due dates": "/method/due-dates",
    "presented": "/present?kpi=cp_visits_in_time",
    "accessibility": "/accessibility",
    "components": "/style",
    "not found": "/nowhere",
    "no such measure": "/kpi/nothing",
    "a month without data": "/kpi/caseload?period=2031-01",
    "cases without a child": "/cases/vacancies?show=all",
}
SCREENS = {"laptop": (1366, 768), "enlarged": (683, 384), "narrow phone": (320, 640), "phone": (390, 844)}
SAME_PAGE = {  # of another team or filter: looked at by axe in the light alone
    "briefing of a team", "kpi of a team", "problems of one source", "completeness of a field", "catalogue searched",
    "broken down by worker", "due in a team",
}  # fmt: skip


def opened(page: Page, council: str, path: str) -> Page:
    page.goto(council + path)
    page.wait_for_selector("h1")
    return page


def test_from_the_briefing_to_the_very_children_in_three_clicks(page: Page, council: str) -> None:
    opened(page, council, "/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Briefing, May 2026")
    expect(page.get_by_text("All data on this site is invented")).to_be_visible()
    page.get_by_role("table").get_by_role("link", name="Children in need seen in time").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Children in need seen in time")
    page.wait_for_selector(".graph .trace", state="attached")
    page.get_by_role("table").get_by_role("link", name="Harbour", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Children in need seen in time, Harbour")
    page.get_by_role("link", name="List those not seen in time").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("children with a plan: not seen in time")
    children = page.get_by_role("table").get_by_role("row")
    assert int(page.get_by_role("heading", level=1).inner_text().split()[0]) == children.count() - 1
    expect(children.nth(1)).to_contain_text("late")


def test_back_and_forward_and_a_sent_link_show_the_same_view(page: Page, council: str) -> None:
    opened(page, council, "/")
    page.get_by_label("Team").select_option("Harbour")
    expect(page.get_by_role("heading", level=1)).to_have_text("Briefing, May 2026, Harbour")
    assert "team=Harbour" in page.url
    page.get_by_label("Period").select_option("2026-03")
    expect(page.get_by_role("heading", level=1)).to_have_text("Briefing, March 2026, Harbour")
    sent = page.url
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Briefing, May 2026, Harbour")
    page.go_forward()
    expect(page.get_by_role("heading", level=1)).to_have_text("Briefing, March 2026, Harbour")
    opened(page, council, sent.removeprefix(council))
    expect(page.get_by_role("heading", level=1)).to_have_text("Briefing, March 2026, Harbour")


def test_a_page_come_to_by_links_is_the_page_opened_by_itself(page: Page, council: str) -> None:
    """Nothing of the pages before stays on it."""
    opened(page, council, "/")
    for name in ("Teams", "Due", "Improvement plan", "Catalogue", "Data", "Domains", "Briefing"):
        page.get_by_role("navigation", name="Main").get_by_role("link", name=name, exact=True).click()
        expect(page.get_by_role("navigation", name="Main").locator("[aria-current=page]").first).to_have_text(name)
        page.wait_for_function("document.querySelectorAll('[data-html]:not([data-html=shown])').length === 0")
        found = page.locator("main").inner_text()
        page.reload()
        page.wait_for_selector("main h1")
        assert page.locator("main").inner_text() == found, name


def test_the_workbook_downloads_and_holds_the_figures_of_the_page(page: Page, council: str, tmp_path: Path) -> None:
    opened(page, council, "/")
    shown = page.locator("tr", has_text="Children in need seen in time").locator(".v .sub").inner_text()
    with page.expect_download() as download:
        page.get_by_role("link", name="Export to Excel").click()
    path = tmp_path / "summary.xlsx"
    download.value.save_as(path)
    assert download.value.suggested_filename == "sightline-summary-2026-05.xlsx"
    rows = load_workbook(path)["Summary"].iter_rows(values_only=True)
    row = next(r for r in rows if "Children in need seen in time" in r)
    numerator, denominator = (int(n.replace(",", "")) for n in shown.split(" of "))
    assert numerator in row
    assert denominator in row


def test_everything_is_reached_by_keyboard(page: Page, council: str) -> None:
    opened(page, council, "/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    reached = set()
    for _ in range(400):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.name || document.activeElement.innerText"))
        if "Average caseload" in reached:
            break
    assert {"period", "service", "team", "Average caseload"} <= reached
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Average caseload")


def test_every_part_of_the_site_is_gone_through_with_enter_alone_and_back(page: Page, council: str) -> None:
    """From page to page by the links a person would follow, a filter chosen by key, and back; each page is announced by its heading."""
    opened(page, council, "/")
    way = (
        ("Domains", "Domains, May 2026"), ("Child protection", "Child protection, May 2026"), ("By team", "Teams, May 2026"),
        ("Harbour", "Harbour"), ("Deep dive", "Harbour: deep dive"), ("Audits, checks and escalations", "Audits, checks and escalations"),
        ("Due", "Due and overdue"), ("Readiness", "Readiness for inspection"), ("Improvement plan", "Improvement plan, "),
        ("P16", "P16: "), ("Catalogue", "Catalogue"), ("Targets", "Targets"), ("What words mean", "Method"),
    )  # fmt: skip
    heading = page.get_by_role("heading", level=1)
    for name, title in way:
        page.get_by_role("link", name=name, exact=True).first.press("Enter")
        expect(heading).to_have_text(re.compile("^" + re.escape(title)))
    expect(page.locator("section", has=page.get_by_role("heading", name="Words used here"))).to_contain_text(
        "Independent reviewing officer"
    )
    expect(page.get_by_role("heading", name="Words used here")).to_be_in_viewport()
    for _, title in reversed(way[-4:-1]):
        page.go_back()
        expect(heading).to_have_text(re.compile("^" + re.escape(title)))
    opened(page, council, "/data/problems")
    page.locator("select[name=severity]").press("ArrowDown")
    expect(page).to_have_url(re.compile("severity="))
    assert page.evaluate("document.activeElement.name") == "severity", "the filter keeps the focus"


def test_the_chart_has_a_table_twin(page: Page, council: str) -> None:
    opened(page, council, "/kpi/cp_visits_in_time")
    page.get_by_role("button", name="Table").first.click()
    twin = page.get_by_role("table").first
    expect(twin).to_contain_text("May 2026")
    expect(twin).to_contain_text("85")


def test_the_scorecard_is_ordered_and_kept_by_its_signs(page: Page, council: str) -> None:
    opened(page, council, "/?only=common")
    rows = page.locator("table.sc tr:not(.grp)")
    expect(rows.nth(1)).to_contain_text("No real change")
    assert page.locator("table.sc").get_by_text("Improving").count() == 0
    page.locator("select[name=order]").select_option("status")
    expect(page).to_have_url(re.compile("order=status"))
    assert "only=common" in page.url


def test_a_note_and_a_comment_are_kept_and_can_be_taken_back(page: Page, council: str) -> None:
    opened(page, council, "/kpi/audits_inadequate")
    page.get_by_text("Add a note").click()
    page.get_by_role("textbox", name="Date it happened").fill("15/03/2026")
    page.get_by_label("What happened").fill("New audit tool <b>in use</b>")
    page.get_by_role("button", name="Add the note").click()
    notes = page.locator("section.blk", has=page.get_by_role("heading", name="Notes and comments"))
    expect(notes).to_contain_text("New audit tool <b>in use</b>")
    notes.get_by_role("button", name=re.compile("Undo")).first.click()
    expect(notes).to_contain_text("1 note undone")
    page.get_by_text("Add a comment").click()
    page.locator("#remark-text").fill("Two of the audits are of one family.")
    page.locator("#remark-add").click()
    expect(notes).to_contain_text("Two of the audits are of one family.")
    notes.get_by_role("button", name=re.compile("Withdraw")).first.click()
    expect(notes).to_contain_text("1 comment withdrawn")


def test_the_figures_of_a_chart_download_as_data(page: Page, council: str, tmp_path: Path) -> None:
    opened(page, council, "/kpi/cp_visits_in_time?team=Harbour")
    with page.expect_download() as download:
        page.get_by_role("link", name="Data", exact=True).last.click()
    download.value.save_as(tmp_path / "figures.csv")
    rows = list(csv.DictReader((tmp_path / "figures.csv").read_text(encoding="utf-8").splitlines()))
    assert {(row["kpi"], row["level"], row["unit_id"]) for row in rows} == {("cp_visits_in_time", "team", "Harbour")}
    assert rows[-1]["period"] == "2026-05"


@pytest.mark.parametrize("name", ADDRESSES)
def test_every_page_can_be_read_on_every_screen_in_every_appearance_and_has_no_barrier(page: Page, council: str, name: str) -> None:
    """One look at each page: its order, its words and widths, a focus that is seen; and axe in the light, on a phone and in the dark."""
    opened(page, council, ADDRESSES[name])
    if page.locator(".graph").count():
        page.wait_for_selector(".graph .trace", state="attached")
    assert out_of_order(page) == []
    for scheme, contrast, least in (("light", "more", 7.0), ("dark", "no-preference", 4.5), ("light", "no-preference", 4.5)):
        page.emulate_media(color_scheme=scheme, contrast=contrast)
        assert too_faint(page, least) == [], (scheme, contrast)
    for screen, (width, height) in SCREENS.items():
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, screen
        assert cut_off(page) == [], screen
        if screen != "laptop":
            assert sideways(page) == [], screen
    keep_two_of_each(page)
    if name not in SAME_PAGE:
        assert barriers(page, "phone") == []
    page.set_viewport_size({"width": 1366, "height": 768})
    assert barriers(page, "light") == []
    assert unseen_focus(page) == []
    if name not in SAME_PAGE:
        page.emulate_media(color_scheme="dark")
        assert barriers(page, "dark") == []


def test_the_briefing_asks_for_neither_charts_nor_grids(page: Page, council: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    opened(page, council, "/")
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "plotly" in url or "ag-grid" in url or "ag_grid" in url]


def test_another_name_for_this_machine_is_not_answered(council: str) -> None:
    import urllib.error
    import urllib.request

    request = urllib.request.Request(council + "/", headers={"Host": "attacker.example"})
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(request)
