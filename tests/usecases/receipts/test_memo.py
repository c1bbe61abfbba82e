"""The memo: what was answered, on paper, for a bank's file or a company's board."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from flask.testing import FlaskClient

from service.api.factory import create_app
from service.app import Services
from service.domain.text import Text
from service.faces import api_context
from service.memo import fonts, pdf
from tests.api.sample import data
from tests.usecases.meridian import LIGHTHOUSE, Opener, request

LACKS = Text("没有 Pango", "no Pango")


class Page(HTMLParser):
    """A memo as a reader sees it, and whatever a browser would fetch or run."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        self.text = re.sub(r"\s+", " ", " ".join(self.words))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        outside = {"src", "href", "action", "data", "srcset", "poster", "style"}
        self.fetched += [f"{tag} {k}" for k, _ in attrs if k in outside or k.startswith("on")]
        if tag in ("script", "link", "iframe", "object", "img"):
            self.fetched.append(tag)

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def receipt(client: FlaskClient, asked: dict[str, Any]) -> str:
    given: str = data(client.post("/api/v1/match", json=asked))["receipt_id"]
    return given


def page(client: FlaskClient, receipt_id: str, query: str = "") -> Page:
    response = client.get(f"/api/v1/receipts/{receipt_id}/memo{query}")
    assert response.status_code == 200, response.text
    return Page(response.text)


def full() -> dict[str, Any]:
    """A named company, one of its figures verified, with an award behind it."""
    asked = request(
        name="子午灯塔有限公司",
        awards_received=[
            {
                "purpose": "light",
                "level": "municipal",
                "amount": "500000.00",
                "programme": "another",
            }
        ],
    )
    asked["profile"]["provenance"] = {"projects.p1.contract_amount": "verified"}
    return asked


def test_it_carries_everything_that_an_auditor_asks_for(client: FlaskClient) -> None:
    """Who, when, under which rules, with which receipt; each condition with what was seen, where
    that comes from, and the clause; the amount with its formula; who decides."""
    given = receipt(client, full())
    kept = data(client.get(f"/api/v1/receipts/{given}"))
    text = page(client, given, "?lang=zh").text
    for part in (
        "子午灯塔有限公司",
        "2026-06-01",
        given,
        kept["digests"]["sha256"],
        kept["digests"]["sm3"],
        kept["catalogue_version"],
        kept["engine_version"],
        "灯塔工程补助",
        "可能符合",
        "√",
        "原文写明",
        "子午办〔2026〕1号第 1 条",
        "1,800 万元",
        "30%",
        "能否获批或办成由所列的决定者按规定确定",
        "由谁决定：子午市灯塔局",
        "补助灯塔工程。",
        "2026-01-01 至 2026-12-31",
        "照明（市级，50 万元，由“another”发放）",
        "声明",
    ):
        assert part in text, part
    assert not re.search(r"\bp1\b", text)  # of one project no reference is told
    row = re.search(r"合同金额 6,000 万元 (\S+)", text)
    assert row
    assert row[1] == "已核验"
    assert re.search(r"经营地 \S+ 推定", text)
    assert re.search(r"职工数 50 ?\S* 自报", text)


def test_what_holds_of_most_conditions_is_said_once(client: FlaskClient) -> None:
    """Beside a condition stands only what is not declared, and not stated by the text."""
    asked = full()
    asked["profile"]["provenance"]["company.employees"] = "verified"
    text = page(client, receipt(client, asked), "?lang=zh").text
    told = text.split("可能符合的事项")[1].split("所依据的信息")[0]
    assert told.count("自报") == 1
    assert told.count("原文写明") == 1
    assert "（已核验）" in told


def test_it_speaks_english(client: FlaskClient) -> None:
    """By parameter, or by Accept-Language."""
    given = receipt(client, full())
    text = page(client, given, "?lang=en").text
    for part in ("Support programme memo", "Subsidy for lighthouses", "derived", "Disclaimer"):
        assert part in text
    answer = client.get(f"/api/v1/receipts/{given}/memo", headers={"Accept-Language": "en"})
    assert Page(answer.text).text == text
    assert answer.headers["Content-Language"] == "en"


