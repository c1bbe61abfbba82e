"""What the result, the programme page and the desk say beyond the blocks of programmes."""

import re
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from structlog.testing import capture_logs

from service.domain.dates import Window
from service.domain.evaluation.evaluator import IN_REACH, Fold
from service.domain.text import Text
from service.rendering.next_steps import next_step
from service.usecases import matching
from service.usecases.advice.calendar import MAX_DAYS
from service.web.cases import Case
from service.web.library import SOON_DAYS, when
from service.web.ports import PageContext
from service.web.result_cards import Card, View, taken_by_reason
from tests.web.conftest import ROBOTS, Visitor

FIGURES: dict[str, Any] = {
    "kind": "enterprise", "registered_region": "110108", "employees": 100, "technical_staff": 30,
    "recognitions": [], "revenue": "50000000.00", "total_assets": "50000000.00",
    "restricted_products": False, "serious_incident": False, "rnd_expense": "3000000.00",
    "class_one_ip": 1, "certificates": [],
}  # fmt: skip
DAY = date(2026, 6, 1)
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
def stated_case(site: PageContext, client: FlaskClient) -> Visitor:
    """The owner of a case that meets every computable criterion of a technology SME."""
    return Visitor(client, site.cases.create(Case("", FIGURES).content(), site.now()))


def test_what_could_be_applied_for_is_told_and_not_counted(stated_case: Visitor) -> None:
    """A hint says to apply; the programme that asks for the certificate stays as it was."""
    page = stated_case.get("/cases/{key}/result")
    hints = section(page, "hints")
    assert "可能够得上" in hints
    assert "科技型中小企业" in hints
    assert "可以去申请" in hints
    assert "可能符合" not in hints
    assert "/programmes/bj-14-inclusive" in stated_case.get("/cases/{key}/groups/ineligible")
    stated_case.prefix = "/en"
    assert "could apply" in section(stated_case.get("/cases/{key}/result"), "hints")


