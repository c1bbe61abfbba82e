"""Answers printed for people: tables on the terminal, with the words of the command line."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from rich.console import Console
from rich.text import Text as Styled

from service.cli.context import heads
from service.cli.terminal import table_of
from service.domain.evaluation.evaluator import IN_REACH, Status
from service.domain.facts.profile import Profile, Value
from service.domain.facts.vocabulary import FactType, Owner, Vocabulary
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.conditions import Basis, Connective
from service.domain.rules.measures import Article
from service.domain.text import LIST_COMMA, SEMICOLON, Text, join
from service.domain.wording.labels import BASIS, STATUS
from service.rendering.amount_words import over_the_years
from service.rendering.combination_words import WORDS, combination_words
from service.rendering.json_parts import missing_labels
from service.rendering.named_groups import facts_looked_at, names_that_say_all
from service.rendering.next_steps import next_step
from service.rendering.profile_words import observed_words
from service.rendering.texts import read_texts

_WORDS = read_texts(__file__)

_HEADS = heads(
    "结果 | 支持事项 | 金额上限 | 依据 | 还需了解",
    "Status | Programme | Ceiling | Clause | Missing",
)

_MARKS = {"true": ("✓", "green"), "false": ("✗", "red"), "unknown": ("?", "yellow")}
_UNMARKED = ("·", "dim")
_ARROW = ("→", "cyan")
_WARNING = ("!", "yellow")
_COLOURS = {
    Status.ELIGIBLE: "green",
    Status.POTENTIAL: "green",
    Status.UNDETERMINED: "yellow",
    Status.WATCH: "cyan",
    Status.INELIGIBLE: "red",
    Status.NOT_IN_FORCE: "dim",
}


class Printer:
    """Prints the contract's answers in one language."""

    def __init__(self, console: Console, language: str, catalogue: Catalogue) -> None:
        self.console = console
        self.language = language
        self.catalogue = catalogue
        self.vocabulary = catalogue.vocabulary

    def words(self, text: Text | dict[str, str]) -> str:
        return text.in_language(self.language) if isinstance(text, Text) else text[self.language]

    def matches(self, answer: dict[str, Any], profile: Profile) -> None:
        """The whole answer to a profile: a line of counts, the table, what adds up, the
        warnings."""
        counts = (
            f"{self.words(label)} {answer['summary'][status]}"
            for status, label in STATUS.items()
            if answer["summary"][status]
        )
        self.console.print(f"{answer['as_of']}   {'   '.join(counts)}")
        table = table_of(map(self.words, _HEADS))
        table.columns[2].justify = "right"
        for match in answer["matches"]:
            table.add_row(*self._row(match, profile.facts_of(match["subject"])))
        self.console.print(table)
        best = combination_words(answer["best_combination"], answer["matches"], self.catalogue)
        if best and best["chosen"]:
            self._total(best)
        self._warnings(answer["warnings"])
        for hint in answer["category_hints"]:
            self._line(_ARROW, f" {self.words(hint['text'])}")
        self.console.print(self.words(_WORDS["ceiling_note"]), style="dim")

    def _total(self, best: dict[str, Any]) -> None:
        """What can be had together: the total and its parts, why it is an interval, and what is
        left out for which reason."""
        colon = self.words(_WORDS["colon"])
        self._line(f"{self.words(WORDS['together'])}{colon}", (self.words(best["total"]), "bold"))
        for chosen in best["chosen"]:
            note = f" {self.words(chosen['note'])}" if chosen["note"] else ""
            amount = self.words(chosen["amount"])
            self._line(f"  {self._about(chosen)}{colon}{amount}", (note, "dim"))
        for point in best["open_points"]:
            self.console.print(f"  {self.words(point)}")
        if best["left_out"]:
            self.console.print(f"{self.words(WORDS['left_out'])}{colon}")
        for group in best["left_out"]:
            names = self.words(_WORDS["and"]).join(map(self._about, group["programmes"]))
            self.console.print(f"  {names}{colon}{self.words(group['why'])}")

    def _about(self, part: dict[str, Any]) -> str:
        """A programme, and the project it is told of."""
        subject = part["subject"]
        about = (
            self.words(_WORDS["of_project"]).format(subject=self.words(subject)) if subject else ""
        )
        return f"{self.words(part['name'])}{about}"

    def _line(self, *parts: str | tuple[str, str]) -> None:
        """Words one after the other, some with their style."""
        self.console.print(Styled.assemble(*parts))

    def _row(self, match: dict[str, Any], stated: Mapping[str, Value]) -> Iterator[str | Styled]:
        status = Status(match["status"])
        colour, label = _COLOURS[status], STATUS[status]
        programme = match["programme"]
        yield Styled(self.words(label), style=colour)
        subject = match["subject"]
        about = f" ({subject})" if subject not in ("company", None) else ""
        name = self.catalogue.list_name(programme["id"])
        yield name_and_id(self.words(name), programme["id"], about)
        yield self.ceiling(match["ceiling"])
        document = self.catalogue.measures[programme["measure"]].number
        yield f"{document} {self._article(match['clauses'][0])}"
        yield self._listed(missing_labels(match, stated, self.vocabulary))

    def _article(self, clause: dict[str, Any]) -> str:
        """An article by its number, a named part of a document by its title."""
        article = clause["article"]
        if isinstance(article, int):
            return self.words(_WORDS["article"].format(article=str(article)))
        part = self.catalogue.measures[clause["measure"]].article(article)
        assert isinstance(part, Article)
        return self.words(_WORDS["part"].format(article=part.title))

    def ceiling(self, ceiling: dict[str, Any] | None) -> str:
        """A ceiling in one cell; of one without an upper end how it is reckoned."""
        if ceiling is None:
            return "–"
        words = over_the_years(ceiling, self.vocabulary)
        return self.words(words or ceiling["formula"])

    def _listed(self, labels: Iterable[Text]) -> str:
        return self.words(join(labels, LIST_COMMA))

    def match(self, match: dict[str, Any], stated: Mapping[str, Value], as_of: str) -> None:
        """One match with every condition, what was stated for it, and what to do next."""
        status = Status(match["status"])
        colour, label = _COLOURS[status], STATUS[status]
        name = self.words(match["programme"]["name"])
        self._line((name, "bold"), " ", (self.words(label), colour))
        self.console.print(self.words(match["decided_by"]))
        rule = self.catalogue.programmes[match["programme"]["id"]].condition
        named = names_that_say_all(rule, self.vocabulary)
        about = _About(stated, named, frozenset(match["missing_facts"]))
        for condition in match["conditions"]:
            self._condition(condition, about, 1)
        if match["ceiling"]:
            formula = self.words(match["ceiling"]["formula"])
            ceiling = self.ceiling(match["ceiling"])
            self._line(ceiling, ("" if ceiling == formula else f"   {formula}", "dim"))
        if status in IN_REACH:
            self._next_step(match["programme"]["id"], date.fromisoformat(as_of))
        self._warnings(match["warnings"])
        note = _WORDS["ceiling_note" if match["ceiling"] else "no_ceiling_note"]
        self.console.print(self.words(note), style="dim")

    def _next_step(self, programme: str, as_of: date) -> None:
        step = next_step(self.catalogue, self.catalogue.programmes[programme], as_of)
        windows = join(step.windows, SEMICOLON)
        note = self.words(_WORDS["when"].format(words=windows)) if step.windows else ""
        self._line(_ARROW, f" {self.words(step.words)}", (note, "dim"))

    def _condition(
        self, condition: dict[str, Any], about: "_About", depth: int, denied: bool = False
    ) -> None:
        """A condition and those below it; of a group that its name says all of what its rows look
        at. What is `denied` has no mark of its own: a cross below a tick would read as something
        that is not met."""
        basis = BASIS[Basis(condition["basis"])]
        article = self._article(condition["clause"])
        clause = f"{article}{self.words(_WORDS['comma'])}{self.words(basis)}"
        by_name = about.is_table(condition)
        facts = about.stated_of(condition) if by_name else condition["facts"]
        seen = self.words(observed_words(facts, about.stated, self.vocabulary))
        observed = f" = {seen}" if seen else ""
        if by_name and condition["truth"] == "unknown" and (open_facts := about.open_of(condition)):
            labels = self._listed(self.vocabulary.facts[f].label for f in open_facts)
            observed += self.words(_WORDS["still_to_state"].format(facts=labels))
        mark = _UNMARKED if denied else _MARKS[condition["truth"]]
        text = f" {self.words(condition['text'])}{observed} "
        self._line("  " * depth, mark, text, (f"({clause})", "dim"))
        for child in [] if by_name else _telling_children(condition):
            below = denied or condition["gate"] == Connective.NOT
            self._condition(child, about, depth + 1, below)

    def _warnings(self, warnings: list[dict[str, Any]]) -> None:
        for warning in warnings:
            self._line(_WARNING, f" {self.words(warning['text'])}")

    def programmes(self, page: dict[str, Any]) -> None:
        """A list of programmes."""
        table = table_of([self.words(_HEADS[1]), self.words(Text("内容", "What it gives"))])
        for item in page["items"]:
            name = name_and_id(self.words(item["name"]), item["id"])
            table.add_row(name, self.words(item["summary"]))
        self.console.print(table)
        self.console.print(f"{len(page['items'])} / {page['total']}", style="dim")


