"""Every page without JavaScript: there in both languages, safe, and honest."""

import gzip
import re
from contextlib import ExitStack
from dataclasses import replace
from html import unescape
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

import pytest
import zstandard
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from service.domain.text import Text
from service.domain.wording.labels import BASIS, BLOCK
from service.memo import pdf
from service.web.cases import Case
from service.web.ports import PageContext
from service.web.questions import check_length, steps
from service.web.site import FACES
from tests.web.conftest import CONTRACT, EMBEDDER, ROBOTS, Visitor
from tests.web.officer import OF_SESSION

OPEN = [
    "/", "/library", "/measures", "/about", "/check", "/desk", "/portal", "/desk/compare",
    "/glossary", "/questions", "/kept",
    "/programmes/compare?p=sh-08-first-set&p=sh-09-scenario-build",
]  # fmt: skip
OF_CASE = [
    "/cases/{key}/steps/1",
    "/cases/{key}/projects",
    "/cases/{key}/next",
    "/cases/{key}/answers",
    "/cases/{key}/facts/revenue",
    "/cases/{key}/facts/awards_received",
    "/cases/{key}/result",
    "/cases/{key}/share",
    "/desk/cases/{key}",
    "/desk/cases/{key}/evidence",
]
EVIL = "\"><script>alert('x')</script><img src=x onerror=alert(1)>{{7*1987}}"
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("prefix", FACES.values())
def test_every_page_is_there_in_every_face(visitor: Visitor, prefix: str) -> None:
    """Chinese and English, alone and embedded."""
    visitor.prefix = prefix
    for path in [*OPEN, *OF_CASE]:
        page = visitor.get(path)
        assert page.startswith("<!doctype html>")
        assert 'lang="en"' in page if "en" in prefix.split("/") else 'lang="zh-Hans-CN"' in page


def test_every_programme_and_measure_has_a_page(client: FlaskClient, site: PageContext) -> None:
    """Also in English, where the chrome has no Chinese left."""
    for path in [
        *(f"/programmes/{p}" for p in site.catalogue.programmes),
        *(f"/measures/{m}" for m in site.catalogue.measures),
    ]:
        for prefix in ("", "/en"):
            assert client.get(prefix + path).status_code == 200, path


@pytest.mark.parametrize("path", [*OPEN, "/cases/{key}/result", "/cases/{key}/share"])
def test_english_pages_speak_english(visitor: Visitor, path: str) -> None:
    """Only proper names stay: the seal, the switch, numbers of documents, the links' language."""
    visitor.prefix = "/en"
    page = re.sub(
        r"<(script|style).*?</\1>|<head>.*?</head>", "", visitor.get(path), flags=re.DOTALL
    )
    texts = [unescape(t).strip() for t in re.findall(r">([^<]+)<", page)]
    chinese = [t for t in texts if HAN.search(t) and not re.search(r"〔20\d\d〕|简报|中文|^惠$", t)]
    assert chinese == []


@pytest.mark.parametrize("path", [*OPEN, *OF_CASE])
def test_no_space_stands_between_two_chinese_sentences(visitor: Visitor, path: str) -> None:
    """A full stop has its own room, also where a link or one more sentence follows."""
    page = re.sub(
        r"<(script|style).*?</\1>|<head>.*?</head>", "", visitor.get(path), flags=re.DOTALL
    )
    text = unescape(re.sub(r"</?(?:a|b|span|small|code|strong)\b[^>]*>", "", page))
    assert re.findall(r"[^<>]{,12}[。；！？][ \n]+[\u4e00-\u9fff“]", text) == []


def test_how_long_it_takes_is_reckoned_from_what_is_asked(
    client: FlaskClient, site: PageContext
) -> None:
    """A catalogue of a few questions is not told to take as long as ours."""
    assert "8 题，约 3 分钟" in client.get("/").text
    assert "先回答 8 题，约 3 分钟" in client.get("/questions").text
    assert "8 questions, about 3 min" in client.get("/en/").text
    (first, *_) = site.steps
    few = (replace(first, facts=first.facts[:3]),)
    assert check_length(few) == {"questions": 3, "minutes": 1}
    assert check_length(()) == {"questions": 0, "minutes": 1}


def test_the_start_counts_programmes_in_english_too(client: FlaskClient, site: PageContext) -> None:
    """By their name, and not by what another page calls the same word."""
    page = client.get("/en/").get_data(as_text=True)
    assert f"<dt>Programmes</dt><dd>{len(site.catalogue.programmes)}</dd>" in page


