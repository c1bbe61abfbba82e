"""A saved case evaluated today: whole, or of many programmes only what a page shows."""

from dataclasses import replace

from service.domain.evaluation.evaluator import PROMISING as PROMISING_STATUSES
from service.domain.evaluation.evaluator import AnswerOptions, Status
from service.usecases.matching import is_large
from service.web.cases import Case
from service.web.ports import PageContext
from service.web.result_cards import View
from service.web.result_model import GROUP_PAGE, PROMISING, Result

_NOT_OUT_OF_REACH = frozenset(Status) - {Status.INELIGIBLE}


def evaluate_case(
    site: PageContext,
    case: Case,
    view: View | None = None,
    only: str | None = None,
    brief: bool = False,
) -> Result:
    """The answer of a case today, of many programmes the nearest with the numbers of all; or of one
    programme only (then nothing is asked or combined). In a brief one, of matches out of reach only
    the condition that fails is told.

    Raises InvalidInput where the vocabulary has changed since the case was saved.
    """
    request = site.compiled.requests.read({"profile": case.profile()})
    if only is None:
        answer = site.matching.answer(request, site.today(), brief=brief)
    else:
        found = site.matching.check_request(only, request)
        others = found.pop("other_subjects")
        answer = {**found, "matches": [found, *others], "next_questions": []}
    folded = only is None and is_large(site.catalogue)
    return Result(site, case, request.profile, answer, view or View(), folded)


def evaluate_page(site: PageContext, case: Case, view: View | None = None) -> Result:
    """The answer of a case as a page shows it: of many programmes those that may be had, of few all
    but those out of reach, and the numbers of the others; what would bring each of these within
    reach takes ten times as long to find as all else. Where the reader narrows the lists of few,
    all: what is left of each list is counted. Raises as `evaluate_case`."""
    if is_large(site.catalogue):
        return _evaluate_part(site, case, view, AnswerOptions(statuses=PROMISING_STATUSES))
    if view is not None and view.narrows:
        return evaluate_case(site, case, view, brief=True)
    request = site.compiled.requests.read({"profile": case.profile()})
    answer = site.matching.answer(replace(request, statuses=_NOT_OUT_OF_REACH), site.today())
    return Result(site, case, request.profile, answer, view or View())


def evaluate_group(
    site: PageContext, case: Case, view: View | None, block: str, start: int
) -> Result:
    """One block of an answer, of many programmes only a page of it. Raises as `evaluate_case`."""
    if block in PROMISING or block == "authority":
        return evaluate_page(site, case, view)
    if not is_large(site.catalogue):
        return evaluate_case(site, case, view, brief=True)
    options = AnswerOptions(statuses=frozenset([Status(block)]), offset=start, limit=GROUP_PAGE)
    return _evaluate_part(site, case, view, options)


def _evaluate_part(
    site: PageContext, case: Case, view: View | None, options: AnswerOptions
) -> Result:
    request = site.compiled.requests.read({"profile": case.profile()})
    answer = site.matching.answer_part(request, site.today(), options)
    return Result(site, case, request.profile, answer, view or View(), folded=True)
