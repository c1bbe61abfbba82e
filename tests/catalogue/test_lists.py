"""Lists grow from any folder, codes retire and are succeeded, and what was saved stays readable."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest

from service.catalogue.loader import load_catalogue
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.clock import Clock
from service.domain.errors import InvalidInput
from service.domain.evaluation.evaluator import Status, evaluate_programme, subjects
from service.domain.evaluation.plausibility import withdrawn_codes
from service.intake.profiles import ProfileReader
from service.intake.saved_profiles import mend_profile
from service.usecases.authoring.examples import run_examples
from service.usecases.matching import MatchService
from tests.catalogue.diagnosing import diagnose
from tests.catalogue.test_loader import good

VOCABULARY = "policies/vocabulary.yaml"
EXTENSIONS = "private/bank/extensions.yaml"
LEASES = """
extends:
  project_kinds:
    bank.lease: {zh: 融资租赁, en: Lease, facts: [project.cost]}
  purposes:
    bank.boats: {zh: 造船, en: Boats, within: [building]}
  kinds:
    bank.branch: {zh: 支行, en: Branch}
"""
LOANS = """
id: bank.loans
number: Loans 1
title: {zh: 贷款, en: Loans}
issuers: [{zh: 岛银行, en: Island Bank}]
issued_on: 2026-01-10
reviewed_on: 2026-11-22
window: {from: 2026-02-01}
jurisdiction: main
evidence: official
source: made up
decided_by: {zh: 岛银行, en: Island Bank}
departments: [{zh: 岛银行, en: Island Bank}]
articles:
  - number: 1
    title: {zh: 租赁, en: Leases}
    gist: {zh: 租赁贷款。, en: Loans for leases.}
    digest: sha256:0000000000000000000000000000000000000000000000000000000000000000
    numbers: []
"""
LEASE = """
id: bank.lease-loan
name: {zh: 租赁或投资贷款, en: Loan for a lease or an investment}
summary: {zh: 按成本放款。, en: A loan by cost.}
article: 1
instrument: grant
commitment: facilitation
supports: [bank.lease, investment]
kinds: [firm, bank.branch]
conditions: {fact: project.cost, at_least: 1_000}
given: {company.kind: firm, project.cost: 1_000}
examples:
  - expect: {status: potential}
  - with: {project.cost: 999.99}
    expect: {status: ineligible}
  - with: {project.cost: unknown}
    expect: {status: undetermined, missing: [project.cost]}
"""


def with_a_bank(**changes: str) -> dict[str, bytes]:
    source = good()
    added = {EXTENSIONS: LEASES, "private/bank/measure.yaml": LOANS,
             "private/bank/lease.yaml": LEASE, **changes}  # fmt: skip
    facts_of_kinds = source[VOCABULARY].replace(
        b"    positive: true\n", b"    positive: true\n    kinds: [investment]\n"
    )
    return {**source, VOCABULARY: facts_of_kinds, **{k: v.encode() for k, v in added.items()}}


def test_a_folder_of_one_s_own_adds_codes_to_lists_of_others() -> None:
    """A kind of project with its facts, a purpose below one of ours, a kind of applicant."""
    catalogue = load_catalogue(with_a_bank())
    lists = catalogue.vocabulary.lists
    assert "bank.lease" in lists["project_kinds"]
    assert lists["purposes"].ancestors("bank.boats") == {"bank.boats", "building"}
    assert catalogue.vocabulary.facts["project.cost"].kinds == ("investment", "bank.lease")
    run = run_examples(CompiledCatalogue(catalogue))
    assert run.failures == ()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("bank.lease: {", "lease: {", "'lease' must begin with 'bank' and a dot"),
        ("  purposes:", "  porpoises:", "there is no list 'porpoises' to extend"),
        (
            "within: [building]",
            "within: [bulding]",
            "there is no code 'bulding' in list 'purposes'",
        ),
        ("[project.cost]", "[company.size]", "'company.size' is no fact of a project"),
    ],
)
def test_what_cannot_be_added_is_told(old: str, new: str, words: str) -> None:
    """Another's namespace, a list that is not there, a broader code that is not there."""
    told = diagnose(with_a_bank(**{EXTENSIONS: LEASES.replace(old, new)}))
    assert any(d.file == EXTENSIONS and words in d.message.en for d in told), told


