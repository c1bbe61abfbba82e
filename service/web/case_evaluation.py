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
    """The answer of a case as a page shows it: of many programmes only those within reach, and the
    numbers of the others. Raises as `evaluate_case`."""
    return _evaluate_folded(site, case, view, AnswerOptions(statuses=PROMISING_STATUSES))


def evaluate_questions(site: PageContext, case: Case) -> Result:
    """The answer of a case to who is asked more: of many programmes as a page shows it, of few with
    all matches but those out of reach. What would bring each of these within reach takes ten
    times as long to find as all else. Raises as `evaluate_case`."""
    if is_large(site.catalogue):
        return evaluate_page(site, case)
    request = site.compiled.requests.read({"profile": case.profile()})
    answer = site.matching.answer(replace(request, statuses=_NOT_OUT_OF_REACH), site.today())
    return Result(site, case, request.profile, answer, View())


def evaluate_group(
    site: PageContext, case: Case, view: View | None, block: str, start: int
) -> Result:
    """One block of an answer, of many programmes only a page of it. Raises as `evaluate_case`."""
    if block in PROMISING or block == "authority":
        return evaluate_page(site, case, view)
    options = AnswerOptions(statuses=frozenset([Status(block)]), offset=start, limit=GROUP_PAGE)
    return _evaluate_folded(site, case, view, options)


def _evaluate_folded(
    site: PageContext, case: Case, view: View | None, options: AnswerOptions
) -> Result:
    if not is_large(site.catalogue):
        return evaluate_case(site, case, view, brief=True)
    request = site.compiled.requests.read({"profile": case.profile()})
    answer = site.matching.answer_part(request, site.today(), options)
    return Result(site, case, request.profile, answer, view or View(), folded=True)