@pytest.mark.parametrize("wanted", ["place=310000", "instrument=loan"])
def test_a_filter_narrows_the_lists_and_no_finding(
    stated_case: Visitor, wanted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The headline, the total and the counts are the company's, whatever the reader looks at; the
    page says that it is filtered, and offers all. The day may turn between two pages: it is told
    in what is compared, and is set here."""
    monkeypatch.setattr(PageContext, "today", lambda _: DAY)
    whole = stated_case.get("/cases/{key}/result")
    page = stated_case.get(f"/cases/{{key}}/result?{wanted}")
    for part in ('class="headline"', 'class="count"', 'id="first"'):
        assert _until_close(page, part) == _until_close(whole, part)
    assert "下面只列出" in page
    assert "下面只列出" not in whole
    cards = page.count('<li class="card')
    assert cards < whole.count('<li class="card')
    assert f'<span class="n">{cards}/' in page
    assert "下面只列出" not in stated_case.get(f"/cases/{{key}}/summary?{wanted}")


def _until_close(page: str, mark: str) -> str:
    """What follows a mark, without links of its own address, to the end of its element."""
    return re.split(r"</header>|</p>|</section>", page.split(mark)[1])[0]


def test_a_folded_result_is_the_same_result(
    stated_case: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over many programmes a page holds what it shows: the same cards and numbers, the groups page
    by page, and of what is open no difference who settles it."""
    page, summary = stated_case.get("/cases/{key}/result"), stated_case.get("/cases/{key}/summary")
    blocks = ("undetermined", "authority", "watch", "ineligible")
    whole = {b: count(page, b) for b in blocks}
    listed = {b: in_group(stated_case, b) for b in blocks}
    monkeypatch.setattr(matching, "MAX_WHOLE", 1)
    folded = stated_case.get("/cases/{key}/result")
    assert section(folded, "potential") == section(page, "potential")
    assert section(folded, "first") == section(page, "first")
    open_ = whole.pop("authority") + whole.pop("undetermined")
    assert count(folded, "undetermined") == open_
    assert {b: count(folded, b) for b in whole} == whole
    assert 'id="authority"' not in folded
    for block in whole:
        assert sorted(in_group(stated_case, block)) == sorted(listed[block])
    both = listed["undetermined"] + listed["authority"]
    assert sorted(in_group(stated_case, "undetermined")) == sorted(both)
    assert stated_case.get("/cases/{key}/summary").count("<tr>") == summary.count("<tr>")
    assert stated_case.get("/cases/{key}/next")


def test_a_folded_result_is_taken_along_with_its_numbers(
    stated_case: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Memo, workbook and desk tell how many there are of each block though they list a few; what is
    within reach is listed whole."""
    counts = r"<b>([\d,]+)</b>([^<]+)</td>"
    addresses = ("/cases/{key}/memo", "/desk/cases/{key}")
    whole, desk = map(stated_case.get, addresses)
    monkeypatch.setattr(matching, "MAX_WHOLE", 1)
    monkeypatch.setattr(matching, "_FOLD", Fold(promising=100, each=2))
    folded, desk_folded = map(stated_case.get, addresses)
    assert dict(re.findall(counts, folded)) == dict(re.findall(counts, whole))
    assert folded.count("<article") == whole.count("<article")
    assert len(folded) < len(whole)
    assert "这里列出 2 项" in folded
    sizes = r'<summary><h2>([^<]+) <span class="n">(\d+)'
    assert re.findall(sizes, desk_folded) == re.findall(sizes, desk)
    sent = stated_case.client.get(f"/cases/{stated_case.key}/result.xlsx").data
    numbers = (
        CalamineWorkbook.from_filelike(BytesIO(sent)).get_sheet_by_name("各项数目").to_python()
    )
    told = [int(str(row[3]).split(".")[0]) for row in numbers[1:] if row[1:3] == ["", ""]]
    assert sum(told) == sum(int(n) for n, _ in re.findall(counts, whole))


@pytest.mark.parametrize("path", ["result", "summary"])
def test_what_an_authority_settles_is_named_and_a_shared_reason_said_once(
    site: PageContext, client: FlaskClient, path: str
) -> None:
    """A branch in Beijing of a company of Shanghai: whether that is enough is one question for one
    place, above the names of all that hang on it, each with whom to ask about it; what has a reason
    of its own stands by itself, with its place and whom to ask."""
    branch = {**ROBOTS, "presence_regions": ["310115", "110108"]}
    visitor = Visitor(client, site.cases.create(Case("", branch).content(), site.now()))
    listed = {address.partition("?")[0] for address in in_group(visitor, "authority")}
    page = visitor.get(f"/cases/{{key}}/{path}")
    groups = re.search(r'<ul class="small authority">(.*?)</ul>', page, re.DOTALL)
    assert groups is not None
    parts = re.findall(r"<li>(.*?)</li>", groups[1], re.DOTALL)
    named = [re.findall(r'href="[^"]+/programmes/([^"]+)"', part) for part in parts]
    assert sorted(i for ids in named for i in ids) == sorted(listed)
    (presence,) = [ids for part, ids in zip(parts, named, strict=True) if "仅有分支机构" in part]
    assert len(presence) > 1
    lines = [re.findall('<span class="line">(.*?)</span>', part, re.DOTALL) for part in parts]
    # Of what is only announced, how far it is.
    whom = ("询问", "进展可以问")
    assert all("/programmes/" in one and any(w in one for w in whom) for of in lines for one in of)
    assert "保费补贴（上海市）</a>：向" in groups[1]


def test_a_size_class_is_one_line_with_what_it_is_reckoned_from(
    site: PageContext, client: FlaskClient
) -> None:
    """No table row by row: what to state, and once it is stated, what is."""
    firm = {"kind": ["enterprise"], "registered_region": "110108", "technology_enterprise": True}
    page = fit_of(site, client, firm, "bj-06-sme-relending")
    assert "企业规模为微型、小型（国统字〔2017〕213号）</span>" in page
    assert "填写国民经济行业、上年度营业收入、职工总数、资产总额后可算" in page
    assert "不低于 20 人" not in page
    sized = {**firm, "industry": "I65", "employees": 60, "revenue": "9000000"}
    page = fit_of(site, client, sized, "bj-06-sme-relending")
    assert "后可算" not in page
    assert "职工总数：60 人" in page


def fit_of(site: PageContext, client: FlaskClient, company: Any, programme: str) -> str:
    visitor = Visitor(client, site.cases.create(Case("", company).content(), site.now()))
    return visitor.get(f"/cases/{{key}}/programmes/{programme}")


def test_who_does_not_qualify_is_not_sent_to_apply(site: PageContext, client: FlaskClient) -> None:
    """Neither is the ceiling told beside the verdict; who may qualify is told both."""
    firm = {"kind": ["incubator"], "registered_region": "310112"}
    titled = fit_of(site, client, {**firm, "recognitions": ["high_quality_incubator"]},
                    "sh-03-incubator")  # fmt: skip
    assert "可能符合</b> · 最高 2,000 万元" in titled
    assert "向市科委等部门询问怎么申报" in titled
    plain = fit_of(site, client, {**firm, "recognitions": ["none_of_these"]}, "sh-03-incubator")
    assert "不符合</b></h2>" in plain
    assert "询问怎么申报" not in plain
    assert "最近核对" in plain
    assert not re.search(r'<div class="note">\s*</div>', plain)  # of what cannot change, no frame


def test_open_items_begin_with_what_is_meant_for_this_kind(
    site: PageContext, client: FlaskClient
) -> None:
    """A small firm's list does not begin with the largest ceiling, that of an incubator."""
    firm = Case("", {"kind": ["enterprise"], "registered_region": "310112"})
    visitor = Visitor(client, site.cases.create(firm.content(), site.now()))
    listed = [i.partition("?")[0] for i in in_group(visitor, "undetermined")]
    breadth = [len(site.catalogue.programmes[i].kinds) for i in listed]
    assert listed.index("sh-05-upscale") < listed.index("sh-03-incubator")
    assert breadth[0] == min(breadth)


def test_where_somebody_works_comes_before_the_whole_country(
    site: PageContext, client: FlaskClient
) -> None:
    """A laboratory of Suzhou with a team in Pudong reads of Shanghai's measure before the reports
    of the country."""
    lab = {"kind": ["research_institute"], "registered_region": "320500"}
    lab["presence_regions"] = ["310115"]
    visitor = Visitor(client, site.cases.create(Case("", lab).content(), site.now()))
    listed = [i.partition("?")[0] for i in in_group(visitor, "undetermined")]
    places = [site.catalogue.programmes[i].jurisdiction for i in listed]
    assert places.index("310000") < places.index("100000")


def test_where_a_project_is_comes_before_the_whole_country(
    site: PageContext, client: FlaskClient
) -> None:
    """Who is abroad and plans a centre in Shanghai found what is for it behind nine reports."""
    company = {"kind": ["foreign_institution"], "registered_region": "990000"}
    centre = {"ref": "p1", "kind": "innovation_centre", "location": "310115"}
    case = Case("", company, [centre])
    visitor = Visitor(client, site.cases.create(case.content(), site.now()))
    assert in_group(visitor, "undetermined")[0].startswith("sh-12-foreign-centre")


def test_below_the_result_stands_what_is_taken_to_be_no(
    site: PageContext, client: FlaskClient
) -> None:
    """A shop of one's own is taken for no technology enterprise: that closes programmes, and is
    told with the way to say otherwise, as a sentence and a link of its own."""
    shop = Case("", {"kind": ["individual_business"]})
    visitor = Visitor(client, site.cases.create(shop.content(), site.now()))
    page = visitor.get("/cases/{key}/result")
    told = "未填写“科技型（科技创新）企业”，按“主体类型”推定为否。不是这样的请改：<a href="
    assert told in page
    assert "技术业务”，按" not in page
    assert page.count('id="derived-title"') == 1
    visitor.prefix = "/en"
    told = "from “Kind of applicant”. If it is otherwise: <a href="
    assert told in visitor.get("/cases/{key}/result")


def test_what_is_given_stands_before_what_must_be_paid_back(site: PageContext) -> None:
    """A guarantee of 500,000 stood first among what to do, before a grant of 150,000."""
    name, known = Text("", ""), site.catalogue.programmes["sh-08-first-set"]
    step = next_step(site.catalogue, known, DAY)
    programme = {"evidence": "official", "jurisdiction": "310000"}
    cards = [
        Card(
            {
                "status": "potential",
                "programme": programme,
                "ceiling": {"amount": amount, "high": None, "repayable": repayable},
            },
            name, None, None, (), step, (0, False), 1,
        )
        for amount, repayable in (("500000.00", True), (None, False), ("150000.00", False))
    ]  # fmt: skip
    bounds = [card.bound for card in sorted(cards, key=View().key)]
    assert bounds == [Decimal("150000.00"), Decimal("500000.00"), None]


def test_what_is_taken_from_the_same_answers_is_told_once(site: PageContext) -> None:
    """Seven lines said of seven facts that they were taken to be no from the same three answers."""
    facts = ("company.listings", "company.technical_business", "company.zones")
    labels = [site.vocabulary.facts[fact].label for fact in facts]
    kind, place = ("company.kind",), ("company.registered_region",)
    warnings = [
        {"fact": f, "sources": [*source], "taken_as": "no", "text": {"zh": f, "en": f}}
        for f, source in zip(facts, (kind, place, kind), strict=True)
    ]
    first, second = taken_by_reason([*warnings, warnings[0]], site.vocabulary)
    assert [fact.id for fact in first.facts] == [facts[0], facts[2]]
    one, _, other = labels
    assert first.text["zh"] == f"未填写“{one.zh}”、“{other.zh}”，按“主体类型”推定为否"
    said = f"Not stated: “{one.en}”, “{other.en}”; taken to be no from “Kind of applicant”"
    assert first.text["en"] == said
    assert second.text == warnings[1]["text"]


def test_what_is_out_of_reach_stands_by_what_it_fails_for(stated_case: Visitor) -> None:
    """One group a fact, however many ways there are to ask about it; what keeps several out is said
    once above them, without who else a list is left open for."""
    page = stated_case.get("/cases/{key}/groups/ineligible")
    headings = re.findall(r'<span class="why">✗ (.+?)</span>', page)
    assert len(headings) == len(set(headings)) < 15
    kinds = page.split("✗ 主体类型<")[1].split("</details>")[0]
    for place in kinds.split('<h2 class="sub">')[1:]:
        said = re.findall(r'<p class="line small">(.+?)</p>', place)
        assert len(said) == len(set(said))
    asked = re.findall(r'<p class="line small">(.+?)</p>', kinds)
    assert len(set(asked)) > 3
    told = re.compile("(不满足|属于不适用的情形)：主体类型为|.+：以下须满足其一，均不满足【")
    assert all(told.match(words) and "是否符合" not in words for words in asked)


def count(page: str, block: str) -> int:
    """The number beside a block's name; none stands where the block is empty."""
    found = re.search(rf'id="{block}".*?<span class="n">(\d+)</span>', page, re.DOTALL)
    return int(found[1]) if found else 0


def in_group(visitor: Visitor, block: str) -> list[str]:
    """The programmes of a group, from page to page."""
    found: list[str] = []
    path: str | None = f"/cases/{visitor.key}/groups/{block}"
    while path:
        page = visitor.get(path)
        found += re.findall(r'href="[^"]*/programmes/([^"]+)"', page.split('id="part"')[1])
        more = re.search(r'class="more"><a class="btn quiet" href="([^"]+)"', page)
        path = more[1].replace("&amp;", "&") if more else None
    return found


def test_nothing_is_hinted_at_where_nothing_is_known(visitor: Visitor) -> None:
    """An empty case has no such section."""
    page = visitor.get("/cases/{key}/result")
    assert 'id="hints"' not in page
    assert 'id="conflicts"' not in page


def test_a_claim_that_the_figures_deny_is_told_with_where_to_check(
    stated_case: Visitor, site: PageContext
) -> None:
    """The owner is led to the answer; who reads by a link is not."""
    held = {
        "category": "high_tech_enterprise", "issued_on": "2024-11-01", "expires_on": "2027-10-31",
    }  # fmt: skip
    denied = Case("", {**FIGURES, "certificates": [held], "technical_staff": 9})
    site.cases.change(stated_case.key, site.now(), lambda _: denied.content())
    page = section(stated_case.get("/cases/{key}/result"), "conflicts")
    assert "高新技术企业" in page
    assert f"/cases/{stated_case.key}/facts/certificates" in page
    link = site.cases.link(stated_case.key, site.now(), timedelta(days=1))
    assert "/facts/" not in section(stated_case.get(f"/shared/{link}"), "conflicts")


def section(page: str, name: str) -> str:
    """A section of a page by its id."""
    found = re.search(rf'<section[^>]* id="{name}".*?</section>', page, re.DOTALL)
    assert found, f"no section {name}"
    return found[0]


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        (DAY, None, ("open", None)),
        (None, DAY, ("open", 0)),
        (None, DAY + timedelta(days=9), ("open", 9)),
        (DAY + timedelta(days=2), None, ("opens", 2)),
        (None, DAY - timedelta(days=1), ("over", 1)),
    ],
)
def test_a_window_is_told_from_today(
    start: date | None, end: date | None, said: tuple[str, int | None]
) -> None:
    """Both ends count as inside; a window without an end has no days left."""
    assert when(Window(start, end), DAY) == said


