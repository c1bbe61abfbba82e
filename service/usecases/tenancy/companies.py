"""Companies that a tenant keeps: stored, changed, read back with history, matched, deleted."""

import hashlib
from collections.abc import Callable, Container
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson

from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.clock import Clock
from service.domain.errors import ErrorCode, InvalidInput, NotFound, Problem, Refused
from service.domain.facts.profile import Provenance
from service.domain.principal import Principal, Scope
from service.domain.text import Text, grouped
from service.intake.profiles import dump_profile
from service.intake.tenancy import CompanyReader, merge_patch, read_company_code
from service.rendering.canonical_json import canonical_json
from service.rendering.json_parts import Json
from service.storage.audit import AuditLog, Deed
from service.storage.companies import CompanyRepository, StoredCompany

MAX_PAGE, USUAL_PAGE = 500, 50
MAX_VERSIONS = 100
# How often a part of a company is changed anew where others change it at the same moment: each
# time one of them has got through.
_MAX_ATTEMPTS = 50
_QUOTA = Text("企业数量已达上限 {most}", "no more than {most} companies are kept")
_LATER_WORDS = Text(
    "档案按当时的词汇保存，现在有些内容已不再认识，请修改后再匹配",
    "the profile was kept in the words of its day, and some are no longer known: change it first",
)


