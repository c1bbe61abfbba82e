"""What a sender chose of a table, as written and checked: every fault with its place."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from service.bulk.cells import InvalidCell, Reader
from service.domain.errors import ErrorCode, InvalidInput, Problem
from service.domain.facts.vocabulary import Fact, FactType, Vocabulary
from service.domain.text import Text, did_you_mean
from service.intake.allowed_values import allowed_text
from service.intake.batch_choices import MAX_CHOICES, ChoicesRequest
from service.intake.cell_spelling import speller_for
from service.intake.code_names import CodeNames
from service.intake.faults import nearest_name
from service.intake.headers import Header, HeaderNames
from service.intake.profiles import ProfileReader
from service.intake.table_columns import TableColumn
from service.intake.written_values import Unreadable
from service.rendering.texts import read_texts
from service.usecases.portfolio.cell_readers import cell_readers
from service.usecases.portfolio.table_choices import NO_CHOICES, StatedFact, TableChoices

_WORDS = read_texts(__file__)

# What no two companies have alike, and what one cell cannot hold.
_NEVER_COMMON = (FactType.IDENTIFIER, FactType.TEXT, FactType.AWARDS)


def choices_for(reader: ProfileReader, asked: ChoicesRequest) -> TableChoices:
    """Choices as a sender writes them; a fact by its id or any name that a header may have. Raises
    InvalidInput with all that is wrong, each at /set/N, /unknown/N, /column/N, /read/N or
    /within."""
    if not asked:
        return NO_CHOICES
    choices = _ChoiceReader(reader.vocabulary, cell_readers(reader), HeaderNames(reader.vocabulary))
    for texts, read in (
        (asked.stated, choices.read_stated),
        (asked.unknown, choices.read_unknown),
        (asked.columns, choices.read_column),
        (asked.read, choices.read_meaning),
    ):
        for text in texts:
            read(text)
    within = choices.read_place(asked.within) if asked.within else None
    if choices.problems:
        raise InvalidInput(tuple(choices.problems), ErrorCode.INVALID_VALUE)
    words = {
        f: None if None in w else frozenset(filter(None, w)) for f, w in choices.unknown.items()
    }
    return TableChoices(choices.stated, words, choices.columns, choices.meanings, within)


@dataclass
class _ChoiceReader:
    vocabulary: Vocabulary
    readers: Mapping[str, Reader]
    names: HeaderNames
    stated: dict[str, StatedFact] = field(default_factory=dict)
    unknown: dict[str, set[str | None]] = field(default_factory=dict)
    columns: dict[str, Fact | None] = field(default_factory=dict)
    meanings: dict[str, dict[str, StatedFact]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    read: Counter[str] = field(default_factory=Counter)

    def read_stated(self, text: str) -> None:
        place, (name, parted, written) = self._place("set"), text.partition("=")
        fact = self._fact(place, name) if parted and written.strip() else None
        if fact is None:
            if not (parted and written.strip()):
                self._refuse(
                    place, ErrorCode.INVALID_VALUE, _WORDS["form"].format(example=self._example())
                )
            return
        if fact.type in _NEVER_COMMON:
            words = _WORDS["not_common"].format(label=fact.label)
            self._refuse(place, ErrorCode.INVALID_VALUE, words)
        elif fact.id in self.stated:
            words = _WORDS["twice"].format(label=fact.label)
            self._refuse(place, ErrorCode.DUPLICATE_VALUE, words)
        elif (stated := self._value(place, fact, written.strip())) is not None:
            self.stated[fact.id] = stated

    def _value(self, place: str, fact: Fact, written: str) -> StatedFact | None:
        """A value read as a cell below a header that is the fact's own id."""
        try:
            speller = speller_for(self.vocabulary, spreadsheet=False, commas=False)
            value = speller.reader(TableColumn(0, Header(fact.id, fact)))(written).value
            if not value:
                raise Unreadable("没有写出值", "states no value")
            self.readers[fact.id](value)
        except (Unreadable, InvalidCell) as error:
            allowed = allowed_text(fact, self.vocabulary)
            words = _WORDS["not_read"].format(label=fact.label, why=error.text, allowed=allowed)
            self._refuse(place, ErrorCode.INVALID_VALUE, words)
            return None
        return StatedFact(fact.id, value, written)

    def read_unknown(self, text: str) -> None:
        place, (name, parted, word) = self._place("unknown"), text.partition("=")
        fact = self._fact(place, name)
        if fact is not None:
            self.unknown.setdefault(fact.id, set()).add(word.strip() if parted else None)

    def read_column(self, text: str) -> None:
        """The name of a column may hold the sign itself; that of a fact does not."""
        place, (name, parted, written) = self._place("column"), text.rpartition("=")
        name, written = name.strip(), written.strip()
        if not parted or not name:
            self._refuse(place, ErrorCode.INVALID_VALUE, _WORDS["column_form"])
        elif name in self.columns:
            words = _WORDS["column_twice"].format(name=name[:80])
            self._refuse(place, ErrorCode.DUPLICATE_VALUE, words)
        elif not written or (fact := self._fact(place, written)) is not None:
            self.columns[name] = fact if written else None

    def read_meaning(self, text: str) -> None:
        """The word may hold the sign itself; the names of a fact and of a value do not."""
        place, (name, parted, rest) = self._place("read"), text.partition("=")
        word, again, written = (part.strip() for part in rest.rpartition("="))
        if not (parted and again and word and written):
            self._refuse(place, ErrorCode.INVALID_VALUE, _WORDS["read_form"])
            return
        fact = self._fact(place, name)
        meant = None if fact is None else self._value(place, fact, written)
        if meant is None:
            return
        if self.meanings.setdefault(meant.fact, {}).setdefault(word, meant) is not meant:
            words = _WORDS["word_twice"].format(word=word[:80])
            self._refuse(place, ErrorCode.DUPLICATE_VALUE, words)

    def read_place(self, written: str) -> str | None:
        """The code of the place that all lie in."""
        try:
            return CodeNames(self.vocabulary.regions, shortened=True).find(written)
        except Unreadable as error:
            self._refuse("/within", ErrorCode.INVALID_VALUE, error.text)
            return None

    def _place(self, kind: str) -> str:
        at = self.read[kind]
        self.read[kind] = at + 1
        if at == MAX_CHOICES:
            self._refuse(
                f"/{kind}", ErrorCode.TOO_LONG, _WORDS["too_many"].format(most=str(MAX_CHOICES))
            )
        return f"/{kind}/{at}"

    def _fact(self, place: str, name: str) -> Fact | None:
        name = name.strip()
        fact = self.vocabulary.facts.get(name) or self.names.read(name).fact
        if fact is None:
            said = _WORDS["no_fact"].format(name=name[:80])
            near = nearest_name(name, list(self.vocabulary.facts)) or self._suggested(name)
            self._refuse(place, ErrorCode.UNKNOWN_KEY, did_you_mean(said, near))
        return fact

    def _suggested(self, name: str) -> str | None:
        near = self.names.suggestion(name)
        return near.id if near else None

    def _example(self) -> str:
        """The first fact that may be stated for all, with a value of its list."""
        for fact in self.vocabulary.facts.values():
            codes = self.vocabulary.codes_of(fact)
            if codes is not None and fact.type in (FactType.CODE, FactType.CODES):
                return f"{fact.id}={next(iter(codes.codes))}"
        return f"{next(iter(self.vocabulary.facts))}=…"

    def _refuse(self, place: str, code: ErrorCode, words: Text) -> None:
        self.problems.append(Problem(place, code, words))