def test_what_fails_is_told_with_its_reason(client: FlaskClient) -> None:
    """A company elsewhere: no programme in full, the condition in the way named."""
    text = page(client, receipt(client, request(registered_region="910000")), "?lang=zh").text
    assert "可能符合的事项" in text
    assert "注册地" in text.partition("其余事项")[2]


def test_what_is_open_says_what_is_missing(client: FlaskClient) -> None:
    """In a line; with every condition where asked."""
    given = receipt(client, request(employees=None))
    usual, whole = page(client, given, "?lang=zh"), page(client, given, "?lang=zh&detail=all")
    assert "职工数" in usual.text.partition("补充信息后可判断的事项")[2]
    assert "职工数：不超过 50" not in usual.text
    assert "补充信息后可判断的事项" not in whole.text
    assert re.search(r"\? 职工数.{1,9}50.{0,9}未填", whole.text)


def test_it_shows_the_rules_of_its_day(opener: Opener) -> None:
    """A memo printed after the rules changed is the memo of what was answered."""
    given = opener().matching.match_json(full())["receipt_id"]
    renamed = opener((LIGHTHOUSE, "灯塔工程补助", "新灯塔补助"))
    later = create_app(api_context(renamed)).test_client()
    text = page(later, given, "?lang=zh").text
    assert "灯塔工程补助" in text
    assert "新灯塔补助" not in text


def test_nothing_is_fetched_and_nothing_is_run(client: FlaskClient) -> None:
    """Names are text, whatever they look like; the style is inside and the policy names it."""
    name = '<script>alert(1)</script> & "某公司" <img src=x onerror=alert(1)>'
    given = receipt(client, request(name=name))
    response = client.get(f"/api/v1/receipts/{given}/memo")
    shown = Page(response.text)
    assert shown.fetched == []
    assert "url(" not in response.text
    assert "@import" not in response.text
    assert re.sub(r"\s+", " ", name) in shown.text
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")


def test_the_pdf_is_the_same_for_the_same_receipt(client: FlaskClient) -> None:
    """Two requests, the same bytes: a file can be compared with another copy of it."""
    given = receipt(client, full())
    first, second = (client.get(f"/api/v1/receipts/{given}/memo?format=pdf") for _ in range(2))
    assert first.mimetype == "application/pdf"
    assert first.data.startswith(b"%PDF-")
    assert first.data == second.data


