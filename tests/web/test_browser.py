"""The pages in a real browser: the three journeys, by mouse and by keyboard, on phone and desk."""

import json

import pytest
from playwright.sync_api import Page, Route, ViewportSize, expect

from tests.web.browser import DESKTOP, PHONE, fill_in, save
from tests.web.watching import Watched

pytestmark = pytest.mark.browser

COMPANY = "示例灵巧机器人（上海）有限公司"


def begin(page: Page, address: str, key: str) -> None:
    """At the first page of a case; its scripts have run."""
    page.goto(f"{address}/cases/{key}/steps/1")


def open_naming(page: Page) -> None:
    """Unfold the fields for name and credit code."""
    page.locator("details.rare summary").last.click()


@pytest.mark.parametrize(
    ("viewport", "prefix"), [(PHONE, ""), (DESKTOP, "/en")], ids=["zh-phone", "en-desktop"]
)
def test_an_enterprise_gets_its_result(
    watched: Watched, viewport: ViewportSize, prefix: str
) -> None:
    """From the first page to a ceiling, and on by one answer in place."""
    page = watched.open(viewport)
    key = fill_in(page, f"{watched.address}{prefix}")
    page.goto(f"{watched.address}{prefix}/cases/{key}/result")
    expect(page.locator("h1")).to_have_text(COMPANY)
    first = page.locator(".card.potential").first
    expect(first).to_contain_text("1,800 万元" if not prefix else "CNY 18,000,000")
    first.locator("summary").click()
    expect(first.locator(".met .mark.true").first).to_be_visible()
    before = page.locator(".count").inner_text()
    question = page.locator("#next input[name=asked]").get_attribute("value")
    page.evaluate("window.stayed = true")
    page.locator("#next :is(input[type=radio], .choice.none input)").first.check()
    page.locator("#next button[value=save]").click()
    expect(page.locator("#next input[name=asked]")).not_to_have_value(question or "")
    assert page.evaluate("window.stayed"), "the page was loaded anew"
    expect(page.locator("#next-title")).to_be_focused()
    assert page.locator(".count").inner_text() != before


def test_the_own_link_comes_as_a_picture(watched: Watched, case: str) -> None:
    """A QR code that the page shows, from this host."""
    page = watched.open()
    page.goto(f"{watched.address}/cases/{case}/share")
    page.get_by_text("二维码", exact=True).click()
    picture = page.locator(".own-link img")
    expect(picture).to_be_visible()
    assert picture.evaluate("i => i.complete && i.naturalWidth > 0")


def test_a_faulty_form_leads_to_its_fields(watched: Watched, empty_case: str) -> None:
    """The summary has the focus, and its links go to the fields."""
    page = watched.open()
    begin(page, watched.address, empty_case)
    page.fill("#q-company-registered_region", "没有这个地方")
    save(page)
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("alert").get_by_role("link").first.click()
    assert page.url.endswith("#q-company-registered_region")


def test_without_javascript(watched: Watched, empty_case: str) -> None:
    """The same journey, by forms alone."""
    page = watched.open(javascript=False)
    begin(page, watched.address, empty_case)
    page.locator("input[name='company.kind'][value=enterprise]").check()
    open_naming(page)
    page.fill("#company-name", "甲公司")
    page.fill("#q-company-registered_region", "朝阳区")
    page.click("button[value=save]")
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("北京市 朝阳区").check()
    page.click("button[value=save]")
    key = page.url.split("/cases/")[1].split("/")[0]
    page.goto(f"{watched.address}/cases/{key}/result")
    expect(page.locator("h1")).to_have_text("甲公司")
    page.locator("#undetermined summary").click()
    page.get_by_role("link", name="看这一组").first.click()
    page.locator(".card.undetermined summary").first.click()
    page.locator(".card.undetermined a.fit").first.click()
    expect(page.locator("#fit .conds").first).to_be_visible()