@pytest.mark.parametrize("pasted", ["", "no address"])
def test_who_compares_nothing_is_asked_again(client: FlaskClient, pasted: str) -> None:
    """With what was pasted, and with a word on it where there was anything."""
    page = client.get("/desk/compare", query_string={"cases": pasted}).get_data(as_text=True)
    assert re.search(rf'<textarea id="cases"[^>]*>{pasted}</textarea>', page)
    assert ("没有认出档案网址" in page) is bool(pasted)


def test_headers_are_strict(client: FlaskClient) -> None:
    """No inline code, no other host, no cookie, no frame, no address told to others."""
    answer = client.get("/check")
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "http" not in policy
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


def test_only_listed_origins_may_embed(client: FlaskClient) -> None:
    """And only the pages made for it."""
    assert f"frame-ancestors {EMBEDDER}" in client.get("/embed").headers["Content-Security-Policy"]
    assert EMBEDDER not in client.get("/").headers["Content-Security-Policy"]


def test_templates_hold_no_inline_code(project_root: Path) -> None:
    """What the policy would block is not there to begin with."""
    for template in (project_root / "service/web/templates").glob("*.html"):
        text = template.read_text(encoding="utf-8")
        assert not re.search(r"""<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=""", text), template.name
        assert "|safe" not in text.replace("bad|safe", ""), template.name


def posts(application: Flask) -> list[str]:
    """Every address of the pages that takes a form of somebody who is not logged in; what needs
    an account is in test_desk.py."""
    return sorted(
        rule.rule
        for rule in application.url_map.iter_rules()
        if rule.endpoint.startswith("pages.") and "POST" in (rule.methods or ())
        if not OF_SESSION.match(rule.rule)
    )


def test_no_form_is_taken_without_its_token(
    application: Flask, client: FlaskClient, visitor: Visitor
) -> None:
    """Every address that takes a form refuses one without a token, with a token of another case,
    and one that another site sent. Forms of a session: test_desk.py."""
    values = {
        "key": visitor.key,
        "number": "1",
        "ref": "p1",
        "fact_id": "company.uscc",
        "name": "uscc",
    }
    other = Visitor(client).begin().token("/cases/{key}/share")
    found = posts(application)
    assert len(found) > 8
    for rule in found:
        address = re.sub(r"<(?:\w+:)?(\w+)>", lambda m: values[m[1]], rule)
        page = "/check" if rule in ("/", "/check", "/desk/login") else "/cases/{key}/share"
        own = visitor.token(page)
        sent = [{}, {"csrf": other}, {"csrf": own + "x"}]
        assert [client.post(address, data=d).status_code for d in sent] == [403] * 3, rule
        foreign = {"Sec-Fetch-Site": "cross-site"}
        assert client.post(address, data={"csrf": own}, headers=foreign).status_code == 403, rule
        foreign = {"Origin": "https://elsewhere.example"}
        assert client.post(address, data={"csrf": own}, headers=foreign).status_code == 403, rule


def test_evil_texts_stay_text(visitor: Visitor) -> None:
    """What is typed is shown, never run: on pages, in fragments, in addresses."""
    visitor.send("/cases/{key}/steps/1", {"company.name": EVIL, "company.kind": "enterprise"})
    seen = [visitor.get(path) for path in OF_CASE]
    assert any("&lt;script&gt;" in page for page in seen)
    bad = visitor.send("/cases/{key}/steps/1", {"company.registered_region~q": EVIL})
    seen.append(bad.get_data(as_text=True))
    for path in ("/library", "/cases/{key}/result", "/desk/open"):
        for field in ("q", "place", "sort", "case", "kind"):
            answer = visitor.client.get(path.format(key=visitor.key), query_string={field: EVIL})
            seen.append(answer.get_data(as_text=True))
    for page in seen:
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert ">13909<" not in page


def test_a_faulty_form_is_shown_again_with_what_was_typed(visitor: Visitor) -> None:
    """Nothing is lost and nothing is saved; the fault stands at its field."""
    fields: dict[str, str | list[str]] = {"company.name": "甲公司", "company.uscc": "123"}
    answer = visitor.send("/cases/{key}/steps/1", fields)
    page = visitor.shown_again(answer)
    assert 'value="123"' in page
    assert "甲公司" in page
    assert 'role="alert"' in page
    assert "甲公司" not in visitor.get("/cases/{key}/answers")


