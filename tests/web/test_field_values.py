"""What a person writes in a field is understood, or asked back in words."""

import re
from dataclasses import replace

import pytest
from werkzeug.datastructures import MultiDict

from service.web.cases import Case
from service.web.field_values import UnreadableInput, read_value
from service.web.fields import fields_for
from service.web.ports import PageContext


def value(site: PageContext, fact: str, *fields: tuple[str, str]) -> object:
    """What a form with these fields says of a fact."""
    return read_value(site.vocabulary.facts[fact], site.vocabulary, MultiDict(list(fields)), None)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("", None),
        ("52000000", "52000000"),
        ("52,000,000", "52000000"),
        ("52，000，000 元", "52000000"),
        ("５２００万", "52000000"),
        ("5200 万元", "52000000"),
        ("0.52亿", "52000000"),
        ("￥60,000,000", "60000000"),
        ("六千万", "60000000"),
        ("6000w", "60000000"),
        ("约6000万", "60000000"),
        ("6000元", "6000"),
        ("1200.50 元", "1200.5"),
        ("-5", "-5"),
        ("0", "0"),
    ],
)
def test_amounts_may_be_written_as_people_do(
    site: PageContext, written: str, read: str | None
) -> None:
    """万 and 亿, separators and full-width digits come out as plain yuan; blank is unknown."""
    assert value(site, "company.revenue", ("company.revenue", written)) == read


@pytest.mark.parametrize("written", ["5e7", "1.2.3", "about 5", "大概300", "万", "٣", "100万美元"])
def test_what_is_no_amount_is_said_so(site: PageContext, written: str) -> None:
    """Nothing is guessed from words or exponents."""
    with pytest.raises(UnreadableInput):
        value(site, "company.revenue", ("company.revenue", written))


def test_a_small_bare_number_is_asked_for_its_unit(site: PageContext) -> None:
    """6000 may be yuan or ten thousands of them; once it is stated, the form shows it with 元."""
    with pytest.raises(UnreadableInput) as unclear:
        value(site, "company.revenue", ("company.revenue", "6000"))
    assert "万元" in unclear.value.words.zh
    case = Case("", {"revenue": "6000"})
    (shown,) = fields_for(site, case, [site.vocabulary.facts["company.revenue"]])
    assert value(site, "company.revenue", ("company.revenue", shown.text)) == "6000"


@pytest.mark.parametrize(
    ("written", "read"),
    [("3%", "0.03"), ("3.45％", "0.0345"), ("0.03", "0.03"), ("百分之三", "0.03"),
     ("3个点", "0.03"), ("about 3 percent", "0.03")],
)  # fmt: skip
def test_a_share_may_be_written_in_per_cent(site: PageContext, written: str, read: str) -> None:
    """The loan prime rate is a share; whoever writes 3% means 0.03."""
    assert value(site, "project.lpr", ("project.lpr", written)) == read


def test_a_share_above_its_limit_is_asked_whether_it_is_a_percentage(site: PageContext) -> None:
    with pytest.raises(UnreadableInput, match="write 3%"):
        value(site, "project.lpr", ("project.lpr", "3.0"))


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("上海徐汇", "310104"),
        ("江西省吉安市新干县", "360824"),
        ("３１０１０４", "310104"),
    ],
)
def test_a_place_is_read_as_a_licence_prints_it(site: PageContext, written: str, code: str) -> None:
    """With or without blanks, whole or cut short, in full-width digits."""
    name = "company.registered_region"
    assert value(site, name, (f"{name}~q", written)) == code


@pytest.mark.parametrize(
    ("written", "read"), [("", None), ("120", 120), ("１２０", 120), ("1,200", 1200)]
)
def test_whole_numbers(site: PageContext, written: str, read: int | None) -> None:
    """Full-width digits and separators are understood."""
    assert value(site, "company.employees", ("company.employees", written)) == read


@pytest.mark.parametrize("written", ["12.5", "many"])
def test_what_is_no_whole_number_is_said_so(site: PageContext, written: str) -> None:
    """A fraction of an employee is not rounded."""
    with pytest.raises(UnreadableInput):
        value(site, "company.employees", ("company.employees", written))