@dataclass(frozen=True)
class CompanyService:
    """Stored companies of the tenant that asks."""

    companies: CompanyRepository
    audit: AuditLog
    compiled: CompiledCatalogue
    match: Callable[[object, Principal, str], bytes]
    clock: Clock
    quota: int

    @cached_property
    def reader(self) -> CompanyReader:
        return CompanyReader(self.compiled.reader)

    def _code(self, written: str) -> str:
        """The code of an address. Raises InvalidInput."""
        return read_company_code(written, self.compiled.catalogue.vocabulary)

    def put(
        self, principal: Principal, uscc: str, raw: object, expected: int | None, trace: str
    ) -> tuple[Json, bool]:
        """Keep a company; whether it is new. Raises InvalidInput, Refused."""
        tenant = principal.of_tenant(Scope.COMPANIES)
        code = self._code(uscc)
        document = self.reader.read(raw, code)
        if expected in (None, 0) and self.companies.count(tenant) >= self.quota:
            self._check_quota(tenant, code)
        kept = {
            "profile": dump_profile(document.profile),
            "tags": list(document.tags),
            "evidence": {k: dict(v) for k, v in document.evidence.items()},
        }
        content = canonical_json(kept)
        stored, made = self.companies.put(
            tenant,
            Deed(principal, self.clock.now(), trace),
            code,
            content,
            hashlib.sha256(content).hexdigest(),
            str(document.profile.company.get("company.name", "")),
            document.tags,
            expected,
        )
        return company_json(stored), made

    def keep_profile(
        self, principal: Principal, uscc: str, profile: Json, trace: str
    ) -> tuple[Json, bool]:
        """Keep a profile that states a company whole, under its code; whether it is new. Tags stay,
        and the document behind a fact that is still stated as it was; a mark of something verified
        that no document shows is declared. Raises InvalidInput, Refused."""
        tenant = principal.of_tenant(Scope.COMPANIES)
        try:
            present = self.companies.get(tenant, self._code(uscc))
        except NotFound:
            return self.put(principal, uscc, {"profile": _as_proven(profile, ())}, 0, trace)
        kept = orjson.loads(present.content)
        same = self._unchanged(kept, profile, present.uscc)
        evidence = {k: v for k, v in kept["evidence"].items() if k in same}
        shown = _as_proven(profile, evidence)
        body = {"profile": shown, "tags": kept["tags"], "evidence": evidence}
        return self.put(principal, uscc, body, present.version, trace)

    def _unchanged(self, kept: Json, profile: Json, uscc: str) -> set[str]:
        """Which facts a profile states as they are kept. Raises InvalidInput."""
        bare = {k: v for k, v in profile.items() if k != "provenance"}
        document = self.reader.read({"profile": bare}, uscc)
        before, now = _stated_facts(kept["profile"]), _stated_facts(dump_profile(document.profile))
        return {key for key, value in now.items() if value == before.get(key)}

    def _check_quota(self, tenant: str, uscc: str) -> None:
        if not any(c.uscc == uscc for c in self.companies.page(tenant, _before(uscc), 1)):
            raise Refused(_QUOTA.format(most=grouped(self.quota)), ErrorCode.QUOTA_EXCEEDED)

    def patch(
        self, principal: Principal, uscc: str, raw: object, expected: int | None, trace: str
    ) -> Json:
        """Change a part of what is kept: null removes, objects are merged (RFC 7396). A fact that
        changes loses the document and the mark of what it was, unless the patch states them anew.

        Where no version is `expected` and others change it meanwhile, what they made is changed.
        Raises NotFound, InvalidInput, Refused.
        """
        for _ in range(_MAX_ATTEMPTS - 1):
            try:
                return self._patched_once(principal, uscc, raw, expected, trace)
            except Refused as error:
                if expected is not None or error.code is not ErrorCode.PRECONDITION_FAILED:
                    raise
        return self._patched_once(principal, uscc, raw, expected, trace)

    def _patched_once(
        self, principal: Principal, uscc: str, raw: object, expected: int | None, trace: str
    ) -> Json:
        tenant = principal.of_tenant(Scope.COMPANIES)
        if not isinstance(raw, dict):
            words = Text("应为 JSON 对象", "must be a JSON object")
            raise InvalidInput((Problem("", ErrorCode.WRONG_TYPE, words),))
        present = self.companies.get(tenant, self._code(uscc))
        kept = orjson.loads(present.content)
        merged = merge_patch(kept, raw)
        self._drop_stale_marks(kept, merged, raw, present.uscc)
        wanted = present.version if expected is None else expected
        found, _ = self.put(principal, uscc, merged, wanted, trace)
        return found

    def _drop_stale_marks(self, kept: Json, merged: Any, raw: Json, uscc: str) -> None:
        """Take evidence and provenance from the facts of a merged company that are no longer as
        they were kept. What is no valid profile is left, for its faults to be told whole."""
        profile = merged.get("profile")
        if not isinstance(profile, dict):
            return
        try:
            same = self._unchanged(kept, profile, uscc)
        except InvalidInput:
            return
        patched = raw.get("profile") or {}
        for holder, name, given in ((merged, "evidence", raw), (profile, "provenance", patched)):
            marks, anew = holder.get(name), given.get(name) or {}
            if isinstance(marks, dict):
                holder[name] = {k: v for k, v in marks.items() if k in same or k in anew}

    def get(self, principal: Principal, uscc: str) -> Json:
        """The present version. Raises NotFound, Refused."""
        tenant = principal.of_tenant(Scope.COMPANIES_READ)
        return company_json(self.companies.get(tenant, self._code(uscc)))

    def history(
        self, principal: Principal, uscc: str, before: int = 0, limit: int = MAX_VERSIONS
    ) -> Json:
        """A page of its versions, the newest first: those before one, unless that is 0. Raises
        NotFound, Refused."""
        tenant = principal.of_tenant(Scope.COMPANIES_READ)
        bound = {"before": before} if before else {}
        found = self.companies.history(tenant, self._code(uscc), most=limit + 1, **bound)
        following = str(found[limit - 1].version) if len(found) > limit else None
        return {"items": [company_json(v) for v in found[:limit]], "next_cursor": following}

    def page(self, principal: Principal, after: str, limit: int, tag: str | None = None) -> Json:
        """A page in the order of the codes. Raises Refused."""
        tenant = principal.of_tenant(Scope.COMPANIES_READ)
        found = self.companies.page(tenant, after, limit + 1, tag)
        items = [company_card(c) for c in found[:limit]]
        following = found[limit - 1].uscc if len(found) > limit else None
        return {
            "items": items,
            "next_cursor": following,
            "total": self.companies.count(tenant, tag),
        }

    def delete(self, principal: Principal, uscc: str, expected: int | None, trace: str) -> Json:
        """Wipe every version; what went and what stays. Raises NotFound, Refused."""
        tenant = principal.of_tenant(Scope.COMPANIES)
        deed = Deed(principal, self.clock.now(), trace)
        gone = self.companies.delete(tenant, deed, self._code(uscc), expected)
        return {"deleted_versions": gone, "kept": {"zh": _KEPT.zh, "en": _KEPT.en}}

    def match_stored(self, principal: Principal, uscc: str, asked: object, trace: str) -> bytes:
        """The answer to a match of what is kept; `asked` may hold what a match request has beside
        its profile. Raises NotFound, InvalidInput, Refused."""
        tenant = principal.of_tenant(Scope.COMPANIES_READ)
        stored = self.companies.get(tenant, self._code(uscc))
        profile = orjson.loads(stored.content)["profile"]
        try:
            self.compiled.reader.read_stated(profile, "/profile")
        except InvalidInput as error:
            raise Refused(_LATER_WORDS) from error
        answer = self.match_profile(principal, profile, asked, trace)
        deed = Deed(principal, self.clock.now(), trace)
        self.audit.record(deed, "company.match", f"{stored.uscc}@{stored.version}")
        return answer

    def match_profile(
        self, principal: Principal, profile: Json, asked: object, trace: str, **usual: object
    ) -> bytes:
        """The answer to a match of a profile that is kept here; `asked` may hold what a match
        request has beside its profile, `usual` is for what it leaves out. Raises InvalidInput,
        Refused."""
        principal.require(Scope.MATCH)
        if asked is not None and not isinstance(asked, dict):
            words = Text("应为 JSON 对象", "must be a JSON object")
            raise InvalidInput((Problem("", ErrorCode.WRONG_TYPE, words),))
        if asked and "profile" in asked:
            words = Text("档案取自所存企业", "the profile is the stored company's")
            raise InvalidInput((Problem("/profile", ErrorCode.UNKNOWN_KEY, words),))
        return self.match({**usual, **(asked or {}), "profile": profile}, principal, trace)


