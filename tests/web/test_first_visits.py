"""What people who came for the first time did, and what they must be able to do."""

import re
from html import unescape
from threading import Thread
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.intake.schema import MAX_PROJECTS
from service.web.case_evaluation import evaluate_case, evaluate_page
from service.web.cases import Case, change_case, load_case
from service.web.fields import fields_for
from service.web.ports import PageContext
from service.web.questions import supported_kinds
from service.web.relevance import relevant_facts, relevant_kinds
from service.web.result_model import BLOCKS
from service.web.site import HERE
from tests.web.conftest import Visitor
from tests.web.pressing import forms_of

CERTIFICATE = "high_tech_enterprise"
INCUBATOR = "high_quality_incubator"


def stored(site: PageContext, company: dict[str, Any], **more: Any) -> str:
    """The key of a case with these answers."""
    return site.cases.create(Case("", company, **more).content(), site.now())


def asked_of(page: str) -> list[str]:
    """The facts that a page of questions asks."""
    return re.findall(r'name="asked" value="([^"]+)"', page)


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("where", ["", "q=贷款"])
def test_following_the_next_page_reaches_every_programme(
    client: FlaskClient, site: PageContext, prefix: str, where: str
) -> None:
    """By the links that the pages show, each programme once."""
    seen: list[str] = []
    address: str | None = f"{prefix}/library?{where}"
    while address:
        answer = client.get(address)
        assert answer.status_code == 200, address
        page = answer.get_data(as_text=True)
        seen += re.findall(r'class="row" href="[^"]*/programmes/([^"]+)"', page)
        found = re.search(r'class="btn quiet" href="([^"]*cursor=[^"]*)"', page)
        address = unescape(found[1]) if found else None
    assert len(seen) == len(set(seen))
    wanted = set(site.search("贷款").ids) if where else set(site.catalogue.programmes)
    assert set(seen) == wanted


def follow(visitor: Visitor, do: str, **answers: str) -> list[str]:
    """Press one button for every question; the facts asked, in order."""
    seen: list[str] = []
    for _ in range(40):
        answer = visitor.client.get(f"/cases/{visitor.key}/next")
        if answer.headers.get("Location", "").endswith("/projects"):
            visitor.post("/cases/{key}/projects", do="save")
            continue
        if answer.status_code == 303:
            break
        facts = asked_of(answer.get_data(as_text=True))
        seen += facts
        said = {f: answers[f] for f in facts if f in answers}
        sent: dict[str, str | list[str]] = {"asked": facts, "do": do}
        sent.update(said)
        assert visitor.send("/cases/{key}/next", sent).status_code == 303
    return seen


def test_a_certificate_without_dates_is_asked_for_them_once(
    site: PageContext, client: FlaskClient
) -> None:
    """Ticked and saved, only its dates are asked for; left blank again they are put aside."""
    company = {"kind": "enterprise", "registered_region": "310115"}
    visitor = Visitor(client, stored(site, company))
    seen = follow(visitor, "save", **{"company.certificates": CERTIFICATE})
    assert seen.count("company.certificates") == 2  # which, and then from when to when
    assert load_case(site, visitor.key).company["certificates"] == [{"category": CERTIFICATE}]


@pytest.mark.parametrize("do", ["skip", "save"])
def test_nothing_that_was_put_aside_is_asked_again(
    site: PageContext, client: FlaskClient, do: str
) -> None:
    """A stated certificate, too, that lacks its dates."""
    company = {
        "kind": "enterprise",
        "registered_region": "310115",
        "certificates": [{"category": CERTIFICATE}],
    }
    visitor = Visitor(client, stored(site, company))
    seen = follow(visitor, do)
    assert seen
    assert len(seen) == len(set(seen))
    if do == "skip":
        kept = load_case(site, visitor.key).company["certificates"]
        assert kept == [{"category": CERTIFICATE}]


