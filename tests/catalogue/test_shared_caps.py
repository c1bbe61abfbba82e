"""Caps that several programmes share: what each may bind, and what crosses what."""

from functools import cache
from pathlib import Path

import pytest

from service.catalogue.source import read_source
from tests.catalogue.diagnosing import diagnose

DELTA = Path(__file__).parents[1] / "usecases" / "authoring" / "provisions" / "delta"
WORKS = "programmes: [delta-size-rate, delta-building]"
BESIDE = "{amount: 100, per: year, article: 1, programmes: [delta-building, delta-match]}"
AROUND = f"{{amount: 9, per: company, article: 1, {WORKS}}}"
BUILDING = "{amount: 9, per: company, article: 1, programmes: [delta-building]}"


@cache
def delta() -> dict[str, bytes]:
    return dict(read_source(DELTA, DELTA.parent))


def faults(caps: str, *changed: tuple[str, str, str]) -> list[str]:
    """What is said of that city's measure with these caps, some of its files being changed."""
    (path,) = (name for name in delta() if name.endswith("measure.yaml"))
    source = {**delta()}
    text = source[path].decode()
    begin, end = text.index("caps:\n"), text.index("articles:\n")
    source[path] = f"{text[:begin]}caps: [{caps}]\n{text[end:]}".encode()
    for end_of_name, old, new in changed:
        (name,) = (n for n in source if n.endswith(end_of_name))
        assert old in source[name].decode()
        source[name] = source[name].replace(old.encode(), new.encode())
    return [str(fault).split(": ", 1)[1] for fault in diagnose(source)]


@pytest.mark.parametrize(
    "caps",
    [
        f"{{amount: 100, per: project, article: 1, {WORKS}}}",
        "{amount: 100, per: project, article: 1}",
        f"{{share: 0.5, of: project.total, per: project, article: 1, {WORKS}}}, {AROUND}",
        f"{{amount: 100, per: project, article: 1, {WORKS}}}, {BESIDE}",
        f"{{amount: 100, per: project, article: 1, {WORKS}}}, {BUILDING}",
        f"{BESIDE}, {{amount: 9, per: year, article: 1, {WORKS}}}",
    ],
)
def test_caps_may_lie_within_beside_or_across_each_other(caps: str) -> None:
    """Of one project; around it those of a company, across it those of a year or of one programme:
    all of them bind at once."""
    assert faults(caps) == []


@pytest.mark.parametrize(
    ("caps", "fault"),
    [
        ("{amount: 100, per: project, article: 1, programmes: [delta-rank]}",
         "delta-rank has no money that this cap binds"),
        ("{amount: 100, per: event, article: 1}", "must be one of: company, year, project"),
        (f"{{share: 0.5, of: project.total, per: company, article: 1, {WORKS}}}",
         "project.total belongs to a project, and the cap to the applicant: `per: project`"),
        (BESIDE.replace("amount: 100, per: year", "share: 0.5, of: project.total, per: project"),
         "project.total is no fact of project kind research"),
        ("{amount: 100, per: project, article: 99}", "has no article 99"),
        ("{amount: 100, per: project, article: 1, programmes: [delta-buildings]}",
         "has no programme 'delta-buildings', did you mean 'delta-building'?"),
    ],
)  # fmt: skip
def test_caps_that_say_nothing_clear_are_refused(caps: str, fault: str) -> None:
    found = faults(caps)
    assert [f for f in found if fault in f], found


def test_a_programme_s_own_cap_for_the_company_may_cross_a_project_s() -> None:
    """Three projects within the one, three programmes within the other."""
    caps = f"{{amount: 100, per: project, article: 1, {WORKS}}}"
    own = ("building.yaml", "per: project}", "caps: [{amount: 5, per: company}], per: project}")
    assert faults(caps, own) == []
