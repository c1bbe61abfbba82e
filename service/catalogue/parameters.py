"""The files under `parameters/`: one public figure each, with dated values and their source."""

from collections.abc import Mapping
from fractions import Fraction

from marshmallow import fields, validate

from service.catalogue.fault_words import quoted, say
from service.catalogue.faults import ConditionFault
from service.catalogue.number_units import unit_named
from service.catalogue.schema_fields import Bilingual, Day, Exact, Flag, Str, Strict
from service.catalogue.shape_check import check_shape
from service.catalogue.yaml_tree import Document
from service.domain.facts.parameters import DatedValue, Parameter
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.units import SHARE, SHARE_NAME


class ValueSchema(Strict):
    start = Day(data_key="from", required=True)
    value = Exact(required=True)


class ParameterSchema(Strict):
    id = Str(required=True)
    label = Bilingual(required=True)
    unit = Str()
    source = Str(required=True)
    last_checked = Day(required=True)
    verified = Flag(required=True)
    minimum = Exact()
    values = fields.List(fields.Nested(ValueSchema), required=True, validate=validate.Length(min=1))


_SCHEMA = ParameterSchema()


def build_parameters(
    documents: Mapping[str, Document], vocabulary: Vocabulary
) -> dict[str, Parameter]:
    """The parameters by id, faults noted in the documents."""
    parameters: dict[str, Parameter] = {}
    for document in documents.values():
        parameter = _build_parameter(document, vocabulary)
        if parameter is None:
            continue
        if parameter.id in parameters:
            document.fault(
                ("id",),
                say("parameter_is_already_defined_elsewhere", parameter=quoted(parameter.id)),
            )
        parameters[parameter.id] = parameter
    return parameters


def _build_parameter(document: Document, vocabulary: Vocabulary) -> Parameter | None:
    raw = check_shape(_SCHEMA, document)
    if raw is None:
        return None
    unit = raw.get("unit")
    try:
        if unit_named(unit, vocabulary) == SHARE and unit != SHARE_NAME:
            unit = None
    except ConditionFault as fault:
        document.fault(("unit",), fault.message, fault.allowed)
    days = [entry["start"] for entry in raw["values"]]
    if days != sorted(set(days)):
        document.fault(("values",), say("values_stand_in_order_of_time"))
    if days[-1] > raw["last_checked"]:
        document.fault(("last_checked",), say("last_checked_cannot_be_before_the_last"))
    for i, entry in enumerate(raw["values"] if unit == SHARE_NAME else ()):
        if entry["value"] > 1:
            words = say("parameter_above_the_whole", said=str(entry["value"]))
            document.fault(("values", i, "value"), words)
    values = tuple(DatedValue(e["start"], Fraction(e["value"])) for e in raw["values"])
    minimum = raw.get("minimum")
    return Parameter(
        raw["id"], raw["label"], unit, values, raw["last_checked"], raw["source"],
        raw["verified"], None if minimum is None else Fraction(minimum),
    )  # fmt: skip
