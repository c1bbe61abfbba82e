"""The records a profile consists of, and what must hold between their values."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

from marshmallow import EXCLUDE, fields

from service.domain.errors import ErrorCode
from service.domain.facts.profile import Award, Certificate, Profile, Project, Provenance
from service.domain.text import Text
from service.intake.faults import (
    MAX_PROBLEMS,
    Fault,
    InvalidValue,
    nearest_name,
    shown_text,
    wrong_type,
)
from service.intake.programme_names import NO_PROGRAMMES, ProgrammeNames
from service.intake.records import FIELD_MESSAGES, Raw, Record, as_validation_error
from service.intake.values import JsonSchema


class CertificateRecord(Record):
    """A certificate; its term, where both ends are stated, does not end before it begins."""

    def find_faults(self, values: dict[str, Any], raw: Raw) -> Iterator[Fault]:
        del raw
        issued, expires = values.get("issued_on"), values.get("expires_on")
        if issued and expires and expires < issued:
            words = Text("早于发证日期", "lies before the date of issue")
            yield Fault(ErrorCode.INVALID_VALUE, words, ("expires_on",))
        for part in ("issued_on", "expires_on", "number"):
            if values.get("unsure") and values.get(part):
                words = Text("没有说明是否持有的证书不应有此项", "is of a certificate that is held")
                yield Fault(ErrorCode.INVALID_VALUE, words, (part,))

    def build(self, values: dict[str, Any]) -> Certificate:
        return Certificate(**{**values, "unsure": bool(values.get("unsure"))})


class AwardRecord(Record):
    """Support had. `programmes` are those that it can name."""

    programmes: ProgrammeNames = NO_PROGRAMMES

    def build(self, values: dict[str, Any]) -> Award:
        """The award, with the id of the programme that it names; the day on which it was granted
        tells its year where that is not stated."""
        award, day = Award(**values), values.get("granted_on")
        if award.programme is not None:
            meant = self.programmes.meant_by(award.programme)
            known = meant.programme or award.programme
            payer = self.programmes.name_of(known)
            award = replace(award, programme=known, likely=meant.likely, payer=payer)
        return replace(award, year=day.year) if day and award.year is None else award


class CompanyRecord(Record):
    def build(self, values: dict[str, Any]) -> dict[str, Any]:
        return {f"company.{name}": value for name, value in values.items()}


class ProjectRecord(Record):
    """A project of one kind, with the facts that kind has."""

    def build(self, values: dict[str, Any]) -> Project:
        facts = {f"project.{name}": value for name, value in values.items() if name != "ref"}
        return Project(values["ref"], values["kind"], facts)


class ProjectField(fields.Field[Any]):
    """One project: its kind chooses the record it is read by."""

    def __init__(self, by_kind: Mapping[str, ProjectRecord], any_kind: ProjectRecord) -> None:
        super().__init__(required=True, error_messages=FIELD_MESSAGES, metadata={"type": "object"})
        self.by_kind = by_kind
        self.any_kind = any_kind

    def _record(self, raw: object) -> ProjectRecord:
        kind = raw.get("kind") if isinstance(raw, dict) else None
        return self.by_kind.get(kind, self.any_kind) if isinstance(kind, str) else self.any_kind

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        del attr, data, kwargs
        return self._record(value).load(value, unknown=EXCLUDE)

    def read(self, raw: object) -> object:
        """The project, where it is sound. Raises Wrong."""
        return self._record(raw).read(raw)

    def openapi(self, converter: Any) -> JsonSchema:
        """A component `Project`: one of the records by kind."""
        components = converter.spec.components
        if "Project" not in components.schemas:
            refs = [converter.resolve_nested_schema(r) for r in self.by_kind.values()]
            mapping = dict(zip(self.by_kind, (r["$ref"] for r in refs), strict=True))
            discriminator = {"propertyName": "kind", "mapping": mapping}
            components.schema("Project", {"oneOf": refs, "discriminator": discriminator})
        return {"$ref": "#/components/schemas/Project"}


class ProvenanceMap(fields.Field[Any]):
    """Fact by fact, where its value comes from. Whether the facts are stated is the profile's
    business."""

    def __init__(self, pattern: str, **metadata: object) -> None:
        super().__init__(allow_none=True, metadata={"type": "object", **metadata})
        self.pattern = pattern

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        del attr, data, kwargs
        return as_validation_error(self.read, value)

    def read(self, raw: object) -> dict[str, Provenance]:
        """Raises Wrong."""
        if not isinstance(raw, dict):
            raise wrong_type("对象", "an object")
        if not raw:
            return {}
        known = {p.value: p for p in Provenance}
        stated = {str(key): value for key, value in raw.items() if value is not None}
        words = Text("应为 declared、verified 或 derived", "must be declared, verified or derived")
        faults = [
            Fault(ErrorCode.UNKNOWN_CODE, words, (key,))
            for key, value in stated.items()
            if not isinstance(value, str) or value not in known
        ]
        if faults:
            raise InvalidValue(*faults)
        return {key: known[value] for key, value in stated.items()}

    def openapi(self, _converter: Any) -> JsonSchema:
        """Keys by pattern, values from the three words."""
        values = {"enum": [*(p.value for p in Provenance), None]}
        return {"propertyNames": {"pattern": self.pattern}, "additionalProperties": values}


class ProfileRecord(Record):
    """A whole profile: references are unique, provenance speaks of stated facts only."""

    def has(self, kind: str, name: str) -> bool:
        """Whether projects of this kind have a fact of this name."""
        projects = self.load_fields["projects"].inner  # type: ignore[attr-defined]
        return name in projects.by_kind[kind].load_fields

    def find_faults(self, values: dict[str, Any], raw: Raw) -> Iterator[Fault]:
        yield from _repeated_refs(raw)
        del values
        marked = raw.get("provenance")
        if marked and isinstance(marked, dict):
            stated = set(_stated_facts(raw))
            strays = (k for k, v in marked.items() if v is not None and k not in stated)
            for key in islice(strays, MAX_PROBLEMS):
                yield _not_stated(str(key), stated)

    def build(self, values: dict[str, Any]) -> Profile:
        return Profile(
            values.get("company", {}), values.get("projects", ()), values.get("provenance", {})
        )


def _raw_projects(raw: Raw) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Position, reference and content of the projects that have a reference."""
    projects = raw.get("projects")
    for i, project in enumerate(projects if isinstance(projects, list) else ()):
        if isinstance(project, dict) and isinstance(project.get("ref"), str):
            yield i, project["ref"], project


def _repeated_refs(raw: Raw) -> Iterator[Fault]:
    seen: set[str] = set()
    for i, ref, _ in _raw_projects(raw):
        if ref in seen:
            words = Text("项目编号 {ref} 重复", "the ref {ref} is used twice").format(
                ref=shown_text(ref)
            )
            yield Fault(ErrorCode.DUPLICATE_VALUE, words, ("projects", i, "ref"))
        seen.add(ref)


def _stated_facts(raw: Raw) -> Iterator[str]:
    company = raw.get("company")
    for name, value in company.items() if isinstance(company, dict) else ():
        if value is not None:
            yield f"company.{name}"
    for _, ref, project in _raw_projects(raw):
        for name, value in project.items():
            if value is not None and name != "ref":
                yield f"projects.{ref}.{name}"


def _not_stated(key: str, stated: set[str]) -> Fault:
    words = Text(
        "{key} 不是本档案中已填写的事实", "{key} is no fact that this profile states"
    ).format(key=shown_text(key))
    return Fault(
        ErrorCode.UNKNOWN_KEY, words, ("provenance", key), lambda: nearest_name(key, sorted(stated))
    )