def test_a_programme_tells_its_days_where_they_are_few(
    client: FlaskClient, site: PageContext
) -> None:
    """To go or past, and left where the end is near: far off it reads like a deadline. One
    programme of each document."""
    words = {"opens": "尚未开始：", "over": "已过有效期", "open": "天到期"}
    for programme in {p.measure: p for p in site.catalogue.programmes.values()}.values():
        state, days = when(programme.window, site.today())
        if days:
            page = client.get(f"/programmes/{programme.id}").get_data(as_text=True)
            is_told = state != "open" or days <= SOON_DAYS
            assert (words[state] in page) == is_told, programme.id


def test_the_calendar_can_be_taken_along(stated_case: Visitor, site: PageContext) -> None:
    """The owner and whoever has a link get it as iCalendar in their language."""
    link = site.cases.link(stated_case.key, site.now(), timedelta(days=1))
    expected = site.scheduling.calendar({"profile": {"company": FIGURES}}, MAX_DAYS)["events"]
    causes = {(event["day"], event["cause"]["zh"]) for event in expected}
    assert causes
    for path in (f"/cases/{stated_case.key}/calendar.ics", f"/shared/{link}/calendar.ics"):
        answer = stated_case.client.get(path)
        assert answer.mimetype == "text/calendar"
        assert "attachment" in answer.headers["Content-Disposition"]
        content = answer.get_data(as_text=True)
        assert content.startswith("BEGIN:VCALENDAR\r\n")
        assert "PRODID:-//Huice//policy calendar//ZH" in content
        assert content.count("BEGIN:VEVENT") == len(
            {(e["day"], e["cause"]["zh"]) for e in expected}
        )
        assert "calendar//EN" in stated_case.client.get(f"/en{path}").get_data(as_text=True)
    assert "calendar.ics" in stated_case.get("/cases/{key}/result")
    assert stated_case.client.get("/cases/none/calendar.ics").status_code == 404


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/nowhere", "没有找到"),
        ("/en/nowhere/else", "Not found"),
        ("/english", "没有找到"),
        ("/embed/en/nowhere", "Not found"),
    ],
)
def test_an_address_that_nothing_has_is_a_page_for_browsers(
    client: FlaskClient, path: str, words: str
) -> None:
    """In the layout and language of its face, with the headers of every page."""
    answer = client.get(path, headers=BROWSER)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 404
    assert f"<h1>{words}</h1>" in page
    assert f"<title>{words} · " in page
    assert "<main" in page
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    home = re.search(r'class="btn quiet" href="([^"]+)"', page)
    assert home
    assert client.get(home[1]).status_code == 200
    assert client.post(path, headers=BROWSER).mimetype == "text/html"