def test_the_journey_without_javascript(visitor: Visitor) -> None:
    """Basics, a project, the result with its ceiling; the count of what is decided grows."""
    before = decided(visitor.get("/cases/{key}/result"))
    basics = {"company.name": "甲公司", "company.kind": "enterprise"}
    visitor.send("/cases/{key}/steps/1", {**basics, "company.registered_region~q": "浦东新区"})
    visitor.send("/cases/{key}/steps/2", {"company.fields": "embodied_intelligence"})
    after = decided(visitor.get("/cases/{key}/result"))
    assert after[0] > before[0]
    answer = visitor.send("/cases/{key}/projects", {"kind~first_of_kind_product": "have"})
    assert answer.headers["Location"].endswith("/projects/p1")
    visitor.send("/cases/{key}/projects/p1", {"project.contract_amount": "6000万"})
    page = visitor.get("/cases/{key}/result")
    assert "最高 1,800 万元" in page
    assert "本单位：" in visitor.get("/cases/{key}/programmes/sh-08-first-set")


def decided(page: str) -> tuple[int, int]:
    """The running count on a page."""
    found = re.search(r"已有结论 (\d+)/(\d+) 项", page)
    assert found
    return int(found[1]), int(found[2])


def test_a_question_put_aside_is_not_asked_again(visitor: Visitor, site: PageContext) -> None:
    """Skipping everything ends at the result, and decides nothing."""
    for step in steps(site.catalogue):
        if not step.projects:
            visitor.post(f"/cases/{{key}}/steps/{step.number}", do="skip")
    visitor.post("/cases/{key}/projects")
    seen: list[str] = []
    page = visitor.client.get(f"/cases/{visitor.key}/next")
    while page.status_code == 200:
        asked = re.findall(r'name="asked" value="([^"]+)"', page.get_data(as_text=True))
        assert asked
        assert not set(asked) & set(seen)
        seen += asked
        visitor.post("/cases/{key}/next", do="skip", asked=asked)
        page = visitor.client.get(f"/cases/{visitor.key}/next")
    assert page.headers["Location"].endswith("/result")
    result = visitor.get("/cases/{key}/result")
    assert 'id="ineligible"' not in result


def test_an_answer_in_place_updates_the_result(visitor: Visitor) -> None:
    """The form on the result page leads back to the result."""
    answer = visitor.send(
        "/cases/{key}/next",
        {"asked": "company.kind", "company.kind": "bank", "back": "case_result"},
    )
    assert answer.headers["Location"].endswith("/result")
    assert "银行" in visitor.get("/cases/{key}/answers")


def test_projects_are_added_and_removed_one_by_one(visitor: Visitor) -> None:
    """Each has a page of its own, and goes alone."""
    visitor.send("/cases/{key}/projects", {"kind~first_of_kind_product": "have"})
    visitor.post("/cases/{key}/projects/p1", do="another", name="x")
    assert visitor.get("/cases/{key}/projects/p2")
    visitor.post("/cases/{key}/projects/p1", do="delete")
    assert visitor.client.get(f"/cases/{visitor.key}/projects/p1").status_code == 404
    assert visitor.get("/cases/{key}/projects/p2")


def test_a_read_only_link_opens_the_result_until_it_is_revoked(visitor: Visitor) -> None:
    """It shows, changes nothing, does not name the case's own address, and can be taken back."""
    page = visitor.post("/cases/{key}/share").get_data(as_text=True)
    found = re.search(r"/shared/([\w-]+)", page)
    assert found
    link = found[0]
    shared = visitor.get(link)
    assert visitor.key not in shared
    assert "<form method" not in shared
    assert visitor.client.get(f"{link}/result.xlsx").status_code == 200
    name = re.search(r'name="name" value="([^"]+)"', visitor.get("/cases/{key}/share"))
    assert name
    visitor.post("/cases/{key}/revoke", "/cases/{key}/share", name=name[1])
    assert visitor.client.get(link).status_code == 404


def test_one_press_deletes_no_case(visitor: Visitor) -> None:
    """The button is folded away behind one that only unfolds it."""
    folded = re.search(r"<details><summary>立即删除</summary>(.*?)</details>",
                       visitor.get("/cases/{key}/share"), re.DOTALL)  # fmt: skip
    assert folded
    assert f'action="/cases/{visitor.key}/delete"' in folded[1]


