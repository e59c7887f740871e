"""What tables, columns, units and code words are called: labels, which a speech says in its language."""

import calendar
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import Column, String

from webapp import db
from webapp.label import Label
from webapp.models import code_words
from webapp.models.columns import Curated
from webapp.models.company import Company
from webapp.rules import company_name
from webapp.rules.fields import Text
from webapp.services.intake.kinds import KINDS, jpx_list
from webapp.words.document_types import DOCUMENT_TYPES
from webapp.words.speech import Speech

# What the info of a column calls its unit -> what people read.
UNITS = {
    "money": Label("円", "yen"),
    "per_share": Label("円", "yen"),
    "ratio": Label("%", "%"),
    "multiple": Label("倍", "times"),
    "shares": Label("株", "shares"),
    "people": Label("人", "people"),
    "bytes": Label("バイト", "bytes"),
}

_FILER_STATES = {
    "0": Label("なし", "None"),
    "1": Label("取下書", "Withdrawal"),
    "2": Label("取下済", "Withdrawn"),
}
_AMENDMENTS = {
    "0": Label("なし", "None"),
    "1": Label("修正情報", "Amendment"),
    "2": Label("修正済", "Amended"),
}
_DISCLOSURES = {
    "0": Label("なし", "None"),
    "1": Label("不開示開始", "Non-disclosure began"),
    "2": Label("不開示", "Not disclosed"),
    "3": Label("不開示解除", "Non-disclosure lifted"),
}
INDICATOR_STATES = {
    "ok": Label("算出", "Computed"),
    "not_applicable": Label("対象外", "Not applicable"),
    "missing_input": Label("元データなし", "Figures missing"),
    "negative_base": Label("分母がゼロ以下", "Base not positive"),
    "turned_profit": Label("黒字転換", "Turned to profit"),
    "turned_loss": Label("赤字転落", "Turned to loss"),
    "not_comparable": Label("比較不能", "Not comparable"),
    "statutory_rate": Label("法定実効税率で計算", "With the statutory tax rate"),
    "finance_costs": Label("金融費用で計算", "With finance costs"),
}

