"""One catalogue on one day: everything that is remembered of it."""

from datetime import date

from service.domain.index import Index
from service.domain.likeness import Likeness
from service.domain.profile import Profile
from service.usecases.answers import Answers
from service.usecases.recall.boards import Boards
from service.usecases.recall.categories import Categories
from service.usecases.recall.drafts import Drafts
from service.usecases.recall.programmes import Programmes
from service.usecases.recall.sights import Sights
from service.usecases.recall.templates import Holes, Pieces


class Recall:
    """Read and written by any number of threads: at worst two of them make the same thing."""

    def __init__(self, index: Index, answers: Answers, likeness: Likeness, as_of: date) -> None:
        self._likeness, self._as_of = likeness, as_of
        holes, pieces = Holes(), Pieces()
        self.programmes = Programmes(answers, likeness, as_of, holes, pieces)
        self.categories = Categories(answers, likeness, as_of, holes, pieces)
        self.boards = Boards(index, answers.catalogue, likeness, self.programmes)
        self.drafts = Drafts(answers.catalogue, as_of, pieces)

    def sights(self, profile: Profile) -> Sights:
        """The subjects of a profile."""
        return Sights(self._likeness, profile, self._as_of)
