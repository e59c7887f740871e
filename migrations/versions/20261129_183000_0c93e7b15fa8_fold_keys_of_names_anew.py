"""Fold the keys of names anew.

Why: Japanese, English and kana names are found whichever way they are written, ー is not dropped, kana sorts without カブシキガイシャ.
Phase: expand
"""

import sqlalchemy as sa
from alembic import op

revision = "0c93e7b15fa8"
down_revision = "c19d4e6a80b7"
branch_labels = None
depends_on = None

lint_excuses = {
    "unbounded-write": "Some ten thousand rows in one second, which nobody may write while their history sleeps.",
    "adding-field-with-default": "Some ten thousand rows are rewritten in one second.",
    "disables-trigger": "The lock that it takes keeps writers out until the triggers are back.",
    "refuses-old-code": "It switches on what stood two statements before, in the same transaction.",
}

HIRAGANA = "ぁあぃいぅうぇえぉおかがきぎくぐけげこごさざしじすずせぜそぞただちぢっつづてでとどなにぬねのはばぱひびぴふぶぷへべぺほぼぽまみむめもゃやゅゆょよらりるれろゎわゐゑをんゔゕゖゝゞ"
HIRAGANA_TO = "ァアィイゥウェエォオカガキギクグケゲコゴサザシジスズセゼソゾタダチヂッツヅテデトドナニヌネノハバパヒビピフブプヘベペホボポマミムメモャヤュユョヨラリルレロヮワヰヱヲンヴヵヶヽヾ"
SMALL, SMALL_TO = "ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ"
SELDOM = (
    "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮĴĶĹĻĽŁŃŅŇŊŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽ"
    "ƁƂƄƆƇƉƊƋƎƏƐƑƓƔƖƗƘƜƝƟƠƢƤƦƧƩƬƮƯƱƲƳƵƷƸƼǍǏǑǓǕǗǙǛǞǠǢǤǦǨǪǬǮǴǶǷǸǺǼǾȀȂȄȆȈȊȌȎȐȒȔȖȘȚȜȞȠȢȤȦȨȪȬȮȰȲȺȻȽȾ"
    "ɁɃɄɅɆɈɊɌɎͰͲͶͿΆΈΉΊΌΎΏΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΪΫϏϘϚϜϞϠϢϤϦϨϪϬϮϷϺϽϾϿЀЁЂЃЄЅІЇЈЉЊЋЌЍЎЏАБВГДЕЖЗИЙ"
    "КЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯѠѢѤѦѨѪѬѮѰѲѴѶѸѺѼѾҀҊҌҎҐҒҔҖҘҚҜҞҠҢҤҦҨҪҬҮҰҲҴҶҸҺҼҾӀӁӃӅӇӉӋӍӐӒӔӖӘӚӜӞӠӢӤӦӨӪӬӮ"
    "ӰӲӴӶӸӺӼӾԀԂԄԆԈԊԌԎԐԒԔԖԘԚԜԞԠԢԤԦԨԪԬԮ‐‑‒–—―−─━·•‧∙⋅〜〰∼‘’′“”″萬與兩竝乘亂龜豫爭亙亞佛假會傳體餘倂俠價儘俱儉僞兒黨內圓寫凜處剥劍劑剩"
    "勵勞效敕勸勳區醫單卽嚴參雙收敍臺號𠮷吳吿啞營噓囑嚙團圍圖圀國圈壓墮壘填鹽增壞壤壯聲壹賣壺變奧奬姸娛嬀孃學寳寶實冨寬寢對壽專將尙堯盡屆屛屬嶽峽峯嶋嶌嵜碕﨑巖巓巢卷帶歸幷廳廣廢瓣辨辯貳"
    "彌彎彈當彥徑從德徵應戀恆惠悅惱惡慘愼懷戰戲戶戾拂拔擇擔拜據擴擧挾插搜揭摑搔搖攝擊攪敎數斎齊齋斷舊昻晝晄晉曬晚曉曆曾條來盃樞栁榮桒櫻枡棧檜楳檢樓樂槪樣槇權橫缺歐歡步齒歲歷殘毆殼每氣沒"
    "澤濾淨淺濱濵淚瀆凉淸渴濟涉淵渕澁溪溫灣濕滿潑瀧滯潛瀨燈爐點爲焰燒犧狀獨狹獵獻獸瑤甁產畫畧疊瘦癡發盜縣眞硏碎礮礪礦禮禰禱祿禪祕稱稅稻穗穩穰竊龍簞籠粹肅絲經繪絕繼續總綠緖緣繩縱纖繫繡罐"
    "聰聽膽脫腦臟舍舖舩艷蘆藝莖莊萊萠蔣藏薰藥藪虛蟲蠶螢蠣蠻蟬蠟蠅衞裝裡襃霸覺覽觀觸譯證譽說讀諫謠讓讚豐賤贊踐軀轉輕輛辭邉邊邇遞遲遙郞鄕醉醱醬釀釋埜鉤鐡鐵鑛錢銳鑄鍊錄鎭關閱鬥鬪鬬鬭陷險隨"
    "隱隸雜靈靑靜靱頬穎賴顏顯顚飜飮餠舘驛驅騷驗驒髓髙髮鰺鷗鶯鷄鹼麥麴麵黃黑默齡叱"
)
SELDOM_TO = (
    "àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþāăąćĉċčďđēĕėęěĝğġģĥħĩīĭįĵķĺļľłńņňŋōŏőœŕŗřśŝşšţťŧũūŭůűųŵŷÿźżž"
    "ɓƃƅɔƈɖɗƌǝəɛƒɠɣɩɨƙɯɲɵơƣƥʀƨʃƭʈưʊʋƴƶʒƹƽǎǐǒǔǖǘǚǜǟǡǣǥǧǩǫǭǯǵƕƿǹǻǽǿȁȃȅȇȉȋȍȏȑȓȕȗșțȝȟƞȣȥȧȩȫȭȯȱȳⱥȼƚⱦ"
    "ɂƀʉʌɇɉɋɍɏͱͳͷϳάέήίόύώαβγδεζηθικλμνξοπρστυφχψωϊϋϗϙϛϝϟϡϣϥϧϩϫϭϯϸϻͻͼͽѐёђѓєѕіїјљњћќѝўџабвгдежзий"
    "клмнопрстуфхцчшщъыьэюяѡѣѥѧѩѫѭѯѱѳѵѷѹѻѽѿҁҋҍҏґғҕҗҙқҝҟҡңҥҧҩҫҭүұҳҵҷҹһҽҿӏӂӄӆӈӊӌӎӑӓӕӗәӛӝӟӡӣӥӧөӫӭӯ"
    "ӱӳӵӷӹӻӽӿԁԃԅԇԉԋԍԏԑԓԕԗԙԛԝԟԡԣԥԧԩԫԭԯ---------・・・・・~~~'''\"\"\"万与両並乗乱亀予争亘亜仏仮会伝体余併侠価侭倶倹偽児党内円写凛処剝剣剤剰"
    "励労効勅勧勲区医単即厳参双収叙台号吉呉告唖営嘘嘱噛団囲図国国圏圧堕塁塡塩増壊壌壮声壱売壷変奥奨妍娯媯嬢学宝宝実富寛寝対寿専将尚尭尽届屏属岳峡峰島島崎崎崎巌巔巣巻帯帰并庁広廃弁弁弁弐"
    "弥弯弾当彦径従徳徴応恋恒恵悦悩悪惨慎懐戦戯戸戻払抜択担拝拠拡挙挟挿捜掲掴掻揺摂撃撹教数斉斉斉断旧昂昼晃晋晒晩暁暦曽条来杯枢柳栄桑桜桝桟桧梅検楼楽概様槙権横欠欧歓歩歯歳歴残殴殻毎気没"
    "沢沪浄浅浜浜涙涜涼清渇済渉渊渊渋渓温湾湿満溌滝滞潜瀬灯炉点為焔焼犠状独狭猟献獣瑶瓶産画略畳痩痴発盗県真研砕砲砺砿礼祢祷禄禅秘称税稲穂穏穣窃竜箪篭粋粛糸経絵絶継続総緑緒縁縄縦繊繋繍缶"
    "聡聴胆脱脳臓舎舗船艶芦芸茎荘莱萌蒋蔵薫薬薮虚虫蚕蛍蛎蛮蝉蝋蝿衛装裏褒覇覚覧観触訳証誉説読諌謡譲讃豊賎賛践躯転軽輌辞辺辺迩逓遅遥郎郷酔醗醤醸釈野鈎鉄鉄鉱銭鋭鋳錬録鎮関閲闘闘闘闘陥険随"
    "隠隷雑霊青静靭頰頴頼顔顕顛翻飲餅館駅駆騒験騨髄高髪鯵鴎鴬鶏鹸麦麹麺黄黒黙齢𠮟"
)
UNSEEN = "".join(
    chr(code)
    for codes in ((0xAD, 0x2060, 0xFEFF), range(0x200B, 0x2010), range(0x202A, 0x202F), range(0xFE00, 0xFE10))
    for code in codes
) + "".join(map(chr, range(0xE0100, 0xE0120)))
ASIDE = (
    r"株式会社|有限会社|合同会社|合資会社|合名会社|相互会社|\(株\)|\(有\)|\(同\)|\(資\)|\(名\)|\(相\)|カブシキガイシヤ|カブシキカイシヤ|ユウゲンガイ"
    r"シヤ|ユウゲンカイシヤ|ゴウドウガイシヤ|ゴウドウカイシヤ|ゴウシガイシヤ|ゴウメイガイシヤ|ソウゴガイシヤ|[\s・-]+"
)