def test_a_point_in_a_whole_number_parts_thousands_where_people_write_so(site: PageContext) -> None:
    """Half a person is none; of an amount it may part decimals, and is asked about."""
    portuguese = replace(site.vocabulary, languages=("pt",))
    facts, form = portuguese.facts, MultiDict([("company.employees", "1.050")])
    assert read_value(facts["company.employees"], portuguese, form, None) == 1050
    amount = MultiDict([("company.revenue", "1.050")])
    with pytest.raises(UnreadableInput):
        read_value(facts["company.revenue"], portuguese, amount, None)


def test_no_choice_is_unknown_and_none_of_these_is_the_empty_list(site: PageContext) -> None:
    """The two are told apart: one is asked again, the other decides."""
    name = "company.recognitions"
    assert value(site, name) is None
    assert value(site, name, (name, "~none")) == []
    assert value(site, name, (name, "unicorn")) == ["unicorn"]
    with pytest.raises(UnreadableInput):
        value(site, name, (name, "unicorn"), (name, "~none"))


def test_yes_no_and_not_sure(site: PageContext) -> None:
    """Not sure is neither."""
    name = "company.owns_core_ip"
    assert value(site, name, (name, "true")) is True
    assert value(site, name, (name, "false")) is False
    assert value(site, name, (name, "")) is None


@pytest.mark.parametrize("asked", ["310115", "浦东新区", "上海 浦东", "pdxq", "Pudong"])
def test_a_region_is_found_by_code_name_or_initials(site: PageContext, asked: str) -> None:
    """The one place that the words can mean is taken, without JavaScript."""
    assert value(site, "company.registered_region", ("company.registered_region~q", asked)) == (
        "310115"
    )


def test_a_name_that_several_places_bear_is_asked_back(site: PageContext) -> None:
    """There is a Chaoyang in Beijing and one in Changchun: neither is guessed."""
    with pytest.raises(UnreadableInput) as caught:
        value(site, "company.registered_region", ("company.registered_region~q", "朝阳区"))
    assert {"110105", "220104"} <= set(caught.value.candidates)


def test_the_chosen_candidate_is_taken(site: PageContext) -> None:
    """A choice among the candidates settles what the words left open."""
    name = "company.registered_region"
    assert value(site, name, (f"{name}~q", "朝阳区"), (name, "110105")) == "110105"


def test_other_words_replace_an_earlier_choice(site: PageContext) -> None:
    """Whoever searches again means the new place."""
    name = "company.registered_region"
    assert value(site, name, (f"{name}~q", "黄浦区"), (name, "110105")) == "310101"


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ("武汉、新加坡、上海浦东", ["420100", "990000", "310115"]),
        ("武汉；上海市徐汇区", ["420100", "310104"]),
        ("武汉，上海", ["420100", "310000"]),
        ("武汉 上海", ["420100", "310000"]),
        ("武汉和新加坡", ["420100", "990000"]),
        ("Wuhan and Singapore", ["420100", "990000"]),
        ("Xuhui, Shanghai", ["310104"]),
        ("呼和浩特", ["150100"]),
        ("江西省 吉安市 新干县 金川镇", ["360824"]),
        ("北京市海淀区中关村大街1号，5层", ["110108"]),
    ],
)
def test_places_listed_in_one_field_are_all_taken(
    site: PageContext, written: str, codes: list[str]
) -> None:
    """However they are parted; what names one place with what it lies in is one."""
    name = "company.presence_regions"
    assert value(site, name, (f"{name}~q", written)) == codes


def test_of_places_listed_none_is_left_out_in_silence(site: PageContext) -> None:
    """What cannot be found, or may be several, is asked back; the candidate chosen settles it."""
    name = "company.presence_regions"
    with pytest.raises(UnreadableInput):
        value(site, name, (f"{name}~q", "武汉、亚特兰蒂斯"))
    with pytest.raises(UnreadableInput) as caught:
        value(site, name, (f"{name}~q", "武汉、朝阳区"))
    assert "110105" in caught.value.candidates
    said = ((f"{name}~q", "武汉、朝阳区"), (name, "110105"))
    assert value(site, name, *said) == ["110105", "420100"]


