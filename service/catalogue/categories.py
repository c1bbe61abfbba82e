"""A file under `categories/` becomes a category's standard or a size standard."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from marshmallow import fields, validate

from service.catalogue.cases import CaseSchema, build_cases
from service.catalogue.conditions import Compiler
from service.catalogue.fault_words import quoted, say
from service.catalogue.measure_schemas import DatedSchema
from service.catalogue.measures import build_window, check_code
from service.catalogue.schema_fields import ArticleNumber, Bilingual, Day, Exact, Flag, Str, Strict
from service.catalogue.shape_check import check_shape
from service.catalogue.yaml_tree import Document, Path
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.conditions import NumberedCondition, numbered
from service.domain.rules.points_model import PointsModel
from service.domain.rules.standards import Category, Criterion, Size, SizeRow, SizeStandard

INDUSTRY = "company.industry"
RESULTS = {"verdict", "known", "failed", "missing", "conflict", "hint"}
SIZE_RESULTS = {"size", "possible"}
_BOUNDED = (Size.LARGE, Size.MEDIUM, Size.SMALL)


class CriterionSchema(Strict):
    id = Str(required=True)
    article = ArticleNumber()
    verified = Flag(required=True)
    source = Str(required=True)
    at_application = Flag()
    when = fields.Raw()
    passes = Str()
    unless = fields.Raw()


class _StandardSchema(DatedSchema):
    kinds = fields.List(Str(), required=True, validate=validate.Length(min=1))
    notes = fields.List(Bilingual())
    given = fields.Dict(keys=Str())
    examples = fields.List(fields.Nested(CaseSchema), required=True)


class SeasonSchema(Strict):
    start = Day(required=True, data_key="from")
    end = Day(required=True, data_key="to")


class CategorySchema(_StandardSchema):
    certificate = Str()
    yearly = Flag()
    sizes = fields.List(Str(validate=validate.OneOf([s.value for s in Size])))
    not_for = fields.Raw()
    signs = fields.Raw()
    decided_by = Bilingual(required=True)
    criteria = fields.List(
        fields.Nested(CriterionSchema), required=True, validate=validate.Length(min=1)
    )
    uncomputed = fields.List(Bilingual())
    seasons = fields.List(fields.Nested(SeasonSchema))


class BoundsSchema(Strict):
    large = Exact(required=True)
    medium = Exact(required=True)
    small = Exact(required=True)


class RowSchema(Strict):
    name = Bilingual(required=True)
    industries = fields.List(Str(), required=True, validate=validate.Length(min=1))
    from_ = fields.Dict(
        keys=Str(), values=fields.Nested(BoundsSchema), required=True, data_key="from"
    )


class SizeSchema(_StandardSchema):
    verified = Flag(required=True)
    rows = fields.List(fields.Nested(RowSchema), required=True, validate=validate.Length(min=1))


_CATEGORY, _SIZE = CategorySchema(), SizeSchema()


def build_standards(
    documents: Mapping[str, Document],
    vocabulary: Vocabulary,
    models: Mapping[str, PointsModel],
    numbers: Iterator[int],
) -> tuple[Mapping[str, Category], Mapping[str, SizeStandard]]:
    """The categories and the size standards of the files under `categories/`, their conditions
    numbered."""
    categories: dict[str, Category] = {}
    sizes: dict[str, SizeStandard] = {}
    for document in documents.values():
        built: Category | SizeStandard | None
        if isinstance(document.data, dict) and "rows" in document.data:
            built = _size_standard(document, vocabulary, numbers)
        else:
            built = _build_category(document, vocabulary, models, numbers)
        if built is None:
            continue
        other = categories.get(built.id) or sizes.get(built.id)
        if other is not None:
            document.fault(
                ("id",), say("category_defined_twice", built=quoted(built.id), other=other.path)
            )
        if isinstance(built, Category):
            categories[built.id] = built
        else:
            sizes[built.id] = built
    return categories, sizes


def _build_category(
    document: Document,
    vocabulary: Vocabulary,
    models: Mapping[str, PointsModel],
    numbers: Iterator[int],
) -> Category | None:
    raw = check_shape(_CATEGORY, document)
    if raw is None:
        return None
    if "certificate" in raw:
        name = "certificate_categories"
        check_code(raw["certificate"], name, document, ("certificate",), vocabulary)
    _check_kinds(raw, document, vocabulary)
    return Category(
        id=raw["id"], certificate=raw.get("certificate"), name=raw["name"],
        standard=raw["standard"], source=raw["source"],
        window=build_window(raw["window"], document),
        kinds=tuple(raw["kinds"]), decided_by=raw["decided_by"],
        criteria=tuple(_build_criteria(raw, document, vocabulary, models, numbers)),
        uncomputed=tuple(raw.get("uncomputed", ())), notes=tuple(raw.get("notes", ())),
        cases=build_cases(raw, document, vocabulary, RESULTS), path=document.file,
        yearly=raw.get("yearly", False), sizes=tuple(map(Size, raw.get("sizes", ()))),
        not_for=_condition_at("not_for", raw, document, vocabulary, numbers),
        signs=_condition_at("signs", raw, document, vocabulary, numbers),
        seasons=tuple(
            build_window(season, document, ("seasons", i))
            for i, season in enumerate(raw.get("seasons", ()))
        ),
    )  # fmt: skip


def _condition_at(
    key: str,
    raw: Mapping[str, Any],
    document: Document,
    vocabulary: Vocabulary,
    numbers: Iterator[int],
) -> NumberedCondition | None:
    """The condition of a key, where the file has it."""
    if key not in raw:
        return None
    compiler = Compiler(vocabulary, raw["id"], {})
    built = compiler.compile(raw[key], document, (key,), raw["id"])
    return None if built is None else numbered(built, numbers)


def _check_kinds(raw: Mapping[str, Any], document: Document, vocabulary: Vocabulary) -> None:
    for i, kind in enumerate(raw["kinds"]):
        check_code(kind, "kinds", document, ("kinds", i), vocabulary)


def _build_criteria(
    raw: Mapping[str, Any],
    document: Document,
    vocabulary: Vocabulary,
    models: Mapping[str, PointsModel],
    numbers: Iterator[int],
) -> Iterator[Criterion]:
    compiler = Compiler(vocabulary, raw["id"], {})
    for i, entry in enumerate(raw["criteria"]):
        at: Path = ("criteria", i)
        if ("when" in entry) == ("passes" in entry) or ("unless" in entry and "when" in entry):
            document.fault(at, say("a_criterion_has_when_or_passes"))
            continue
        model = models.get(entry.get("passes", ""))
        if "passes" in entry and model is None:
            document.fault(
                (*at, "passes"),
                say("no_points_model", passes=quoted(entry["passes"])),
                sorted(models),
            )
        key = "unless" if "passes" in entry else "when"
        article = entry.get("article", entry["id"])
        built = (
            compiler.compile(entry[key], document, (*at, key), article) if key in entry else None
        )
        condition = None if built is None else numbered(built, numbers)
        if condition is not None or model is not None:
            yield Criterion(
                entry["id"], condition, model, entry["verified"],
                entry.get("at_application", False), entry["source"],
            )  # fmt: skip


def _size_standard(
    document: Document, vocabulary: Vocabulary, numbers: Iterator[int]
) -> SizeStandard | None:
    raw = check_shape(_SIZE, document)
    if raw is None:
        return None
    _check_kinds(raw, document, vocabulary)
    rows = [_build_size_row(entry, ("rows", i), raw["id"], document, vocabulary, numbers)
            for i, entry in enumerate(raw["rows"])]  # fmt: skip
    return SizeStandard(
        id=raw["id"], name=raw["name"], standard=raw["standard"], source=raw["source"],
        verified=raw["verified"], window=build_window(raw["window"], document),
        kinds=tuple(raw["kinds"]),
        rows=tuple(row for row in rows if row is not None), notes=tuple(raw.get("notes", ())),
        cases=build_cases(raw, document, vocabulary, SIZE_RESULTS), path=document.file,
    )  # fmt: skip


def _build_size_row(
    raw: Mapping[str, Any],
    at: Path,
    standard: str,
    document: Document,
    vocabulary: Vocabulary,
    numbers: Iterator[int],
) -> SizeRow | None:
    """A line of the table; its bounds become conditions of the ordinary language."""
    for fact, bounds in raw["from_"].items():
        if not bounds["large"] > bounds["medium"] > bounds["small"]:
            document.fault((*at, "from", fact), say("size_bounds_must_fall"))
    table = {f: {s: bounds[s.value] for s in _BOUNDED} for f, bounds in raw["from_"].items()}
    compiler = Compiler(vocabulary, standard, {})
    line = at[-1] if isinstance(at[-1], str) else int(at[-1]) + 1
    within = {"fact": INDUSTRY, "within": [*raw["industries"]]}
    industry = compiler.compile(within, document, (*at, "industries"), line)
    reaches: dict[Size, NumberedCondition] = {}
    for size in _BOUNDED:
        bounds = [{"fact": fact, "at_least": _plain_number(b[size])} for fact, b in table.items()]
        built = compiler.compile({"all": bounds}, document, (*at, "from"), line)
        if built is not None:
            reaches[size] = numbered(built, numbers)
    if industry is None or len(reaches) < len(_BOUNDED):
        return None  # its faults were told
    return SizeRow(raw["name"], numbered(industry, numbers), reaches, table)


def _plain_number(bound: Decimal) -> int | Decimal:
    return int(bound) if bound == bound.to_integral_value() else bound