def text(literal: str) -> str:
    """A text as SQL."""
    return "'" + literal.replace("'", "''") + "'"


def replaced(name: str, what: str, by: str, looked_at: str) -> str:
    """The text of a column, with characters replaced where it has any of them."""
    return (
        f"CASE WHEN ({looked_at} ~ {text('[' + what + ']')}) THEN translate({name}, {text(what)}, {text(by)})"
        f" ELSE {name} END"
    )


def key(name: str) -> str:
    """What a name is found by: whichever way it is written, without legal form, spaces, dots and dashes."""
    plain = f"normalize({name}, NFKC)"
    katakana = replaced(replaced(plain, SELDOM + UNSEEN, SELDOM_TO, plain), HIRAGANA, HIRAGANA_TO, plain)
    large = f'translate(lower({katakana} COLLATE "C"), {text(SMALL)}, {text(SMALL_TO)})'
    dashes = f"regexp_replace({large}, '(?<![ア-ヴー])ー', '-', 'g')"
    drawn_out = f"regexp_replace({dashes}, '(?<=[ア-ヲヴー])-', 'ー', 'g')"
    return f"left(coalesce(nullif(regexp_replace({drawn_out}, {text(ASIDE)}, '', 'g'), ''), {name}), 200)"


def upgrade() -> None:
    # What follows from a name is no change of a company: neither its version nor its history is to move.
    op.execute("ALTER TABLE companies DISABLE TRIGGER USER")
    op.execute(f"UPDATE companies SET name_ja_folded = {key('name_ja')}")
    op.execute("ALTER TABLE companies ENABLE TRIGGER USER")
    for name in ("name_en", "name_kana"):
        made = sa.Computed(key(name), persisted=True)
        op.add_column("companies", sa.Column(f"{name}_folded", sa.String(length=200), made, nullable=True))


def downgrade() -> None:
    # Code of before finds by the Japanese keys all names but those that it would have folded otherwise.
    for name in ("name_kana", "name_en"):
        op.drop_column("companies", f"{name}_folded")
