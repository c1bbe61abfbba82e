"""What is said of a total, its parts and what it leaves out: the same words in the answer, on the
page, in the memo and in the spreadsheet."""

from service.domain.text import Text

NO_AMOUNT = Text("原文没有写明金额", "the text names no amount")
NOTHING = Text("按所填数据计算，金额为零", "by what is stated it comes to nothing")
AMOUNT_UNKNOWN = Text("计算所需的数额尚未填写", "the figure it is reckoned from is not stated")
OVERLAP = Text(
    "与“{instead}”是同一级政府对同一事项的支持，按条文只取较高的一项",
    "for the same thing at the same level of government as “{instead}”: by the text only the "
    "better one counts",
)
SAME_PROGRAMME = Text(
    "条文按企业或按年计，只计最高的一个项目",
    "the text counts it once for the company or the year: only the best project counts",
)
COMPANY_CAP = Text(
    "其他项目已用满同一企业的累计上限",
    "the other projects reach the most that one company is paid",
)
SHARED_CAP = Text(
    "其他支持已用满几项支持合计的上限",
    "the others reach the most that is paid for several kinds of support together",
)
PERSONAL = Text("支持对象是个人，不计入企业", "it is for a person, not for the company")
RECEIVED = Text(
    "同一事项已获得的支持不低于此，或条文只给一次",
    "as much was received for the same thing, or the text pays it only once",
)
REPAYABLE = Text(
    "属于借款、担保或投资，需要偿还，不计入合计",
    "it is lent, guaranteed or invested, and does not enter a total",
)
OTHER_CURRENCY = Text(
    "以其他货币计，不计入合计", "it is in another currency: no total is made of two"
)
EXCLUDED = Text(
    "按条文不能与“{instead}”同时享受", "by the text it cannot be taken beside “{instead}”"
)
AMOUNT_OPEN = Text("有的金额条文只给出区间", "some amounts are known by their two ends only")
ADDING_UP = Text(
    "条文没有写明多个项目能否累加：下限只计最高的一个，上限全部计入",
    "the text does not say whether several projects add up: the lower end counts the best one, the "
    "upper end all",
)
SAME_THING = Text(
    "已获支持是否属于同一事项，按所填内容还不能确定：下限按是、上限按不是计算",
    "whether support received was for the same thing cannot be told from what is stated: the lower "
    "end supposes that it was, the upper end that it was not",
)
AWARD_UNSTATED = Text(
    "已获支持没有写明{details}：下限按抵扣、上限按不抵扣计算，补充后可以确定",
    "not stated of support received: {details}; the lower end takes it off, the upper end does "
    "not, and stating it settles the total",
)
OF_PROGRAMME = Text("由哪项政策发放", "which programme paid it")
OF_LEVEL = Text("由哪一级发放", "which level paid it")
OF_OBJECT = Text("用于哪个产品或项目", "which product or project it was for")
OF_YEAR = Text("年度", "its year")
OF_AMOUNT = Text("金额", "its amount")
