"""The library as a reader uses it: sorted, narrowed, compared, kept; and what helps to read it."""

import re
from datetime import date, timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from service.domain.rules.conditions import Connective, Group
from service.domain.rules.measures import Evidence
from service.domain.wording.labels import BLOCK
from service.domain.wording.sentences import heading
from service.web.picked import MAX_COMPARED
from service.web.ports import PageContext

FIRST_SET, SCENARIO = "sh-08-first-set", "sh-09-scenario-build"


def listed(client: FlaskClient, query: str) -> list[str]:
    """The programmes on a page of the library, in its order."""
    page = client.get(f"/library?{query}").get_data(as_text=True)
    return re.findall(r'class="row" href="/programmes/([^"]+)"', page)


def total(client: FlaskClient, query: str) -> int:
    """How many programmes the library says there are."""
    found = re.search(r"共 (\d+) 项", client.get(f"/library?{query}").get_data(as_text=True))
    assert found
    return int(found[1])


def test_the_highest_amounts_come_first(client: FlaskClient, site: PageContext) -> None:
    """Sorted so; and what names no amount comes last."""
    known = site.catalogue.programmes
    ceilings = [p.benefit.most for p in known.values() if p.benefit and p.benefit.most]
    benefits = [known[p].benefit for p in listed(client, "sort=amount")]
    shown = [b.most for b in benefits if b and b.most]
    assert shown == sorted(ceilings, reverse=True)[: len(benefits)]


def test_official_documents_come_before_press_reports(
    client: FlaskClient, site: PageContext
) -> None:
    """Where nothing is searched for, also among those of one place."""
    known = site.catalogue.programmes
    for query in ("", "jurisdiction=310000"):
        reported = [known[p].evidence is Evidence.NEWS for p in listed(client, query)]
        assert not reported[0]
        assert reported == sorted(reported)


def test_the_first_to_end_come_first(client: FlaskClient, site: PageContext) -> None:
    """By the last day of the document; an unknown order is none."""
    known = site.catalogue.programmes
    ends = [known[p].window.end or date.max for p in listed(client, "sort=valid_to")]
    assert ends == sorted(ends)
    assert listed(client, "sort=colour") == listed(client, "")


def test_every_department_gives_what_it_promises(client: FlaskClient) -> None:
    """Each count beside a department is what following it gives."""
    page = client.get("/library").get_data(as_text=True)
    links = re.findall(
        r'href="/library\?(department=[^"]+)"><span>[^<]+</span><span class="n">(\d+)</span>', page
    )
    assert len(links) > 5
    for query, count in links[:5]:
        assert total(client, unescape(query)) == int(count)


def test_a_department_belongs_to_its_place(client: FlaskClient, site: PageContext) -> None:
    """The finance bureau of one city is not that of another whose name holds its own; part of a
    name still finds all of whom it is a part."""
    known = site.catalogue.programmes.values()
    own = {p.id for p in known if any(d.zh == "市财政局" for d in p.departments)}
    assert "市财政局（上海市）" in client.get("/library").text
    found = client.get("/api/v1/programmes?department=市财政局&limit=200").get_json()["items"]
    assert {p["id"] for p in found} == own
    assert total(client, "department=财政局") > len(own)


def test_who_finds_nobody_to_ring_is_given_a_department(client: FlaskClient) -> None:
    """Where an official document leaves something to a kind of body and names none; a department
    that answers for it itself is not named twice, and the press lends no department."""
    advice = "可以先问文件列出的部门："
    bank = client.get("/programmes/bj-08-kechuang-loan").get_data(as_text=True)
    assert f"{advice}北京市科学技术委员会" in bank
    for other in ("sh-08-first-set", "n-boc-ai-chain"):
        page = client.get(f"/programmes/{other}").get_data(as_text=True)
        assert "还没有查到公开的申报办法" in page
        assert advice not in page
    # Who reads 执行现有奖励政策的部门 is told in the line itself whom to ask who that is.
    reward = client.get("/programmes/bj-15-invest-reward").get_data(as_text=True)
    assert re.search("向北京市科学技术委员会、[^，。<]+等部门询问由谁办理", reward)
    assert advice not in reward


