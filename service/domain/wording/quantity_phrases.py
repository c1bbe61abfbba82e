"""The phrases that the words of a quantity are put together from, in both languages."""

from service.domain.text import Text

SUM = Text("{all}之和", "the sum of {all}")
MEAN = Text("{all}的平均值", "the mean of {all}")
LEAST = Text("{all}中的最小者", "the least of {all}")
GREATEST = Text("{all}中的最大者", "the greatest of {all}")
EXCEEDING = Text("{a}超过{b}的部分", "the part of {a} above {b}")
DIFFERENCE = Text("{a}减去{b}的差额", "{a} less {b}")
RATIO = Text("{a}与{b}之比", "the ratio of {a} to {b}")
DIVIDED = Text("{a}除以 {number}", "{a} divided by {number}")
DIVIDED_BY_COUNT = Text("{a}除以{count}", "{a} divided by {count}")
GROWTH = Text("{a}较{b}的增幅", "growth of {a} over {b}")
SHARE_OF = Text("{base}的 {share}", "{share} of {base}")
TIMES = Text("{count} 倍{base}", "{count} × {base}")
ON = Text("{day}当日的{label}", "{label} (of {day})")
TODAY = Text("评估日", "the as-of date")
THIS_YEAR = Text("评估日所在年份", "the year of the as-of date")
YEARS_BEFORE = Text("评估日的 {count} 年前", "the year {count} years before the as-of date")
LAST_YEAR = Text("评估日的上一年", "the year before the as-of date")
NUMBER_OF = Text("{held}的件数", "the number of {held}")
AMOUNTS_OF = Text("{held}的合计金额", "the total of {held}")
MONTH_OF = Text("{day}所在月份", "the month of {day}")
YEAR_OF = Text("{day}所在年份", "the year of {day}")
MONTHS = Text("{a}至{b}的整月数", "full months from {a} to {b}")
MONTHS_BEGUN = Text(
    "{a}至{b}的月数（不足一个月的按一个月计）",
    "months from {a} to {b}, a month begun counted whole",
)
DAYS = Text("{a}至{b}的天数", "days from {a} to {b}")
STEPS_OF = {  # by whether what is left over counts as one more
    False: Text("{of}每满{each}的次数", "the number of times that {of} holds {each} whole"),
    True: Text(
        "{of}每{each}（不足的按一个计）的次数",
        "the number of times that {of} holds {each}, a part counted as one",
    ),
}
CASE = Text("{condition}的，为{value}", "where {condition}: {value}")
CASE_NOTHING = Text("{condition}的，不计", "where {condition}: nothing")
OTHERWISE = Text("其他情形为{value}", "otherwise {value}")
OTHERWISE_NOTHING = Text("其他情形不计", "otherwise nothing")
UPLIFT = Text("，{condition}的，再加{value}", ", plus {value} where {condition}")
RAISED = Text("，{condition}的，上浮{value}", ", {value} more where {condition}")
MULTIPLE = Text("{number} 倍", "{number} times")
POINTS = Text("{points} 个百分点", "{points} percentage points")
POINT = Text("{points} 个百分点", "{points} percentage point")
NONE = Text("不计", "nothing")
FOR_NUMBERS = Text("为 {names}的", "{names}:")
BY = Text("按{label}：{parts}", "by {label}: {parts}")
WHOLE = Text("按{of}所在档次：{parts}", "by the band that {of} lies in: {parts}")
PROGRESSIVE = Text("按{of}分段累计：{parts}", "by parts of {of}: {parts}")
STEPS = {  # by whether a scale is progressive, and how the step is bounded
    (False, "up"): Text("不超过 {high}的，{worth}", "up to {high}: {worth}"),
    (False, "below"): Text("不足 {high}的，{worth}", "below {high}: {worth}"),
    (False, "all"): Text("{worth}", "{worth}"),
    (False, "rest"): Text("其余，{worth}", "beyond: {worth}"),
    (True, "up"): Text("不超过 {high}的部分 {worth}", "{worth} up to {high}"),
    (True, "below"): Text("不足 {high}的部分 {worth}", "{worth} below {high}"),
    (True, "all"): Text("{worth}", "{worth}"),
    (True, "rest"): Text("超过的部分 {worth}", "{worth} beyond"),
}
BEYOND_NOTHING = {
    False: Text("其余不计", "beyond: nothing"),
    True: Text("超过的部分不计", "nothing beyond"),
}
NO_LESS = Text("不低于{x}", "at least {x}")
RANGE = Text("{low} 至 {high}", "{low} to {high}")
POWER = Text("{base} 的 {times} 次方", "{base} to the power of {times}")
OF_WHICH = Text("（{which}）", " ({which})")
NUMBER_OF_PROJECTS = Text("项目{which}的个数", "the number of projects{which}")
SUM_OF_PROJECTS = Text("各项目{which}的{worth}合计", "the sum of {worth} over all projects{which}")
LARGEST_OF_PROJECTS = Text(
    "各项目{which}的{worth}中最大的一个", "the largest {worth} of all projects{which}"
)
BEST_OF_PROJECTS = Text(
    "各项目{which}的{worth}中最大的 {best} 个之和",
    "the sum of the {best} largest {worth} of all projects{which}",
)
# The certificates and the support that are counted: of which kind, and when.
CERTIFICATES = Text("{when}{valid}{names}证书", "{valid}certificates ({names}){when}")
VALID = Text("有效的", "valid ")
ISSUED_IN = Text("{years}取得的", " issued {years}")
HAD_IN = Text("{years}获得的", " had {years}")
AWARDS = Text("{when}{level}{what}", "{level}{what}{when}")
NOTHING = Text("", "")
LATELY = Text("近 {span}内", "in the last {span}")
FISCAL_YEARS = Text(
    "近 {count} 个会计年度内（每年 {end} 止，含本年度）",
    "in {count} fiscal years ending on {end}, this one included",
)
LEVEL = Text("{names}", "{names} ")
FROM_TO = Text("{first}至{last}", "from {first} to {last}")
BEFORE_THIS_YEAR = Text("本年以前", "before this year")
YEARS_BEFORE_THIS = Text("本年以前 {count} 年", "in the {count} years before this one")
PAID_BY = Text("获得过由{names}发放的支持", "support paid by {names}")
WITH_THIS_YEAR = Text("本年和此前 {count} 年", "this year or in the {count} years before")
SINCE_LAST_YEAR = Text("上一年以来", "since last year")
OF_KIND = Text("{what}（{names}）", "{what} ({names})")
