"""What every use case works with: one catalogue and the readers and renderers made for it.

It is built once for a catalogue version and shared. Nothing in it changes afterwards; a new
catalogue is a new one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from service.catalogue.unchanged import EarlierCatalogue
from service.compiled.code_uses import CodeUses, code_uses
from service.compiled.decisive.fact_compiler import FactCompiler
from service.compiled.elsewhere import HERE, Elsewhere
from service.compiled.evaluated_subject import ConditionNumbers
from service.compiled.match_answers import MatchAnswers
from service.compiled.profile_conditions import ProfileConditions
from service.compiled.programme_table import ProgrammeTable
from service.domain.deferred import Deferred
from service.domain.index.status_index import StatusIndex
from service.domain.rules.catalogue import Catalogue
from service.intake.profiles import ProfileReader
from service.intake.programme_names import ProgrammeNames
from service.intake.requests import RequestReader
from service.rendering.match_json import MatchRenderer
from service.rendering.parameter_warnings import UsedParameter, used_parameters

_NOT_KEPT = ("_earlier", "reader", "requests", "programme_names")
_LISTS = ("table", "kept_names", "used_parameters", "code_uses")
# By measure, programmes themselves are listed: they are not to be sent from process to process.
_LISTS_OF_CATALOGUE = (
    "overlap_groups", "words_of_search", "jurisdictions", "reported", "planned",
    "names_told_apart", "by_article", "supported_kinds", "fact_uses",
)  # fmt: skip
# To begin a process for the tests of fewer facts takes longer than to work them out.
MIN_FACTS_TO_DIVIDE = 20


@dataclass(frozen=True, slots=True)
class _Earlier:
    """What was compiled of rules that asked the same of all facts but those `touched`."""

    index: StatusIndex
    fact_compiler: FactCompiler
    touched: frozenset[str]


@dataclass(frozen=True)
class CompiledCatalogue:
    """A catalogue with its profile reader and its answers."""

    catalogue: Catalogue
    _earlier: _Earlier | None = field(default=None, init=False, repr=False, compare=False)

    def __getstate__(self) -> dict[str, Any]:
        """What is kept of it: the readers are made of classes of their own, and anew each time;
        what worked facts out has done its work."""
        return {name: part for name, part in vars(self).items() if name not in _NOT_KEPT}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)

    def take_over(self, earlier: "CompiledCatalogue", touched: frozenset[str]) -> None:
        """Take over what was compiled of an earlier catalogue over the same vocabulary, whose rules
        ask the same of all facts but those `touched`, once it is asked for: where no test of a fact
        has another place, neither what it is looked up in nor what answers can do to it is made
        anew."""
        vars(self)["_earlier"] = _Earlier(earlier.index, earlier.fact_compiler, touched)

    def compile(self, elsewhere: Elsewhere = HERE) -> None:
        """Make now what takes long and can be kept; and what looks at every programme, since a
        worker that does comes to hold a copy of all that it shares with the others. Some of it is
        made `elsewhere` meanwhile."""
        listed = elsewhere.begin(self._lists)
        compiler = self.fact_compiler
        if len(compiler.left) >= MIN_FACTS_TO_DIVIDE:
            compiler.begin(elsewhere)
        answers = self.match_answers
        own, of_catalogue = listed()
        vars(self).update(own)
        vars(self.catalogue).update(of_catalogue)
        for _part in (self.catalogue.by_measure, self.profile_conditions):
            pass
        answers.warm()

    def _lists(self) -> tuple[dict[str, object], dict[str, object]]:
        """What lists, names and searches go by, and no answer needs before it is made."""
        own, of_catalogue = (
            {name: getattr(whole, name) for name in names}
            for whole, names in ((self, _LISTS), (self.catalogue, _LISTS_OF_CATALOGUE))
        )
        return own, of_catalogue

    def warm(self) -> None:
        """Make now what the first request would otherwise wait for."""
        if "match_answers" not in vars(self):
            self.compile()
        for _part in (self.reader, self.requests):
            pass

    def keep_beside(self, digests: Mapping[str, str]) -> None:
        """Keep with it the digests of its files."""
        vars(self)["digests"] = Deferred.of(digests)

    @cached_property
    def digests(self) -> "Deferred[Mapping[str, str]]":
        """The digest of each file that it was read from, by path; none where nobody kept them."""
        return Deferred.of({})

    @property
    def read(self) -> EarlierCatalogue:
        """The catalogue with what it was read from, for another that is read after it."""
        return EarlierCatalogue(self.catalogue, self.digests.once())

    @cached_property
    def reader(self) -> ProfileReader:
        return ProfileReader(self.catalogue.vocabulary, self.programme_names)

    @cached_property
    def programme_names(self) -> ProgrammeNames:
        """What is meant by what a company writes of support it has had."""
        return self.kept_names.once()

    @cached_property
    def kept_names(self) -> Deferred[ProgrammeNames]:
        """The same, as whoever made it has packed it: only who reads profiles takes it up."""
        return Deferred.of(ProgrammeNames.of(self.catalogue))

    @cached_property
    def requests(self) -> RequestReader:
        return RequestReader(self.reader)

    @cached_property
    def index(self) -> StatusIndex:
        made = self._earlier
        if made is None:
            return StatusIndex(self.catalogue)
        return StatusIndex(self.catalogue, made.index, made.touched)

    @cached_property
    def table(self) -> ProgrammeTable:
        """What lists of programmes are narrowed and sorted by."""
        return ProgrammeTable(self.catalogue)

    @cached_property
    def code_uses(self) -> Deferred[CodeUses]:
        """Which codes its programmes name, for whom: needed only where codes are offered."""
        return Deferred.of(code_uses(self.catalogue))

    @cached_property
    def used_parameters(self) -> tuple[UsedParameter, ...]:
        """The public figures that its programmes reckon with."""
        return used_parameters(self.catalogue.programmes.values())

    @cached_property
    def answers(self) -> MatchRenderer:
        return MatchRenderer(self.catalogue)

    @cached_property
    def profile_conditions(self) -> ProfileConditions:
        return ProfileConditions(self.catalogue)

    @cached_property
    def fact_compiler(self) -> FactCompiler:
        made, index = self._earlier, self.index
        if made is None or not index.is_laid_out_as(made.index):
            return FactCompiler(index, self.catalogue.vocabulary, ConditionNumbers())
        of_before = made.fact_compiler.tests.items()
        known = {fact: tests for fact, tests in of_before if fact not in made.touched}
        numbers = made.fact_compiler.numbers.copied()
        return FactCompiler(index, self.catalogue.vocabulary, numbers, known)

    @cached_property
    def match_answers(self) -> MatchAnswers:
        return MatchAnswers(self.catalogue, self.index, self.answers, self.fact_compiler)
