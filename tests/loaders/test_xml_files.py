"""Opening XML: only returns are read, and a file that would swell, reach out or run on for ever is refused in words, soon and small."""

from __future__ import annotations

import socket
import time
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import loaders
from data.reading import Refused
from loaders import xml_records
from tests.loaders.extracts import TODAY, nothing_lost, problems, read
from tests.loaders.returns import child_xml, cin_xml, elements, saved

REFERRAL = elements(CINreferralDate="2025-05-06", ReferralNFA="0")
GOOD = cin_xml(child_xml("1", REFERRAL))
SECONDS, MEGABYTES = 20, 300

LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
ENTITY_BOMB = f'<?xml version="1.0"?><!DOCTYPE Message [<!ENTITY a0 "ha">{LAUGHS}]><Message><Header>&a11;</Header></Message>'
OTHER_FILE = '<?xml version="1.0"?><!DOCTYPE Message [<!ENTITY x SYSTEM "file:///etc/hostname">]><Message><LEA>&x;</LEA></Message>'
OTHER_MACHINE = '<!DOCTYPE Message SYSTEM "http://127.0.0.1:9/return.dtd"><Message></Message>'


def refusal(path: Path) -> str:
    with pytest.raises(Refused) as refused:
        loaders.read(path, today=TODAY)
    assert str(refused.value).startswith(path.name)
    return str(refused.value)


@pytest.mark.parametrize("xml", [ENTITY_BOMB, OTHER_FILE, OTHER_MACHINE])
@pytest.mark.parametrize("name", ["census.xml", "census.csv", "census.xls"])
def test_a_document_type_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, xml: str, name: str) -> None:
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("something was fetched"))
    assert "document type" in refusal(saved(tmp_path / name, xml))


def test_an_entity_that_is_never_defined_is_damage(tmp_path: Path) -> None:
    assert "line 4: it is not whole XML (undefined entity)" in refusal(saved(tmp_path / "c.xml", GOOD.replace("WBRI", "&nbsp;")))


@pytest.mark.parametrize(
    ("xml", "says"),
    [
        ("<Message>" * 200_000, "deep"),
        (f"<Message><LEA>{'x' * 30_000_000}</LEA></Message>", "over 10,000 letters"),
        (f"<Message><!--{'x' * 30_000_000}--></Message>", "one tag or comment"),
        (f'<Message a="{"x" * 30_000_000}"></Message>', "one tag or comment"),
        (f"<Message><LEA><![CDATA[{'x' * 30_000_000}]]></LEA></Message>", "over 10,000 letters"),
        ("<Message><Child>" + "".join(f"<a{n}>1</a{n}>" for n in range(100_000)) + "</Child></Message>", "over 500 different elements"),
    ],
    ids=["depth", "value", "comment", "attribute", "cdata", "many names"],
)
def test_what_would_swell_is_refused_soon_and_in_little_memory(tmp_path: Path, xml: str, says: str) -> None:
    path = saved(tmp_path / "census.xml", xml)
    tracemalloc.start()
    begun = time.monotonic()
    try:
        assert says in refusal(path)
        peak = tracemalloc.get_traced_memory()[1] / 2**20
    finally:
        tracemalloc.stop()
    assert time.monotonic() - begun < SECONDS
    assert peak < MEGABYTES


@pytest.mark.parametrize(("limit", "says"), [("MAX_ELEMENTS", "elements"), ("MAX_VALUES", "values")])
def test_more_than_can_be_held_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, says: str) -> None:
    monkeypatch.setattr(xml_records, limit, 50)
    path = saved(tmp_path / "census.xml", cin_xml(*(child_xml(str(n), REFERRAL) for n in range(40))))
    assert f"over 50 {says}" in refusal(path)


@pytest.mark.parametrize(
    ("name", "xml", "says"),
    [
        ("census.xml", GOOD[: len(GOOD) // 2], "not whole XML"),
        ("census.xml", "not XML at all", "not whole XML"),
        ("census.xml", GOOD.replace("CIN<", "SCHOOL<"), "calls it “SCHOOL”"),
        ("census.xml", "<?xml version='1.0'?><feed><entry/></feed>", "begins with <feed>"),
        ("census.xml", "<html><table><tr><td>LAchildID</td></tr></table></html>", "begins with <html>"),
        ("visits.xls", "<?xml version='1.0'?>\n<html><table><tr><td>child_id</td></tr></table></html>", "a web page"),
        ("visits.xls", "<?xml version='1.0'?><!DOCTYPE html PUBLIC 'x' 'y'><html><p>child_id</p></html>", "a web page"),
        ("visits.xls", "<?xml version='1.0'?><?mso-application progid='Excel.Sheet'?><Workbook></Workbook>", "a web page or XML"),
    ],
)
def test_xml_that_is_no_return_is_refused_in_plain_words(tmp_path: Path, name: str, xml: str, says: str) -> None:
    assert says in refusal(saved(tmp_path / name, xml))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_every_encoding_a_file_can_say_it_has(tmp_path: Path, encoding: str) -> None:
    said = {"utf-8-sig": "utf-8"}.get(encoding, encoding)
    xml = f'<?xml version="1.0" encoding="{said}"?>\n' + GOOD.replace("<LAchildID>1<", "<LAchildID>é1<")
    reading = read(saved(tmp_path / "census.xml", xml, encoding))
    assert reading.tables["referral"]["child_id"].tolist() == ["é1"]
    assert reading.problems == ()


def test_an_older_windows_file_that_says_nothing_is_read_and_told(tmp_path: Path) -> None:
    reading = read(saved(tmp_path / "census.xml", GOOD.replace("<LAchildID>1<", "<LAchildID>é1<"), "cp1252"))
    assert reading.tables["referral"]["child_id"].tolist() == ["é1"]
    assert ["Windows-1252" in problem.says for problem in problems(reading, "note")] == [True]


def test_blank_lines_before_the_declaration_are_let_be_and_counted(tmp_path: Path) -> None:
    xml = '\n\n <?xml version="1.0"?>\n' + GOOD.replace("2025-05-06", "2025-02-31")
    (problem,) = problems(read(saved(tmp_path / "census.xml", xml)), "set_aside")
    assert problem.row == 1 + xml[: xml.index("<CINdetails>")].count("\n")


def test_a_return_is_known_by_how_it_begins_and_not_by_its_name(tmp_path: Path) -> None:
    for name in ("census.txt", "census.csv", "census.xls", "census", "CENSUS.XML"):
        assert read(saved(tmp_path / name, f"\ufeff<!-- made by a system -->\n{GOOD}")).source == "cin_census"


def test_prefixes_of_a_name_space_are_let_be(tmp_path: Path) -> None:
    xml = GOOD.replace("<", "<c:").replace("<c:/", "</c:").replace("<c:Message", '<c:Message xmlns:c="urn:x"', 1)
    assert read(saved(tmp_path / "census.xml", xml)).tables["referral"]["child_id"].tolist() == ["1"]


@given(st.integers(0, 10_000), st.binary(max_size=8), st.integers(0, 60))
@settings(max_examples=60)
def test_any_damage_to_a_return_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, place: int, put_in: bytes, taken_out: int
) -> None:
    whole = GOOD.encode()
    at = place % len(whole)
    path = tmp_path_factory.mktemp("damaged") / "census.xml"
    path.write_bytes(whole[:at] + put_in + whole[at + taken_out :] or b"<")
    try:
        nothing_lost(loaders.read(path, today=TODAY))
    except Refused as refused:
        assert str(refused).startswith("census.xml")  # noqa: PT017
