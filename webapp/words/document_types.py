"""The types of EDINET's documents, by their codes. Source: 金融庁, EDINET API仕様書 (Version 2), 書類種別コード."""

from webapp.label import Label

_NAMES = {
    "010": ("有価証券通知書", "Securities notice"),
    "020": ("変更通知書（有価証券通知書）", "Change to a securities notice"),
    "030": ("有価証券届出書", "Securities registration statement"),
    "040": ("訂正有価証券届出書", "Amended securities registration statement"),
    "050": ("届出の取下げ願い", "Request to withdraw a registration"),
    "060": ("発行登録通知書", "Notice of shelf registration"),
    "070": ("変更通知書（発行登録通知書）", "Change to a notice of shelf registration"),
    "080": ("発行登録書", "Shelf registration statement"),
    "090": ("訂正発行登録書", "Amended shelf registration statement"),
    "100": ("発行登録追補書類", "Shelf registration supplements"),
    "110": ("発行登録取下届出書", "Withdrawal of a shelf registration"),
    "120": ("有価証券報告書", "Annual securities report"),
    "130": ("訂正有価証券報告書", "Amended annual securities report"),
    "135": ("確認書", "Confirmation letter"),
    "136": ("訂正確認書", "Amended confirmation letter"),
    "140": ("四半期報告書", "Quarterly securities report"),
    "150": ("訂正四半期報告書", "Amended quarterly securities report"),
    "160": ("半期報告書", "Semi-annual securities report"),
    "170": ("訂正半期報告書", "Amended semi-annual securities report"),
    "180": ("臨時報告書", "Extraordinary report"),
    "190": ("訂正臨時報告書", "Amended extraordinary report"),
    "200": ("親会社等状況報告書", "Status report of the parent company"),
    "210": ("訂正親会社等状況報告書", "Amended status report of the parent company"),
    "220": ("自己株券買付状況報告書", "Share buyback report"),
    "230": ("訂正自己株券買付状況報告書", "Amended share buyback report"),
    "235": ("内部統制報告書", "Internal control report"),
    "236": ("訂正内部統制報告書", "Amended internal control report"),
    "240": ("公開買付届出書", "Tender offer registration statement"),
    "250": ("訂正公開買付届出書", "Amended tender offer registration statement"),
    "260": ("公開買付撤回届出書", "Withdrawal of a tender offer"),
    "270": ("公開買付報告書", "Tender offer report"),
    "280": ("訂正公開買付報告書", "Amended tender offer report"),
    "290": ("意見表明報告書", "Position statement"),
    "300": ("訂正意見表明報告書", "Amended position statement"),
    "310": ("対質問回答報告書", "Tender offeror's answer"),
    "320": ("訂正対質問回答報告書", "Amended tender offeror's answer"),
    "330": (
        "別途買付け禁止の特例を受けるための申出書",
        "Request to be exempt from the ban on separate purchases",
    ),
    "340": (
        "訂正別途買付け禁止の特例を受けるための申出書",
        "Amended request to be exempt from the ban on separate purchases",
    ),
    "350": ("大量保有報告書", "Large shareholding report"),
    "360": ("訂正大量保有報告書", "Amended large shareholding report"),
    "370": ("基準日の届出書", "Statement of the record date"),
    "380": ("変更の届出書", "Statement of changes"),
}

BARE = {code: Label(*names) for code, names in _NAMES.items()}
# People who file know the codes as well as the names.
DOCUMENT_TYPES = {code: Label(f"{code} {ja}", f"{code} {en}") for code, (ja, en) in _NAMES.items()}