def test_what_is_only_announced_sends_nobody_to_apply(
    client: FlaskClient, site: PageContext
) -> None:
    """It is told whom to ask how far it is."""
    for programme in site.catalogue.planned:
        page = client.get(f"/programmes/{programme}").text
        assert "还不能申请，进展可以问" in page
        assert "询问怎么" not in page


def test_the_page_before_is_a_link(client: FlaskClient) -> None:
    """From the last page back to the first, by the same programmes."""
    pages, address = [], "/library"
    for _ in range(3):
        page = client.get(address).get_data(as_text=True)
        pages.append(re.findall(r'class="row" href="/programmes/([^"]+)"', page))
        (link,) = re.findall(r'<a class="btn quiet" href="([^"]+)">下一页', page)
        address = unescape(link)
    back = client.get(address).get_data(as_text=True)
    for listed_before in reversed(pages):
        (link,) = re.findall(r'rel="prev" href="([^"]+)"', back)
        back = client.get(unescape(link)).get_data(as_text=True)
        assert re.findall(r'class="row" href="/programmes/([^"]+)"', back) == listed_before
    assert "上一页" not in back


def test_what_changed_says_by_which_day_it_is_listed(client: FlaskClient) -> None:
    """By when it came into the library: a document of a year ago is no new policy."""
    assert "不是文件的发布日期" in client.get("/library?changed_since=2026-01-01").text


def test_programmes_of_one_name_are_compared_by_their_places(client: FlaskClient) -> None:
    """In the heads of the columns, and on a phone before each cell."""
    page = client.get("/programmes/compare?p=sh-10-interest&p=bj-15-interest").text
    assert "</a><small>上海市</small></th>" in page
    assert 'data-name="贷款贴息（北京市）"' in page


def test_the_start_page_names_the_places_that_programmes_are_of(client: FlaskClient) -> None:
    """武汉市 too, whose programmes a source of the province tells of; the country is no place among
    them: that would read as if every city's policies were there."""
    said = re.search("目前收录的地区：([^。]+)，以及适用于全国的政策。", client.get("/").text)
    assert said
    places = set(said[1].split("、"))
    assert {"上海市", "北京市", "武汉市"} <= places
    assert "全国" not in places
    assert ", Xingan County, and policies that hold for all of China." in client.get("/en/").text


def test_who_decides_is_told_of_the_programmes_own_kind(client: FlaskClient) -> None:
    """Of a tax relief no bank decides, and of a policy that the text points to its own rules."""
    for programme in ("bj-15-vc-tax", "bj-15-interest", "bj-04-portfolio-service"):
        assert "由银行" not in client.get(f"/programmes/{programme}").text


def test_only_what_changed_since_a_day(client: FlaskClient, site: PageContext) -> None:
    """Nothing changed after today; since long ago everything is new; what is no day is left out."""
    everything = len(site.catalogue.programmes)
    assert total(client, "changed_since=2000-01-01") == everything
    assert total(client, f"changed_since={site.today() + timedelta(days=1)}") == 0
    assert total(client, "changed_since=yesterday") == everything


def test_programmes_stand_side_by_side(client: FlaskClient) -> None:
    """In the order of the address, with amounts and next steps; never more than fit."""
    page = client.get(f"/programmes/compare?p={FIRST_SET}&p=none&p={SCENARIO}")
    text = page.get_data(as_text=True)
    assert re.findall(r'scope="col"><a href="/programmes/([^"]+)"', text) == [FIRST_SET, SCENARIO]
    assert "最高 2,000 万元" in text
    assert "最高 800 万元" in text
    asked = "&".join(f"p={p}" for p in listed(client, ""))
    many = client.get(f"/programmes/compare?{asked}").get_data(as_text=True)
    assert many.count('scope="col"') == MAX_COMPARED
    left_out = many.split("没有列入：")[1].split("</p>")[0]
    assert left_out.count('href="/programmes/') == len(listed(client, "")) - MAX_COMPARED