def test_by_keyboard_alone(watched: Watched) -> None:
    """Skip link, tabs, typing, Enter, from the first page to a result that an answer changes; the
    focus can always be seen. What was answered is there after a reload, and going back leads to the
    page before."""
    page = watched.open()
    page.goto(f"{watched.address}/check")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, "input[name='company.kind'][value=enterprise]")
    page.keyboard.press("Space")
    tab_to(page, "#q-company-registered_region")
    page.keyboard.type("pdxq")
    expect(page.locator("input[value='310115'][type=radio]")).to_be_visible()
    tab_to(page, "input[name='company.registered_region']")
    page.keyboard.press("Space")
    tab_to(page, ".begin button")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    for pressed, leads_to in (
        ("button[value=save]", "/projects"),
        ("button[value=none]", "/answers"),
        (".acts a[href$='/result']", "/result"),
    ):
        tab_to(page, pressed)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.url.endswith(leads_to)
    before = page.locator(".count").inner_text()
    tab_to(page, "#next :is(input[type=radio], .choice.none input)")
    page.keyboard.press("Space")
    tab_to(page, "#next button[value=save]")
    page.keyboard.press("Enter")
    expect(page.locator("#next-title")).to_be_focused()
    after = page.locator(".count").inner_text()
    assert after != before
    page.reload()
    assert page.locator(".count").inner_text() == after
    page.go_back()
    expect(page.locator(".answers").first).to_contain_text("浦东新区")


def test_enter_in_a_field_saves_and_goes_on(watched: Watched, empty_case: str) -> None:
    """As the button below does: the button of the other language comes first on the page."""
    page = watched.open()
    begin(page, watched.address, empty_case)
    page.locator("input[name='company.kind'][value=enterprise]").check()
    page.fill("#q-company-registered_region", "310112")
    with page.expect_navigation():
        page.press("#q-company-registered_region", "Enter")
    assert page.url.endswith(f"/cases/{empty_case}/steps/2"), page.url


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus, which must be visible."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert style != "none", selector
            return
    raise AssertionError(f"{selector} cannot be reached by keyboard")


def test_answers_survive_reload_and_back(watched: Watched, empty_case: str) -> None:
    """Nothing typed and saved is lost on the way."""
    page = watched.open()
    begin(page, watched.address, empty_case)
    open_naming(page)
    page.fill("#company-name", "丙公司")
    save(page)
    page.go_back()
    expect(page.locator("#company-name")).to_have_value("丙公司")
    page.reload()
    expect(page.locator("#company-name")).to_have_value("丙公司")


def test_text_of_twice_the_size_fits_a_narrow_screen(watched: Watched, case: str) -> None:
    """Nobody scrolls sideways for the filters of the library, the table of the summary, the days of
    a certificate, what is out of reach or the names of the API."""
    page = watched.open(ViewportSize(width=320, height=700))
    of_case = (f"/cases/{case}/{name}" for name in ("steps/2", "groups/ineligible"))
    for path in ("/library", f"/en/cases/{case}/summary", *of_case, "/api/v1/docs"):
        page.goto(f"{watched.address}{path}")
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate("document.documentElement.scrollWidth") == 320, path


def test_going_back_never_asks_to_send_a_form_again(watched: Watched, empty_case: str) -> None:
    """Neither behind the other language nor behind an answer that was refused; what was typed
    goes along."""
    page = watched.open()
    begin(page, watched.address, empty_case)
    page.fill("#q-company-registered_region", "火星")
    page.click("button.lang")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#q-company-registered_region")).to_have_value("火星")
    save(page)
    expect(page.get_by_role("alert")).to_be_visible()
    page.fill("#q-company-registered_region", "海淀")
    save(page)
    assert page.url.endswith("/steps/2")
    for _ in range(2):
        page.go_back()
        expect(page.locator("input[value='110108'][type=radio]")).to_be_checked()
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_a_credit_code_is_checked_as_it_is_typed(watched: Watched, empty_case: str) -> None:
    """A slip is told before the form is sent."""
    page = watched.open()
    begin(page, watched.address, empty_case)
    open_naming(page)
    page.fill("#company-uscc", "91310115MA1K4XYZ12")
    expect(page.locator("#t-company-uscc .fault")).to_be_visible()
    page.fill("#company-uscc", "91350100M000100Y43")
    expect(page.locator("#t-company-uscc .ok")).to_be_visible()


def test_conditions_open_in_place(watched: Watched, case: str) -> None:
    """A card that is not yet decided fetches its conditions when it is opened."""
    page = watched.open()
    page.goto(f"{watched.address}/cases/{case}/result")
    page.locator("#undetermined summary").click()
    card = page.locator(".card.undetermined").first
    card.locator("summary").click()
    expect(card.locator(".conds").first).to_be_visible()
    assert page.url.endswith("/result")


def test_a_bank_checks_a_client(watched: Watched, case: str) -> None:
    """Open by address, mark evidence, print the memo, which opens beside the desk."""
    page = watched.open()
    page.goto(f"{watched.address}/desk")
    page.fill("#case", f"{watched.address}/cases/{case}/result")
    page.get_by_role("button", name="打开").click()
    expect(page.locator("h1")).to_have_text(COMPANY)
    page.get_by_role("link", name="标记证据").click()
    page.locator("input[name='company.kind'][value=verified]").check()
    page.get_by_role("button", name="保存").click()
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="备忘录", exact=True).click()
    expect(opened.value.locator("h1")).to_have_text("政策匹配备忘录")
    expect(opened.value.get_by_role("cell", name="已核验").first).to_be_visible()
    expect(page.locator("h1")).to_have_text(COMPANY)