# Columns that hold a word from a short list: stored word -> what people read.
WORDS: dict[str, dict[str, Label]] = {
    "listing_status": {
        "listed": Label("上場", "Listed"),
        "unlisted": Label("非上場", "Unlisted"),
        "delisted": Label("上場廃止", "Delisted"),
        "ceased": Label("提出者一覧から除外", "Off the list of filers"),
    },
    "market_division": jpx_list.MARKETS,
    "corporate_actions.kind": code_words.ACTIONS,
    # EDINETタクソノミの概要説明, 業種一覧.
    "industry_format": {
        "CTE": Label("一般商工業", "Commercial and industrial"),
        "CNS": Label("建設業", "Construction"),
        "BNK": Label("銀行・信託業", "Banking and trust"),
        "CNA": Label("建設保証業", "Construction surety"),
        "SEC": Label("第一種金融商品取引業", "Securities"),
        "INS": Label("生命・損害保険業", "Insurance"),
        "RWY": Label("鉄道事業", "Railways"),
        "WAT": Label("海運事業", "Shipping"),
        "HWY": Label("高速道路事業", "Expressways"),
        "ELC": Label("電気通信事業", "Telecommunications"),
        "ELE": Label("電気事業", "Electricity"),
        "GAS": Label("ガス事業", "Gas"),
        "EDU": Label("学校法人", "Schools"),
        "CMD": Label("商品先物取引業", "Commodity futures"),
        "LEA": Label("リース事業", "Leasing"),
        "FND": Label("投資信託受益証券", "Investment trusts"),
        "MED": Label("社会医療法人", "Medical corporations"),
        "IVT": Label("投資運用業", "Investment management"),
        "INV": Label("投資業", "Investment"),
        "SPF": Label("特定金融業", "Specified finance"),
        "LIQ": Label("資産流動化業", "Asset securitisation"),
    },
    "period_type": code_words.PERIOD_TYPES,
    "scope": code_words.SCOPES,
    "accounting_standard": code_words.STANDARDS,
    "rounding_unit": {
        "1": Label("円", "Yen"),
        "1000": Label("千円", "Thousand yen"),
        "1000000": Label("百万円", "Million yen"),
    },
    "revision_type": {
        "ORG": Label("原本", "As first filed"),
        "COR": Label("訂正報告", "Correction"),
        "RES": Label("修正再表示", "Restatement"),
        "CLA": Label("表示組替", "Reclassification"),
        "DIS": Label("非継続事業の組替", "Discontinued operations"),
        "SPL": Label("株式分割の遡及修正", "Adjusted for a split"),
        "STD": Label("会計基準の変更", "Change of standard"),
        "STEWARD": Label("担当者による修正", "Correction by a steward"),
    },
    "document_type": DOCUMENT_TYPES,
    "withdrawal_status": _FILER_STATES,
    "amendment_status": _AMENDMENTS,
    "disclosure_status": _DISCLOSURES,
    "basis": code_words.BASES,
    "role": {
        "viewer": Label("閲覧者", "Viewer"),
        "steward": Label("データ担当者", "Steward"),
        "approver": Label("承認者", "Approver"),
        "admin": Label("管理者", "Administrator"),
    },
    "language": {"ja": Label("日本語", "Japanese"), "en": Label("英語", "English")},
    "change_sets.kind": {
        "create": Label("新規", "Creation"),
        "edit": Label("編集", "Edit"),
        "delete": Label("削除", "Deletion"),
        "import": Label("取込", "Import"),
        "seed": Label("初期データ", "Seed"),
        "undo": Label("元に戻す", "Undo"),
        "release": Label("リリース", "Release"),
    },
    "company_names.kind": {
        kind: Company.__table__.columns[kind].info["label"] for kind in company_name.KIND.words
    },
    "import_files.kind": {kind.name: kind.label for kind in KINDS.values()},
    "status": {
        "proposed": Label("承認待ち", "Waiting for approval"),
        "approved": Label("承認済", "Approved"),
        "applied": Label("反映済", "Applied"),
        "rejected": Label("却下", "Rejected"),
    },
    "decided_how": {
        "policy": Label("規定により自動承認", "By the policy"),
        "person": Label("承認者による", "By a person"),
    },
    "action": {
        "create": Label("新規", "Created"),
        "update": Label("更新", "Updated"),
        "close": Label("上場廃止・除外", "Closed"),
        "delete": Label("削除", "Deleted"),
        "verify": Label("確認済み", "Verified"),
        "release": Label("出典に戻す", "Released to the source"),
    },
    "severity": {
        "blocks": Label("重大", "Grave"),
        "review": Label("要確認", "To be reviewed"),
        "note": Label("参考", "Note"),
    },
    "findings.status": {
        "open": Label("未解決", "Open"),
        "waived": Label("容認", "Accepted"),
        "closed": Label("解消", "Resolved"),
    },
    "expected_statements.state": {
        "ahead": Label("期限前", "Due ahead"),
        "missing": Label("期限超過", "Overdue"),
        "unread": Label("未取込", "Not imported"),
    },
    "rule": code_words.RULES,
    "origin": {kind.name: kind.label for kind in KINDS.values()},
    "how": {"set": Label("手入力", "By hand"), "verified": Label("確認済み", "Verified")},
}
# Words that lists show as badges, by their column -> how each is coloured; "" is the plain one.
TONES: dict[str, dict[str, str]] = {
    "companies.listing_status": {"listed": "good", "unlisted": "", "delisted": "warn", "ceased": ""},
    "companies.market_division": {"PRIME": "info", "STANDARD": "info", "GROWTH": "info", "TOKYO_PRO": "info"},
    "expected_statements.state": {"ahead": "", "missing": "bad", "unread": "warn"},
    "findings.severity": {"blocks": "bad", "review": "warn", "note": ""},
    "findings.status": {"open": "warn", "waived": "info", "closed": "good"},
    "change_sets.status": {
        "proposed": "proposed",
        "approved": "approved",
        "applied": "applied",
        "rejected": "rejected",
    },
}
YES_OR_NO = {"1": Label("はい", "Yes"), "0": Label("いいえ", "No")}
# Flags that people do not answer by yes or no. EDINETコードリスト, 連結の有無: 有, 無; so of the register's 有無フラグ.
THERE_OR_NOT = {"1": Label("有", "Yes"), "0": Label("無", "No")}
FLAGS = dict.fromkeys(("has_consolidated", "has_xbrl", "has_pdf", "has_csv"), THERE_OR_NOT)
EMPTY_OR_NOT = {"1": Label("空欄のみ", "only empty"), "0": Label("入力ありのみ", "only filled in")}
MONTHS = {str(month): Label(f"{month}月", calendar.month_name[month]) for month in range(1, 13)}
# How many rows a change set touches, by what happens to them.
COUNTS = {
    "created": Label("新規", "Created"),
    "updated": Label("更新", "Updated"),
    "closed": Label("上場廃止・除外", "Closed"),
    "deleted": Label("削除", "Deleted"),
    "verified": Label("確認済み", "Verified"),
    "released": Label("出典に戻す", "Released to the source"),
    "unchanged": Label("変更なし", "Unchanged"),
    "rejected": Label("不受理", "Rejected"),
}
# Beside the counts of rows that of fields: what a steward had set stays.
KEPT = Label("手入力の値を維持", "Values entered by hand, kept")