@pytest.mark.parametrize("query", ["", f"?p={FIRST_SET}", "?p=none&p=neither"])
def test_fewer_than_two_are_not_compared(client: FlaskClient, query: str) -> None:
    """The page says how to pick them."""
    page = client.get(f"/programmes/compare{query}").get_data(as_text=True)
    assert "勾选两项或三项" in page
    assert "<table" not in page


def test_what_is_kept_stands_in_the_address(client: FlaskClient) -> None:
    """So a plain link hands it on; without any the page says how to keep something."""
    page = client.get(f"/kept?p={SCENARIO}&p={FIRST_SET}&p=none").get_data(as_text=True)
    assert re.findall(r'class="row" href="/programmes/([^"]+)"', page) == [SCENARIO, FIRST_SET]
    assert f'value="http://localhost/kept?p={SCENARIO}' in page
    assert "还没有收藏" in client.get("/kept").get_data(as_text=True)


def test_a_link_to_what_changes_from_today_can_be_stored(
    client: FlaskClient, site: PageContext
) -> None:
    """Without an account: today's link lists what is new or other later on."""
    page = client.get("/kept").get_data(as_text=True)
    found = re.search(r'href="(/library\?changed_since=[^"]+)"', page)
    assert found
    assert found[1].endswith(site.today().isoformat())
    assert client.get(found[1]).status_code == 200


def test_a_document_is_for_readers_and_its_coverage_for_officers(client: FlaskClient) -> None:
    """Numbers and what cannot be judged stand on a page of their own, which the other leads to."""
    reader = client.get("/measures/sh-2025-8").get_data(as_text=True)
    officer = client.get("/measures/sh-2025-8/coverage").get_data(as_text=True)
    assert "/measures/sh-2025-8/coverage" in reader
    for word in ("不能逐家判断的部分", "用于判断或计算", "2000万元"):
        assert word not in reader
        assert word in officer


def test_the_glossary_explains_every_word_of_a_result(
    client: FlaskClient, site: PageContext
) -> None:
    """Every block of a result, and every title that has an explanation."""
    page = unescape(client.get("/glossary").get_data(as_text=True))
    assert [label.zh for label in BLOCK.values() if label.zh not in page] == []
    helps = [c for codes in site.titles for c in codes.codes.values() if c.help]
    assert len(helps) > 10
    assert all(c.label.zh in page and c.help and c.help.zh in page for c in helps)


def test_questions_lead_on(client: FlaskClient) -> None:
    """To the self-check and to the glossary; the footer of every page leads to them."""
    page = client.get("/en/questions").get_data(as_text=True)
    assert 'href="/en/check"' in page
    assert 'href="/en/glossary"' in page
    assert 'href="/questions"' in client.get("/").get_data(as_text=True)


def test_a_chosen_value_is_not_listed_again(client: FlaskClient) -> None:
    """Of many values the chosen one stands first, and each of the others once."""

    def departments(query: dict[str, str]) -> list[str]:
        page = client.get("/library", query_string=query).get_data(as_text=True)
        named = (parse_qs(urlsplit(unescape(a)).query) for a in re.findall(r'href="([^"]+)"', page))
        return [q["department"][0] for q in named if list(q) == ["department"]]

    first, *_ = everything = departments({})
    assert len(everything) > 10
    others = [d for d in departments({"department": first}) if d != first]
    assert sorted(others) == sorted(set(everything) - {first})


