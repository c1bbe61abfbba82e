"""The catalogue for machines: everything at once, and what changed since a version or a day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

import orjson

from service.compiled.compiled_catalogue import CompiledCatalogue
from service.compiled.compiled_versions import CompiledVersions
from service.domain.errors import ErrorCode, InvalidInput, NotFound, Problem
from service.domain.text import Text
from service.rendering.canonical_json import canonical_json
from service.rendering.catalogue_json import programme_json
from service.rendering.json_parts import Json
from service.storage.catalogues import CatalogueVersions

_UNKNOWN = Text(
    "没有保存这个版本，请用 export 取全部", "this version is not kept: take everything by export"
)


@dataclass(frozen=True)
class CatalogueFeed:
    """The present catalogue beside those that were in use before."""

    versions: CompiledVersions
    stored: CatalogueVersions

    def export(self) -> Iterator[bytes]:
        """Every programme whole, one line each."""
        for whole in _programmes(self.versions.present).values():
            yield orjson.dumps(whole) + b"\n"

    def changes(self, since: str | date | None) -> Json:
        """Which programmes were added, changed or removed since a version, or since what was in use
        on a day; without either, all are added. Raises InvalidInput for a version nobody kept."""
        present = self.versions.present
        before = self._version(since)
        then = {} if before is None else _programmes(self._compiled(before))
        now = _programmes(present)
        items = [
            {"change": "added", "programme": i, "name": now[i]["name"]}
            for i in now
            if i not in then
        ]
        items += [
            {"change": "removed", "programme": i, "name": then[i]["name"]}
            for i in then
            if i not in now
        ]
        items += [
            {"change": "changed", "programme": i, "name": now[i]["name"], "keys": keys}
            for i in now
            if i in then and (keys := _differing(then[i], now[i]))
        ]
        return {"since": before, "catalogue_version": present.catalogue.version, "items": items}

    def changed_since(self, since: str | date) -> frozenset[str]:
        """The programmes that are there now and were not, or not so, then."""
        items = self.changes(since)["items"]
        return frozenset(i["programme"] for i in items if i["change"] != "removed")

    def _version(self, since: str | date | None) -> str | None:
        if since is None or isinstance(since, str):
            return since
        kept = self.stored.versions()
        end = datetime.combine(since, time.max)
        older = [v for v in kept if v.saved_at.replace(tzinfo=None) <= end]
        return older[0].version if older else None

    def _compiled(self, version: str) -> CompiledCatalogue:
        try:
            return self.versions.compiled(version)
        except NotFound:
            problem = Problem("/since", ErrorCode.UNKNOWN_CODE, _UNKNOWN)
            raise InvalidInput((problem,), ErrorCode.INVALID_QUERY) from None


def _programmes(compiled: CompiledCatalogue) -> dict[str, Json]:
    return {
        p.id: programme_json(compiled.catalogue, compiled.answers, p)
        for p in compiled.catalogue.programmes.values()
    }


def _differing(then: Json, now: Json) -> list[str]:
    """The parts of a programme that are not what they were."""
    return sorted(
        k
        for k in then.keys() | now.keys()
        if canonical_json(then.get(k)) != canonical_json(now.get(k))
    )