def test_two_places_where_one_is_asked_are_left_to_choose(site: PageContext) -> None:
    """The first of them is not taken for the seat."""
    name = "company.registered_region"
    with pytest.raises(UnreadableInput) as caught:
        value(site, name, (f"{name}~q", "北京、上海"))
    assert caught.value.candidates == ["110000", "310000"]
    assert value(site, name, (f"{name}~q", "北京、上海"), (name, "310000")) == "310000"


def test_certificates_with_their_terms(site: PageContext) -> None:
    """Dates belong to the ticked category only; an unknown date stays away."""
    name = "company.certificates"
    read = value(
        site,
        name,
        (name, "high_tech_enterprise"),
        (f"{name}~issued~high_tech_enterprise", "2024-11-01"),
        (f"{name}~expires~little_giant", "2027-01-01"),
    )
    assert read == [{"category": "high_tech_enterprise", "issued_on": "2024-11-01"}]


def test_awards_row_by_row(site: PageContext) -> None:
    """A row without a purpose is no award."""
    name = "company.awards_received"
    read = value(
        site,
        name,
        (f"{name}~0~purpose", "scenario"),
        (f"{name}~0~amount", "50万"),
        (f"{name}~0~year", "2025"),
        (f"{name}~0~granted_on", "2025-03-02"),
        (f"{name}~0~object", "Robot arm"),
        (f"{name}~0~programme", "sh-09-scenario-build"),
        (f"{name}~1~amount", "10万"),
    )
    assert read == [
        {
            "purpose": "scenario",
            "amount": "500000",
            "year": 2025,
            "granted_on": "2025-03-02",
            "object": "Robot arm",
            "programme": "sh-09-scenario-build",
        }
    ]


@pytest.mark.parametrize("name", ["company.fields", "company.recognitions"])
def test_none_of_these_is_offered_once(site: PageContext, name: str) -> None:
    """A list with a word of its own for it offers that, open and last, and nothing beside it; what
    was stated to be none stands so."""
    fact = site.vocabulary.facts[name]
    codes = site.vocabulary.codes_of(fact)
    assert codes is not None
    assert codes.none_code is not None
    case = Case("", {"kind": ["enterprise"], fact.name: []}, [])
    (field,) = fields_for(site, case, [fact])
    assert field.denial is not None
    assert (field.denial.code, field.denial.chosen) == (codes.none_code, True)
    assert field.denial not in (*field.likely, *field.further, *field.unlikely)
    other = next(code for code in codes.codes if code != codes.none_code)
    with pytest.raises(UnreadableInput) as told:
        value(site, name, (name, codes.none_code), (name, other))
    assert codes.label_of(codes.none_code).zh in told.value.words.zh


def test_a_count_may_be_about(site: PageContext) -> None:
    for written, count in (("约14人", 14), ("20多人", 20), ("twelve", 12)):
        assert value(site, "company.employees", ("company.employees", written)) == count


@pytest.mark.parametrize(
    ("name", "written", "told"),
    [
        ("company.employees", "十几", "write one figure, such as 15"),
        ("company.employees", "50-100", "write one figure, such as 15"),
        ("project.tenor_months", "很久", "such as 36"),
        ("project.lpr", "LPR", "such as 12.5%"),
        ("company.revenue", "没有", "write 0"),
        ("company.revenue", "没有收入", "write 0"),
        ("company.revenue", "none", "write 0"),
        ("company.employees", "没有员工", "write 0"),
        ("company.first_above_scale_year", "去年", "four figures"),
        ("company.first_above_scale_year", "23年", "four figures"),
    ],
)
def test_what_to_write_instead_is_told_for_that_field(
    site: PageContext, name: str, written: str, told: str
) -> None:
    with pytest.raises(UnreadableInput, match=told):
        value(site, name, (name, written))


def test_a_hint_names_choices_as_they_are_called(site: PageContext) -> None:
    """“以上均无” was to be chosen where the choice is called 都没有."""
    for fact in site.vocabulary.company:
        codes = site.vocabulary.codes_of(fact)
        called = [code.label.zh for code in codes.codes.values()] if codes else []
        for named in re.findall("选“([^”]+)”", fact.help.zh):
            known = [*called, "都没有", "是", "否"]
            assert any(label.startswith(named) for label in known), (fact.id, named)
