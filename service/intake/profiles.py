"""Profiles: from what is submitted to facts, and back to plain JSON."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

import orjson
from marshmallow import EXCLUDE, ValidationError

from service.domain.errors import InvalidInput
from service.domain.facts.code_lists import CodeList
from service.domain.facts.implied_facts import ImpliedFact, contradicted_implications, with_implied
from service.domain.facts.profile import (
    COMPANY_KIND,
    PROJECT_KIND,
    PROJECTS_ABSENT,
    Award,
    Certificate,
    Profile,
    Project,
    Provenance,
    Value,
    projects_in,
)
from service.domain.facts.vocabulary import FactType, Owner, Vocabulary
from service.domain.text import LIST_COMMA, Text, join
from service.intake.faults import InvalidValue, faults_as_problems
from service.intake.identity import warnings
from service.intake.notices import (
    Notice,
    TakenAs,
    payer_notices,
    retired_notices,
    taken_text,
)
from service.intake.programme_names import NO_PROGRAMMES, ProgrammeNames
from service.intake.records import faults_of
from service.intake.schema import profile_schema
from service.intake.values import parsed_uscc

REGISTERED_REGION = "company.registered_region"
_KIND_DIFFERS = Text(
    "“{identifier}”以 {begins} 开头，与所选的“{kind}”不一致，请核对；判断以所选的为准",
    "“{identifier}” begins with {begins}, which does not go with “{kind}”; please check. What was "
    "chosen is used",
)
# Of a set that is stated and lacks something.
_COMPLETED = Text(
    "“{fact}”除所填外，按“{source}”推定还包括：{added}",
    "“{fact}” is taken from “{source}” to include, beside what is stated: {added}",
)
_CONTRADICTED = Text(
    "“{fact}”与“{source}”的填写不一致，请核对；评估时各按所填",
    "“{fact}” contradicts “{source}”; please check: each was taken as stated",
)
ADDED = "not in GB/T 2260"  # the note of a row that codes carry and the standard lacks


class ProfileReader:
    """Reads profiles written in one vocabulary. `schema` is their marshmallow schema; `programmes`
    are those that support had can name."""

    def __init__(self, vocabulary: Vocabulary, programmes: ProgrammeNames = NO_PROGRAMMES) -> None:
        self.vocabulary, self.programmes = vocabulary, programmes
        self.schema = profile_schema(vocabulary, programmes)
        derived = [(f, f.default_from) for f in vocabulary.facts.values() if f.default_from]
        self._defaults: dict[Owner, list[tuple[str, str, bool]]] = {
            owner: [(f.id, s, f.type is FactType.CODES) for f, s in derived if f.owner is owner]
            for owner in Owner
        }
        self._stand_in_notices = {f.id: self._derived_notice(f.id, (s,)) for f, s in derived}
        self._implied = {
            (fact, tuple(rule.when)): self._derived_notice(fact, tuple(rule.when), value)
            for rule in vocabulary.implications
            for fact, value in rule.then.items()
        }
        self.identifiers = tuple(f.id for f in vocabulary.company if f.scheme == "uscc")
        region = vocabulary.facts.get(REGISTERED_REGION)
        self._regions = _standard_codes(vocabulary.codes_of(region)) if region else None

    def read(self, raw: object, pointer: str = "/profile") -> tuple[Profile, tuple[Notice, ...]]:
        """The profile in plain JSON values, and what to tell about it.

        Facts that stand in for unstated ones are added, marked as derived. Raises InvalidInput with
        every problem, its place under `pointer`.
        """
        return self.complete(self.read_stated(raw, pointer))

    def read_profile(self, raw: object, pointer: str = "/profile") -> Profile:
        """The same profile, for whom nothing is to be told about it. Raises InvalidInput."""
        profile, _, _ = self._completed(self.read_stated(raw, pointer))
        return profile

    def complete(self, stated: Profile) -> tuple[Profile, tuple[Notice, ...]]:
        """What was stated with the facts that stand in for the rest, and what to tell about it."""
        profile, notices, implied = self._completed(stated)
        followed = [self._implied_notice(i, stated) for i in implied]
        return profile, (
            *notices,
            *[notice for notice in followed if notice is not None],
            *self.contradiction_notices(stated),
            *retired_notices(stated, self.vocabulary),
            *payer_notices(stated, self.programmes, self.vocabulary),
            *self.identity_notices(stated),
        )

    def _completed(
        self, stated: Profile
    ) -> tuple[Profile, tuple[Notice, ...], tuple[ImpliedFact, ...]]:
        """What was stated with what stands in for the rest and what follows, what is to be told of
        the former, and the latter."""
        profile, notices = self._with_defaults(stated)
        profile, implied = with_implied(profile, self.vocabulary)
        if profile.projects and self.vocabulary.project_lists:
            lists = dict.fromkeys(self.vocabulary.project_lists, profile.projects)
            profile = replace(profile, company={**profile.company, **lists})
        return profile, notices, implied

    def read_stated(self, raw: object, pointer: str = "/profile") -> Profile:
        """What was stated and nothing more. Raises InvalidInput as `read` does."""
        try:
            profile = self.schema.read(raw)
        except InvalidValue:
            profile = self._load_slowly(raw, pointer)
        assert isinstance(profile, Profile)
        return profile

    def _load_slowly(self, raw: Any, pointer: str) -> object:
        """A profile read by marshmallow, with every fault: for one that is not plainly sound."""
        try:
            return self.schema.load(raw, unknown=EXCLUDE)
        except ValidationError as error:
            raise InvalidInput(faults_as_problems(faults_of(error.messages), pointer)) from None

    def _with_defaults(self, profile: Profile) -> tuple[Profile, tuple[Notice, ...]]:
        """The profile with the facts that stand in for unstated ones."""
        company = self._stand_ins(Owner.COMPANY, profile.company)
        known = {**profile.company, **company}
        projects = [self._project_stand_ins(p, known) for p in profile.projects]
        if not company and not any(projects):
            return profile, ()
        derived = [
            *company,
            *(
                f"projects.{project.ref}.{fact.removeprefix('project.')}"
                for project, added in zip(profile.projects, projects, strict=True)
                for fact in added
            ),
        ]
        completed = Profile(
            known,
            tuple(
                replace(project, facts={**project.facts, **added}) if added else project
                for project, added in zip(profile.projects, projects, strict=True)
            ),
            {**profile.provenance, **dict.fromkeys(derived, Provenance.DERIVED)},
        )
        facts_filled_in = dict.fromkeys([*company, *(fact for added in projects for fact in added)])
        notices = [self._stand_in_notices[fact] for fact in facts_filled_in]
        return completed, tuple([notice for notice in notices if notice is not None])

    def _stand_ins(self, owner: Owner, facts: Mapping[str, Value]) -> dict[str, Value]:
        added: dict[str, Value] = {}
        for name, source, is_set in self._defaults[owner]:
            value = None if name in facts else added.get(source, facts.get(source))
            if value is not None:
                # One code becomes a set of one.
                added[name] = frozenset((value,)) if is_set and isinstance(value, str) else value
        return added

    def _project_stand_ins(
        self, project: Project, company: Mapping[str, Value]
    ) -> dict[str, Value]:
        if not self._defaults[Owner.PROJECT]:
            return {}
        added = self._stand_ins(Owner.PROJECT, {**company, **project.facts})
        return {
            fact: value
            for fact, value in added.items()
            if self.schema.has(project.kind, fact.removeprefix("project."))
        }

    def _derived_notice(
        self, fact_id: str, sources: tuple[str, ...], value: Value | None = None
    ) -> Notice | None:
        """What is told of a fact that is taken from others. Of a quiet one only that it is taken to
        be no or none, for that rules things out; of one that nobody is asked, nothing."""
        facts = self.vocabulary.facts
        taken_as = TakenAs.NO if value is False else TakenAs.VALUE
        if isinstance(value, frozenset | tuple) and not value:
            taken_as = TakenAs.NONE
        if facts[fact_id].quiet and (taken_as is TakenAs.VALUE or facts[fact_id].never_asked):
            return None
        asked = tuple(f for f in sources if not facts[f].never_asked) or sources
        text = taken_text(taken_as, [facts[fact_id].label], [facts[f].label for f in asked])
        return Notice("derived_fact", text, fact_id, asked, taken_as)

    def _implied_notice(self, implied: ImpliedFact, stated: Profile) -> Notice | None:
        """What is told of a fact that follows; of a stated set what follows beside it."""
        fact, when = self.vocabulary.facts[implied.fact], tuple(implied.rule.when)
        said, notice = stated.company.get(fact.id), self._implied[fact.id, when]
        if notice is None or not isinstance(said, frozenset):
            return notice
        assert isinstance(implied.value, frozenset)
        codes = self.vocabulary.codes_of(fact)
        added = [
            codes.label_of(code) if codes else Text(code, code)
            for code in sorted(map(str, implied.value - said))
        ]
        text = _COMPLETED.format(
            fact=fact.label, source=self._labels(when), added=join(added, LIST_COMMA)
        )
        return Notice("derived_fact", text, fact.id, when, TakenAs.MORE)

    def contradiction_notices(self, stated: Profile) -> Iterator[Notice]:
        """What is stated although the opposite follows from other statements."""
        for implied in contradicted_implications(stated, self.vocabulary):
            fact = self.vocabulary.facts[implied.fact]
            when = tuple(implied.rule.when)
            text = _CONTRADICTED.format(fact=fact.label, source=self._labels(when))
            yield Notice("contradictory_facts", text, implied.fact, when)
        absent = stated.company.get(PROJECTS_ABSENT)
        if isinstance(absent, frozenset) and any(p.kind in absent for p in stated.projects):
            denied, entered = self._labels([PROJECTS_ABSENT]), self._labels([PROJECT_KIND])
            text = _CONTRADICTED.format(fact=denied, source=entered)
            yield Notice("contradictory_facts", text, PROJECTS_ABSENT, (PROJECT_KIND,))

    def _labels(self, facts: Iterable[str]) -> Text:
        return join([self.vocabulary.facts[f].label for f in facts], LIST_COMMA)

    def identity_notices(self, profile: Profile) -> Iterator[Notice]:
        """What is unusual about a credit code; it never changes a fact."""
        region = profile.company.get(REGISTERED_REGION)
        for fact in self.identifiers:
            code = profile.company.get(fact)
            if self._regions is None or not isinstance(code, str):
                continue
            stated = region if isinstance(region, str) else None
            for warning in warnings(parsed_uscc(code), self._regions, stated):
                yield Notice(warning.code.value, Text(warning.zh, warning.en), fact)
            yield from self._kind_notices(profile, fact, code)

    def _kind_notices(self, profile: Profile, fact: str, identifier: str) -> Iterator[Notice]:
        """Kinds of applicant whose identifiers begin otherwise: the office that registers them and
        the form they are registered in are its first characters."""
        codes = self.vocabulary.codes_of(self.vocabulary.facts[COMPANY_KIND])
        kinds = profile.company.get(COMPANY_KIND)
        for kind in sorted(kinds) if isinstance(kinds, frozenset) and codes else ():
            entry = codes.codes.get(kind) if codes else None
            if entry and entry.identifiers and not identifier.startswith(entry.identifiers):
                begins = identifier[: max(map(len, entry.identifiers))]
                text = _KIND_DIFFERS.format(
                    identifier=self.vocabulary.facts[fact].label, begins=begins, kind=entry.label
                )
                yield Notice("kind_differs", text, fact)


def _standard_codes(regions: CodeList | None) -> frozenset[str] | None:
    """The codes of a table that its standard holds; the rows added to it are marked so."""
    if regions is None:
        return None
    return frozenset(c.code for c in regions.codes.values() if c.note != ADDED)


def profile_json(profile: Profile) -> bytes:
    """A profile as canonical JSON, which reads back as the same profile: money and dates as
    strings, sets sorted, nothing unknown."""
    whole = {
        "company": _stated(profile.company),
        "projects": [{"ref": p.ref, "kind": p.kind, **_stated(p.facts)} for p in profile.projects],
        "provenance": profile.provenance,
    }
    options = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATACLASS
    return orjson.dumps(whole, _plain, options)


def dump_profile(profile: Profile) -> dict[str, Any]:
    """The same as plain data."""
    plain: dict[str, Any] = orjson.loads(profile_json(profile))
    return plain


def _stated(facts: Mapping[str, Value]) -> dict[str, Any]:
    return {
        fact.partition(".")[2]: value
        for fact, value in facts.items()
        if not (isinstance(value, tuple) and projects_in(value))
    }


# These are our own marks.
_MARKS = ("contested", "likely", "payer")
_RECORD_PARTS = {
    kind: tuple([part.name for part in fields(kind) if part.name not in _MARKS])
    for kind in (Certificate, Award)
}


def _plain(value: object) -> object:
    """What stands for a value that JSON has no form for; its parts are asked about in turn."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, Certificate | Award):
        parts = [(name, getattr(value, name)) for name in _RECORD_PARTS[type(value)]]
        return {key: part for key, part in parts if part is not None and part is not False}
    raise TypeError(type(value))
