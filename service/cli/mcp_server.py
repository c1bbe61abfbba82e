"""The programmes and the matching as tools of the Model Context Protocol, by its official SDK."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import CallToolResult, InputRequiredResult

from service import RELEASE
from service.app import Services
from service.domain.errors import HuiceError, InvalidInput, NotFound
from service.domain.facts.vocabulary import Fact, Vocabulary
from service.intake.code_values import SHORT_LIST
from service.rendering.catalogue_json import programme_json
from service.rendering.json_parts import Json, text_json
from service.usecases.reference import code_search
from service.usecases.reference.lookup import MAX_PAGE, ProgrammeQuery, find_list, find_programme

_ABOUT = (
    "Which support programmes (政策支持事项) a company may claim, under which clause, up to how"
    " much, and what is still missing. What a profile does not state is unknown, neither no nor"
    " zero. A ceiling is an upper bound, never a promise; `potential` says that all stated"
    " conditions are met, not that anything is granted: `decided_by` decides."
)
_MAX_MATCHES = 50


class _Server(MCPServer[Any]):
    """Refuses what no tool asks for: a search whose words stand under another name would find
    everything."""

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        for tool in await self.list_tools():
            known = tool.input_schema.get("properties", {})
            strange = sorted(arguments.keys() - known.keys())
            if tool.name == name and strange:
                takes = ", ".join(known) or "nothing"
                raise ToolError(f"{name} does not take {', '.join(strange)}; it takes {takes}")
        return await super().call_tool(name, arguments, context)


def make_server(services: Services) -> MCPServer[Any]:
    """The tools over an opened service. What a tool refuses is told, and logged nowhere: it may
    quote a company's figures."""
    server = _Server("huice", instructions=_ABOUT, version=RELEASE, log_level="ERROR")
    tools = CatalogueTools(services)
    server.tool()(tools.search_programmes)
    server.tool()(tools.read_programme)
    server.tool()(tools.list_facts)
    server.tool()(tools.find_codes)
    server.tool()(tools.match_profile)
    server.tool()(tools.ask_what_is_missing)
    return server


@dataclass(frozen=True)
class CatalogueTools:
    """What an assistant can call: each method is a tool, its docstring what the assistant reads."""

    services: Services

    def search_programmes(self, words: str = "", limit: int = 10) -> str:
        """Programmes that full text finds, Chinese or English, best first; all without words."""
        query = ProgrammeQuery(q=words.strip() or None, limit=max(1, min(limit, MAX_PAGE)))
        return _answer_text(lambda: self.services.list_programmes(query))

    def read_programme(self, programme: str) -> str:
        """A programme by its id: conditions in words with their clauses, amounts, how to apply."""
        compiled = self.services.compiled

        def wanted_programme() -> Json:
            wanted = find_programme(compiled.catalogue, programme)
            return programme_json(compiled.catalogue, compiled.answers, wanted)

        return _answer_text(wanted_programme)

    def list_facts(self, lang: str = "zh") -> str:
        """The facts that a profile may state: id, type, unit, question, and their codes, of a long
        list its name for find_codes; read it before matching. `lang`: zh or en."""
        vocabulary = self.services.compiled.catalogue.vocabulary
        if lang not in vocabulary.languages:
            raise ToolError(f"/lang: one of {', '.join(vocabulary.languages)}")
        return _answer_text(
            lambda: {f.id: _fact_json(vocabulary, f, lang) for f in vocabulary.facts.values()}
        )

    def find_codes(self, list: str, words: str) -> str:  # noqa: A002  as the facts call it
        """Codes of a list by name, such as a place or an industry, in Chinese or English."""
        return _answer_text(lambda: _codes(self.services, list, words))

    def match_profile(
        self, profile: dict[str, Any], as_of: str | None = None, lang: str = "zh", limit: int = 20
    ) -> str:
        """Match {"company": {…}, "projects": […]} against every programme: how many of each status,
        and the matches in brief, the surest first."""
        most = max(1, min(limit, _MAX_MATCHES))
        return _answer_text(lambda: _match(self.services, profile, as_of, lang, most))

    def ask_what_is_missing(
        self, profile: dict[str, Any], as_of: str | None = None, lang: str = "zh"
    ) -> str:
        """The questions worth asking next: what each decides and how much hangs on it."""

        def questions() -> Json:
            answer = _match(self.services, profile, as_of, lang, 1)
            return {name: answer[name] for name in ("as_of", "summary", "next_questions")}

        return _answer_text(questions)


def _fact_json(vocabulary: Vocabulary, fact: Fact, language: str) -> Json:
    codes = vocabulary.codes_of(fact)
    described: Json = {"type": fact.type.value, "question": fact.question.in_language(language)}
    if fact.unit:
        described["unit"] = fact.unit
    if codes is not None:
        described["list"] = codes.id
    if codes is not None and len(codes.codes) <= SHORT_LIST:
        labels = {code: entry.label.in_language(language) for code, entry in codes.codes.items()}
        described["codes"] = labels
    return described


def _codes(services: Services, name: str, words: str) -> Json:
    codes = find_list(services.compiled.catalogue, name)
    found = code_search.find_codes(codes, words)
    return {"codes": {code: text_json(codes.label_of(code)) for code in found}}


def _match(
    services: Services, profile: dict[str, Any], as_of: str | None, lang: str, limit: int
) -> Json:
    asked: Json = {"profile": profile, "detail": "brief", "lang": lang, "limit": limit}
    if as_of is not None:
        asked["as_of"] = as_of
    return services.matching.match_json(asked, whole=False)


def _answer_text(find: Callable[[], Json]) -> str:
    """What is found, as JSON; what is wrong with the question, in words that name the place."""
    try:
        return json.dumps(find(), ensure_ascii=False)
    except InvalidInput as error:
        words = [f"{p.pointer or '/'}: {p.message.en}" for p in error.problems]
        raise ToolError("; ".join(words)) from None
    except NotFound as error:
        near = f"; did you mean {error.suggestion}?" if error.suggestion else ""
        raise ToolError(f"no {error.kind.en} {error.name}{near}") from None
    except HuiceError as error:
        raise ToolError(str(error)) from None