@pytest.mark.parametrize(
    "address", ["next", "open", "projects", "projects/p1", "result", "summary"]
)
def test_nobody_waits_for_a_way_to_what_is_out_of_reach_before_he_asks_for_it(
    site: PageContext, client: FlaskClient, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The nearest changes took nine tenths of the time of pages that do not show them; what is
    counted and asked is that of the whole answer."""
    company = {"kind": "enterprise", "registered_region": "310115"}
    case = Case("", company, [{"ref": "p1", "kind": "loan"}])
    shown, whole = evaluate_page(site, case), evaluate_case(site, case)
    assert (shown.total, shown.decided) == (whole.total, whole.decided)
    assert shown.decided == sum(c.block not in ("undetermined", "authority") for c in whole.cards)
    for block in BLOCKS:
        assert shown.size(block) == whole.size(block) == len(whole.blocks.get(block, ()))
        assert shown.list_size(block) == whole.list_size(block)
    assert (shown.to_ask.all, shown.to_ask.fresh) == (whole.to_ask.all, whole.to_ask.fresh)
    assert [shown.to_ask.waiting_for(fact) for fact in site.essential] == [
        whole.to_ask.waiting_for(fact) for fact in site.essential
    ]

    def searched(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("service.rendering.match_json.near_miss", searched)
    visitor = Visitor(client, site.cases.create(case.content(), site.now()))
    assert visitor.client.get(f"/cases/{visitor.key}/{address}").status_code == 200


def test_another_question_is_another(site: PageContext, client: FlaskClient) -> None:
    """The button on the result sets the question aside, until none is left."""
    visitor = Visitor(client, stored(site, {"kind": "enterprise", "registered_region": "310115"}))
    seen: list[str] = []
    for _ in range(40):
        facts = asked_of(visitor.get("/cases/{key}/result"))
        if not facts:
            break
        seen += facts
        visitor.post(
            "/cases/{key}/next", "/cases/{key}/result", asked=facts, back="case_result", do="skip"
        )
    assert seen
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize("start", ["/", "/check?programme=sh-08-first-set", "/embed/"])
def test_a_self_check_begins_with_its_first_answers(
    client: FlaskClient, site: PageContext, start: str
) -> None:
    """The first questions stand on the page that it begins on; a faulty answer is asked for again
    beside those that are right, and with none it begins as well."""
    face = "/embed" if start.startswith("/embed") else ""
    page = client.get(start).get_data(as_text=True)
    (form,) = (f for f in forms_of(page, f"{face}/") if f.action.endswith("/check"))
    kind, place = "company.kind", "company.registered_region~q"
    for answers, leads_to in (
        ({kind: "enterprise", place: "上海徐汇"}, "/steps/2"),
        ({kind: "enterprise", place: "没有这个地方"}, "/steps/1"),
        ({}, "/steps/2"),
    ):
        sent = {name: value for name, value in form.fields if name != place} | answers
        answer = client.post(f"{face}/check", data=sent)
        assert urlsplit(answer.headers["Location"]).path.endswith(leads_to)
        key = answer.headers["Location"].split("/cases/")[1].split("/")[0]
        case = load_case(site, key)
        assert case.focus == ("sh-08-first-set" if "programme=" in start else None)
        if leads_to.endswith("1"):
            again = client.get(answer.headers["Location"]).get_data(as_text=True)
            assert 'role="alert"' in again
            assert re.search(r'value="enterprise" checked', again)
        elif answers:
            assert case.company == {"kind": ["enterprise"], "registered_region": "310104"}


def test_kind_and_place_left_blank_are_asked_once_more_and_then_told(
    visitor: Visitor, site: PageContext
) -> None:
    """Steps passed over in silence are no answer; the result says what their absence costs."""
    for number, step in enumerate(site.steps, 1):
        if not step.projects:
            visitor.post(f"/cases/{{key}}/steps/{number}", do="save")
    page = visitor.get("/cases/{key}/next")
    asked = asked_of(page)
    assert asked == ["company.kind", "company.registered_region"]
    assert "最多还有" not in page  # all others wait for these: how many there are is not known yet
    visitor.post("/cases/{key}/next", asked=asked, do="skip")
    on = visitor.client.get(f"/cases/{visitor.key}/next")
    assert on.headers["Location"].endswith("/result")  # nothing else would settle anything
    page = visitor.get("/cases/{key}/result")
    assert 'id="unsaid"' in page
    assert 'id="unsaid"' in visitor.get("/cases/{key}/open")
    assert not asked_of(page)
    assert "没有填写主体类型" in page
    assert "没有填写注册地" in page
    visitor.post("/cases/{key}/next", "/cases/{key}/facts/kind", asked="company.kind")
    assert 'id="unsaid"' in visitor.get("/cases/{key}/result")


def test_what_the_basics_left_blank_is_not_asked_again_at_once(
    site: PageContext, client: FlaskClient
) -> None:
    """Who leaves the titles blank on a page, or ticks one and gives no dates, is not asked for them
    at once: first comes what no page has asked and settles something. Once more they are asked."""
    visitor = Visitor(client, stored(site, {"kind": "enterprise", "registered_region": "310115"}))
    pages = [step for step in site.steps if not step.projects]
    for step in pages:
        said = {
            "company.kind": "enterprise",
            "company.registered_region": "310115",
            "company.certificates": CERTIFICATE,
        }
        here = {f.id: said[f.id] for f in step.facts if f.id in said}
        visitor.post(f"/cases/{{key}}/steps/{step.number}", do="save", **here)
    on_pages = {f.id for step in pages for f in step.facts}
    fresh = evaluate_page(site, load_case(site, visitor.key)).to_ask.fresh
    settling = [q["fact"] in on_pages for q in fresh if q["settles"]]
    assert set(settling) == {False, True}
    assert settling == sorted(settling)
    assert fresh[0]["settles"]
    seen = follow(visitor, "save")
    assert {"company.certificates", "company.technology_enterprise"} <= set(seen)
    assert len(seen) == len(set(seen))


def test_while_the_place_is_blank_only_what_settles_something_is_asked(site: PageContext) -> None:
    """Nineteen questions that could settle nothing without it were asked one by one."""
    whole = evaluate_page(site, Case("", {"kind": ["enterprise"]}))
    assert whole.to_ask.fresh
    assert all(q["settles"] for q in whole.to_ask.fresh)
    assert any(not q["settles"] for q in whole.to_ask.all)


def test_a_withdrawn_code_leaves_the_other_choices_to_be_saved(
    site: PageContext, client: FlaskClient
) -> None:
    """The notice says them in words, also where the answers are looked over; the question has them
    ticked."""
    company = {"fields": ["a_field_withdrawn", "artificial_intelligence"]}
    visitor = Visitor(client, stored(site, company))
    for page in ("answers", "result"):
        lost = visitor.get(f"/cases/{{key}}/{page}").split('id="lost"')[1].split("</section>")[0]
        assert "人工智能" in lost
        assert "artificial_intelligence" not in lost
        assert "/facts/fields" in lost
    question = visitor.get("/cases/{key}/facts/fields")
    assert 'value="artificial_intelligence" checked' in question
    visitor.get("/cases/{key}/facts/certificates")


def test_a_faulty_answer_stands_under_the_address_of_its_question(visitor: Visitor) -> None:
    """To be reloaded or kept; below /next another question would stand there."""
    page = visitor.get("/cases/{key}/facts/employees")
    action = re.search(r'<form id="answers" method="post" action="([^"]+)"', page)
    assert action
    assert action[1].endswith("/facts/employees")
    wrong = {"asked": "company.employees", "company.employees": "viele"}
    answer = visitor.post("/cases/{key}/facts/employees", None, **wrong)
    assert urlsplit(answer.headers["Location"]).path.endswith("/facts/employees")
    assert 'value="viele"' in visitor.shown_again(answer)


def test_a_withdrawn_code_closes_no_case(site: PageContext, client: FlaskClient) -> None:
    """Every page opens, says what was lost and asks it anew; the rest stands."""
    company: dict[str, Any] = {"kind": "enterprise", "registered_region": "310115"}
    company |= {"industry": "C39", "fields": ["a_field_withdrawn"], "a_fact_withdrawn": "7"}
    projects = [
        {"ref": "p1", "kind": "a_kind_withdrawn"},
        {"ref": "p2", "kind": "first_of_kind_product", "contract_amount": "60000000"},
    ]
    marks = {"company.fields": "verified"}
    key = stored(site, company, projects=projects, provenance=marks)
    visitor = Visitor(client, key)
    link = site.cases.link(key, site.now(), site.link_lives)
    pages = ["result", "answers", "steps/2", "projects", "projects/p2", "share", "memo"]
    for path in [*(f"/cases/{{key}}/{p}" for p in pages), "/desk/cases/{key}", f"/shared/{link}"]:
        visitor.get(path)
    assert client.get(f"/cases/{key}/next").status_code in (200, 303)
    assert client.get(f"/cases/{key}/calendar.ics").status_code == 200
    assert client.get(f"/cases/{key}/result.xlsx").status_code == 200
    page = visitor.get("/cases/{key}/result")
    lost = page.split('id="lost"')[1].split("</section>")[0]
    assert "a_field_withdrawn" in lost
    assert "a_kind_withdrawn" in lost
    case = load_case(site, key)
    assert [p["ref"] for p in case.projects] == ["p2"]
    assert case.company["industry"] == "C39"
    visitor.post("/cases/{key}/next", "/cases/{key}/facts/fields", asked="company.fields")
    assert "a_field_withdrawn" not in visitor.get("/cases/{key}/result")


def test_two_tabs_lose_nothing(site: PageContext) -> None:
    """Two answers to two questions, saved at the same moment, forty times."""
    facts = site.vocabulary.facts
    for _ in range(40):
        key = stored(site, {})

        def state(name: str, key: str = key) -> None:
            def edit(case: Case) -> bool:
                case.put(facts[f"company.{name}"], 12)
                return True

            change_case(site, key, edit)

        threads = [Thread(target=state, args=[name]) for name in ("employees", "technical_staff")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert load_case(site, key).company == {"employees": 12, "technical_staff": 12}


def test_an_older_tab_undoes_nothing_that_it_left_as_it_was(
    visitor: Visitor, site: PageContext
) -> None:
    """A title ticked in one tab and unticked in another stays unticked when the first is saved; so
    does what was said of a kind of project. What the first changed is kept."""
    fields = {"company.certificates": CERTIFICATE, "company.fields": "artificial_intelligence"}
    first: dict[str, Any] = {"asked": ["company.certificates", "company.fields"], **fields}
    visitor.post("/cases/{key}/next", "/cases/{key}/share", **first)
    kind = next(iter(supported_kinds(site.catalogue)))
    older, kinds = (_shown(visitor.get(f"/cases/{{key}}/{p}")) for p in ("steps/2", "projects"))
    visitor.post("/cases/{key}/next", "/cases/{key}/share", asked="company.certificates")
    visitor.send("/cases/{key}/projects", {f"kind~{kind}": "~none"})
    older["company.fields"] = "embodied_intelligence"
    visitor.send("/cases/{key}/steps/2", {**older, "company.certificates": CERTIFICATE})
    visitor.send("/cases/{key}/projects", {**kinds, f"kind~{kind}": ""})
    company = load_case(site, visitor.key).company
    assert "certificates" not in company
    assert company["fields"] == ["embodied_intelligence"]
    assert company["projects_absent"] == [kind]


def _shown(page: str) -> dict[str, str | list[str]]:
    """What a form says each of its answers was when the page was made."""
    return dict(re.findall(r'name="([^"]+~was)" value="([^"]*)"', page))


def test_another_language_takes_along_what_is_not_saved_yet(
    visitor: Visitor, site: PageContext
) -> None:
    """Ticks, dates, amounts and kinds of project stand in the same form in the other language;
    nothing of it is saved, nor called wrong yet."""
    page = visitor.get("/cases/{key}/steps/2")
    switch = re.search(r'<button class="lang" form="answers" formaction="([^"]+)"', page)
    assert switch
    assert switch[1] == f"/en/cases/{visitor.key}/steps/2"
    visitor.prefix = "/en"
    issued = f"company.certificates~issued~{CERTIFICATE}"
    fields: dict[str, Any] = {issued: "2024-11-01", "do": "language"}
    fields["company.certificates"] = CERTIFICATE
    shown = visitor.send("/cases/{key}/steps/2", {**fields, "company.fields": "hydrogen"})
    page = visitor.shown_again(shown)
    assert 'lang="en"' in page
    assert f'value="{CERTIFICATE}" checked' in page
    assert 'value="2024-11-01"' in page
    award = {"awards_received~0~purpose": "scenario", "awards_received~0~amount": "about much"}
    sent = {f"company.{name}": value for name, value in award.items()}
    for do, is_wrong in (("language", False), ("save", True)):
        form: dict[str, Any] = {"asked": "company.awards_received", "do": do, **sent}
        page = visitor.shown_again(visitor.send("/cases/{key}/facts/awards_received", form))
        assert ('value="about much"' in page, 'role="alert"' in page) == (True, is_wrong)
    kind = next(iter(supported_kinds(site.catalogue)))
    answer = visitor.send("/cases/{key}/projects", {f"kind~{kind}": "have", "do": "language"})
    assert f'name="kind~{kind}" value="have" checked' in visitor.shown_again(answer)
    visitor.prefix = ""
    case = load_case(site, visitor.key)
    assert not case.company
    assert not case.projects


@pytest.mark.parametrize(
    ("path", "other"),
    [
        ("/", "/en/"),
        ("/check?programme=sh-03-incubator", "/en/check?programme=sh-03-incubator"),
        ("/embed/", "/embed/en/"),
    ],
)
def test_another_language_takes_along_what_is_typed_before_there_is_a_case(
    client: FlaskClient, site: PageContext, path: str, other: str
) -> None:
    """The first questions stand on the page that a self-check begins on: what is typed there was
    gone in the other language. It stands on the first page of a case, and is not saved yet; with
    nothing typed, the same page is shown and no case begins."""
    page = client.get(path).get_data(as_text=True)
    assert f'<button class="lang" form="answers" formaction="{other}"' in page
    form = next(f for f in forms_of(page, path) if f.action.endswith("/check"))
    untouched = {**dict(form.fields), "do": "language"}
    answer = client.post(other, data=untouched)
    assert (answer.status_code, answer.headers["Location"]) == (303, other)
    typed = {"company.kind": "incubator", "company.registered_region~q": "浦东"}
    answer = client.post(other, data={**untouched, **typed})
    page = Visitor(client).shown_again(answer)
    assert 'lang="en"' in page
    assert 'value="incubator" checked' in page
    assert 'value="浦东"' in page
    assert 'role="alert"' not in page
    face, of_case = answer.headers["Location"].split("/cases/")
    assert other.startswith(f"{face}/")
    case = load_case(site, of_case.split("/")[0])
    assert not case.company
    assert case.focus == dict(form.fields).get("programme")


def test_a_form_is_gone_from_its_address_once_the_page_is_saved(
    visitor: Visitor, site: PageContext
) -> None:
    """Going back then shows what was saved, and what is typed neither stands in an address nor is
    kept without bound."""
    wrong = {"company.registered_region~q": "火星"}
    refused = visitor.send("/cases/{key}/steps/1", dict(wrong))
    assert "火星" in visitor.shown_again(refused)
    assert load_case(site, visitor.key).company == {}
    visitor.send("/cases/{key}/steps/1", {"company.registered_region~q": "海淀"})
    again = visitor.client.get(refused.headers["Location"]).get_data(as_text=True)
    assert ("火星" in again, "海淀区" in again, 'role="alert"' in again) == (False, True, False)
    long = visitor.send("/cases/{key}/steps/1", {**wrong, "company.name": "x" * 70_000})
    assert long.status_code == 413


def test_what_was_answered_elsewhere_meanwhile_is_told(visitor: Visitor, site: PageContext) -> None:
    """Nothing is saved over it before the reader has seen it; saved once more, his answer holds."""
    older = _shown(visitor.get("/cases/{key}/steps/1"))
    visitor.send("/cases/{key}/steps/1", {"company.kind": ["enterprise", "incubator"]})
    mine = {**older, "company.kind": "university"}
    page = visitor.shown_again(visitor.send("/cases/{key}/steps/1", dict(mine)))
    assert "这一项在另一个窗口改成了“企业、" in page
    assert 'value="university" checked' in page
    assert set(load_case(site, visitor.key).company["kind"]) == {"enterprise", "incubator"}
    visitor.send("/cases/{key}/steps/1", {**_shown(page), "company.kind": "university"})
    assert load_case(site, visitor.key).company["kind"] == ["university"]


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("上海", "310000"),
        ("北京", "110000"),
        ("海淀", "110108"),
        ("闵行", "310112"),
        ("", "310112"),
    ],
)
def test_a_place_that_is_typed_over_another_holds(
    site: PageContext, client: FlaskClient, typed: str, place: str
) -> None:
    """Also the wider place, whose list holds the narrower; the other stays chosen in the form."""
    visitor = Visitor(client, stored(site, {"registered_region": "310112"}))
    name = "company.registered_region"
    visitor.send(
        "/cases/{key}/facts/registered_region", {"asked": name, name: "310112", f"{name}~q": typed}
    )
    assert load_case(site, visitor.key).company["registered_region"] == place
    if typed:
        offered = client.get(f"/options/{name}", query_string={name: "310112", f"{name}~q": typed})
        assert f'value="{place}" checked' in offered.text


def test_a_figure_that_is_only_about_so_much_is_told_where_it_is_shown(
    visitor: Visitor, site: PageContext
) -> None:
    """With the answers, the result and the question itself; the exact figure takes its place."""
    fields: dict[str, Any] = {"asked": ["company.revenue", "company.employees"]}
    fields["company.employees"] = "约30人"
    visitor.send("/cases/{key}/next", {**fields, "company.revenue": "约500万"})
    assert load_case(site, visitor.key).company == {"revenue": "5000000", "employees": 30}
    assert visitor.get("/cases/{key}/answers").count("填的是约数") == 2
    assert "有 2 个数填的是约数" in visitor.get("/cases/{key}/result")
    question = visitor.get("/cases/{key}/facts/employees")
    assert 'value="约 30"' in question
    asked = {**_shown(question), "asked": "company.employees"}
    visitor.send("/cases/{key}/facts/employees", {**asked, "company.employees": "约 30"})
    assert "有 2 个数" in visitor.get("/cases/{key}/summary")
    visitor.send("/cases/{key}/facts/employees", {**asked, "company.employees": "30"})
    assert "有 1 个数" in visitor.get("/cases/{key}/summary")


@pytest.mark.parametrize(
    ("prefix", "said"),
    [("", "还不能判断有没有可以争取的事项"), ("/en", "cannot be told yet")],
)
def test_who_answered_nothing_is_not_told_that_there_is_nothing(
    visitor: Visitor, prefix: str, said: str
) -> None:
    """What is not stated is unknown, on the result as on its summary."""
    for page in ("result", "summary"):
        assert said in visitor.client.get(f"{prefix}/cases/{visitor.key}/{page}").text


@pytest.mark.parametrize(
    ("asked", "path", "said"),
    [
        ("en-US,en;q=0.9", "/", "This page in English"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "/", None),
        ("zh-CN,en;q=0.8", "/en/check", "本页中文版"),
        ("fr", "/", None),
    ],
)
def test_the_browsers_language_is_offered_and_nobody_is_led_away(
    client: FlaskClient, asked: str, path: str, said: str | None
) -> None:
    """Above everything else, in that language; the address goes on telling the page's."""
    page = client.get(path, headers={"Accept-Language": asked}).get_data(as_text=True)
    offered = re.search(r'<p class="also"><button[^>]*>([^<]+)<', page)
    assert (offered and offered[1]) == said


def test_a_shared_result_has_its_summary(visitor: Visitor, site: PageContext) -> None:
    """For the colleague or the bank that it is for; the way back leads to the shared result."""
    link = site.cases.link(visitor.key, site.now(), site.link_lives)
    page = visitor.client.get(f"/shared/{link}").get_data(as_text=True)
    assert f'href="/shared/{link}/summary"' in page
    summary = visitor.client.get(f"/shared/{link}/summary").get_data(as_text=True)
    assert visitor.key not in summary
    assert f'href="/shared/{link}"' in summary


def test_every_page_of_questions_has_the_visitors_link(visitor: Visitor) -> None:
    """Nobody who leaves half-way loses what is saved."""
    visitor.send("/cases/{key}/projects", {"kind~loan": "have"})
    for path in ("steps/1", "projects", "projects/p1", "next", "facts/revenue"):
        assert f'/cases/{visitor.key}/answers"' in visitor.get(f"/cases/{{key}}/{path}"), path


def test_no_more_projects_than_a_profile_may_have(site: PageContext, client: FlaskClient) -> None:
    """The one too many is refused in words, and the case goes on opening."""
    kind = "first_of_kind_product"
    projects = [{"ref": f"p{n}", "kind": kind} for n in range(1, MAX_PROJECTS + 1)]
    visitor = Visitor(client, stored(site, {"kind": "enterprise"}, projects=projects))
    answer = visitor.post("/cases/{key}/projects/p1", do="another")
    assert str(MAX_PROJECTS) in visitor.shown_again(answer)
    assert len(load_case(site, visitor.key).projects) == MAX_PROJECTS
    visitor.get("/cases/{key}/answers")


def test_a_case_that_has_too_many_projects_opens(site: PageContext, client: FlaskClient) -> None:
    """As earlier versions let it be saved."""
    many = [{"ref": f"p{n}", "kind": "person"} for n in range(MAX_PROJECTS + 2)]
    visitor = Visitor(client, stored(site, {}, projects=many))
    visitor.get("/cases/{key}/answers")
    assert len(load_case(site, visitor.key).projects) == MAX_PROJECTS


def test_a_plain_catalogue_has_every_page(fictional: Flask) -> None:
    """Without kinds of project, fields, levels or any window."""
    visitor = Visitor(fictional.test_client()).begin()
    for path in ["/", "/library", "/measures", "/check", "/portal", "/desk"]:
        visitor.get(path)
    for name in ("answers", "result", "share"):
        visitor.get(f"/cases/{{key}}/{name}")
    visitor.get("/desk/cases/{key}")
    assert visitor.client.get(f"/cases/{visitor.key}/projects").status_code == 404
    assert "? —" not in visitor.get("/programmes/plain-grant")
    eligible = visitor.client.get(f"/cases/{visitor.key}/result")
    assert eligible.status_code == 200


def test_eligible_is_not_left_to_anybody(fictional: Flask) -> None:
    """Its heading does not say that the competent body decides the rest."""
    visitor = Visitor(fictional.test_client()).begin()
    for fact, value in (("staff", "12"), ("kind", "workshop")):
        page = f"/cases/{{key}}/facts/{fact}"
        sent: dict[str, Any] = {"asked": f"company.{fact}", f"company.{fact}": value}
        visitor.post("/cases/{key}/next", page, **sent)
    page = visitor.get("/cases/{key}/result")
    block = page.split('id="eligible"')[1].split("</section>")[0]
    assert "plain-grant" in block
    assert "主管部门" not in block.split("<ul")[0]


@pytest.mark.parametrize("path", ["result.xlsx", "calendar.ics", "summary.pdf", "memo.pdf"])
def test_files_carry_the_clients_name(site: PageContext, client: FlaskClient, path: str) -> None:
    """In a header that every server may send, and without what file systems refuse."""
    key = stored(site, {"name": "甲/乙“公司”", "kind": "enterprise"})
    answer = client.get(f"/cases/{key}/{path}")
    assert answer.status_code == 200
    header = answer.headers["Content-Disposition"]
    assert header.isascii()
    name = unquote(header.split("filename*=UTF-8''")[1].split(";")[0])
    assert name.startswith("甲 乙“公司”-")
    assert name.endswith(path.split(".")[1])


def pages_on_paper(page: str) -> int:
    """How many sheets a page takes."""
    # No other test waits for this half second.
    from weasyprint import HTML  # noqa: PLC0415

    return len(HTML(string=page).render().pages)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_usual_memo_takes_four_pages_and_a_summary_one(
    site: PageContext, client: FlaskClient, prefix: str
) -> None:
    """Of a company with a certificate and a project, which is called by its name; findings first,
    digests last."""
    held = {"category": CERTIFICATE, "issued_on": "2024-11-01", "expires_on": "2027-10-31"}
    company = {
        "name": "甲公司", "kind": "enterprise", "registered_region": "310115",
        "fields": ["embodied_intelligence"], "certificates": [held],
    }  # fmt: skip
    contract = {"ref": "p1", "kind": "first_of_kind_product", "contract_amount": "60000000"}
    contract |= {"name": "双臂机器人"}
    visitor = Visitor(client, stored(site, company, projects=[contract]), prefix)
    visitor.post("/cases/{key}/memo", "/cases/{key}/result")
    memo = visitor.get("/cases/{key}/memo")
    assert "(UTC+08:00)" in memo  # the catalogue's time, as the day above it
    assert pages_on_paper(memo) <= 4
    assert "双臂机器人</span></h3>" in memo
    assert memo.index('class="badge') < memo.index('class="hash')
    assert "<main" in memo
    paper = (HERE / "static" / "paper.css").read_text(encoding="utf-8")
    summary = visitor.get("/cases/{key}/summary")
    page = summary.replace("</head>", f"<style>{paper}</style></head>")
    assert pages_on_paper(page) == 1


def test_a_summary_names_first_what_most_programmes_wait_for(
    site: PageContext, client: FlaskClient
) -> None:
    """As the list of what is missing does: the last day of a certificate, though its field was left
    blank, and not what settles two programmes by itself."""
    company = {
        "kind": "enterprise", "registered_region": "110108", "fields": ["artificial_intelligence"],
        "certificates": [{"category": CERTIFICATE}],
        "projects_absent": list(supported_kinds(site.catalogue)),
    }  # fmt: skip
    visitor = Visitor(client, stored(site, company, asked_facts=["company.certificates"]))
    adding = visitor.get("/cases/{key}/summary").split("最值得补充的：")[1].split("</p>")[0]
    assert re.findall(r">([^<]+)</a>", adding)[0] == "所持资质的有效期"
    listed = visitor.get("/cases/{key}/open").split('<ul class="docs">')[1]
    assert re.findall(r">([^<]+)</a>", listed)[0] == "所持资质的有效期到哪一天？"


def test_a_summary_has_fewer_rows_where_more_stands_below_them(
    site: PageContext, client: FlaskClient
) -> None:
    """What an authority settles takes lines of the one sheet: twelve rows above it made two."""
    company = {
        "kind": "enterprise", "registered_region": "110108", "technology_enterprise": True,
        "fields": ["commercial_space"], "projects_absent": list(supported_kinds(site.catalogue)),
    }  # fmt: skip
    summary = Visitor(client, stored(site, company)).get("/cases/{key}/summary")
    rows = summary.count('<tr><th scope="row">')
    below = summary.split('<ul class="small authority">')[1].split("</ul>")[0]
    lines = len(re.findall('<li>|<span class="line">', below))
    assert lines > 5
    assert 4 <= rows <= (36 - lines) / 3


def test_whoever_has_no_project_says_so_at_once(visitor: Visitor, site: PageContext) -> None:
    """One button for all that is left: a café is not asked of eleven kinds one by one. What it said
    before stands."""
    kind = next(iter(supported_kinds(site.catalogue)))
    visitor.send("/cases/{key}/projects", {f"kind~{kind}": "have", "do": "none"})
    case = load_case(site, visitor.key)
    assert [p["kind"] for p in case.projects] == [kind]
    assert {kind, *case.company["projects_absent"]} == set(supported_kinds(site.catalogue))


def test_the_steps_tell_how_many_questions_are_left(visitor: Visitor, site: PageContext) -> None:
    """No last step stands before further pages: each project that there is says how many are still
    to come, and with how many questions."""
    kinds = list(supported_kinds(site.catalogue))[:2]
    first, second = (len(facts) for facts in relevant_facts(site, Case(""), kinds).values())
    basics = sum(len(s.facts) for s in site.steps) + 1
    page = visitor.get("/cases/{key}/steps/1")
    assert f"还有 {basics} 题" in page
    bar = page.split('class="steps"')[1].split("</nav>")[0]
    assert f"第 1 步，共 {bar.count('<li')} 步" in bar  # what is counted is what is seen
    visitor.send("/cases/{key}/projects", {f"kind~{kind}": "have" for kind in kinds})
    page = visitor.get("/cases/{key}/projects/p1")
    assert f"项目第 1 个，共 2 个，还有 {first + second} 题" in page
    visitor.send("/cases/{key}/projects/p1", {"do": "skip"})
    page = visitor.get("/cases/{key}/projects/p2")
    assert f"项目第 2 个，共 2 个，还有 {second} 题" in page
    visitor.send("/cases/{key}/projects/p2", {"do": "skip"})
    said = {"company.kind": "enterprise", "company.registered_region": "310115"}
    visitor.post("/cases/{key}/steps/1", do="save", **said)
    asked = len(evaluate_page(site, load_case(site, visitor.key)).to_ask.fresh)
    assert asked
    assert f"最多还有 {asked} 题" in visitor.get("/cases/{key}/next")


ROBOTS = {
    "kind": ["enterprise"], "registered_region": "310115", "fields": ["embodied_intelligence"],
    "certificates": [{"category": CERTIFICATE}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("first_of_kind_product", ["contract_amount"]),
        ("loan", ["loan_uses"]),
        ("event_or_exhibition", ["activity", "relevant_cost", "influential", "world_influence"]),
        ("innovative_product", []),
    ],
)
def test_of_a_project_is_asked_what_matters_to_this_applicant(
    site: PageContext, kind: str, asked: list[str]
) -> None:
    """What can still decide a programme within reach, and what an amount is reckoned from; who has
    said nothing of himself is asked more."""
    case = Case("", ROBOTS)
    assert [f.name for f in relevant_facts(site, case, [kind])[kind]] == asked
    assert len(relevant_facts(site, Case(""), [kind])[kind]) >= len(asked)


def test_another_language_takes_along_the_answer_on_the_result(
    site: PageContext, client: FlaskClient
) -> None:
    """The box with one more question lost its tick."""
    visitor = Visitor(client, stored(site, ROBOTS))
    page = visitor.get("/cases/{key}/result")
    assert f'formaction="/en/cases/{visitor.key}/result"' in page
    asked = re.search(r'name="asked" value="([^"]+)"', page)
    assert asked
    codes = site.vocabulary.codes_of(site.vocabulary.facts[asked[1]])
    assert codes
    said = next(iter(codes.codes))
    visitor.prefix = "/en"
    answer = visitor.send("/cases/{key}/result", {"do": "language", asked[1]: said})
    assert f'value="{said}" checked' in visitor.shown_again(answer)


def test_of_a_project_is_asked_on_the_page_that_asks_whether_there_is_one(
    site: PageContext, client: FlaskClient
) -> None:
    """Where an answer cannot be read nothing is saved and all stands there again; otherwise the
    answers come next. What stands below a kind that there is none of is not looked at."""
    visitor = Visitor(client, stored(site, ROBOTS))
    named = "new.first_of_kind_product.project.contract_amount"
    assert f'name="{named}"' in visitor.get("/cases/{key}/projects")
    other = "new.event_or_exhibition.project.relevant_cost"
    have = {
        "kind~first_of_kind_product": "have",
        f"{named}~was": "",
        f"{other}~was": "",
        other: "?",
    }
    answer = visitor.send("/cases/{key}/projects", {**have, named: "about much"})
    page = visitor.shown_again(answer)
    assert 'value="about much"' in page
    assert 'href="#new-first_of_kind_product-project-contract_amount"' in page
    assert not load_case(site, visitor.key).projects
    answer = visitor.send("/cases/{key}/projects", {**have, named: "6000万"})
    assert answer.headers["Location"].endswith("/answers")
    (project,) = load_case(site, visitor.key).projects
    assert project == {
        "ref": "p1", "kind": "first_of_kind_product", "contract_amount": "60000000"
    }  # fmt: skip


def test_what_does_not_matter_is_folded_and_no_page_asks_nothing(
    site: PageContext, client: FlaskClient
) -> None:
    """A product of which nothing need be said leads on to the answers; an amount that is stated
    stands open, whatever it decides."""
    projects = [{"ref": "p1", "kind": "loan", "loan_principal": "5000000"}]
    visitor = Visitor(client, stored(site, ROBOTS, projects=projects))
    open_, folded = visitor.get("/cases/{key}/projects/p1").split('<details class="rare">', 1)
    assert 'name="project.loan_principal"' in open_
    assert 'name="project.loan_uses"' in open_
    assert 'name="project.lpr"' in folded
    have: dict[str, Any] = {"kind~innovative_product": "have"}
    answer = visitor.send("/cases/{key}/projects", have)
    assert answer.headers["Location"].endswith("/answers")


def test_kinds_of_project_that_nobody_here_supports_are_folded(
    site: PageContext, client: FlaskClient
) -> None:
    """An enterprise in Beijing was asked of eleven kinds, nine of them Shanghai's; who has not said
    where it is sees all."""
    beijing = {**ROBOTS, "registered_region": "110108"}
    assert relevant_kinds(site, Case("", beijing)) == {"loan", "innovation_centre"}
    assert relevant_kinds(site, Case("", {})) == set(supported_kinds(site.catalogue))
    key = stored(site, {**beijing, "projects_absent": ["loan"]})
    page = Visitor(client, key).get("/cases/{key}/projects")
    open_, folded = page.split('<details class="rare">', 1)
    assert 'name="kind~loan"' in open_
    assert 'name="kind~service_platform"' in folded


def test_titles_of_the_applicants_own_kind_stand_first(site: PageContext) -> None:
    """An enterprise meets the enterprises' titles before what an incubator is on the list for; to a
    bank they are among what is folded."""
    fact = site.vocabulary.facts["company.recognitions"]
    asked = {
        kind: fields_for(site, Case("", {"kind": [kind]}), [fact])[0]
        for kind in ("enterprise", "incubator", "bank")
    }
    titles = {kind: [o.code for o in (*f.likely, *f.further)] for kind, f in asked.items()}
    assert titles["enterprise"].index("unicorn") < titles["enterprise"].index(INCUBATOR)
    assert titles["incubator"][0] == INCUBATOR
    assert "unicorn" not in [option.code for option in asked["bank"].likely]
    # Of what an incubator may be as well, nothing stands beside its own.
    assert "unicorn" in [o.code for o in asked["incubator"].further]
    shop = Case("", {"kind": ["individual_business"], "registered_region": "420111"})
    (nobody,) = fields_for(site, shop, [fact])
    assert not nobody.likely  # no programme for a shop there looks at any of them


def test_a_title_that_a_programme_may_come_to_look_at_is_offered(site: PageContext) -> None:
    """Who is abroad and has no site here is whom article 17 of Beijing's plan wants to come: what
    it looks at stood among what "no programme for your kind and place looks at"."""
    abroad = {"kind": ["foreign_institution"], "registered_region": "990000"}
    case = Case("", {**abroad, "presence_regions": []})
    (titles,) = fields_for(site, case, [site.vocabulary.facts["company.recognitions"]])
    assert "top_foreign_investor" in [o.code for o in titles.likely]
    case = Case("", {**abroad, "founding_regions": ["310115"]})  # a branch, but not in Beijing
    (titles,) = fields_for(site, case, [site.vocabulary.facts["company.recognitions"]])
    assert "top_foreign_investor" in [o.code for o in titles.unlikely]


def test_zones_of_other_places_are_folded(site: PageContext) -> None:
    """A firm of Wuhan was offered Beijing's zones, which nothing within its reach looks at, and one
    of Shanghai the zone of Wuhan, where a programme for the whole country is; who would found
    something there is offered it."""
    fact = site.vocabulary.facts["company.zones"]
    firm = Case("", {"kind": ["enterprise"], "registered_region": "420106"})
    (zones,) = fields_for(site, firm, [fact])
    assert "east_lake" in [o.code for o in zones.likely]
    assert {"zhongguancun", "beijing_etown"} <= {o.code for o in zones.unlikely}
    for more, near in ({}, False), ({"founding_regions": ["420111"]}, True):
        firm = Case("", {"kind": ["enterprise"], "registered_region": "310115", **more})
        (zones,) = fields_for(site, firm, [fact])
        assert "lingang" in [o.code for o in zones.likely]
        assert ("east_lake" in [o.code for o in zones.likely]) is near


def test_a_question_with_nothing_to_choose_is_folded(
    site: PageContext, client: FlaskClient
) -> None:
    """Its only choice was "none of these titles"."""
    key = stored(site, {"kind": ["university"], "registered_region": "420106"})
    asked, folded = Visitor(client, key).get("/cases/{key}/steps/2").split("目前不看的，不用填")
    assert 'id="company-recognitions"' not in asked
    assert 'id="company-recognitions"' in folded
    assert "还有 2 题" in asked
    assert 'id="company-technical_business"' not in asked  # it is read off the others


def test_fields_stand_below_what_they_are_part_of(site: PageContext) -> None:
    """Twenty-nine in no order that one can see were six broad ones, then eleven, then Beijing's."""
    fact = site.vocabulary.facts["company.fields"]
    codes = site.vocabulary.lists["fields"].codes
    listed = [o.code for o in fields_for(site, Case("", {}), [fact])[0].options]
    broader = {c: codes[c].parents[0] for c in listed if codes[c].parents}
    assert len(broader) > 10
    for code, above in broader.items():
        between = listed[listed.index(above) + 1 : listed.index(code)]
        assert listed.index(above) < listed.index(code)
        assert all(codes[c].parents for c in between)  # others that are part of it
    broad = {o.code for o in fields_for(site, Case("", {}), [fact])[0].options if o.is_broad}
    assert broad == {c for c in listed if not codes[c].parents}  # on a line of its own


def test_what_other_answers_settle_is_folded(site: PageContext, client: FlaskClient) -> None:
    """A university is not asked for the certificates of small firms; an enterprise is."""
    for kind, folded in (("university", True), ("enterprise", False)):
        key = stored(site, {"kind": [kind], "registered_region": "310104"})
        page = Visitor(client, key).get("/cases/{key}/steps/2")
        parts = page.split("按前面的回答推定为否或无")
        assert (len(parts) == 2) is folded
        assert ('id="company-certificates"' in parts[0]) is not folded
        assert 'id="company-fields"' in parts[0]


@pytest.mark.parametrize(
    ("kind", "zh", "en"),
    [
        ("public_institution", "公立医院", "public hospital"),
        ("social_organisation", "民办学校", "private school"),
        ("other", "农民专业合作社", "farmers&#39; cooperative"),
    ],
)
def test_who_is_not_named_among_the_kinds_is_told_where_he_belongs(
    client: FlaskClient, kind: str, zh: str, en: str
) -> None:
    """A hospital, a private school and a cooperative found none that they knew for their own."""
    for path, who in (("/", zh), ("/en/", en)):
        page = client.get(path).get_data(as_text=True)
        line = re.search(rf'name="company.kind" value="{kind}"> .*?<small>([^<]+)</small>', page)
        assert line
        assert who in line[1]


def test_every_title_that_nobody_has_defined_is_explained(site: PageContext) -> None:
    """In a line, where it is offered to be ticked: how many programmes look at it says nothing."""
    codes = site.vocabulary.lists["recognitions"].codes.values()
    undefined = [c for c in codes if c.undefined]
    assert undefined
    assert all(c.help for c in undefined)


def test_of_many_titles_the_page_shows_the_nearest(
    site: PageContext,
) -> None:
    """Who says only that it is an enterprise meets six titles; the others are folded, and what is
    chosen is not."""
    fact = site.vocabulary.facts["company.recognitions"]
    case = Case("", {"kind": ["enterprise"]})
    asked = fields_for(site, case, [fact])[0]
    assert len(asked.likely) == 6
    assert asked.further
    case.company["recognitions"] = [asked.further[-1].code]
    again = fields_for(site, case, [fact])[0]
    assert asked.further[-1].code in [o.code for o in again.likely]
    assert len(again.likely) + len(again.further) == len(asked.likely) + len(asked.further)


def test_no_sum_stands_beside_a_list_that_nobody_ticks_whole(
    site: PageContext, client: FlaskClient
) -> None:
    """What a café would need to be an incubator, a cluster and a unicorn for; beside it stands how
    many programmes an answer settles."""
    key = stored(site, {"kind": ["enterprise"], "registered_region": "310106"}, asked_facts=[
        f"company.{name}" for name in ("fields", "certificates", "technology_enterprise")
    ])  # fmt: skip
    page = client.get(f"/cases/{key}/result").get_data(as_text=True)
    assert asked_of(page) == ["company.recognitions"]
    assert re.search(r"关系到 \d+ 项，其中 \d+ 项答完就能判断", page)
    assert "金额上限合计" not in page


def test_a_place_is_looked_over_with_what_it_lies_in(
    site: PageContext, client: FlaskClient
) -> None:
    """There are two 朝阳区."""
    told = {"registered_region": "110105", "presence_regions": ["220104"]}
    key = stored(site, {**told, "projects_absent": ["loan"]})
    page = client.get(f"/cases/{key}/answers").get_data(as_text=True)
    assert "北京市 朝阳区" in page
    assert "吉林省 长春市 朝阳区" in page
    assert "<h2>没有的项目</h2><p>用于经营或研发的贷款</p>" in page  # denied is looked over, too


def test_places_that_are_not_listed_are_counted(client: FlaskClient) -> None:
    """Of seventeen in Shanghai five were left out without a word."""
    name = "company.registered_region"
    page = client.get(f"/options/{name}", query_string={f"{name}~q": "上海"}).text
    assert page.count('type="radio"') == 12 + 1  # and 暂不清楚
    assert "还有 5 个没有列出" in page
    page = client.get(f"/options/{name}", query_string={f"{name}~q": "上海松江"}).text
    assert "没有列出" not in page


def test_what_matters_to_ones_kind_alone_is_asked_before_the_result(
    site: PageContext, client: FlaskClient
) -> None:
    """Of a fund, which sort it is: it was asked which certificates of small firms it holds. What is
    not sent with the page stays as it was stated."""
    fund = {"kind": ["fund_manager"], "registered_region": "110108"}
    key = stored(site, {**fund, "investor_types": ["venture_capital"]})
    visitor = Visitor(client, key)
    page = visitor.get("/cases/{key}/steps/2")
    assert page.index('id="company-investor_types"') < page.index('id="company-fields"')
    assert visitor.post("/cases/{key}/steps/2").status_code == 303
    assert load_case(site, key).company["investor_types"] == ["venture_capital"]
    answered = {"company.investor_types": "private_equity", "company.investor_types~was": ""}
    assert visitor.post("/cases/{key}/steps/2", **answered).status_code == 303
    firm = stored(site, {"kind": ["enterprise"], "registered_region": "110108"})
    assert "investor_types" not in Visitor(client, firm).get("/cases/{key}/steps/2")


def test_what_is_folded_as_settled_is_not_counted_as_still_to_come(
    site: PageContext, client: FlaskClient
) -> None:
    """A university is not asked what is taken to be no; the number above the page agrees."""
    counts = []
    for kind in ("enterprise", "university"):
        page = Visitor(client, stored(site, {"kind": [kind]})).get("/cases/{key}/steps/2")
        (left,) = re.findall(r"还有 (\d+) 题", page)
        counts.append(int(left))
    assert counts[1] < counts[0]


def test_a_state_has_one_name_on_a_page(visitor: Visitor, site: PageContext) -> None:
    """In the head, above the group and in the card; the days of a report are not a document's."""
    programme = next(p for p in site.catalogue.programmes.values() if p.id == "sh-08-first-set")
    fit = visitor.get(f"/cases/{{key}}/programmes/{programme.id}")
    assert "<b>补充信息后可判断</b>" in fit
    result = visitor.get("/cases/{key}/result")
    assert "尚不能判断" not in fit + result
    assert "补充信息后可判断 " in result
    news = next(p.id for p in site.catalogue.programmes.values() if p.id in site.catalogue.reported)
    assert "报道所述安排的时间" in visitor.client.get(f"/programmes/{news}").text