def test_a_link_to_a_later_page_outlives_the_catalogue(client: FlaskClient) -> None:
    """Who kept it, or an engine that found it, gets the list from its start."""
    first = listed(client, "q=贷款")
    assert first
    assert listed(client, "q=贷款&cursor=WzI0LCAieCIsICJ5Il0") == first


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_words_of_the_trade_are_explained_where_they_stand(
    client: FlaskClient, site: PageContext, prefix: str
) -> None:
    """In a programme, a comparison and the glossary; folded, so that a keyboard opens it. A page
    without such a word has nothing to fold."""
    term = next(t for t in site.catalogue.glossary.terms if t.name.zh == "QFLP")
    meaning = term.meaning.in_language("en" if prefix else "zh")
    for path in (
        "programmes/bj-16-qflp",
        f"programmes/compare?p=bj-16-qflp&p={FIRST_SET}",
        "glossary",
    ):
        page = unescape(client.get(f"{prefix}/{path}").get_data(as_text=True))
        assert meaning in page, path
    page = client.get(f"{prefix}/programmes/bj-16-qflp").get_data(as_text=True)
    assert '<details class="explained rare"><summary>' in page
    assert "explained" not in client.get(f"{prefix}/programmes/bj-19-contest").get_data(
        as_text=True
    )


def test_a_press_report_is_no_document_that_is_in_force(client: FlaskClient) -> None:
    """Nobody issued it, and it has no number; a document has both."""
    report, document = (client.get(f"/measures/{m}").text for m in ("wh-news-291", "sh-2025-8"))
    of_documents = ("文号", "发文机关", "<dt>文件有效期</dt>", "以正式文件为准")
    assert not any(words in report for words in of_documents)
    assert all(words in document for words in of_documents)
    for words in ("<dt>报道者</dt><dd>人民日报</dd>", "报道不是政策文件", "推定，报道没有写明"):
        assert words in report
    assert "推定，报道没有写明" in client.get("/programmes/w-ma-loan").text
    english = client.get("/en/measures/wh-news-291").text
    assert "简报" not in re.sub(r'lang="zh[^>]*>[^<]*', "", english)


def test_a_press_report_is_cited_in_the_readers_language(
    client: FlaskClient, site: PageContext
) -> None:
    """Its number is a Chinese title; an official document keeps its own."""
    reported = "n-star-1plus6"
    measure = site.catalogue.measures[site.catalogue.programmes[reported].measure]
    page = unescape(client.get(f"/en/programmes/{reported}").get_data(as_text=True))
    assert measure.title.en in page
    assert measure.number not in page
    assert measure.number in client.get(f"/programmes/{reported}").get_data(as_text=True)
    official = site.catalogue.measures["sh-2025-8"].number
    assert official in client.get(f"/en/programmes/{FIRST_SET}").get_data(as_text=True)


def test_of_what_is_only_near_few_are_listed(client: FlaskClient) -> None:
    """A search for what the library has not listed a hundred items, called found."""
    page = client.get("/library?q=社保补贴").get_data(as_text=True)
    assert 'id="nearest"' in page
    assert page.count('<li><a class="row"') <= 10
    assert "最接近的 10 项" in page
    assert "还有不太接近的" in page


def test_what_is_said_by_its_name_does_not_list_what_it_rules_out(
    client: FlaskClient, site: PageContext
) -> None:
    """Below “no bank” stood “the applicant is a bank”, which said the contrary."""
    catalogue = site.catalogue
    programme, ruled_out = next(
        (p, part)
        for p in catalogue.programmes.values()
        for part in p.condition.children
        if isinstance(part, Group) and part.gate is Connective.NOT and part.term_only
    )
    (child,) = ruled_out.children
    other = next(id_ for id_ in catalogue.programmes if id_ != programme.id)
    for path in (f"/programmes/{programme.id}", f"/programmes/compare?p={programme.id}&p={other}"):
        page = client.get(path).get_data(as_text=True)
        assert heading(ruled_out, site.vocabulary).zh in page
        assert f">{heading(child, site.vocabulary).zh}<" not in page
