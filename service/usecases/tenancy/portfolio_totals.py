"""A tenant's companies in numbers: how many have each programme in reach or open, and by industry
and district the most that they can come to."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from service.catalogue.categories import INDUSTRY
from service.domain.evaluation.evaluator import PROMISING, Status
from service.domain.facts.code_lists import CodeList
from service.domain.facts.vocabulary import Vocabulary
from service.domain.text import Text


class Amount(NamedTuple):
    """The most that companies of one group can come to, and how many those are."""

    label: Text | None
    companies: int
    most: Decimal


class ProgrammeCount(NamedTuple):
    """For how many companies a programme is in reach, or open."""

    programme: str
    promising: int
    undetermined: int


@dataclass(frozen=True, slots=True)
class Overview:
    """A portfolio in numbers. `counted` of `total` companies are in them so far; `unreadable` ones
    are kept in words no longer known."""

    total: int
    counted: int
    unreadable: int
    programmes: tuple[ProgrammeCount, ...]
    by_industry: tuple[Amount, ...]
    by_district: tuple[Amount, ...]

    @property
    def is_whole(self) -> bool:
        return self.counted + self.unreadable == self.total


@dataclass
class _Groups:
    """Sums by a code."""

    companies: Counter[str | None] = field(default_factory=Counter)
    most: dict[str | None, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    def add(self, code: str | None, most: Decimal) -> None:
        self.companies[code] += 1
        self.most[code] += most

    def amounts(self, codes: CodeList | None) -> tuple[Amount, ...]:
        """The largest first; those of whom it is not stated last."""
        order = sorted(
            self.companies, key=lambda code: (code is None, -self.most[code], code or "")
        )
        return tuple(
            Amount(
                codes.label_of(code) if codes and code is not None else None,
                self.companies[code],
                self.most[code],
            )
            for code in order
        )


@dataclass
class PortfolioTotals:
    """Counts companies one by one."""

    vocabulary: Vocabulary
    counted: int = 0
    unreadable: int = 0
    _promising: Counter[str] = field(default_factory=Counter)
    _open: Counter[str] = field(default_factory=Counter)
    _industries: _Groups = field(default_factory=_Groups)
    _districts: _Groups = field(default_factory=_Groups)

    def add(
        self, statuses: Mapping[str, Status], most: Decimal | None, stated: Mapping[str, Any]
    ) -> None:
        """A company: how it stands with each programme, the most it can come to, and the profile
        that it states."""
        self.counted += 1
        for name, status in statuses.items():
            self._promising[name] += status in PROMISING
            self._open[name] += status is Status.UNDETERMINED
        company = stated.get("company", {})
        self._industries.add(self._industry(company), most or Decimal(0))
        self._districts.add(self._district(company), most or Decimal(0))

    def overview(self, total: int) -> Overview:
        """What was counted, of so many companies in `total`."""
        rank = lambda name: (-self._promising[name], -self._open[name], name)  # noqa: E731
        order = sorted({*self._promising, *self._open}, key=rank)
        return Overview(
            total,
            self.counted,
            self.unreadable,
            tuple(ProgrammeCount(n, self._promising[n], self._open[n]) for n in order),
            self._industries.amounts(self._industry_codes),
            self._districts.amounts(self.vocabulary.regions),
        )

    @property
    def _industry_codes(self) -> CodeList | None:
        fact = self.vocabulary.facts.get(INDUSTRY)
        return self.vocabulary.codes_of(fact) if fact else None

    def _industry(self, company: Mapping[str, Any]) -> str | None:
        """The broadest code of a company's industry."""
        codes, fact = self._industry_codes, self.vocabulary.facts.get(INDUSTRY)
        value = company.get(fact.name) if fact else None
        return _broadest(codes, value) if codes and isinstance(value, str) else None

    def _district(self, company: Mapping[str, Any]) -> str | None:
        """The first stated fact of the company that is one place."""
        for fact in self.vocabulary.company:
            value = company.get(fact.name)
            if fact.list == self.vocabulary.region_list and isinstance(value, str):
                return value
        return None


def _broadest(codes: CodeList, code: str) -> str:
    listed = (c for c in sorted(codes.ancestors(code)) if c in codes.codes)
    return next((c for c in listed if not codes.codes[c].parents), code)
