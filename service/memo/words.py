"""The memo's own words; everything about a programme comes with the memo."""

from service.domain.evaluation.evaluator import Status
from service.domain.rules.conditions import Basis
from service.domain.text import Text
from service.domain.wording.labels import BASIS, STATUS, TRUTH
from service.rendering.combination_words import LEFT_OUT, TOGETHER, TOTAL

words = {
    "title": Text("政策匹配备忘录", "Support programme memo"),
    "issuer": Text("惠策 Huice", "Huice 惠策"),
    "unnamed": Text("（未填写企业名称）", "(no company name stated)"),
    "as_of": Text("评估日", "As of"),
    "created_at": Text("出具时间", "Made at"),
    "receipt": Text("回执编号", "Receipt"),
    "no_receipt": Text("未留存回执，无法复核", "None kept: this memo cannot be replayed"),
    "origin": Text("回执与摘要", "Receipt and digests"),
    "catalogue": Text("政策库版本", "Catalogue version"),
    "engine": Text("程序版本", "Program version"),
    "sha256": Text("回答摘要 SHA-256", "Answer digest, SHA-256"),
    "sm3": Text("回答摘要 SM3", "Answer digest, SM3"),
    "not_stated": Text("未填", "not stated"),
    "summary": Text("结论一览", "Result in brief"),
    "summary_note": Text(
        "每个支持事项和项目计一次。",
        "Each programme counts once for every project it is judged for.",
    ),
    "best": TOGETHER,
    "best_note": Text(
        "合计是各项上限之和，不是预期所得；没有计入的各项和原因列在下面。",
        "The total adds up ceilings; it is not what to expect. What is left out, and why, stands"
        " below.",
    ),
    "total": TOTAL,
    "amount": Text("上限", "Ceiling"),
    "left_out": LEFT_OUT,
    "reason": Text("原因", "Why"),
    "stated": Text("所依据的信息", "What it rests on"),
    "stated_note": Text(
        "没有列出的一律按未知处理，既不当作零，也不当作否。",
        "What is not listed counts as unknown: neither as zero nor as no.",
    ),
    "item": Text("事项", "Item"),
    "value": Text("内容", "Value"),
    "source": Text("来源", "Source"),
    "programmes": Text("可能符合的事项", "Programmes that fit"),
    "nothing": Text("没有{fits}的事项。", "No programme fits.").format(
        fits=STATUS[Status.POTENTIAL].zh
    ),
    "condition": Text("条件", "Condition"),
    "observed": Text("企业情况", "Company"),
    "clause": Text("依据", "Clause"),
    "ceiling": Text("金额上限", "Ceiling"),
    "no_amount": Text("原文没有写明金额", "the text names no amount"),
    "formula": Text("计算", "Reckoned"),
    "window": Text("文件有效期", "In force"),
    "until": Text("至", "to"),
    "inferred": Text("（推定）", " (inferred)"),
    "missing": Text("还需了解", "Still to be known"),
    "decides": Text("由谁决定", "Who decides"),
    "colon": Text("：", ": "),
    "reported": Text(
        "仅见于新闻报道，没有官方文件", "known from the press only, no official document"
    ),
    "warnings": Text("提示", "Notes"),
    "open": Text("{open}的事项", "Programmes still open").format(
        open=STATUS[Status.UNDETERMINED].zh
    ),
    "left_to_others": Text("由决定者认定", "for whoever decides"),
    "others": Text("其余事项", "All other programmes"),
    "programme": Text("支持事项", "Programme"),
    "status": Text("结果", "Result"),
    "why": Text("原因或差距", "Why, or what is short"),
    "measures": Text("政策文件", "Documents"),
    "decider": Text("由谁决定", "Decided by"),
    "fit_note": Text(
        "可能符合：条文写明的条件都已满足，能否获批由所列的决定者按规定确定。",
        "May qualify: every condition that the text states is met; whether it is granted is for"
        " whoever is named to decide by the rules.",
    ),
    "legend": Text(
        "条文要点是概括，不是原文。√ {met}　× {not_met}　? {unknown}　* {implied}　† {undefined}。"
        "条件列举几项的，只写适用的一项。没有另注的：条件{stated}，内容由企业自报；已核验是看过原件或查过"
        "登记的，推定是由其他信息推出的。",
        "Gists are ours, not the official text. √ {met}   × {not_met}   ? {unknown}   * {implied}"
        "   † {undefined}. Of a list in a met condition only what applies is told. Where nothing is"
        " noted, the text states the condition and the company declared the fact; verified is what"
        " was checked against originals or registers, derived what follows from other facts.",
    ).format(
        met=TRUTH["true"],
        not_met=TRUTH["false"],
        unknown=TRUTH["unknown"],
        implied=BASIS[Basis.IMPLIED],
        undefined=BASIS[Basis.UNDEFINED],
        stated=BASIS[Basis.STATED],
    ),
    "by": Text("（{source}）", " ({source})"),
    "and": Text("；", "; "),
    "comma": Text("，", ", "),
    "disclaimer_title": Text("声明", "Disclaimer"),
    "disclaimer": Text(
        "本备忘录按所填信息和公开政策文件，用规则逐条比对得出，不是行政决定，也不构成任何机关、"
        "银行或保险机构的承诺。“可能符合”只表示条文写明的条件已满足，是否给予支持、给予多少，由各事项"
        "所列的决定者确定。金额都是条文规定的上限。信息有误或政策变动，结论也会改变。",
        "This memo compares what was stated with published documents, rule by rule. It is no"
        " administrative decision and no promise of any authority, bank or insurer. “May qualify”"
        " means only that the conditions written in the text are met; whether support is given, and"
        " how much, is decided by whoever each programme names. All amounts are ceilings set by the"
        " text. If a fact is wrong or a document changes, so does the result.",
    ),
    "replay": Text(
        "凭回执编号可以用当时的规则复核本备忘录，逐字节比对。",
        "With the receipt's id this memo can be replayed under the rules of its day, to the byte.",
    ),
    "prepared": Text("经办", "Prepared by"),
    "reviewed": Text("复核", "Reviewed by"),
    "date": Text("日期", "Date"),
}
