"""Four visitors, each from the first page to a summary on paper: what they press, in a browser."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from service.memo import pdf
from tests.web.browser import DESKTOP, PHONE, save
from tests.web.watching import Watched

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Visit:
    """Who comes, what is ticked and typed on each page of the check, on which day the certificate
    that is ticked runs out, the project and the answers to it, what the result shows, and in how
    many presses, ticks and fields he is through at most."""

    kind: str
    place: str
    ticks: tuple[str, ...] = ()
    expires: str = ""
    project: str = ""
    ticks_of_project: tuple[str, ...] = ()
    answers: dict[str, str] = field(default_factory=dict)
    result: str = ""
    prefix: str = ""
    phone: bool = False
    most: int = 12

    @property
    def answers_title(self) -> str:
        return "Check your answers" if self.prefix else "核对回答"


ROBOTS = Visit(
    kind="enterprise",
    place="上海市浦东新区",
    ticks=("company.fields=embodied_intelligence", "company.certificates=high_tech_enterprise"),
    expires=f"{datetime.now(UTC).year + 2}-10-31",
    project="first_of_kind_product",
    answers={"project-contract_amount": "6000万"},
    result="最高 1,800 万元",
)
INTELLIGENCE = Visit(
    kind="enterprise",
    place="北京市海淀区",
    ticks=("company.fields=artificial_intelligence", "company.certificates=technology_sme"),
    expires=f"{datetime.now(UTC).year + 1}-03-31",
    project="loan",
    ticks_of_project=("project.loan_uses=research",),
    answers={"project-tenor_months": "24"},
    result="Dedicated credit for advanced industries",
    prefix="/en",
)
INCUBATOR = Visit(
    kind="incubator",
    place="上海徐汇",
    ticks=("company.recognitions=high_quality_incubator",),
    result="最高 2,000 万元",
    phone=True,
)


def press(page: Page, selector: str) -> None:
    """Press what leads to another page, and be there."""
    with page.expect_navigation():
        page.locator(selector).first.click()


def is_asked(page: Page, said: str) -> bool:
    """Whether the page asks what an answer is to."""
    return page.locator(f"input[name='{said.split('=', maxsplit=1)[0]}']").count() > 0


def tick(page: Page, said: str) -> None:
    """Choose an answer; it may be folded away."""
    name, value = said.split("=")
    box = page.locator(f"input[name='{name}'][value='{value}']")
    if not box.is_visible():
        box.locator("xpath=ancestor::details[1]/summary").click()
    box.check()


def answer_steps(page: Page, visit: Visit) -> int:
    """The pages of the check one after another, from the start page with the first of them on,
    whatever each asks; how many presses, ticks and fields that takes."""
    left = {f"company.kind={visit.kind}", *visit.ticks}
    steps = len(left)
    while "/projects" not in page.url:
        here = {said for said in left if is_asked(page, said)}
        for said in here:
            tick(page, said)
        left -= here
        if visit.expires and any("certificates" in said for said in here):
            page.locator(".term:visible input[name*='~expires~']").fill(visit.expires)
            steps += 1
        place = page.locator("#q-company-registered_region")
        if place.count():
            place.fill(visit.place)
            steps += 1
        press(page, ".begin button, button[value=save]")
        steps += 1
    assert not left
    if visit.project:
        page.check(f"input[name='kind~{visit.project}'][value=have]")
        steps += 1
    # Every question that stands open below the kind is answered.
    answered = len(visit.answers) + len(visit.ticks_of_project)
    assert page.locator(".q:visible").count() == answered
    for name, value in visit.answers.items():
        page.fill(f"#new-{visit.project}-{name}", value)
    for said in visit.ticks_of_project:
        tick(page, f"new.{visit.project}.{said}")
    save(page)
    return steps + answered + 1


@pytest.mark.parametrize(
    "visit", [ROBOTS, INTELLIGENCE, INCUBATOR], ids=["robots", "intelligence", "incubator"]
)
def test_from_the_first_page_to_a_summary_on_paper(watched: Watched, visit: Visit) -> None:
    """In few steps the answers are there to be looked over, with the visitor's own link; the result
    says what to do first, the summary is one file."""
    page = watched.open(PHONE if visit.phone else DESKTOP)
    page.goto(f"{watched.address}{visit.prefix}/")
    assert answer_steps(page, visit) + 1 <= visit.most
    expect(page.locator("h1")).to_have_text(visit.answers_title)
    expect(page.locator("#own-link")).to_have_value(page.url)
    press(page, "main .acts .btn")
    expect(page.locator("#first .todo-list li").first).to_be_visible()
    expect(page.locator("#potential")).to_contain_text(visit.result)
    # No project goes by a reference of ours where no other can be meant.
    expect(page.locator("main")).not_to_contain_text(re.compile(r"\bp1\b"))
    press(page, "a[href$='/summary']")
    expect(page.locator(".summary tbody tr").first).to_be_visible()
    take_summary(page)


def printed_pages(page: Page) -> int:
    """On how many sheets a page is printed."""
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))


def take_summary(page: Page) -> None:
    """The summary on one sheet, and as a file, where this system can make one."""
    assert printed_pages(page) == 1
    link = page.locator("a[href$='/summary.pdf']")
    if pdf.missing("公司") is None:
        answer = page.request.get(link.evaluate("a => a.href"))
        assert answer.ok
        assert answer.body().startswith(b"%PDF-")
        assert ".pdf" in answer.headers["content-disposition"]


def test_who_answers_almost_nothing_still_gets_an_answer(watched: Watched) -> None:
    """Everything skipped but the kind: the result says what is missing and what that costs, offers
    one question at a time, and its summary prints. The browser that was told to remember the link
    offers on the start page to go on, until it is told to forget."""
    page = watched.open(PHONE)
    page.goto(f"{watched.address}/")
    page.check("input[name='company.kind'][value=enterprise]")
    press(page, ".begin button")
    while not page.url.endswith(("/result", "/answers", "/next")):
        press(page, "button[value=skip], button[value=save]")
    page.goto(f"{page.url.rsplit('/', 1)[0]}/result")
    expect(page.locator("#unsaid")).to_contain_text("没有填写注册地")
    expect(page.locator("#next input[name=asked]").first).to_be_attached()
    expect(page.locator("#undetermined .n")).to_be_visible()
    press(page, "a[href$='/summary']")
    expect(page.locator(".summary")).to_contain_text("项缺信息")
    take_summary(page)
    page.goto(f"{page.url.rsplit('/', 1)[0]}/steps/1")
    page.click("[data-remember]")
    page.goto(f"{watched.address}/en/")
    press(page, "[data-go-on] a")
    assert page.url.endswith("/answers")
    page.goto(f"{watched.address}/check")
    page.click("[data-forget]")
    expect(page.locator("[data-go-on]")).to_be_hidden()
    page.reload()
    expect(page.locator("[data-go-on]")).to_be_hidden()