@pytest.mark.parametrize(
    ("type_", "words"),
    [
        ("number, unit: m2", "there is no unit 'm2' (allowed: year, month, quarter, day, item, "),
        ("number", "company.size_in names no unit: write one (unit: m2), of a share unit: share"),
        ("number, unit: share", None),
        ("number, maximum: 100", None),
        ("number, unit: CNY/month", None),
        ("money, unit: USD", None),
        ("integer", None),
    ],
)
def test_a_number_names_a_unit_that_has_words(type_: str, words: str | None) -> None:
    """Or the most that a score can be; things are counted."""
    text = "label: {zh: x, en: x}, question: {zh: x, en: x}, help: {zh: x, en: x}"
    source = good()
    fact = f"facts: {{company.size_in: {{type: {type_}, {text}}}}}"
    source["policies/extensions.yaml"] = fact.encode()
    told = [str(d) for d in diagnose(source)]
    assert (told == []) if words is None else (words in told[0]), told


def test_nothing_of_ours_can_be_replaced() -> None:
    """A code that stands already is refused, whoever adds it."""
    source = good()
    source["policies/extensions.yaml"] = b"extends: {kinds: {firm: {zh: x, en: x}}}"
    (fault,) = diagnose(source)
    assert "code 'firm' already stands in list 'kinds'" in fault.message.en


def test_a_programme_of_two_kinds_is_judged_for_each_project_of_either() -> None:
    """One match for each such project, none for others, one that is hypothetical without any."""
    compiled = CompiledCatalogue(load_catalogue(with_a_bank()))
    loan = compiled.catalogue.programmes["bank.lease-loan"]

    def matches(*kinds: str, **company: Any) -> list[tuple[str | None, Status]]:
        projects = [{"ref": f"p{i}", "kind": k, "cost": "1000"} for i, k in enumerate(kinds)]
        raw = {"company": {"kind": "firm", **company}, "projects": projects}
        profile, _ = compiled.reader.read(raw)
        found = (evaluate_programme(loan, s, date(2026, 11, 22)) for s in subjects(loan, profile))
        return [(m.subject.ref, m.status) for m in found]

    assert matches("bank.lease", "investment") == [
        ("p0", Status.POTENTIAL),
        ("p1", Status.POTENTIAL),
    ]
    assert matches() == [(None, Status.UNDETERMINED)]
    assert matches(projects_absent=["investment"]) == [(None, Status.UNDETERMINED)]
    assert matches(projects_absent=["investment", "bank.lease"]) == [(None, Status.INELIGIBLE)]


RETIRED = (
    b"small: {zh: \xe5\xb0\x8f\xe5\x9e\x8b, en: Small, successor: micro, retired_on: 2027-01-01}"
)


def reader_of(source: Mapping[str, bytes]) -> ProfileReader:
    return ProfileReader(load_catalogue(source).vocabulary)


def retired() -> ProfileReader:
    source = good()
    small = b"small: {zh: \xe5\xb0\x8f\xe5\x9e\x8b, en: Small}"
    assert small in source[VOCABULARY]
    return reader_of({**source, VOCABULARY: source[VOCABULARY].replace(small, RETIRED)})