def test_a_deleted_case_is_gone(visitor: Visitor) -> None:
    """With its links and receipts; the page says so without repeating the address, and what cannot
    be reached."""
    page = visitor.post("/cases/{key}/receipt", "/cases/{key}/share").get_data(as_text=True)
    receipt = re.search(r"/api/v1/receipts/[\w-]+", page)
    assert receipt
    assert visitor.client.get(receipt[0]).status_code == 200
    gone = visitor.post("/cases/{key}/delete", "/cases/{key}/share").get_data(as_text=True)
    assert "由它生成的回执" in gone
    assert "删不到的：运营者此前做的备份" in gone
    assert visitor.client.get(receipt[0]).status_code == 404
    answer = visitor.client.get(f"/cases/{visitor.key}/result")
    assert answer.status_code == 404
    assert visitor.key not in answer.get_data(as_text=True)


def test_a_receipt_keeps_today_s_answer(visitor: Visitor) -> None:
    """It can be read over the API."""
    page = visitor.post("/cases/{key}/receipt", "/cases/{key}/share").get_data(as_text=True)
    found = re.search(r"/api/v1/receipts/([\w-]+)", page)
    assert found
    assert visitor.client.get(found[0]).status_code == 200


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "<r>1 & 2</r>"])
def test_the_spreadsheet_holds_texts_as_texts(visitor: Visitor, name: str) -> None:
    """A name that looks like a formula or like XML is none, and every match has its line."""
    visitor.send("/cases/{key}/steps/1", {"company.name": "=1+1", "company.kind": "enterprise"})
    visitor.send("/cases/{key}/projects", {"kind~standard_or_ip": "have"})
    visitor.send("/cases/{key}/projects/p1", {"project.name": name})
    data = visitor.client.get(f"/cases/{visitor.key}/result.xlsx").data
    book = CalamineWorkbook.from_filelike(BytesIO(data))
    rows = book.get_sheet_by_index(0).to_python()
    conditions = book.get_sheet_by_name("逐条判断").to_python()
    below_denial = [b for a, b in pairwise(conditions) if str(a[1]).startswith("申请方不是")]
    assert below_denial
    assert not any(row[2] for row in below_denial)  # what must not be does not fail
    assert len(rows) == decided(visitor.get("/cases/{key}/result"))[1] + 1
    assert any(name in row for row in rows)


def test_the_spreadsheet_says_what_its_heads_promise(visitor: Visitor) -> None:
    """Whether a condition is written stands beside its clause, and a programme stands under the
    outcome that the page gives it."""
    visitor.send("/cases/{key}/steps/1", {"company.kind": "enterprise"})
    data = visitor.client.get(f"/cases/{visitor.key}/result.xlsx").data
    book = CalamineWorkbook.from_filelike(BytesIO(data))
    heads, *rows = book.get_sheet_by_name("逐条判断").to_python()
    told = [dict(zip(heads, row, strict=True)) for row in rows]
    written = {words.zh for words in BASIS.values()}
    assert {row["是否明写"] for row in told} == written
    assert all(row["依据"] and row["依据"] not in written for row in told)
    heads, *rows = book.get_sheet_by_index(0).to_python()
    outcomes = {row[heads.index("结论")] for row in rows}
    assert "补充信息后可判断" in outcomes <= {words.zh for words in BLOCK.values()}


def test_no_words_of_others_turn_a_page_round(visitor: Visitor) -> None:
    """Neither a name that somebody stated, in his memo and files, nor what a link looks for."""
    evil = "甲\u202egpj\u2067公司"
    visitor.send("/cases/{key}/steps/1", {"company.name": evil, "company.kind": "enterprise"})
    paths = ("/cases/{key}/memo", "/cases/{key}/result", "/cases/{key}/answers")
    shown = [visitor.get(path) for path in (*paths, f"/library?q={quote(evil)}")]
    assert all("甲gpj公司" in page for page in shown)
    assert not any({"\u202e", "\u2067"} & {*page} for page in shown)
    sheet = visitor.client.get(f"/cases/{visitor.key}/result.xlsx")
    assert quote("甲gpj公司") in sheet.headers["Content-Disposition"]


def test_evidence_marks_come_through_to_the_memo(visitor: Visitor) -> None:
    """What the bank has verified is told apart from what was declared."""
    visitor.send("/cases/{key}/steps/1", {"company.name": "甲公司", "company.kind": "enterprise"})
    verified = "<td>已核验</td>"
    assert verified not in visitor.get("/cases/{key}/memo")
    visitor.send("/desk/cases/{key}/evidence", {"company.kind": "verified"})
    assert verified in visitor.get("/cases/{key}/memo")


