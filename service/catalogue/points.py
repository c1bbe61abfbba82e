"""A file under `points/` becomes a points model; an operator's own file may fill what one leaves
open."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from marshmallow import fields, validate

from service.catalogue.cases import CaseSchema, build_cases
from service.catalogue.conditions import Compiler
from service.catalogue.fault_words import joined_by_commas, quoted, say
from service.catalogue.measure_schemas import DatedSchema
from service.catalogue.measures import build_window
from service.catalogue.schema_fields import (
    Bilingual,
    Day,
    Exact,
    Flag,
    Str,
    Strict,
    Value,
    invalid,
)
from service.catalogue.shape_check import check_shape
from service.catalogue.yaml_tree import Document, Path
from service.domain.facts.vocabulary import FactType, Vocabulary
from service.domain.rules.points_model import ANY_STAGE, Indicator, Ladder, PointsBand, PointsModel

OPEN = "open"
RESULTS = {"score", "low", "high", "passes", "missing"}


class _Mark(Value[Decimal | str]):
    """A number, or the word `open` where it exists and is not published."""

    def read(self, value: Any) -> Decimal | str:
        if value == OPEN:
            return OPEN
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise invalid("must_be_a_number_or_open")
        return Decimal(value)


class BandSchema(Strict):
    when = fields.Raw(required=True)
    points = Exact(required=True)


class LadderSchema(Strict):
    bands = fields.List(fields.Nested(BandSchema), required=True, validate=validate.Length(min=1))
    otherwise = Exact(required=True)


class IndicatorSchema(Strict):
    id = Str(required=True)
    label = Bilingual()
    group = Str()
    verified = Flag()
    source = Str()
    best_of = fields.List(fields.Nested(LadderSchema), validate=validate.Length(min=1))
    weights = fields.Raw()


class ModelSchema(DatedSchema):
    stage = Str()
    groups = fields.Dict(keys=Str(), values=Bilingual())
    threshold = _Mark()
    positive = fields.List(Str())
    indicators = fields.List(fields.Nested(IndicatorSchema), required=True)
    open = fields.List(Bilingual())
    notes = fields.List(Bilingual())
    given = fields.Dict(keys=Str())
    examples = fields.List(fields.Nested(CaseSchema))


class OverlaySchema(Strict):
    id = Str(required=True)
    extends = Str(required=True)
    name = Bilingual(required=True)
    source = Str(required=True)
    reviewed_on = Day(required=True)
    threshold = Exact()
    indicators = fields.List(fields.Nested(IndicatorSchema))
    given = fields.Dict(keys=Str())
    examples = fields.List(fields.Nested(CaseSchema))


_MODEL, _OVERLAY = ModelSchema(), OverlaySchema()


@dataclass(frozen=True)
class _Reader:
    """Reads one file's indicators; conditions are compiled under the model's id."""

    document: Document
    vocabulary: Vocabulary
    model: str
    stage: str | None

    def indicator(self, raw: Mapping[str, Any], at: Path) -> Indicator:
        weights = raw.get("weights")
        return Indicator(
            id=raw["id"], label=raw["label"], group=raw.get("group"),
            ladders=self.ladders(raw, at), weights=self.weights(weights, (*at, "weights")),
            weight_open=weights == OPEN, verified=raw["verified"], source=raw["source"],
        )  # fmt: skip

    def ladders(self, raw: Mapping[str, Any], at: Path) -> tuple[Ladder, ...]:
        compiler = Compiler(self.vocabulary, self.model, {})
        built = []
        for i, ladder in enumerate(raw.get("best_of", ())):
            bands = []
            for j, band in enumerate(ladder["bands"]):
                where = (*at, "best_of", i, "bands", j, "when")
                condition = compiler.compile(band["when"], self.document, where, raw["id"])
                if condition is not None:
                    bands.append(PointsBand(condition, band["points"]))
            built.append(Ladder(tuple(bands), ladder["otherwise"]))
        return tuple(built)

    def weights(self, raw: object, at: Path) -> Mapping[str, Decimal] | None:
        """One weight, or one for every stage that may be; None where the model has none."""
        if raw is None or raw == OPEN:
            return None
        stages = self.vocabulary.facts.get(self.stage or "")
        codes = self.vocabulary.codes_of(stages) if stages else None
        table = raw if isinstance(raw, dict) and codes is not None else {ANY_STAGE: raw}
        weights: dict[str, Decimal] = {}
        for stage, weight in table.items():
            if codes is not None and stage not in (*codes.codes, ANY_STAGE):
                self.document.fault(
                    (*at, stage), say("is_no_stage", stage=quoted(stage)), sorted(codes.codes)
                )
            if isinstance(weight, bool) or not isinstance(weight, int | Decimal) or weight < 0:
                words = say("weight_is_no_number")
                self.document.fault(at, words)
                return None
            weights[stage] = Decimal(weight)
        return MappingProxyType(weights)


def build_models(
    documents: Mapping[str, Document], vocabulary: Vocabulary
) -> Mapping[str, PointsModel]:
    """The models of the files under `points/`: first whole ones, then those that extend one."""
    built: dict[str, PointsModel] = {}
    overlays = []
    for document in documents.values():
        if isinstance(document.data, dict) and "extends" in document.data:
            overlays.append(document)
        else:
            _add_model(_build_model(document, vocabulary), document, built)
    for document in overlays:
        _add_model(_build_overlay(document, vocabulary, built), document, built)
    return built


def _add_model(
    model: PointsModel | None, document: Document, built: dict[str, PointsModel]
) -> None:
    if model is None:
        return
    if model.id in built:
        document.fault(
            ("id",),
            say("points_model_defined_twice", model=quoted(model.id), value=built[model.id].path),
        )
    built[model.id] = model


def _build_model(document: Document, vocabulary: Vocabulary) -> PointsModel | None:
    raw = check_shape(_MODEL, document)
    if raw is None:
        return None
    stage = raw.get("stage")
    known = vocabulary.facts.get(stage or "")
    if stage and (known is None or known.type is not FactType.CODE):
        document.fault(("stage",), say("is_not_a_fact_of_type", stage=quoted(stage)))
    reader = _Reader(document, vocabulary, raw["id"], stage)
    indicators = tuple(_build_indicators(raw, document, reader))
    _check_names(raw, document, [i.id for i in indicators])
    mark = raw.get("threshold")
    return PointsModel(
        id=raw["id"], name=raw["name"], standard=raw["standard"], source=raw["source"],
        window=build_window(raw["window"], document), groups=raw.get("groups", {}),
        indicators=indicators,
        threshold=None if mark in (None, OPEN) else mark, threshold_open=mark == OPEN,
        positive=tuple(raw.get("positive", ())), stage=stage, open=tuple(raw.get("open", ())),
        notes=tuple(raw.get("notes", ())), path=document.file,
        cases=build_cases(raw, document, vocabulary, RESULTS),
    )  # fmt: skip


def _build_indicators(
    raw: Mapping[str, Any], document: Document, reader: _Reader
) -> Iterator[Indicator]:
    for i, entry in enumerate(raw["indicators"]):
        at: Path = ("indicators", i)
        absent = {"label", "verified", "source"} - set(entry)
        if absent:
            names = joined_by_commas(sorted(absent))
            document.fault(at, say("indicator_needs", id=quoted(entry["id"]), names=names))
            continue
        if "group" in entry and entry["group"] not in raw.get("groups", {}):
            document.fault((*at, "group"), say("is_not_among_groups", group=quoted(entry["group"])))
        yield reader.indicator(entry, at)


def _check_names(raw: Mapping[str, Any], document: Document, ids: list[str]) -> None:
    for i, name in enumerate(ids):
        if name in ids[:i]:
            document.fault(
                ("indicators", i, "id"), say("indicator_stands_twice", name=quoted(name))
            )
    for name in raw.get("positive", ()):
        if name not in ids:
            document.fault(("positive",), say("there_is_no_indicator", name=quoted(name)), ids)


def _build_overlay(
    document: Document, vocabulary: Vocabulary, built: Mapping[str, PointsModel]
) -> PointsModel | None:
    """A model with open numbers filled in. What is published cannot be changed."""
    raw = check_shape(_OVERLAY, document)
    if raw is None:
        return None
    base = built.get(raw["extends"])
    if base is None:
        document.fault(
            ("extends",),
            say("no_points_model_to_extend", extends=quoted(raw["extends"])),
            sorted(built),
        )
        return None
    if "threshold" in raw and not base.threshold_open:
        document.fault(("threshold",), say("pass_mark_is_not_open", base=quoted(base.id)))
    reader = _Reader(document, vocabulary, raw["id"], base.stage)
    filled = dict(_fill_indicators(raw, document, base, reader))
    mark = raw.get("threshold", base.threshold)
    return replace(
        base, id=raw["id"], name=raw["name"], source=raw["source"], extends=base.id,
        threshold=mark, threshold_open=mark is None and base.threshold_open,
        indicators=tuple(filled.get(i.id, i) for i in base.indicators), path=document.file,
        cases=build_cases(raw, document, vocabulary, RESULTS),
    )  # fmt: skip


def _fill_indicators(
    raw: Mapping[str, Any], document: Document, base: PointsModel, reader: _Reader
) -> Iterator[tuple[str, Indicator]]:
    known = {i.id: i for i in base.indicators}
    for i, entry in enumerate(raw.get("indicators", ())):
        at: Path = ("indicators", i)
        old = known.get(entry["id"])
        if old is None:
            document.fault(
                (*at, "id"), say("has_no_indicator", base=base.id, id=quoted(entry["id"])), [*known]
            )
            continue
        closed = set(entry) - {"id", "best_of", "weights"}
        if old.ladders and "best_of" in entry:
            closed.add("best_of")
        if not old.weight_open and "weights" in entry:
            closed.add("weights")
        if closed or entry.get("weights") == OPEN:
            words = joined_by_commas(sorted(closed) or ["weights"])
            document.fault(at, say("only_open_figures_can_be_filled", base=base.id, words=words))
            continue
        ladders = reader.ladders(entry, at) if "best_of" in entry else old.ladders
        filled = reader.weights(entry["weights"], (*at, "weights")) if "weights" in entry else None
        yield old.id, replace(
            old, ladders=ladders, weights=old.weights if filled is None else filled,
            weight_open=old.weight_open and filled is None,
        )  # fmt: skip
