"""The memo's own words (`words.toml`); everything about a programme comes with the memo."""

from service.domain.evaluation.evaluator import Status
from service.domain.rules.conditions import Basis
from service.domain.wording.labels import AUTHORITY, BASIS, BLOCK, STATUS, TRUTH
from service.rendering.combination_words import WORDS as COMBINATION
from service.rendering.texts import read_texts

_TEXTS = read_texts(__file__)
_FITS = STATUS[Status.POTENTIAL].zh
words = {
    **_TEXTS,
    "best": COMBINATION["together"],
    "total": COMBINATION["total"],
    "left_out": COMBINATION["left_out"],
    "programmes": _TEXTS["programmes"].format(fits=_FITS),
    "nothing": _TEXTS["nothing"].format(fits=_FITS),
    "fit_note": _TEXTS["fit_note"].format(fits=_FITS),
    "disclaimer": _TEXTS["disclaimer"].format(fits=_FITS),
    "open": _TEXTS["open"].format(open=BLOCK[Status.UNDETERMINED.value]),
    "theirs": _TEXTS["theirs"].format(theirs=BLOCK[AUTHORITY]),
    "legend": _TEXTS["legend"].format(
        met=TRUTH["true"],
        not_met=TRUTH["false"],
        unknown=TRUTH["unknown"],
        implied=BASIS[Basis.IMPLIED],
        undefined=BASIS[Basis.UNDEFINED],
        stated=BASIS[Basis.STATED],
    ),
}