@pytest.mark.parametrize("page", ["/cases/{key}/result", "/desk/cases/{key}"])
def test_the_memo_is_that_of_a_receipt(visitor: Visitor, page: str) -> None:
    """Printing keeps today's answer; later changes leave the memo of that day as it was."""
    visitor.send("/cases/{key}/steps/1", {"company.name": "甲公司", "company.kind": "enterprise"})
    assert "未留存回执" in visitor.get("/cases/{key}/memo")
    answer = visitor.post("/cases/{key}/memo", page)
    assert answer.headers["Location"].endswith(f"/cases/{visitor.key}/memo")
    kept = visitor.get("/cases/{key}/memo")
    found = re.search(r'class="hash receipt">([\w-]+)<', kept)
    assert found
    stored = visitor.client.get(f"/api/v1/receipts/{found[1]}/memo?lang=zh")
    assert stored.get_data(as_text=True) == kept
    visitor.send("/cases/{key}/steps/1", {"company.name": "乙公司", "company.kind": "bank"})
    assert visitor.get("/cases/{key}/memo") == kept
    visitor.prefix = "/en"
    assert '<html lang="en">' in visitor.get("/cases/{key}/memo")


def test_the_memo_runs_nothing(visitor: Visitor) -> None:
    """Its policy allows its own style only, and what was typed stays text."""
    visitor.send("/cases/{key}/steps/1", {"company.name": EVIL, "company.kind": "enterprise"})
    answer = visitor.client.get(f"/cases/{visitor.key}/memo")
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert "<script>" not in answer.get_data(as_text=True)