QUOTED = "甲公司 52000000"


@pytest.mark.parametrize(
    ("prefix", "words"), [("", "系统出错了"), ("/en", "Something went wrong here")]
)
def test_a_fault_of_ours_is_a_page_too(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, prefix: str, words: str
) -> None:
    """In the language of the face; what went wrong may quote a company, so neither the page nor the
    log does."""

    def fail(*_: object) -> None:
        raise RuntimeError(QUOTED)

    monkeypatch.setattr("service.web.documents.lookup.find_measure", fail)
    with capture_logs() as logs:
        answer = client.get(f"{prefix}/measures/sh-2025-8", headers=BROWSER)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 500
    assert f"<h1>{words}</h1>" in page
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    (entry,) = [e for e in logs if e["event"] == "internal_error"]
    assert entry["exception"] == "RuntimeError"
    assert QUOTED not in f"{page}{logs}"


@pytest.mark.parametrize(
    ("path", "headers"),
    [("/nowhere", {}), ("/nowhere", {"Accept": "*/*"}), ("/api/v1/nowhere", BROWSER)],
)
def test_programs_get_the_problem_document(
    client: FlaskClient, path: str, headers: dict[str, str]
) -> None:
    """Below /api always, elsewhere unless HTML is asked for by name."""
    answer = client.get(path, headers=headers)
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"