def test_a_retired_code_is_read_and_its_successor_named() -> None:
    """Nobody is refused for what was right when it was written; the answer says what to write."""
    reader = retired()
    profile, notices = reader.read({"company": {"size": "small"}})
    assert profile.company["company.size"] == "small"
    assert [(n.code, n.fact, n.text.zh, n.text.en) for n in notices] == [
        (
            "retired_code",
            "company.size",
            "规模中的“小型”自 2027-01-01 起停用，现为“微型”",
            "Size: “Small” is retired since 2027-01-01, now “Micro”",
        )
    ]
    assert not list(withdrawn_codes(profile, reader.vocabulary))  # told once, with its day
    codes = reader.vocabulary.lists["sizes"]
    assert codes.current("small") == "micro"
    assert codes.codes["small"].retired_on == date(2027, 1, 1)


SAVED = {
    "company": {"kind": "firm", "size": "giant", "sector": "weaving", "shoe_size": 43},
    "projects": [
        {"ref": "p1", "kind": "investment", "cost": "8000", "purpose": ["solar", "tidal"]},
        {"ref": "p2", "kind": "investment", "purpose": ["tidal"]},
        {"ref": "p3", "kind": "expedition"},
    ],
    "provenance": {"company.size": "verified", "company.sector": "declared"},
}


def test_a_saved_profile_outlives_codes_facts_and_kinds_that_are_gone() -> None:
    """What is gone is left out and told; the rest stands; a list that loses its last code is
    unknown, not empty."""
    reader = reader_of(good())
    with pytest.raises(InvalidInput):
        reader.read(SAVED)
    mended, notices = mend_profile(reader, SAVED)
    assert mended["company"] == {"kind": "firm", "sector": "weaving"}
    assert mended["projects"] == [
        {"ref": "p1", "kind": "investment", "cost": "8000", "purpose": ["solar"]},
        {"ref": "p2", "kind": "investment"},
    ]
    told = {n.text.en.split("“")[1].split("”")[0] for n in notices}
    assert told == {"Size: giant", "shoe_size: 43", "Purpose: tidal", "Project: expedition"}
    reader.read(mended)
    assert SAVED["company"]["size"] == "giant"  # type: ignore[index]


def test_a_profile_that_nothing_is_wrong_with_stays_as_it_is() -> None:
    """No copy, no notice."""
    sound = {"company": {"kind": "firm"}, "projects": [], "provenance": {}}
    mended, notices = mend_profile(reader_of(good()), sound)
    assert mended is sound
    assert notices == ()


def test_what_is_no_profile_is_not_mended() -> None:
    """Only parts that can be left out are."""
    with pytest.raises(InvalidInput):
        mend_profile(reader_of(good()), {"company": []})


def test_a_list_of_one_kind_is_never_asked() -> None:
    """Where every applicant is a firm, nobody has to say so, and no rule is without conditions for
    it."""
    source = good()
    several = "firm: {zh: 企业, en: Firm}\n      cooperative: {zh: 合作社, en: Cooperative}\n"
    text = source[VOCABULARY].decode()
    assert several in text
    text = text.replace(several, "firm: {zh: 企业, en: Firm}\n").replace(
        "      parish: {zh: 教区, en: Parish}\n", ""
    )
    rule = source["policies/aid/01-solar.yaml"].decode().replace("kinds_open: [cooperative]\n", "")
    rule = rule.replace("given: {company.kind: firm, ", "given: {")
    bare = rule[: rule.index("conditions:")] + "examples: [{expect: {status: eligible}}]\n"
    bare = bare.replace("supports: investment\n", "").replace("id: isles-solar", "id: isles-all")
    files = {VOCABULARY: text, "policies/aid/01-solar.yaml": rule, "policies/aid/02.yaml": bare}
    changed = {path: content.encode() for path, content in files.items()}
    bench = CompiledCatalogue(load_catalogue({**source, **changed}))
    assert run_examples(bench).failures == ()
    clock = Clock(lambda: datetime(2026, 11, 22, tzinfo=UTC), UTC)
    answer = MatchService(bench, clock, lambda: "r", None).match_json({"profile": {}})
    assert "company.kind" not in {q["fact"] for q in answer["next_questions"]}
    assert answer["summary"]["eligible"] == 1
