"""What was understood of a table, as it is answered before anything runs."""

from marshmallow import fields

from service.api.schemas import shape
from service.api.schemas.parts import BilingualSchema, LabelledFactSchema
from service.api.schemas.shape import Answer


class ColumnSchema(Answer):
    """A column of a table, by its letters and what stands above it."""

    column = shape.string()
    header = shape.string()


class TakenColumnSchema(ColumnSchema, LabelledFactSchema):
    """A column that is a fact, or a part of one: what its amounts are counted in, and who says so
    (`header`, `title`; null: nobody)."""

    unit = shape.string(allow_none=True)
    unit_from = shape.string(allow_none=True)


class SuggestedFactSchema(Answer):
    """The fact that a column may be, and its label."""

    fact = shape.string()
    zh = shape.string()
    en = shape.string()


class PassedColumnSchema(ColumnSchema):
    """A column that is no fact and is handed through."""

    suggestion = shape.one(SuggestedFactSchema, allow_none=True)


class LookedAtSchema(Answer):
    """How many companies were looked at, and whether that is all of the table."""

    companies = shape.count()
    whole = shape.flag()


class ReadCellSchema(Answer):
    """A cell: what stands there, what it is read as, in words where it is a code or an amount, or
    why it cannot be read."""

    cell = shape.string()
    fact = shape.string()
    found = shape.string()
    read_as = shape.string(allow_none=True)
    words = shape.one(BilingualSchema, allow_none=True)
    fault = shape.one(BilingualSchema, allow_none=True)


class SampleRowSchema(Answer):
    """One of the first companies."""

    row = shape.count()
    cells = shape.many(ReadCellSchema)


class UnreadableWordSchema(ColumnSchema):
    """What cannot be read in a column, and how many rows it loses."""

    fact = shape.string()
    found = shape.string(allow_none=True)
    rows = shape.count()
    why = shape.one(BilingualSchema)


class LackingFactSchema(LabelledFactSchema):
    """A fact that `asking` of `of` programmes ask for, and the table does not have."""

    asking = shape.count()
    of = shape.count()


class StatedForAllSchema(LabelledFactSchema):
    """What is stated for every row that states nothing of it."""

    value = shape.string()
    words = shape.one(BilingualSchema)


# One of its keys is what marshmallow calls a setting of a class.
ChosenOfTableSchema = type(
    "ChosenOfTableSchema",
    (Answer,),
    {
        **{kind: shape.strings() for kind in ("set", "unknown", "column", "read")},
        "within": shape.string(allow_none=True),
        "__doc__": "What the sender chose, as it was sent.",
    },
)


class UnderstoodSchema(Answer):
    """What was understood of a table. `passed_over` has by the reason the rows that are no company,
    or one that stood there before; `remarks` say how single cells were read."""

    sheet = shape.string(allow_none=True)
    header_row = shape.count()
    titles = shape.strings()
    columns = shape.many(TakenColumnSchema)
    passed_through = shape.many(PassedColumnSchema)
    looked_at = shape.one(LookedAtSchema)
    sample = shape.many(SampleRowSchema)
    unreadable = shape.many(UnreadableWordSchema)
    lacking = shape.many(LackingFactSchema)
    stated = shape.many(StatedForAllSchema)
    choices = shape.one(ChosenOfTableSchema)
    other_sheets = shape.strings()
    warnings = shape.many(BilingualSchema)
    passed_over = fields.Dict(
        keys=fields.String(), values=fields.List(fields.Integer()), required=True
    )
    remarks = shape.many(BilingualSchema)
