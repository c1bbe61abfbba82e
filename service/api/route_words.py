"""What the plain routes of a tenant are called in the OpenAPI document, in two languages."""

from service.api.tenant_routes import Words
from service.domain.text import Text

LIST_BATCHES = Words(
    "list_batches", Text("列出批次", "List batches"), Text("从新到旧。", "The newest first.")
)
START_BATCH = Words(
    "start_batch",
    Text("开始一个待确认的批次", "Start a held batch"),
    Text("无需请求体。", "Takes no body."),
)
CANCEL_BATCH = Words(
    "cancel_batch",
    Text("取消批次", "Cancel a batch"),
    Text("已结束的不变。无需请求体。", "What has ended stays as it is. Takes no body."),
)
GET_BATCH = Words(
    "get_batch",
    Text("批次进度", "How far a batch is"),
    Text(
        "held、queued、running、done、failed 或 cancelled；done 后才有结果。",
        "`held`, `queued`, `running`, `done`, `failed` or `cancelled`; results once `done`.",
    ),
)
DELETE_BATCH = Words(
    "delete_batch",
    Text("删除批次", "Delete a batch"),
    Text("连同上传的表和结果。", "With its table and its results."),
)

LIST_SUBSCRIPTIONS = Words(
    "list_subscriptions",
    Text("列出关注", "List what is followed"),
    Text("按编号排序。", "In the order of their ids."),
)
CREATE_SUBSCRIPTION = Words(
    "create_subscription",
    Text("关注", "Follow something"),
    Text(
        "关注一家所存企业（company）、一个标签的所有企业（tag）、一个事项（programme）、"
        "一个地区（jurisdiction）或一次搜索（search）。从现在起，结果有变化就产生事件。",
        "A kept company, every company with a `tag`, a programme, a jurisdiction, or a search."
        " From now on, whatever changes makes an event.",
    ),
)
DELETE_SUBSCRIPTION = Words(
    "delete_subscription",
    Text("取消关注", "Follow it no longer"),
    Text("已经产生的事件仍在。", "Events that were made stay."),
)
LIST_EVENTS = Words(
    "list_events",
    Text("读取事件", "Read events"),
    Text(
        "按先后列出；记下 cursor，下次从那里继续。",
        "Oldest first. Keep `cursor` and go on from there next time.",
    ),
)
GET_EVENT = Words("get_event", Text("读取一个事件", "Read an event"), Text("全文。", "Whole."))

LIST_KEYS = Words(
    "list_keys", Text("列出密钥", "List keys"), Text("不含密钥内容。", "Without their secrets.")
)
CREATE_KEY = Words(
    "create_key",
    Text("新建密钥", "Make a key"),
    Text(
        "密钥内容只在这里出现一次；只能授予自己也有的权限。",
        "The secret is shown here and never again. A key passes on only scopes it has itself.",
    ),
)
ROTATE_KEY = Words(
    "rotate_key",
    Text("更换密钥", "Replace a key"),
    Text(
        "新密钥权限相同；旧密钥还能用七天。无需请求体。",
        "A key with the same scopes; the old one works on for seven days. Takes no body.",
    ),
)
REVOKE_KEY = Words("revoke_key", Text("停用密钥", "End a key"), Text("立即生效。", "At once."))
LIST_AUDIT = Words(
    "list_audit",
    Text("审计记录", "What was done"),
    Text(
        "谁在何时做了什么，按时间先后；不含企业数据。每条的摘要覆盖前一条，改动可以发现。",
        "Who did what when, oldest first, without a company's figures. Each digest covers the"
        " entry before it, so that a change shows.",
    ),
)
LIST_COMPANIES = Words(
    "list_companies",
    Text("列出企业", "List companies"),
    Text("按统一社会信用代码排序。", "In the order of their codes."),
)
COMPANY_HISTORY = Words(
    "company_history",
    Text("企业的各个版本", "Every version of a company"),
    Text("从新到旧。", "The newest first."),
)

LIST_WEBHOOKS = Words(
    "list_webhooks",
    Text("列出推送地址", "List the addresses"),
    Text("不含签名密钥。", "Without their secrets."),
)
CREATE_WEBHOOK = Words(
    "create_webhook",
    Text("新建推送地址", "Have events delivered"),
    Text(
        "https:// 地址按 Standard Webhooks 签名推送，密钥只在这里出现一次；"
        "mailto: 地址收邮件，须由运维方开通。",
        "An https:// address is called and signed by Standard Webhooks; the secret is shown"
        " here and never again. A mailto: address is written to, where the operator allows it.",
    ),
)
DELETE_WEBHOOK = Words(
    "delete_webhook",
    Text("删除推送地址", "Deliver there no longer"),
    Text("立即生效。", "At once."),
)
ROTATE_WEBHOOK = Words(
    "rotate_webhook",
    Text("更换签名密钥", "Another secret"),
    Text("一天之内新旧密钥都签名。无需请求体。", "For a day both secrets sign. Takes no body."),
)
TEST_WEBHOOK = Words(
    "test_webhook",
    Text("发送测试消息", "Send a test message"),
    Text(
        "只发往这个地址；结果见 deliveries。无需请求体。",
        "To this address alone; see its deliveries for what came of it. Takes no body.",
    ),
)
REPLAY_WEBHOOK = Words(
    "replay_webhook",
    Text("重新推送", "Deliver again"),
    Text(
        "event 指一个事件，since 指一个游标之后的全部；写 {} 则重发已放弃的。编号不变。",
        "One `event`, all `since` a cursor, or with {} what is dead. Ids stay as they are.",
    ),
)
LIST_DELIVERIES = Words(
    "list_deliveries",
    Text("推送情况", "How deliveries went"),
    Text("最近的二百条，从新到旧。", "The latest two hundred, the newest first."),
)