def _as_proven(profile: Json, shown: Container[str]) -> Json:
    """A profile without marks of what was verified, but those that a document shows."""
    marks = profile.get("provenance") or {}
    kept = {k: p for k, p in marks.items() if k in shown or p != Provenance.VERIFIED}
    return {**profile, "provenance": kept} if marks else profile


def _stated_facts(profile: Json) -> dict[str, Any]:
    """What a profile states, by the keys that evidence goes by, spelt in one way."""
    found = {f"company.{name}": value for name, value in (profile.get("company") or {}).items()}
    for project in profile.get("projects") or ():
        ref = project.get("ref")
        found |= {f"projects.{ref}.{name}": value for name, value in project.items()}
    return {key: canonical_json(value) for key, value in found.items()}


def company_card(stored: StoredCompany) -> Json:
    """A company in short."""
    return {
        "uscc": stored.uscc,
        "name": stored.name or None,
        "version": stored.version,
        "tags": list(stored.tags),
        "updated_at": stored.updated_at.isoformat(),
        "updated_by": stored.actor,
    }


def company_json(stored: StoredCompany) -> Json:
    """A version of a company whole."""
    return {**company_card(stored), **orjson.loads(stored.content)}


def _before(uscc: str) -> str:
    """What sorts just before a code: the code without its last character."""
    return uscc[:-1]


_KEPT = Text(
    "审计记录中的代码和时间、曾经开出的回执、含有这家企业的批次不随企业删除；回执和批次按保存期限"
    "清除，也可单独删除。",
    "The code and the times in the audit, receipts given earlier and batches that the company is in"
    " stay: receipts and batches go at the end of their retention, or are deleted one by one.",
)
