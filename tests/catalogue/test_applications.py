"""How to apply, as data: in the measure, in the programme, in an authority's overlay folder."""

from datetime import UTC, date, datetime

import pytest

from service.catalogue.loader import load_catalogue
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.clock import Clock
from service.domain.dates import Window
from service.domain.rules.application import YearlyWindow, next_period
from service.rendering.application_json import application_json
from service.usecases.advice.calendar import CalendarService
from tests.catalogue.diagnosing import diagnose
from tests.catalogue.test_loader import good

MEASURE = "policies/aid/measure.yaml"
PROGRAMME = "policies/aid/01-solar.yaml"
OVERLAY = "private/treasury/applications/solar.yaml"
IN_MEASURE = """
url: https://isles.example/ordinance-12
application:
  contact: {zh: 司库署窗口, en: The Treasury's counter}
  windows: [{yearly: {from: 03-01, to: 04-30}}]
"""
IN_PROGRAMME = """
application:
  materials: [{zh: 发票, en: Invoices}]
  windows:
    - {from: 2026-10-01, to: 2026-12-31}
    - {months: 12, after: company.founded_on}
"""
FILLED = """
applications:
  isles-solar:
    url: https://isles.example/apply
    steps: [{zh: 网上填报, en: Fill in the form online}, {zh: 窗口交件, en: Hand in the papers}]
    lead_department: {zh: 司库署, en: the Treasury}
    source_url: https://isles.example/notice-7
    reviewed_on: 2026-11-01
"""


def with_applications(**more: str) -> dict[str, bytes]:
    source = good()
    source[MEASURE] += IN_MEASURE.encode()
    source[PROGRAMME] += IN_PROGRAMME.encode()
    return {**source, OVERLAY: FILLED.encode(), **{k: v.encode() for k, v in more.items()}}


def test_what_nobody_published_is_null() -> None:
    """No address, no papers, no days: the keys are there and say so."""
    catalogue = load_catalogue(good())
    told = application_json(catalogue.programmes["isles-solar"].application, catalogue.vocabulary)
    assert told == dict.fromkeys(
        ("url", "contact", "materials", "steps", "windows", "lead_department", "source_url",
         "reviewed_on")
    )  # fmt: skip


def test_measure_programme_and_overlay_add_up_key_by_key() -> None:
    """The authority's folder fills what is open and leaves what the files say."""
    catalogue = load_catalogue(with_applications())
    programme, measure = catalogue.programmes["isles-solar"], catalogue.measures["isles-aid"]
    told = application_json(programme.application, catalogue.vocabulary)
    assert measure.url == "https://isles.example/ordinance-12"
    assert measure.application.windows == (YearlyWindow((3, 1), (4, 30)),)
    assert told["url"] == "https://isles.example/apply"
    assert told["contact"]["en"] == "The Treasury's counter"
    assert [m["en"] for m in told["materials"]] == ["Invoices"]
    assert [s["zh"] for s in told["steps"]] == ["网上填报", "窗口交件"]
    assert [w["kind"] for w in told["windows"]] == ["dated", "after_event"]
    assert [w["text"]["zh"] for w in told["windows"]] == [
        "2026-10-01 至 2026-12-31",
        "自成立日期起 12 个月内",
    ]
    assert (told["source_url"], told["reviewed_on"]) == (
        "https://isles.example/notice-7",
        "2026-11-01",
    )
    period = next_period(programme.application, programme.window, date(2026, 11, 22))
    assert period is not None
    assert (period.window, period.open) == (Window(date(2026, 10, 1), date(2026, 12, 31)), True)


def test_an_overlay_of_a_measure_reaches_its_programmes() -> None:
    """One entry for the whole document, in words of every kind."""
    text = (
        "applications: {isles-aid: {windows: [{always: true}, {yearly: {from: 02-29, to: 03-01}}]}}"
    )
    catalogue = load_catalogue({**good(), OVERLAY: text.encode()})
    told = application_json(catalogue.programmes["isles-solar"].application, catalogue.vocabulary)
    assert [w["text"]["en"] for w in told["windows"]] == [
        "open all year round",
        "every year from 29 February to 1 March",
    ]


