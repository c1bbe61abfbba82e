"""How and when to apply: in a measure, in a programme, or in an overlay folder that an authority
fills without touching the files of either.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from marshmallow import fields

from service.catalogue.certificates_and_awards import read_span
from service.catalogue.fault_words import quoted, say
from service.catalogue.measure_schemas import ApplicationSchema
from service.catalogue.schema_fields import Str, Strict
from service.catalogue.shape_check import check_shape
from service.catalogue.yaml_tree import Document, Path
from service.domain.dates import Window
from service.domain.facts.vocabulary import FactType, Vocabulary
from service.domain.rules.application import (
    Application,
    ApplicationWindow,
    EventWindow,
    YearlyWindow,
)


class OverlayFileSchema(Strict):
    applications = fields.Dict(keys=Str(), values=fields.Nested(ApplicationSchema), required=True)


_OVERLAY = OverlayFileSchema()


def build_application(
    raw: Mapping[str, Any], document: Document, at: Path, vocabulary: Vocabulary
) -> Application:
    """What a file says about applying; faults of its windows are noted."""
    windows = (
        _build_window(entry, document, (*at, "windows", i), vocabulary)
        for i, entry in enumerate(raw.get("windows", ()))
    )
    return Application(
        url=raw.get("url"), contact=raw.get("contact"),
        materials=tuple(raw.get("materials", ())), steps=tuple(raw.get("steps", ())),
        windows=tuple(w for w in windows if w is not None),
        lead_department=raw.get("lead_department"), source_url=raw.get("source_url"),
        reviewed_on=raw.get("reviewed_on"),
    )  # fmt: skip


def build_overlays(
    documents: Iterable[Document], names: Iterable[str], vocabulary: Vocabulary
) -> Mapping[str, Application]:
    """What overlay files say of applying, by programme or measure id; a later file wins key by
    key."""
    known = sorted(names)
    overlays: dict[str, Application] = {}
    for document in documents:
        raw = check_shape(_OVERLAY, document)
        for name, entry in (raw or {}).get("applications", {}).items():
            at: Path = ("applications", name)
            if name not in known:
                document.fault(
                    at, say("there_is_no_programme_or_measure", name=quoted(name)), known
                )
            built = build_application(entry, document, at, vocabulary)
            overlays[name] = built.over(overlays.get(name, Application()))
    return overlays


def _build_window(
    raw: Mapping[str, Any], document: Document, at: Path, vocabulary: Vocabulary
) -> ApplicationWindow | None:
    kinds = [k for k in ("yearly", "months", "days", "always") if k in raw]
    dated = bool(raw.keys() & {"start", "end"})
    if len(kinds) + dated != 1:
        words = say("window_without_its_days")
        document.fault(at, words)
        return None
    if dated:
        window = Window(raw.get("start"), raw.get("end"))
        if window.start and window.end and window.end < window.start:
            document.fault(
                at, say("window_ends_before_it_begins", window=window.end, window2=window.start)
            )
        return window
    if kinds == ["always"]:
        if raw["always"] is not True:
            document.fault(at, say("always_true_or_leave_it_out"))
        return Window()
    if kinds == ["yearly"]:
        return YearlyWindow(raw["yearly"]["first"], raw["yearly"]["last"])
    return _build_event_window(raw, document, at, vocabulary)


def _build_event_window(
    raw: Mapping[str, Any], document: Document, at: Path, vocabulary: Vocabulary
) -> EventWindow | None:
    fact = vocabulary.facts.get(raw.get("after", ""))
    key = "days" if "days" in raw else "months"
    span = read_span({key: raw[key]})
    if span is None:
        document.fault((*at, key), say("must_be_a_whole_number_above_0", key=key))
        return None
    if fact is None or fact.type not in (FactType.DATE, FactType.CERTIFICATES):
        allowed = [f.id for f in vocabulary.facts.values()
                   if f.type in (FactType.DATE, FactType.CERTIFICATES)]  # fmt: skip
        document.fault((*at, "after"), say("after_names_a_date_or_certificates"), allowed)
        return None
    codes, category = vocabulary.codes_of(fact), raw.get("category")
    if (fact.type is FactType.CERTIFICATES) != (category is not None):
        document.fault(at, say("certificates_need_their_category_and_only"))
    elif codes is not None and category is not None and category not in codes:
        document.fault(
            (*at, "category"),
            say("is_not_in_list", category=quoted(category), codes=quoted(codes.id)),
            codes.codes,
        )
    return EventWindow(span, fact.id, category)
