"""A council's own words: its headings and codes are read as ours, and nothing in its mapping file is passed over in silence."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import loaders
from data.reading import Refused

EXAMPLE = Path(__file__).resolve().parents[2] / "data" / "reference" / "mapping_example.toml"
TODAY = date(2026, 6, 10)
HOME_VISITS = """
Pers Ref,Visit Type,Actual Date,Child Present?,mode,Allocated Practitioner,Mileage
00123,Stat CP,04/05/2026,Y,TC,w1,12
124,CLA Stat,05/05/2026,N,F2F,w2,3
""".lstrip()
RULE = """
[[file]]
pattern = "*visits*"
source = "visits"
[file.headings]
"Pers Ref" = "child_id"
"""


def words(folder: Path, text: str) -> loaders.CouncilWords:
    path = folder / "ours.toml"
    path.write_text(text, encoding="utf-8")
    return loaders.mapping(path)


def file(folder: Path, text: str, name: str = "Home Visits May 2026.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_example_reads_a_file_whose_headings_and_codes_are_the_councils_own(tmp_path: Path) -> None:
    read = loaders.read(file(tmp_path, HOME_VISITS), today=TODAY, words=loaders.mapping(EXAMPLE))
    visits = read.tables["visit"]
    assert read.source == "visits"
    assert not read.set_aside
    assert list(visits["child_id"]) == ["00123", "124"]
    assert list(visits["cohort_kind"]) == ["cp", "cla"]
    assert list(visits["mode_kind"]) == ["virtual", "in_person"]
    assert [p.column for p in read.problems if "not one of" in p.says] == ["Mileage"]


def test_without_the_mapping_the_same_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="not those of any extract"):
        loaders.read(file(tmp_path, HOME_VISITS), today=TODAY)


def test_a_rule_for_one_kind_of_file_leaves_the_others_alone(tmp_path: Path) -> None:
    ours = "child_id,cohort,visit_date,child_seen\n1,CP,04/05/2026,Y\n"
    assert loaders.read(file(tmp_path, ours, "visits.csv"), today=TODAY, words=loaders.mapping(EXAMPLE)).rows_in == 1


def test_a_mapped_heading_is_read_even_where_ours_is_there_too(tmp_path: Path) -> None:
    both = "child_id,Pers Ref,cohort,visit_date,child_seen\nold,1,CP,04/05/2026,Y\n"
    read = loaders.read(file(tmp_path, both, "visits.csv"), today=TODAY, words=words(tmp_path, RULE))
    assert list(read.tables["visit"]["child_id"]) == ["1"]
    assert any("“child_id” says the same as column B" in p.says for p in read.problems)


def test_two_columns_mapped_to_one_are_refused_with_both_named(tmp_path: Path) -> None:
    two = words(tmp_path, RULE + '"Person No" = "child_id"\n')
    given = file(tmp_path, "Pers Ref,Person No,cohort,visit_date,child_seen\n1,2,CP,04/05/2026,Y\n")
    with pytest.raises(Refused, match=r"Home Visits.*“Pers Ref” and “Person No” are both “child_id”"):
        loaders.read(given, today=TODAY, words=two)


def test_a_column_that_must_be_there_must_still_be_there(tmp_path: Path) -> None:
    given, rule = file(tmp_path, "Pers Ref,visit_date,child_seen\n1,04/05/2026,Y\n"), words(tmp_path, RULE)
    with pytest.raises(Refused, match=r"“cohort”.*missing"):
        loaders.read(given, today=TODAY, words=rule)


def test_a_mapped_heading_the_file_does_not_have_is_told(tmp_path: Path) -> None:
    mistyped = RULE.replace("Pers Ref", "Pers Reff")
    given = "child_id,cohort,visit_date,child_seen\n1,CP,04/05/2026,Y\n"
    read = loaders.read(file(tmp_path, given), today=TODAY, words=words(tmp_path, mistyped))
    assert [p.severity for p in read.problems if "“Pers Reff” is in the mapping (ours.toml, rule 1)" in p.says] == ["warning"]


def test_a_rule_no_file_falls_under_is_told(tmp_path: Path) -> None:
    said = words(tmp_path, RULE).unused(["workers.csv"])
    assert said == ["ours.toml, rule 1: no file given is called like “*visits*”, so the rule was not used"]
    assert words(tmp_path, RULE).unused(["Visits.csv"]) == []


def test_an_extract_declared_complete_is_complete_for_what_it_covers(tmp_path: Path) -> None:
    given = "child_id,cohort,visit_date,child_seen\n1,CP,04/05/2026,Y\n"
    declared = words(tmp_path, RULE.replace("[file.headings]", "complete = true\n[file.headings]"))
    read = loaders.read(file(tmp_path, given), today=TODAY, words=declared)
    assert read.complete
    assert read.complete == read.covers
    assert not loaders.read(file(tmp_path, given, "plain.csv"), today=TODAY, words=declared).complete


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[file]\n", "not a mapping file"),
        ('[file]\npattern = "x"\n', r"write \[\[file\]\]"),
        ('[[files]]\npattern = "x"\n', "“files” means nothing here"),
        ('[[file]]\nsource = "visits"\n', "rule 1: it has no pattern"),
        ('[[file]]\npattern = "x"\nsource = "visit"\n', "no source “visit” .did you mean “visits”"),
        ('[[file]]\npattern = "x"\nsource = "annex_a"\n', "several kinds of sheet"),
        ('[[file]]\npattern = "x"\nsource = "visits"\nheading = 1\n', "“heading” means nothing here .did you mean “headings”"),
        (RULE.replace('= "child_id"', '= "chld_id"'), "no column “chld_id” .did you mean “child_id”"),
        (RULE + '[file.codes.cohort]\n"A" = "CPP2"\n', "“CPP2” is not a code of cohort"),
        (RULE + '[file.codes.child_id]\n"A" = "B"\n', "not a list of codes"),
        (RULE.replace("[file.headings]", 'complete = "yes"\n[file.headings]'), "complete is true or false"),
    ],
)
def test_a_mapping_that_cannot_be_understood_says_where_and_what_to_do(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(loaders.Unmapped, match=says):
        words(tmp_path, text)


def test_check_says_what_was_matched_by_the_mapping(tmp_path: Path) -> None:
    checked = loaders.check(file(tmp_path, HOME_VISITS), today=TODAY, words=loaders.mapping(EXAMPLE))
    how = {heading: (kept_as, by) for heading, kept_as, by in checked.sheets[0].matched}
    assert how["Pers Ref"] == ("child_id", "by the mapping")
    assert how["mode"] == ("mode_kind", "by name")
    assert checked.sheets[0].not_read == ("Mileage",)


@pytest.mark.parametrize(
    ("heading", "near"), [("visit_dat", "visit_date"), ("date visited", "visit_date"), ("ID of child", "child_id"), ("chort", "cohort")]
)
def test_a_heading_nearly_right_is_suggested_and_never_taken(tmp_path: Path, heading: str, near: str) -> None:
    headings = ["child_id", "cohort", "visit_date", "child_seen"]
    given = ",".join(heading if h == near else h for h in headings) + "\n1,CP,04/05/2026,Y\n"
    with pytest.raises(Refused, match=f"did you mean “{heading}”"):
        loaders.read(file(tmp_path, given), today=TODAY)
