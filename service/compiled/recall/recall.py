"""One catalogue on one day: everything that is remembered of it."""

from datetime import date

from service.compiled.recall.boards import Boards
from service.compiled.recall.categories import Categories
from service.compiled.recall.drafts import Drafts
from service.compiled.recall.programmes import Programmes
from service.compiled.recall.sights import Sights
from service.compiled.recall.templates import Holes, Pieces
from service.domain.facts.profile import Profile
from service.domain.index.status_index import StatusIndex
from service.domain.likeness import Likeness
from service.rendering.match_json import MatchRenderer


class Recall:
    """Read and written by any number of threads: at worst two of them make the same thing."""

    def __init__(
        self, index: StatusIndex, answers: MatchRenderer, likeness: Likeness, as_of: date
    ) -> None:
        self._likeness, self._as_of = likeness, as_of
        holes, pieces = Holes(as_of), Pieces()
        self.programmes = Programmes(answers, likeness, as_of, holes, pieces)
        self.categories = Categories(answers, likeness, as_of, holes, pieces)
        self.boards = Boards(index, answers.catalogue, likeness, self.programmes)
        self.drafts = Drafts(answers.catalogue, as_of, pieces)

    def sights(self, profile: Profile) -> Sights:
        """The subjects of a profile."""
        return Sights(self._likeness, profile, self._as_of)