def test_pdf_is_offered_where_the_system_can_make_it(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside the memo, for the owner only. Who asks for it where letters lack a font, as of a rare
    name, is told so and what there is instead."""
    offer = 'name="as" value="pdf"'
    if pdf.missing("公司") is None:
        assert offer in visitor.get("/desk/cases/{key}")
        answer = visitor.post("/cases/{key}/memo", "/cases/{key}/result", **{"as": "pdf"})
        assert answer.headers["Location"].endswith("/memo.pdf")
        assert visitor.client.get(answer.headers["Location"]).data.startswith(b"%PDF-")
    monkeypatch.setattr(pdf, "missing", lambda _: Text("字体里没有", "no font has it"))
    answer = visitor.client.get(f"/cases/{visitor.key}/memo.pdf")
    assert (answer.status_code, answer.mimetype) == (406, "text/html")
    assert "字体里没有" in answer.get_data(as_text=True)


def test_clients_are_compared_by_their_addresses(client: FlaskClient, visitor: Visitor) -> None:
    """Links and bare ids both do; what is neither is said so."""
    other = Visitor(client).begin()
    cases = f"http://localhost/desk/cases/{visitor.key}\n{other.key}"
    page = client.get("/desk/compare", query_string={"cases": cases}).get_data(as_text=True)
    for key in (visitor.key, other.key):
        assert page.count(f'<th scope="col"><a href="/desk/cases/{key}">') == 1
    assert client.get("/desk/compare?cases=nonsense").status_code == 200


def test_full_text_and_facets_narrow_the_library(client: FlaskClient, site: PageContext) -> None:
    """Every count that a facet shows is what following it gives."""
    page = client.get("/library?q=贷款").get_data(as_text=True)
    links = re.findall(
        r'href="(/library\?[^"]+)"><span>[^<]+</span><span class="n">(\d+)</span>', page
    )
    assert links
    for link, count in links[:12]:
        found = client.get(unescape(link)).get_data(as_text=True)
        total = re.search(r"共 (\d+) 项", found)
        assert total
        assert total[1] == count, link
    assert "共 " in page
    assert str(len(site.catalogue.programmes)) in client.get("/").get_data(as_text=True)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_what_is_no_utf_8_is_refused_and_not_guessed(visitor: Visitor, prefix: str) -> None:
    """A page says that it could not be read, in the language of its face."""
    told = "cannot be read" if prefix else "不能读取提交的内容"
    asked = visitor.client.get(f"{prefix}/library?q=%D6%D0%B9%FA")
    assert (asked.status_code, told in asked.text) == (400, True)
    form = "application/x-www-form-urlencoded"
    sent = visitor.client.post(
        f"{prefix}/check", data="company.name=%D6%D0%B9%FA", content_type=form
    )
    assert (sent.status_code, told in sent.text) == (400, True)


def test_unknown_addresses_of_pages_are_pages(client: FlaskClient) -> None:
    """A mistyped case or programme answers in HTML with 404; so does a folder, whose files nobody
    lists."""
    for path in ("/programmes/none", "/measures/none", "/cases/none/result", "/shared/none"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert answer.mimetype == "text/html"
    for folder in ("/static", "/static/", "/policies/"):
        assert client.get(folder).status_code == 404


def test_an_address_that_only_takes_forms_is_a_page_for_its_reader(client: FlaskClient) -> None:
    """Whoever loads it from the address line is told to go back, in his language; a program gets
    the problem document."""
    browser = {"Accept": "text/html"}
    for path, words in (
        ("/cases/x/revoke", "这里只接收表单"),
        ("/en/cases/x/revoke", "only takes forms"),
    ):
        answer = client.get(path, headers=browser)
        assert (answer.status_code, answer.mimetype) == (405, "text/html")
        assert answer.headers["Allow"] == "OPTIONS, POST"
        assert words in answer.get_data(as_text=True)
    assert client.get("/cases/x/revoke").mimetype == "application/problem+json"


def test_static_files_keep_for_a_year_under_an_address_of_their_bytes(client: FlaskClient) -> None:
    """A changed file has another address, so nobody sees an old one."""
    found = re.search(r'href="(/assets/style\.css\?v=\w+)"', client.get("/").get_data(as_text=True))
    assert found
    with client.get(found[1]) as answer:
        assert "immutable" in answer.headers["Cache-Control"]


def test_pages_are_light(site: PageContext, client: FlaskClient, project_root: Path) -> None:
    """A first result with everything it loads is sent in 60 kB, to a browser that has nothing of it
    yet; the style sheet is below 28 kB before it is packed."""
    assert (project_root / "service/web/static/style.css").stat().st_size <= 28_000
    key = site.cases.create(Case("", ROBOTS, [CONTRACT]).content(), site.now())
    for prefix, encodings in (("", "gzip"), ("/en", "gzip"), ("", "gzip, deflate, br, zstd")):
        packed = {"Accept-Encoding": encodings}
        address = f"{prefix}/cases/{key}/result"
        plain = client.get(address).get_data(as_text=True)
        loaded = set(re.findall(r'(?:href|src)="(/assets/[^"]+)"', plain))
        assert len(loaded) > 3
        with ExitStack() as opened:
            sent = [
                opened.enter_context(client.get(each, headers=packed))
                for each in (address, *loaded)
            ]
            assert all(a.status_code == 200 for a in sent)
            assert sum(len(a.data) for a in sent) <= 60_000


def test_what_pages_load_is_packed_where_the_browser_takes_it(client: FlaskClient) -> None:
    """A browser that unpacks gets less, one that does not the file as it is; to both it is one. One
    that likes several ways gets what is unpacked fastest."""
    found = re.search(r'href="(/assets/style\.css\?v=\w+)"', client.get("/").get_data(as_text=True))
    assert found
    with (
        client.get(found[1]) as whole,
        client.get(found[1], headers={"Accept-Encoding": "gzip"}) as packed,
    ):
        assert gzip.decompress(packed.data) == whole.data
        assert "Content-Encoding" not in whole.headers
        assert packed.headers["ETag"] == whole.headers["ETag"]
        again = {"If-None-Match": whole.headers["ETag"]}
        with client.get(found[1], headers=again) as unchanged:
            assert unchanged.status_code == 304
        with client.get(found[1], headers={"Accept-Encoding": "gzip, deflate, br, zstd"}) as newer:
            assert newer.headers["Content-Encoding"] == "zstd"
            assert zstandard.decompress(newer.data) == whole.data


def test_one_form_does_not_open_a_hundred_self_checks(client: FlaskClient) -> None:
    """Worn out it is refused in words, and says when to come again."""
    visitor = Visitor(client)
    token = visitor.token("/check")
    answers = [client.post("/check", data={"csrf": token}) for _ in range(21)]
    assert {a.status_code for a in answers[:20]} == {303}
    assert answers[20].status_code == 429
    # Worn out for what is left of the day, and for as long of the next as it still counts.
    assert int(answers[20].headers["Retry-After"]) > 3600
    assert "刷新" in answers[20].get_data(as_text=True)
    assert visitor.begin().key
