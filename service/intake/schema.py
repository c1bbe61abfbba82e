"""The profile's schema, generated from a vocabulary: what may be submitted, and how described."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from marshmallow import fields

from service.domain.facts.code_lists import CodeList
from service.domain.facts.vocabulary import Fact, FactType, Vocabulary
from service.domain.text import LIST_COMMA, Text, join
from service.intake.allowed_values import one_percent
from service.intake.code_values import CodeKind, CodesKind
from service.intake.number_values import Bounds, DecimalKind, IntegerKind
from service.intake.profile_records import (
    AwardRecord,
    CertificateRecord,
    CompanyRecord,
    ProfileRecord,
    ProjectField,
    ProjectRecord,
    ProvenanceMap,
)
from service.intake.programme_names import ProgrammeNames
from service.intake.records import ListOf, LongListed, Nested, Record, Scalar, make_record
from service.intake.values import (
    FIRST_YEAR,
    LAST_YEAR,
    BooleanKind,
    DateKind,
    RefKind,
    TextKind,
    UsccKind,
    ValueKind,
)

MAX_PROJECTS = 200
MAX_CERTIFICATES = 50
MAX_AWARDS = 200

# Nothing is exchanged, so an amount in another currency would be added up as what it is not.
_NOT_OF_AN_AWARD = {
    "currency": Text(
        "金额按发放该支持的事项的币种填写，不作折算；其他币种的，不填 amount",
        "an amount is in the currency of the programme that paid it and nothing is exchanged;"
        " of support in another currency leave amount out",
    )
}
NO_KINDS = CodeList("project_kinds", Text("项目类型", "Kind of project"), {})
YEARS = Bounds(Decimal(FIRST_YEAR), Decimal(LAST_YEAR))


def profile_schema(vocabulary: Vocabulary, programmes: ProgrammeNames) -> ProfileRecord:
    """The schema of a profile in this vocabulary, whose support had may name these programmes.
    Components: Profile, Company, Certificate, Award,
    Project and one record for each kind of project."""
    return _Builder(vocabulary, programmes).profile()


class _Builder:
    def __init__(self, vocabulary: Vocabulary, programmes: ProgrammeNames) -> None:
        self.vocabulary, self.programmes = vocabulary, programmes
        kind = vocabulary.facts.get("project.kind")
        listed = vocabulary.codes_of(kind) if kind else vocabulary.lists.get(NO_KINDS.id)
        self.kinds = listed or NO_KINDS
        self.project_facts = tuple(f for f in vocabulary.project if f.id != "project.kind")

    def profile(self) -> ProfileRecord:
        company = {f.name: self._field(f) for f in self.vocabulary.company}
        record = make_record(CompanyRecord, "Company", company)
        projects = ProjectField(
            {kind: self._project(kind) for kind in self.kinds.codes}, self._any_project()
        )
        parts: dict[str, fields.Field[Any]] = {
            "company": Nested(record, description=_both("单位的事实", "Facts of the company.")),
            "projects": ListOf(
                projects,
                MAX_PROJECTS,
                description=_both("希望获得支持的项目", "What the company wants supported."),
            ),
            "provenance": ProvenanceMap(
                self._provenance_pattern(),
                description=_both(
                    "事实的来源：自报、已核验或推定",
                    "Where a fact comes from; keys are company.<fact> or projects.<ref>.<fact>.",
                ),
                examples=[{"company.revenue": "verified"}],
            ),
        }
        return make_record(ProfileRecord, "Profile", parts)

    def _project(self, kind: str) -> ProjectRecord:
        has = self.vocabulary.project_has
        own = [f for f in self.project_facts if has(f, kind)]
        others = {f.name: self._of_other_kinds(f) for f in self.project_facts if not has(f, kind)}
        only = CodeList(self.kinds.id, self.kinds.label, {kind: self.kinds.codes[kind]})
        return self._project_record(_pascal("project", kind), only, own, others)

    def _any_project(self) -> ProjectRecord:
        return self._project_record("ProjectOfNoKind", self.kinds, self.project_facts, {})

    def _project_record(
        self,
        name: str,
        kinds: CodeList,
        facts: Sequence[Fact],
        elsewhere: Mapping[str, Text],
    ) -> ProjectRecord:
        base: dict[str, fields.Field[Any]] = {
            "ref": Scalar(
                RefKind(),
                required=True,
                description=_both("您给项目起的编号", "Your own name for the project."),
                examples=["p1"],
            ),
            "kind": Scalar(
                CodeKind(kinds),
                required=True,
                description=_both(self.kinds.label.zh, f"{self.kinds.label.en}."),
            ),
        }
        own = {f.name: self._field(f) for f in facts}
        return make_record(ProjectRecord, name, {**base, **own}, elsewhere)

    def _of_other_kinds(self, fact: Fact) -> Text:
        names = join((Text(k, k) for k in fact.kinds), LIST_COMMA)
        return Text(
            "{label}只用于这些项目类型：{kinds}", "{label} belongs to projects of kind {kinds}"
        ).format(label=fact.label, kinds=names)

    def _provenance_pattern(self) -> str:
        company = "|".join(f.name for f in self.vocabulary.company)
        project = "|".join(f.name for f in self.project_facts) or "kind"
        return rf"^(?:company\.(?:{company})|projects\.[A-Za-z0-9._-]{{1,64}}\.(?:kind|{project}))$"

    def _field(self, fact: Fact) -> fields.Field[Any]:
        if fact.type is FactType.CERTIFICATES:
            return ListOf(
                Nested(self._certificate(fact), required=True),
                MAX_CERTIFICATES,
                **self._words(fact),
            )
        if fact.type is FactType.AWARDS:
            return ListOf(Nested(self._award(fact), required=True), MAX_AWARDS, **self._words(fact))
        kind = self._kind(fact)
        long = isinstance(kind, CodeKind | CodesKind) and kind.long
        return (LongListed if long else Scalar)(kind, **self._words(fact))

    def _kind(self, fact: Fact) -> ValueKind:
        bounds = Bounds(fact.minimum, fact.maximum, fact.positive)
        makers: dict[FactType, Callable[[], ValueKind]] = {
            FactType.TEXT: TextKind,
            FactType.IDENTIFIER: UsccKind if fact.scheme == "uscc" else TextKind,
            FactType.BOOLEAN: BooleanKind,
            FactType.INTEGER: lambda: IntegerKind(bounds),
            FactType.NUMBER: lambda: DecimalKind(6, bounds, percent=one_percent(fact)),
            FactType.MONEY: lambda: DecimalKind(2, bounds, padded=True),
            FactType.DATE: DateKind,
            FactType.CODE: lambda: CodeKind(self._codes(fact)),
            FactType.CODES: lambda: CodesKind(CodeKind(self._codes(fact)), fact.at_least_one),
        }
        return makers[fact.type]()

    def _codes(self, fact: Fact) -> CodeList:
        codes = self.vocabulary.codes_of(fact)
        assert codes is not None, f"{fact.id} has no code list"
        return codes

    def _certificate(self, fact: Fact) -> Record:
        parts = {
            "category": self._listed(fact, required=True),
            "issued_on": _day("发证日期；不知道可不填", "Date of issue; omit where unknown."),
            "expires_on": _day(
                "有效期截止日（含当日）；不知道可不填",
                "Last day of its term, included; omit where unknown.",
            ),
            "number": _text("证书编号", "Number of the certificate."),
            "unsure": Scalar(
                BooleanKind(),
                description=_both(
                    "true：没有说明是否持有，按未知处理；清单不全时，没有说明的类别各写一条",
                    "true: nobody says whether it is held, so that it is unknown; in a list that is"
                    " not whole, one entry for each category nothing is said of.",
                ),
            ),
        }
        return make_record(CertificateRecord, self._name("Certificate", fact), parts)

    def _award(self, fact: Fact) -> Record:
        currency = self.vocabulary.currency
        words = self.vocabulary.unit_words(currency).label
        parts = {
            "purpose": self._listed(fact, required=True),
            "level": self._level(),
            "amount": Scalar(
                DecimalKind(2, Bounds(Decimal(0)), padded=True),
                description=_both(f"金额（{words.zh}）", f"Amount in {words.en}."),
                examples=["500000.00"],
                x_unit=currency,
            ),
            "year": Scalar(IntegerKind(YEARS), description=_both("年度", "Year.")),
            "granted_on": _day(
                "批准之日；按日计算的累计（如“过去三年”）要用，不知道可不填",
                "Day on which it was granted, for rules that reckon by the day (“the last three"
                " years”); omit where unknown.",
            ),
            "programme": _text(
                "发放这笔支持的事项：编号或名称，名称前可带文号；其他政策写它自己的名称",
                "The programme that paid it: its id, or its name, also with the document's number"
                " before it; of another policy, that one's name.",
            ),
            "project": _text(
                "用于本次所填的哪个项目（填项目编号）；用于其他项目的填一个别的编号",
                "The ref of the submitted project that it was for; any other text for another one.",
            ),
            "object": _text(
                "用于哪个产品、活动或项目的名称",
                "Name of the product, event or project it was for.",
            ),
        }
        record = make_record(AwardRecord, self._name("Award", fact), parts, _NOT_OF_AN_AWARD)
        record.programmes = self.programmes
        return record

    def _words(self, fact: Fact) -> dict[str, Any]:
        """What the OpenAPI document says of a fact besides its form."""
        zh = f"{fact.label.zh}：{fact.question.zh}{fact.help.zh}"
        en = f"{fact.label.en}: {fact.question.en} {fact.help.en}"
        words: dict[str, Any] = {
            "description": _both(zh, en),
            "x-sensitivity": str(fact.sensitivity),
        }
        unit = fact.unit or (self.vocabulary.currency if fact.type is FactType.MONEY else None)
        if unit:
            words["x-unit"] = unit
        if fact.sample is not None:
            words["examples"] = [fact.sample]
        return words

    def _name(self, component: str, fact: Fact) -> str:
        """The component's name; a second list of the same type is named after its fact."""
        same = [f for f in self.vocabulary.facts.values() if f.type is fact.type]
        return component if same[0].list == fact.list else _pascal(component, fact.name)

    def _listed(self, fact: Fact, *, required: bool) -> Scalar:
        codes = self._codes(fact)
        return Scalar(
            CodeKind(codes),
            required=required,
            description=_both(codes.label.zh, f"{codes.label.en}."),
        )

    def _level(self) -> Scalar:
        levels = self.vocabulary.lists.get("levels")
        if levels is None:
            return _text("政府层级", "Level of government.")
        return Scalar(CodeKind(levels), description=_both(levels.label.zh, f"{levels.label.en}."))


def _day(zh: str, en: str) -> Scalar:
    return Scalar(DateKind(), description=_both(zh, en))


def _text(zh: str, en: str) -> Scalar:
    return Scalar(TextKind(), description=_both(zh, en))


def _both(zh: str, en: str) -> str:
    return f"{en}\n\n{zh}"


def _pascal(*words: str) -> str:
    return "".join(part.capitalize() for word in words for part in word.split("_"))
