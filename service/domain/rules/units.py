"""Units: what a number counts, checked like a type, so that money and people never add up."""

from dataclasses import dataclass

# How files name what has no unit.
SHARE_NAME = "share"


@dataclass(frozen=True, slots=True)
class Unit:
    """A product of symbols with their powers, in order of the symbols: money for each person is
    `(("CNY", 1), ("person", -1))`. No symbols at all: a share or a factor."""

    powers: tuple[tuple[str, int], ...] = ()

    def __mul__(self, other: "Unit") -> "Unit":
        return self._joined(other, 1)

    def __truediv__(self, other: "Unit") -> "Unit":
        return self._joined(other, -1)

    def _joined(self, other: "Unit", sign: int) -> "Unit":
        powers = dict(self.powers)
        for symbol, power in other.powers:
            powers[symbol] = powers.get(symbol, 0) + sign * power
        return Unit(tuple(sorted((s, p) for s, p in powers.items() if p)))

    @property
    def above(self) -> tuple[str, ...]:
        """The symbols above the line, each as often as its power says."""
        return tuple(s for s, power in self.powers for _ in range(power))

    @property
    def below(self) -> tuple[str, ...]:
        """The symbols below the line."""
        return tuple(s for s, power in self.powers for _ in range(-power))

    def __str__(self) -> str:
        if not self.powers:
            return SHARE_NAME
        below = "/".join(self.below)
        return "·".join(self.above or ("1",)) + (f"/{below}" if below else "")


SHARE = Unit()
DAY = Unit((("day", 1),))
MONTH = Unit((("month", 1),))
QUARTER = Unit((("quarter", 1),))
YEAR = Unit((("year", 1),))
# Things that have no unit of their own are counted one by one.
ITEM = Unit((("item", 1),))


def unit(symbol: str) -> Unit:
    """The unit of one symbol."""
    return Unit(((symbol, 1),))