@dataclass(frozen=True)
class _About:
    """What is stated of the subject of a match, the groups whose names say all of them, and the
    facts that the match lacks."""

    stated: Mapping[str, Value]
    named: frozenset[str]
    missing: frozenset[str]

    def is_table(self, condition: dict[str, Any]) -> bool:
        """Whether a condition is a group of rows that say nothing one by one: a size class."""
        return condition["gate"] == Connective.ANY and condition["text"]["zh"] in self.named

    def stated_of(self, condition: dict[str, Any]) -> list[str]:
        return [f for f in facts_looked_at(condition) if self.stated.get(f) is not None]

    def open_of(self, condition: dict[str, Any]) -> list[str]:
        return [f for f in facts_looked_at(condition) if f in self.missing]


def name_and_id(name: str, identifier: str, about: str = "") -> Styled:
    """What something is called, what it is told of, and below it its id: one cell of a table."""
    return Styled.assemble(name, (about, "dim"), "\n", (identifier, "dim"))


def _telling_children(condition: dict[str, Any]) -> list[dict[str, Any]]:
    """The children worth reading: where one alternative holds, the others decide nothing."""
    children: list[dict[str, Any]] = condition["children"]
    if condition["gate"] != "any" or condition["truth"] != "true":
        return children
    return [c for c in children if c["truth"] == "true"]


def facts_help(vocabulary: Vocabulary, language: str) -> list[tuple[str, str]]:
    """Each fact of a profile with its label, type and unit, for a command's help."""
    rows = []
    for fact in vocabulary.facts.values():
        values = (
            fact.list or fact.unit or (vocabulary.currency if fact.type is FactType.MONEY else "")
        )
        kind = f"{fact.type.value} {values}".strip()
        owner = "company" if fact.owner is Owner.COMPANY else "projects[]"
        rows.append((f"{owner}.{fact.name}", f"{fact.label.in_language(language)} ({kind})"))
    return rows