def test_every_operation_of_the_console_answers(watched: Watched) -> None:
    """Pressed as it stands, with its own example, under the strict policy: it is answered, or says
    that it needs a key. The first answer brings its receipt, and with it the operations on
    receipts."""
    page = watched.open()
    page.goto(f"{watched.address}/portal")
    page.locator("#send").click()
    expect(page.locator("#told")).to_contain_text("200")
    assert json.loads(page.locator("#got").inner_text())["matches"]
    page.locator("#op option").first.wait_for(state="attached")
    answers = page.evaluate(
        """async () => {
          const found = [];
          const told = document.getElementById("told");
          const pick = document.getElementById("op");
          for (let i = 0; i < pick.options.length; i++) {
            const option = pick.options[i];
            pick.value = option.value;
            pick.dispatchEvent(new Event("change"));
            told.textContent = "";
            document.getElementById("send").click();
            for (let n = 0; n < 1500 && !/^\\d{3} /.test(told.textContent); n++)
              await new Promise((r) => setTimeout(r, 20));
            found.push([option.textContent, Number(told.textContent.slice(0, 3))]);
          }
          return found;
        }"""
    )
    assert len(answers) > 15
    assert any("/receipts/" in name for name, _ in answers)
    watched.faults.clear()  # the browser tells of each 401
    assert [a for a in answers if a[1] not in (200, 201, 202, 204, 401)] == []
    assert [a for a in answers if ("需要密钥" in a[0]) is not (a[1] == 401)] == []


def test_the_frame_tells_its_height(watched: Watched) -> None:
    """The page around the frame hears how high it is, and nothing else."""
    page = watched.open()
    around = "<!doctype html><title>x</title><script>window.heard = [];"
    around += 'addEventListener("message", (event) => heard.push(event.data));</script>'
    around += '<iframe src="/embed" title="x"></iframe>'
    page.route("**/around", lambda route: route.fulfill(body=around, content_type="text/html"))
    page.route("**/embed", loosened)
    page.goto(f"{watched.address}/around")
    page.wait_for_function("window.heard.length > 0")
    (told, *_) = page.evaluate("window.heard")
    assert set(told) == {"type", "height"}
    assert told["type"] == "huice:height"
    assert told["height"] > 200


def loosened(route: Route) -> None:
    """The framed page as an operator allows it who lists this host."""
    answer = route.fetch()
    headers = {k: v for k, v in answer.headers.items() if k != "content-security-policy"}
    route.fulfill(response=answer, headers=headers)


def test_what_is_kept_is_remembered_by_the_browser(watched: Watched) -> None:
    """Saved on its page it stands in the list, whose address can be handed on, until removed."""
    page = watched.open()
    page.goto(f"{watched.address}/programmes/sh-08-first-set")
    page.get_by_role("button", name="收藏", exact=True).click()
    expect(page.get_by_role("button", name="取消收藏")).to_be_visible()
    page.goto(f"{watched.address}/kept")
    page.wait_for_url("**/kept?p=sh-08-first-set")
    expect(page.locator(".list strong")).to_have_text("首台套、首批次、首版次产品支持")
    expect(page.locator("#link")).to_have_value(page.url)
    page.get_by_role("button", name="取消收藏").click()
    page.goto(f"{watched.address}/kept")
    expect(page.locator(".empty")).to_be_visible()


def test_evil_names_run_nothing(watched: Watched, empty_case: str) -> None:
    """Neither on the pages nor in the pieces that scripts fetch."""
    page = watched.open()
    page.on("dialog", lambda dialog: watched.note(f"dialog {dialog.message}"))
    begin(page, watched.address, empty_case)
    evil = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    open_naming(page)
    page.fill("#company-name", evil)
    save(page)
    page.go_back()
    page.fill("#q-company-registered_region", evil)
    expect(page.locator("#o-company-registered_region .help")).to_be_visible()
    key = page.url.split("/cases/")[1].split("/")[0]
    for path in (f"/cases/{key}/result", f"/cases/{key}/answers", f"/cases/{key}/memo"):
        page.goto(f"{watched.address}{path}")
        expect(page.locator("body")).to_contain_text("<script>")