@pytest.mark.parametrize(
    ("window", "words"),
    [
        ("{from: 2026-05-01, to: 2026-04-30}", "ends on 2026-04-30, before it begins"),
        ("{yearly: {from: 13-01, to: 04-30}}", "must be month and day such as 03-01"),
        ("{yearly: {from: 03-01}}", "to: is required"),
        ("{months: 12, after: company.size}", "after: a fact that is a date or certificates"),
        ("{months: 0, after: company.founded_on}", "months: a whole number above 0"),
        ("{months: 6, after: company.founded_on, category: x}", "certificates need their category"),
        ("{always: false}", "always: true, or leave it out"),
        ("{always: true, from: 2026-01-01}", "a window has from and to, or yearly"),
        ("{}", "a window has from and to, or yearly"),
    ],
)
def test_a_window_that_cannot_be_is_refused(window: str, words: str) -> None:
    """Told at its line, in words."""
    text = f"applications:\n  isles-solar:\n    windows:\n      - {window}\n"
    (fault,) = diagnose({**good(), OVERLAY: text.encode()})
    assert (fault.file, fault.line) == (OVERLAY, 4)
    assert words in str(fault)


def test_an_overlay_for_nothing_is_refused() -> None:
    """A misspelt id would never be seen."""
    text = "applications: {isles-solo: {url: https://a.example}}"
    (fault,) = diagnose({**good(), OVERLAY: text.encode()})
    assert "there is no programme or measure 'isles-solo' (allowed: isles-aid, isles-solar)" in str(
        fault
    )


def test_an_address_is_one() -> None:
    """What cannot be followed is refused."""
    text = "applications: {isles-solar: {url: the counter}}"
    (fault,) = diagnose({**good(), OVERLAY: text.encode()})
    assert "must be an address such as https://" in str(fault)


def test_the_calendar_names_both_ends_of_a_period_and_calls_them_applications() -> None:
    """Whoever can have it is told when applications open and close; the document's own window is
    another event."""
    text = "applications: {isles-aid: {windows: [{yearly: {from: 03-01, to: 04-30}}]}}"
    compiled = CompiledCatalogue(load_catalogue({**good(), OVERLAY: text.encode()}))
    company = {"kind": "firm", "region": "tern", "sector": "weaving", "size": "micro",
               "founded_on": "2025-05-01"}  # fmt: skip
    project = {"ref": "p", "kind": "investment", "purpose": ["solar"], "cost": "8000"}
    request = {"as_of": "2027-04-01", "profile": {"company": company, "projects": [project]}}
    clock = Clock(lambda: datetime(2027, 4, 1, tzinfo=UTC), UTC)
    events = CalendarService(compiled, clock).calendar(request, 800)["events"]
    assert [(e["day"], e["happening"], e["text"]["zh"]) for e in events] == [
        ("2027-05-01", "applications_close", "申报已截止：太阳能投资资助"),
        ("2028-03-01", "applications_open", "开始受理申报：太阳能投资资助"),
        ("2028-05-01", "applications_close", "申报已截止：太阳能投资资助"),
        ("2029-02-01", "closes", "已过有效期：太阳能投资资助"),
    ]
    assert len({e["id"] for e in events}) == 4


def test_an_event_of_a_project_is_one_of_those_supported() -> None:
    """Whoever applies has no project of which the day could be asked."""
    words = (
        "label: {zh: 开工, en: Begun}, question: {zh: 何时？, en: When}, help: {zh: 日, en: Day}"
    )
    barn = f"  project.begun_on: {{type: date, kinds: [barn], {words}}}\n\nlists:\n"
    kinds = "{investment: {zh: 投资, en: Investment}, barn: {zh: 谷仓, en: Barn}}"
    vocabulary = good()["policies/vocabulary.yaml"].decode().replace("\nlists:\n", barn, 1)
    vocabulary = vocabulary.replace("{investment: {zh: 投资, en: Investment}}", kinds)
    window = "\napplication: {windows: [{months: 2, after: project.begun_on}]}\n"
    programme = good()[PROGRAMME] + window.encode()
    source = {**good(), "policies/vocabulary.yaml": vocabulary.encode(), PROGRAMME: programme}
    (told,) = diagnose(source)
    assert told.message.en == "project.begun_on is no fact of project kind investment"