def test_the_desk_tells_what_changed_since_the_last_receipt(visitor: Visitor) -> None:
    """Nothing before there is a receipt, nothing new right after it; then each programme with its
    result before and after, and the fact that made the difference."""
    visitor.send("/cases/{key}/steps/1", {"company.name": "甲公司", "company.kind": "enterprise"})
    assert 'id="since"' not in visitor.get("/desk/cases/{key}")
    visitor.post("/cases/{key}/receipt", "/cases/{key}/share")
    assert "没有变化" in section(visitor.get("/desk/cases/{key}"), "since")
    visitor.send("/cases/{key}/steps/1", {"company.name": "甲公司", "company.kind": "bank"})
    since = section(visitor.get("/desk/cases/{key}"), "since")
    assert re.search(r"尚不能判断[^<]* → 不符合", since)
    assert "企业 → 银行" in since
    visitor.prefix = "/en"
    since = section(visitor.get("/desk/cases/{key}"), "since")
    assert re.search(r"not yet decided[^<]* → does not qualify", since)
    assert "Because:" in since


def test_of_many_changes_since_the_last_receipt_the_first_are_listed(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of ten thousand programmes half may turn."""
    monkeypatch.setattr("service.web.desk._MAX_SHOWN", 10)
    visitor.send("/cases/{key}/steps/1", {"company.name": "甲公司", "company.kind": "enterprise"})
    visitor.post("/cases/{key}/receipt", "/cases/{key}/share")
    visitor.send("/cases/{key}/steps/1", {"company.name": "甲公司", "company.kind": "bank"})
    since = section(visitor.get("/desk/cases/{key}"), "since")
    assert since.count("<li>") == 10
    assert re.search(r"另有 \d+ 项", since)


def test_the_desk_tells_of_projects_and_amounts(visitor: Visitor) -> None:
    """A contract that is stated later names the project, and the ceiling that came of it."""
    basics = {"company.name": "甲公司", "company.kind": "enterprise"}
    visitor.send("/cases/{key}/steps/1", {**basics, "company.registered_region~q": "浦东新区"})
    visitor.send("/cases/{key}/projects", {"kind~first_of_kind_product": "have"})
    visitor.send("/cases/{key}/projects/p1", {"project.name": "首台机器人"})
    visitor.post("/cases/{key}/memo", "/desk/cases/{key}")
    visitor.send(
        "/cases/{key}/projects/p1",
        {"project.name": "首台机器人", "project.contract_amount": "6000万"},
    )
    since = section(visitor.get("/desk/cases/{key}"), "since")
    assert "首台机器人" in since
    assert "上限 1,800 万元" in since
    assert "未填写 → 6,000 万元" in since


def test_a_deleted_receipt_is_compared_with_no_more(visitor: Visitor, site: PageContext) -> None:
    """The desk stays as it was before there was one."""
    page = visitor.post("/cases/{key}/receipt", "/cases/{key}/share").get_data(as_text=True)
    found = re.search(r"/api/v1/receipts/([\w-]+)", page)
    assert found
    assert 'id="since"' in visitor.get("/desk/cases/{key}")
    site.stored_receipts.delete(found[1])
    assert 'id="since"' not in visitor.get("/desk/cases/{key}")


def test_the_result_page_is_given_what_it_shows(site: PageContext) -> None:
    """Of matches out of reach it has the condition that fails; all else is the answer of the
    API."""
    request = site.compiled.requests.read({"profile": {"company": FIGURES}})
    brief = site.matching.answer(request, site.today(), brief=True)
    full = site.matching.answer(request, site.today())
    for match in full["matches"]:
        if match["status"] not in IN_REACH:
            failing = [c for c in match["conditions"] if c["truth"] == "false"]
            match["conditions"] = failing[:1]
    assert {m["status"] for m in full["matches"]} - IN_REACH
    assert brief == full


def test_what_is_still_missing_is_listed_though_it_was_passed_over(visitor: Visitor) -> None:
    """Whoever has passed over every question and asks for more is led to them, not back to where he
    was."""
    visitor.post("/cases/{key}/steps/1", **{"company.kind": "enterprise"})
    for _ in range(40):
        answer = visitor.client.get(f"/cases/{visitor.key}/next")
        if answer.status_code != 200:
            break
        page = answer.get_data(as_text=True)
        asked = re.findall(r'name="asked" value="([^"]+)"', page)
        token = visitor.token("/cases/{key}/answers") if "csrf" not in page else csrf(page)
        sent = {"csrf": token, "asked": asked, "do": "skip"}
        visitor.client.post(f"/cases/{visitor.key}/next", data=sent)
    page = visitor.get("/cases/{key}/open")
    assert "上次没有回答" in page
    assert f'href="/cases/{visitor.key}/projects"' in page


def test_an_amount_that_cannot_be_reckoned_leads_to_the_figure(
    site: PageContext, client: FlaskClient
) -> None:
    """Where a project may have a share of a figure that is not stated, its programme leads to the
    project, and the list of what is still missing has the figure."""
    for amount in (None, "60000000.00"):
        project = {"ref": "p1", "kind": "first_of_kind_product"}
        project |= {"contract_amount": amount} if amount else {}
        case = Case("", ROBOTS, [project])
        visitor = Visitor(client, site.cases.create(case.content(), site.now()))
        link = f'<a href="/cases/{visitor.key}/projects/p1">合同金额</a>'
        opened = visitor.get("/cases/{key}/programmes/sh-08-first-set")
        assert (link in opened) == (amount is None)
        listed = visitor.get("/cases/{key}/open")
        assert ("填写后可以算出 1 项的金额上限" in listed) == (amount is None)


def csrf(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found
    return found[1]


def test_whoever_gets_nothing_learns_what_was_looked_at(visitor: Visitor) -> None:
    """The documents that hold where the company is, and whom to ask besides; nothing says that
    conditions are met."""
    place = {"company.kind": "enterprise", "company.registered_region": "230103"}
    assert visitor.post("/cases/{key}/steps/1", **place).status_code == 303
    for path in ("/cases/{key}/result", "/cases/{key}/summary"):
        page = visitor.get(path)
        assert "没有收录的政策在这里查不到" in page
        assert "条文写明的条件都满足" not in page
    assert 'href="/measures/cn-news-291"' in visitor.get("/cases/{key}/result")


def test_who_is_abroad_is_led_to_the_documents_that_are_open_to_it(
    site: PageContext, client: FlaskClient
) -> None:
    """No document is of where it is; that none applies was said above items that do."""
    body = Case("", {"kind": ["foreign_institution"], "registered_region": "990000"})
    visitor = Visitor(client, site.cases.create(body.content(), site.now()))
    scope = section(visitor.get("/cases/{key}/result"), "scope")
    assert "没有一份是您所在地的" in scope
    assert 'href="/measures/sh-2025-8"' in scope
    assert "所在区县" not in scope  # it has none here
    assert "打算投资、设点的地方" in scope


def test_one_of_many_ways_is_shown_and_the_others_are_folded(
    visitor: Visitor, site: PageContext
) -> None:
    """The certificates, which can be had, and not the title that nobody awards."""
    company = {"kind": ["enterprise"], "registered_region": "310104", "certificates": [],
               "fields": ["embodied_intelligence"], "recognitions": ["none_of_these"]}  # fmt: skip
    key = site.cases.create(Case("", company, []).content(), site.now())
    page = visitor.client.get(f"/cases/{key}/programmes/sh-05-gradient").get_data(as_text=True)
    shown = re.sub(r'<details class="met">.*?</details>', "", page, flags=re.DOTALL)
    assert "高新技术企业" in shown
    assert "所获认定包括高成长性科技企业" not in shown


def test_a_programme_that_a_result_leads_to_leads_back(
    visitor: Visitor, stated_case: Visitor
) -> None:
    """To its conditions by what is stated, and not into a new self-check; a key that is none is
    passed over."""
    page = visitor.client.get(f"/programmes/sh-08-first-set?case={stated_case.key}").text
    assert f'href="/cases/{stated_case.key}/programmes/sh-08-first-set"' in page
    assert "用我的情况核对" not in page
    assert "用我的情况核对" in visitor.client.get("/programmes/sh-08-first-set?case=nobody").text


def test_a_comparison_tells_first_what_differs(client: FlaskClient) -> None:
    """What is the same stands once, below."""
    page = client.get("/programmes/compare?p=sh-08-first-set&p=sh-03-incubator").text
    differing, same = page.split("相同的内容")
    assert "2,000 万元" in differing
    assert "上海市有关主管部门" not in differing
    assert same.count("上海市有关主管部门") == 1


def test_what_a_list_names_as_not_met_is_not_met(site: PageContext, client: FlaskClient) -> None:
    """Also where a match is listed with the condition alone that it fails for: an enterprise was
    told that it is none, for that stands first in the rule."""
    held = {
        "category": "high_tech_enterprise", "issued_on": "2025-01-01", "expires_on": "2027-12-31"
    }  # fmt: skip
    company = {
        "kind": ["enterprise"], "registered_region": "310112", "certificates": [held],
        "projects_absent": ["loan", "person"],
    }  # fmt: skip
    visitor = Visitor(client, site.cases.create(Case("", company).content(), site.now()))
    page = visitor.get("/cases/{key}/groups/ineligible")
    lines = re.findall(r'class="line small">([^<]+)<', page)
    assert len(lines) > 10
    assert [line for line in lines if line.startswith("不满足：主体类型为企业")] == []
    before = page.split("/programmes/s-zjtx-loan")[0]
    assert "✗ 没有所支持的那类项目<" in page
    assert "✗ 项目类型<" not in page
    assert "不满足：资质证书包括专精特新中小企业" in before.rsplit('<p class="line small">', 1)[1]


def test_that_it_is_nothing_else_can_be_answered_once_something_is_stated(
    site: PageContext, client: FlaskClient
) -> None:
    """A foreign body is asked whether it is an enterprise too; once it has said no, it is not. The
    first question about the kinds does not offer it: nothing stands yet beside it."""
    facts = {"kind": ["foreign_institution"], "registered_region": "990000"}
    abroad = Visitor(client, site.cases.create(Case("", facts).content(), site.now()))
    offered = 'name="company.kind" value="nothing_else"'
    assert offered in abroad.get("/cases/{key}/result")
    assert offered not in Visitor(
        client, site.cases.create(Case("", {}).content(), site.now())
    ).get("/cases/{key}/steps/1")
    said = {**facts, "kind": [*facts["kind"], "nothing_else"]}
    closed = Visitor(client, site.cases.create(Case("", said).content(), site.now()))
    assert offered not in closed.get("/cases/{key}/result")
