"""What a rule says and does, before it is served: its sentences, its money, and what comes out on
both sides of every bound.
"""

from collections.abc import Iterator

from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.errors import InvalidInput
from service.domain.evaluation.evaluator import Match
from service.domain.facts.profile import Value
from service.domain.facts.vocabulary import Fact, Vocabulary
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.ceiling import Ceiling
from service.domain.rules.conditions import Condition, Group, children_of
from service.domain.rules.programmes import Programme
from service.domain.text import Text
from service.domain.wording.clause_words import clause_words
from service.domain.wording.labels import STATUS
from service.domain.wording.money import formula
from service.domain.wording.sentences import heading
from service.rendering.amount_words import range_text
from service.rendering.application_json import application_json
from service.rendering.json_parts import Json, money_json, text_json
from service.usecases.authoring.boundaries import GOOD, boundary_rows
from service.usecases.authoring.boundary_examples import boundary_examples
from service.usecases.authoring.deciding_conditions import deciding_words
from service.usecases.authoring.examples import example_match


def explain(compiled: CompiledCatalogue, programme: Programme) -> Json:
    """Everything that a programme's file makes, in both languages, as plain data."""
    vocabulary = compiled.catalogue.vocabulary
    measure = compiled.catalogue.measures[programme.measure]
    return {
        "id": programme.id,
        "name": text_json(programme.name),
        "measure": programme.measure,
        "article": programme.article,
        "clause": text_json(clause_words(measure, programme.article)),
        "window": {
            "from": programme.window.start.isoformat() if programme.window.start else None,
            "to": programme.window.end.isoformat() if programme.window.end else None,
        },
        "conditions": list(_condition_lines(programme.condition, vocabulary)),
        "money": text_json(formula(programme.benefit, vocabulary)) if programme.benefit else None,
        "application": application_json(programme.application, vocabulary),
        "boundaries": [
            {
                "fact": row.fact,
                "label": text_json(vocabulary.facts[row.fact].label),
                "value": text_json(row.words),
                "codes": _codes_of(row.value, vocabulary.facts[row.fact]),
                **_outcome_json(row.match, compiled.catalogue),
            }
            for row in boundary_rows(compiled, programme)
        ],
        "examples": list(_example_rows(compiled, programme)),
    }


def _codes_of(value: Value | None, fact: Fact) -> list[str]:
    """What a file writes for the value of a fact that has a list; nothing for any other."""
    held = value if isinstance(value, frozenset) else (value,)
    return sorted(str(code) for code in held if isinstance(code, str)) if fact.list else []


def _condition_lines(
    condition: Condition, vocabulary: Vocabulary, depth: int = 0
) -> Iterator[Json]:
    """The tree, a line for each condition; a standard is told by its name."""
    yield {
        "depth": depth,
        "text": text_json(heading(condition, vocabulary)),
        "article": condition.clause.article,
        "basis": condition.basis.value,
    }
    named = isinstance(condition, Group) and condition.term_only
    for child in () if named else children_of(condition):
        yield from _condition_lines(child, vocabulary, depth + 1)


def _outcome_json(match: Match, catalogue: Catalogue) -> Json:
    ceiling = match.ceiling if match.status in GOOD else None
    words = ceiling and _ceiling_words(ceiling, match, catalogue.vocabulary)
    return {
        "status": match.status.value,
        "status_text": text_json(STATUS[match.status]),
        "ceiling": money_json(ceiling.amount) if ceiling else None,
        "ceiling_text": text_json(words) if words else None,
        "decided_by": text_json(deciding_words(match, catalogue)),
    }


def _ceiling_words(ceiling: Ceiling, match: Match, vocabulary: Vocabulary) -> Text | None:
    """What it comes to, or between what; None where nothing bounds it."""
    benefit = match.programme.benefit
    bounds = {"amount": ceiling.amount, "low": ceiling.low, "high": ceiling.high}
    return range_text(bounds, vocabulary, benefit.currency if benefit else None)


def _example_rows(compiled: CompiledCatalogue, programme: Programme) -> Iterator[Json]:
    """The examples of the file, then those that follow from the measure."""
    vocabulary = compiled.catalogue.vocabulary
    typed = ((e, Text(e.say or "", e.say or ""), False) for e in programme.examples)
    made = ((b.example, b.say, True) for b in boundary_examples(programme, vocabulary))
    for example, say, derived in (*typed, *made):
        try:
            match = example_match(compiled, programme, example)
        except InvalidInput:
            continue  # told by the test
        yield {
            "say": text_json(say),
            "line": None if derived else example.line,
            "as_of": example.as_of.isoformat(),
            "derived": derived,
            **_outcome_json(match, compiled.catalogue),
        }