def of_column(column: Column[Any]) -> Label:
    """What a column is called; its name where it was given no label."""
    label = column.info.get("label")
    return label if isinstance(label, Label) else Label(column.name, column.name)


def unit_of(column: Column[Any]) -> Label | None:
    """The unit that stands in a column's head."""
    return UNITS.get(column.info.get("unit", ""))


def words_of(column: Column[Any]) -> Mapping[str, Label] | None:
    """The words that a column may hold, where it holds words."""
    if column.name == "table_name":
        return tables()
    own = WORDS.get(f"{column.table.name}.{column.name}") or WORDS.get(column.name)
    return INDICATOR_STATES if own is None and column.name.endswith("_status") else own


def flags_of(column: Column[Any]) -> Mapping[str, Label]:
    """What yes (1) and no (0) are called in a column of flags."""
    return FLAGS.get(column.name, YES_OR_NO)


def tones_of(column: Column[Any]) -> Mapping[str, str]:
    """How the words of a column are coloured as badges; nothing where they are none."""
    return TONES.get(f"{column.table.name}.{column.name}", {})


def word(column: Column[Any], value: Any, speech: Speech) -> str:
    """A stored word as people read it; an unknown one as it is."""
    label = (words_of(column) or {}).get(str(value))
    return str(value) if label is None else speech.say(label)


@cache
def tables() -> dict[str, Label]:
    """What the curated tables are called, by their names."""
    models: list[Any] = [m.class_ for m in db.Base.registry.mappers if issubclass(m.class_, Curated)]
    return {
        str(model.__tablename__): model.label for model in sorted(models, key=lambda one: one.__tablename__)
    }


def of_tables(names: Iterable[str], speech: Speech) -> str:
    """Some tables by their labels, in one line."""
    separator = "、" if speech.is_japanese else ", "
    return separator.join(speech.say(tables().get(name, Label(name, name))) for name in names)


def choices(column: Column[Any]) -> dict[str, Label]:
    """The words that a column may hold, in the order of its rule."""
    known = words_of(column) or {}
    allowed = getattr(column.info.get("rule"), "words", tuple(known))
    return {word: known.get(word, Label(word, word)) for word in allowed}


def is_code(column: Column[Any]) -> bool:
    """Whether a column holds codes: short words of a fixed shape, typed in any width or case."""
    is_text = isinstance(column.type, String) and not isinstance(column.info.get("rule"), Text)
    return is_text and words_of(column) is None and not hasattr(column.info.get("rule"), "words")