def test_without_the_typesetting_library_the_html_remains(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """406 with what is missing, in the reader's language."""
    monkeypatch.setattr(pdf, "missing", lambda _: LACKS)
    given = receipt(client, request())
    response = client.get(
        f"/api/v1/receipts/{given}/memo?format=pdf", headers={"Accept-Language": "en"}
    )
    assert (response.status_code, data(response)["code"]) == (406, "not_acceptable")
    assert data(response)["detail"] == "no Pango"
    assert client.get(f"/api/v1/receipts/{given}/memo").status_code == 200


def test_a_font_is_looked_for_that_has_what_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without one, boxes would be printed in silence; where all is written in letters that are
    there no other font is asked for. Signs that are no letters may be missing."""
    assert pdf.missing("公司 société ☃") is None
    monkeypatch.setattr(fonts, "_installed", lambda: ())
    assert "“公司”" in str(pdf.missing("公司 12%"))
    assert pdf.missing("12% — ☃") is None
    monkeypatch.setattr(pdf, "_weasyprint", lambda: None)
    assert "Pango" in str(pdf.missing("société"))


@pytest.mark.parametrize(
    "query", ["?lang=fr", "?format=docx", "?format=html&format=pdf", "?langue=zh", "?detail="]
)
def test_a_wrong_parameter_is_refused(client: FlaskClient, query: str) -> None:
    """As everywhere."""
    response = client.get(f"/api/v1/receipts/{receipt(client, request())}/memo{query}")
    assert (response.status_code, data(response)["code"]) == (422, "invalid_query")


def test_a_memo_of_nothing_is_not_found(client: FlaskClient) -> None:
    """An id that was never given, or was deleted."""
    assert client.get("/api/v1/receipts/nothing/memo").status_code == 404


def test_what_waits_for_an_authority_lists_nothing_as_missing(own_client: FlaskClient) -> None:
    """Nothing is asked for that would settle nothing: a foreign-invested body of unknown ownership
    is left to others either way."""
    profile = {"company": {"kind": "university", "registered_region": "310104",
                           "fields": ["brain_computer_interface"]}}  # fmt: skip
    given = receipt(own_client, {"as_of": "2026-11-22", "profile": profile})
    text = page(own_client, given, "?lang=zh").text
    left = text.partition("待主管部门认定的事项")[2].partition("所依据的信息")[0]
    assert "参与全球未来产业分工" in left
    assert "出资性质" not in left
    assert "外商投资的是否算本土" in left
    assert "主体类型：高等学校，原文所指是否包括" in left


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_programme_of_the_own_catalogue_can_be_printed(
    own_huice: Services, own_client: FlaskClient, language: str
) -> None:
    """Companies of every kind, knowing nothing and knowing a little, with a project of each kind:
    no name, clause or value is without words."""
    vocabulary = own_huice.compiled.catalogue.vocabulary
    projects = [
        {"ref": f"p{i}", "kind": kind}
        for i, kind in enumerate(vocabulary.lists["project_kinds"].codes)
    ]
    for kind in ("enterprise", "bank"):
        for region in ("310115", "110108"):
            company = {"kind": kind, "registered_region": region}
            for profile in ({"company": company}, {"company": company, "projects": projects[:50]}):
                given = receipt(own_client, {"as_of": "2026-11-22", "profile": profile})
                text = page(own_client, given, f"?lang={language}&detail=all").text
                assert "None" not in text
                assert region not in text


def test_a_condition_that_two_groups_ask_is_told_once(own_client: FlaskClient) -> None:
    """A bond asks for the kind of applicant, and among its issuers for a bank again."""
    bank = {"company": {"kind": "bank", "registered_region": "110102"}}
    memo = page(own_client, receipt(own_client, {"as_of": "2026-11-22", "profile": bank})).text
    told = memo[memo.index("科技创新债券") :].split("由谁决定")[0]
    assert told.count("主体类型为银行") == 1


def test_all_that_was_taken_stands_in_what_it_rests_on(own_client: FlaskClient) -> None:
    """What nobody stated is listed as derived, with from what: all else counts as unknown. Two
    programmes of one name are told apart by their places, and what only lets in another kind is
    no condition met."""
    profile = {"company": {"kind": ["enterprise", "foreign_institution"],
                           "registered_region": "110108", "technology_enterprise": True,
                           "fields": ["humanoid_robots"]},
               "projects": [{"ref": "l", "kind": "loan", "tenor_months": 60,
                             "loan_uses": ["operations"]}]}  # fmt: skip
    given = receipt(own_client, {"as_of": "2026-11-22", "profile": profile})
    text = page(own_client, given, "?lang=zh").text
    rests_on = text.partition("所依据的信息")[2].partition("其余事项")[0]
    assert "实际经营地 海淀区 推定（据注册地）" in rests_on
    assert "贷款贴息（北京市）" in text
    assert "贷款贴息（上海市）" in text
    platform = text.partition("E 平台")[2].partition("由谁决定")[0]
    assert "√ 主体类型为跨国公司或境外机构" not in platform
    loan = text.partition("5 年期以上“科创贷”")[2].partition("由谁决定")[0]
    assert "√ 贷款用途包括日常经营周转" in loan
    assert "用于日常经营或创新研发" not in loan  # said already by what it was derived from


def test_a_project_rests_on_what_its_kind_has(own_client: FlaskClient) -> None:
    """What follows for a product of the company's field is told of its product, and neither of its
    staff nor of its research."""
    profile = {"company": {"kind": "enterprise", "registered_region": "310115",
                           "fields": ["quantum_technology"]},
               "projects": [{"ref": "s", "kind": "person", "role": "core_rnd"},
                            {"ref": "r", "kind": "rnd_project"},
                            {"ref": "p", "kind": "first_of_kind_product"}]}  # fmt: skip
    given = receipt(own_client, {"as_of": "2026-11-22", "profile": profile})
    rests_on = page(own_client, given, "?lang=zh").text.partition("所依据的信息")[2]
    of_each = rests_on.partition("其余事项")[0].split("项目：")[1:]
    product = ["属于未来产业的产品 是 推定（据技术领域）" in told for told in of_each]
    assert product == [False, False, True]


def test_support_had_says_what_paid_it(own_client: FlaskClient) -> None:
    """By its purpose alone nobody can tell why what is given once is not given again."""
    award = {"purpose": "basic_research", "year": 2026, "programme": "sh-04-basic-research"}
    company = {"kind": "enterprise", "registered_region": "310115", "awards_received": [award]}
    given = receipt(own_client, {"as_of": "2026-11-22", "profile": {"company": company}})
    rests_on = page(own_client, given, "?lang=zh").text.partition("所依据的信息")[2]
    assert "企业基础研究投入（2026 年，由“企业基础研究投入一次性补助”发放） 自报" in rests_on


def test_a_reason_that_several_share_is_said_once(own_client: FlaskClient) -> None:
    """A foreign firm with a branch in Beijing: whether that is enough is one question for many
    programmes, and one sentence before their names."""
    company: dict[str, Any] = {"kind": "foreign_institution", "registered_region": "990000"}
    company |= {"presence_regions": ["110114"], "fields": ["medicine_health"]}
    profile = {"company": company}
    given = receipt(own_client, {"as_of": "2026-11-22", "profile": profile})
    text = page(own_client, given, "?lang=zh").text
    left = text.partition("待主管部门认定的事项")[2].partition("所依据的信息")[0]
    _, *after = left.split("仅有分支机构、研发机构或团队是否足够")
    assert len(after) == 1
    assert "科技创新债券" in after[0]
    assert "担保费" in after[0]


def test_beside_a_total_stands_what_the_document_says_of_overlaps(own_client: FlaskClient) -> None:
    """Once, with the number of the document; and each programme is told by its own words, not by
    all that its article holds."""
    contract = {"ref": "p1", "kind": "first_of_kind_product", "contract_amount": "60000000.00"}
    company: dict[str, Any] = {"kind": "enterprise", "registered_region": "310112"}
    company |= {"fields": ["embodied_intelligence"]}
    profile = {"company": company, "projects": [contract]}
    given = receipt(own_client, {"as_of": "2026-11-22", "profile": profile})
    text = page(own_client, given, "?lang=zh").text
    total = text.partition("可以同时争取的，上限合计")[2].partition("可能符合的事项")[0]
    assert total.count("沪府办规〔2025〕8号：同一事项如与其他市级政策重复") == 1
    procured = text.partition("可能符合 创新产品政府采购支持")[2].partition("由谁决定")[0]
    assert "沪府办规" in procured
    assert "合同金额" not in procured


def test_a_measure_without_a_clause_on_overlaps_says_nothing_of_them(
    own_client: FlaskClient,
) -> None:
    """Xingan pays for a pledged loan up to a cap: beside its total no words about the same matter
    or the same level stand, which its text has not."""
    loan: dict[str, Any] = {"ref": "p1", "kind": "loan", "loan_principal": "10000000.00"}
    loan |= {"lpr": "0.03", "tenor_months": 12, "ip_pledged": True}
    company = {"kind": "enterprise", "registered_region": "360824"}
    profile = {"company": company, "projects": [loan]}
    given = receipt(own_client, {"as_of": "2026-11-22", "profile": profile})
    text = page(own_client, given, "?lang=zh").text
    total = text.partition("可以同时争取的，上限合计")[2].partition("可能符合的事项")[0]
    assert "6 万" in total
    assert not [words for words in ("同一事项", "同一级", "重复") if words in text]


def test_too_early_is_told_from_when(own_client: FlaskClient) -> None:
    """The day before a measure begins, and the day after it ends: when it does, and in which
    document."""
    profile = {"company": {"kind": "enterprise", "registered_region": "310112"}}
    for day in ("2025-09-25", "2030-09-26"):
        given = receipt(own_client, {"as_of": day, "profile": profile})
        text = page(own_client, given, "?lang=zh").text
        assert "评估日不在有效期内：自 2025-09-26 起施行，2030-09-25 届满" in text
        assert "沪府办规〔2025〕8号" in text.partition("政策文件")[2]


def test_nothing_is_told_as_taken_from_silence(own_client: FlaskClient) -> None:
    """What nobody is asked and nobody stated stands in no list of what the answer rests on; what is
    read off it names what was stated."""
    contract = {"ref": "p1", "kind": "first_of_kind_product", "contract_amount": "60000000.00"}
    company: dict[str, Any] = {"kind": "individual_business", "registered_region": "310112"}
    company |= {"recognitions": []}
    profile = {"company": company, "projects": [contract]}
    given = receipt(own_client, {"as_of": "2026-11-22", "profile": profile})
    text = page(own_client, given, "?lang=zh").text
    rests_on = text.partition("所依据的信息")[2].partition("其余事项")[0]
    assert "科技型（科技创新）企业 否 推定（据主体类型）" in rests_on
    assert "技术业务" not in rests_on
    assert "所获认定 未列举 自报" in rests_on  # what nobody has defined is not denied by that
    assert "属于未来产业的产品 是 推定（据项目类型）" in rests_on


def test_of_what_cannot_change_one_thing_is_told(own_client: FlaskClient) -> None:
    """A bank in Beijing asks of Shanghai's support: that it is a bank rules a subsidy for
    borrowers out as its seat does; the first is enough, and it is said that only one is told."""
    profile = {"company": {"kind": "bank", "registered_region": "110102"}}
    given = receipt(own_client, {"as_of": "2026-11-22", "profile": profile})
    told = (
        page(own_client, given, "?lang=zh").text.partition("其余事项")[2].partition("政策文件")[0]
    )
    assert "一条就足以判定不符合的，只写一条" in told
    excluded = told.partition("属于不适用的情形：主体类型为银行 —")[2].partition("不满足")[0]
    assert "贷款贴息（北京市）" in excluded
    assert "贷款贴息（上海市）" in excluded
    assert "主体类型为银行；不满足" not in told


def test_a_fact_that_nobody_is_asked_is_told_to_nobody(own_client: FlaskClient) -> None:
    """Neither as a condition that is met nor as one that is not; and what many facts were taken
    from is said where they stand, with one line above."""
    insurer = {"kind": "insurer", "registered_region": "110102", "founding_regions": ["110102"],
               "foundings": ["technology_insurance_centre"]}  # fmt: skip
    noodles = {"kind": "enterprise", "registered_region": "310112", "fields": ["conventional"],
               "technology_enterprise": False}  # fmt: skip
    university = {"kind": "university", "registered_region": "310110",
                  "fields": ["quantum_technology"]}  # fmt: skip
    hidden = ("没有表示不做技术业务", "会到外地设立机构或基金的主体", "没有表示不上市挂牌",
              "Has not said that", "A body that founds things")  # fmt: skip
    text = ""
    for company, lang in ((insurer, "zh"), (university, "zh"), (noodles, "en")):
        given = receipt(own_client, {"as_of": "2026-11-22", "profile": {"company": company}})
        text = page(own_client, given, f"?lang={lang}").text
        assert not any(words in text for words in hidden)
    assert "; taken " not in text
    assert text.count("items are not stated and are taken from others") == 1
    assert "not met: A subject of innovation — Building demonstration scenarios" in text


def test_an_open_amount_is_called_a_ceiling(own_client: FlaskClient) -> None:
    """A bare figure beside what nobody has decided yet would read as a promise."""
    grown = {"kind": "enterprise", "registered_region": "310112", "in_statistics_register": True,
             "first_above_scale_year": 2021, "recognitions": ["none_of_these"]}  # fmt: skip
    given = receipt(own_client, {"as_of": "2026-11-22", "profile": {"company": grown}})
    assert "第 5 条，金额上限：50 万元" in page(own_client, given, "?lang=zh").text
    assert "art. 5, ceiling: CNY 500,000" in page(own_client, given, "?lang=en").text
