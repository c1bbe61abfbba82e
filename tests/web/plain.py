"""The smallest catalogue the rule language allows: no kinds of project, no fields, no levels, no
window. What pages take for granted they must not need."""

from pathlib import Path

_VOCABULARY = """\
units:
  person: {zh: 人, en: person}
facts:
  company.kind:
    type: code
    list: kinds
    label: {zh: 类型, en: Kind}
    question: {zh: 是哪一类？, en: "Which kind?"}
    help: {zh: 选一项。, en: Choose one.}
  company.staff:
    type: integer
    unit: person
    minimum: 0
    label: {zh: 人数, en: Staff}
    question: {zh: 有多少人？, en: "How many people?"}
    help: {zh: 年末人数。, en: At the end of the year.}
    changeable: true
lists:
  kinds:
    label: {zh: 主体类型, en: Kinds}
    source: made up
    codes:
      workshop: {zh: 工坊, en: Workshop}
  regions:
    label: {zh: 地区, en: Regions}
    source: made up
    codes:
      "1": {zh: 丘地, en: Hill}
  instruments:
    label: {zh: 方式, en: Instruments}
    source: made up
    codes:
      subsidy: {zh: 补助, en: Subsidy}
"""
_MEASURE = f"""\
id: plain-1
number: 丘办〔2031〕1号
title: {{zh: 工坊补助办法, en: Support for workshops}}
issuers: [{{zh: 丘地, en: Hill}}]
issued_on: 2025-12-20
reviewed_on: 2026-06-01
window: {{}}
jurisdiction: "1"
evidence: official
source: made up for tests
decided_by: {{zh: 丘地, en: Hill}}
departments: [{{zh: 丘地, en: Hill}}]
articles:
  - number: 1
    title: {{zh: 补助, en: Grant}}
    gist: {{zh: 补助人多的工坊。, en: Supports workshops with many people.}}
    digest: sha256:{"0" * 64}
"""
_PROGRAMME = """\
id: plain-grant
name: {zh: 工坊补助, en: Grant for workshops}
summary: {zh: 十人以上的工坊可得补助。, en: A grant for workshops of ten and more.}
article: 1
instrument: subsidy
commitment: entitlement
kinds: [workshop]
conditions: {fact: company.staff, at_least: 10}
given: {company.kind: workshop, company.staff: 10}
examples:
  - say: ten are enough
    expect: {status: eligible}
  - say: nine are not
    with: {company.staff: 9}
    expect: {status: ineligible}
  - say: nobody said
    with: {company.staff: unknown}
    expect: {status: undetermined}
"""


_ARTICLE = f"""\
  - number: {{number}}
    title: {{{{zh: 说明, en: Note}}}}
    gist: {{{{zh: 第 {{number}} 条的概括。, en: What article {{number}} says.}}}}
    digest: sha256:{"0" * 64}
    unmatched: {{{{zh: 只有说明。, en: It only explains.}}}}
"""


def write_long_catalogue(folder: Path, articles: int, programmes: int) -> tuple[Path, Path]:
    """The same, its one document with many articles and, in the last, many programmes."""
    found = write_plain_catalogue(folder)
    measure = found[0] / "hill" / "plain-1"
    more = "".join(_ARTICLE.format(number=n) for n in range(2, articles + 1))
    (measure / "measure.yaml").write_text(_MEASURE + more, encoding="utf-8")
    for n in range(programmes):
        text = _PROGRAMME.replace("id: plain-grant", f"id: plain-grant-{n}")
        text = text.replace("article: 1", f"article: {articles}")
        (measure / f"grant-{n}.yaml").write_text(text, encoding="utf-8")
    return found


def write_plain_catalogue(folder: Path) -> tuple[Path, Path]:
    """Its files; the folders of policies and of seeds."""
    measure = folder / "policies" / "hill" / "plain-1"
    measure.mkdir(parents=True)
    (folder / "seeds").mkdir()
    (folder / "policies" / "vocabulary.yaml").write_text(_VOCABULARY, encoding="utf-8")
    (measure / "measure.yaml").write_text(_MEASURE, encoding="utf-8")
    (measure / "01-grant.yaml").write_text(_PROGRAMME, encoding="utf-8")
    return folder / "policies", folder / "seeds"
