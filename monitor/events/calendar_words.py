"""The words of the calendar in English, Hindi and Japanese: months, weekdays, relative days, numbers, directions.

Everything is lower case; matching is done on lower-cased text. Words of a subject (meeting, exercise …) are data of a
watchlist and do not belong here.
"""

from __future__ import annotations


def _counted(first: int, *rows: str) -> dict[str, int]:
    """Each row's words numbered from `first`; words of one number are joined by a slash."""
    return {name: n for row in rows for n, names in enumerate(row.split(), first) for name in names.split("/")}


MONTHS = _counted(
    1,
    "january february march april may june july august september october november december",
    "jan feb mar apr may jun jul aug sept/sep oct nov dec",
    "जनवरी फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर/सितम्बर अक्टूबर/अक्तूबर नवंबर/नवम्बर दिसंबर/दिसम्बर",
)
"""Name to number. Japanese months are written with digits."""

AMBIGUOUS_MONTHS = frozenset({"may", "march", "mar", "dec", "jan", "sep", "मार्च"})
"""Names that are also other words ("may", a march, a person): never a month by themselves."""

WEEKDAYS = _counted(
    0,
    "monday tuesday wednesday thursday friday saturday sunday",
    "सोमवार मंगलवार बुधवार गुरुवार/गुरूवार/बृहस्पतिवार/वीरवार शुक्रवार शनिवार रविवार/इतवार",
    "月曜 火曜 水曜 木曜 金曜 土曜 日曜",
)
"""Name to `date.weekday()`."""

_DAYS_APART = {
    -2: ("day before yesterday", "一昨日", "おととい"),
    -1: ("yesterday", "last night", "昨日", "きのう"),
    0: ("today", "tonight", "this morning", "this afternoon", "this evening", "आज", "今日", "本日", "きょう"),
    1: ("tomorrow", "明日", "あす"),
    2: ("day after tomorrow", "明後日", "あさって"),
}
RELATIVE_DAYS = {phrase: days for days, phrases in _DAYS_APART.items() for phrase in phrases}
"""Phrase to days after publication."""

TWO_WAY_DAYS: dict[str, int] = {"कल": 1, "परसों": 2}
"""Hindi words that mean so many days before or after: the tense of the clause decides."""

ERAS: dict[str, int] = {"令和": 2018, "平成": 1988, "昭和": 1925}
"""Japanese era to the year before its first."""

LAST_WORDS = ("last", "previous", "past", "पिछले", "पिछली", "बीते", "गत", "昨年", "去年", "先月", "先週", "前年")
NEXT_WORDS = ("next", "coming", "अगले", "अगली", "आगामी", "来年", "来月", "来週")

UNTIL_BEFORE = (
    *("until", "till", "through", "up to", "ending", "ends on", "ends", "ended on", "end on", "concludes on"),
    *("conclude on", "concluding on", "closes on", "closing ceremony on", "closing ceremony is on", "finishes on"),
    *("concluded on", "culminates on", "culminate on", "closed on", "wrapped up on", "finished on"),
)
"""What makes the following date a last day."""

UNTIL_AFTER = (
    "तक",
    "को समाप्त",
    "को संपन्न",
    "को पूरा",
    "को खत्म",
    "まで",
    "に終了",
    "に閉幕",
    "に終わ",
    "に終え",
    "に最終日",
)
"""What makes the preceding date a last day."""

FUTURE_CUES = (
    *("will", "shall", "would", "to be", "is to", "are to", "due", "scheduled", "slated", "set to", "set for"),
    *("upcoming", "next", "coming", "tomorrow", "ahead of", "plans to", "planned", "planning", "expected"),
    *("to hold", "to host", "to meet", "to visit", "to begin", "to start", "to take place", "to sign", "to attend"),
    *("to travel", "to arrive", "to conduct", "to participate", "to join", "to fly", "to sail", "to kick off"),
    *("on the schedule", "on the agenda", "leaves for", "heads to", "heads for", "fixed for", "later this"),
    *("going to", "runs until", "is on the programme", "are planned", "is planned", "off to", "bound for"),
    *("होगा", "होगी", "होंगे", "होंगी", "होनी है", "होना है", "करेंगे", "करेगा", "करेगी", "करेंगी", "मिलेंगे", "मिलेगी"),
    *("जाएंगे", "जाएगा", "जाएगी", "आएंगे", "आएगा", "आएगी", "रहेंगे", "रहेगा", "रहेगी", "लेंगे", "लेगी", "लेगा"),
    *("पहुंचेंगे", "पहुंचेगा", "उतरेंगे", "चलेगा", "चलेगी", "आगामी", "अगले", "अगली", "वाली है", "वाला है", "आ रहे"),
    *(
        "रवाना होंगे",
        "संभव",
        "संभावित",
        "हो सकती है",
        "हो सकता है",
        "hoga",
        "hogi",
        "honge",
        "karega",
        "karegi",
        "karenge",
        "jayenge",
        "aayenge",
        "milenge",
    ),
    *(
        "予定",
        "見通し",
        "見込み",
        "方針",
        "来週",
        "来月",
        "明日",
        "あす",
        "控え",
        "調整に入",
        "臨む",
        "開かれる",
        "行われる",
    ),
    *(
        "始まる",
        "向かう",
        "訪れる",
        "開く",
        "出国し",
        "発効へ",
        "実施へ",
        "署名へ",
        "派遣へ",
        "訪問へ",
        "参加へ",
        "開始へ",
        "締結へ",
        "合意へ",
        "輸出へ",
        "来日へ",
        "訪印へ",
        "出発へ",
        "訪日へ",
        "会談へ",
        "開催へ",
        "協議へ",
        "移転へ",
        "供与へ",
    ),
)
"""What makes a weekday or a bare day look forward when it stands in the same clause."""

PRESENT_CUES = (
    *("begin", "begins", "start", "starts", "open", "opens", "kicks off", "is on", "goes", "go to", "leaves", "leave"),
    *("fly in", "flies in", "flies", "arrive on", "arrives on", "arrives", "meet on", "meets", "sits", "sits down"),
    *(
        "host",
        "hold",
        "meet",
        "see",
        "sees",
        "sit",
        "train",
        "trains",
        "travels",
        "departs",
        "sails",
        "lands",
        "calls on",
        "hosts",
        "visits",
        "ends",
        "concludes",
        "runs",
        "follows",
    ),
    *("takes place", "take place", "is on the", "gathers", "gather", "falls on", "steams", "hands over"),
    *("closes", "returns", "continues", "sets off", "flags off", "commences", "wraps up", "comes", "joins", "from"),
)
"""The same by a verb of the present tense, where nothing in the clause looks back."""

PAST_CUES = (
    *("was", "were", "had", "met", "held", "said", "told", "took", "began", "spoke", "ago", "yesterday"),
    *("came", "went", "gave", "did", "became", "earlier"),
    *("था", "थी", "थे", "हुई", "हुआ", "हुए", "किया", "किए", "की गई", "गया", "गई", "गए", "पहुंचे", "पहुंचा", "बताया"),
    *("कहा", "मिले", "बीते", "पिछले", "रवाना हुए", "लौटे", "देखा", "जताई", "उतरे", "रहे", "hua", "hui", "mile", "kiya"),
    *("した", "れた", "った", "んだ", "いた", "昨年", "先月", "先週", "昨日", "し、", "行い、", "訪れ、"),
)
"""What makes it look back."""

HINDI_PASTS = (
    *("आए", "आया", "आई", "गए", "गया", "गई", "पहुंचे", "पहुंचा", "पहुंची", "मिले", "मिली", "मिला", "उतरे", "उतरा", "उतरी"),
    *("निकले", "निकला", "निकली", "लौटे", "लौटा", "लौटी", "उड़े", "उड़ा", "बोले", "कहा", "बताया", "किया", "किए", "की", "हुआ"),
    *("हुई", "हुए", "दिया", "दिए", "दी", "लिया", "लिए", "ली", "रखा", "रखे", "देखा", "देखे", "देखी", "दिखाया", "सौंपा", "सौंपे"),
    *(
        "जताया",
        "दोहराया",
        "उठाया",
        "बैठे",
        "चले",
        "चला",
        "चली",
        "बनी",
        "बनाया",
        "बनाई",
        "छुड़ाए",
        "सीखा",
        "सीखे",
        "परखा",
        "परखे",
    ),
)
"""Past tenses that end a Hindi clause; most of them are other words elsewhere in one."""

IRREGULAR_PASTS = tuple(
    _counted(
        1,
        "ate bade bent bore bought broadcast broke brought built caught chose clung dealt dove drank drew "
        "drove dwelt fed fell felt flew forbade forgave forgot forsook fought found froze got grew ground "
        "heard hid hung kept knelt knew laid led left lent lost made meant outran overcame overheard oversaw "
        "overtook paid put ran rang rebuilt repaid rode rose sang sank sat saw sent shone shook shot slept "
        "slid sold sought spelt spent spoke sprang stole stood struck stuck swam swept swore swung taught "
        "thought threw tied tore trod understood undertook underwent upheld withdrew withheld withstood woke "
        "won wore wove wrote",
    )
)
"""Past tenses that do not end in -ed, beyond those above: like a regular one they say nothing beside a future."""

NUMBER_WORDS = _counted(
    1,
    "one/a two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty",
    "एक दो तीन चार पांच/पाँच छह/छः/छ सात आठ नौ दस ग्यारह बारह तेरह चौदह पंद्रह/पन्द्रह सोलह सत्रह अठारह उन्नीस बीस",
)

NAMED_DAYS = {
    "christmas eve": (12, 24),
    "christmas day": (12, 25),
    "new year's eve": (12, 31),
    "new year's day": (1, 1),
}
"""Days that reports name instead of a date, after "on": month and day."""

ORDINALS = _counted(
    1,
    "first/inaugural/maiden second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth",
    "पहला/पहले/पहली/प्रथम दूसरा/दूसरे/दूसरी/द्वितीय तीसरा/तीसरे/तीसरी चौथा/चौथे/चौथी पांचवां/पांचवें/पांचवीं "
    "छठा/छठे/छठी/छठवां सातवां/सातवें/सातवीं आठवां/आठवें/आठवीं नौवां/नौवें/नौवीं दसवां/दसवें/दसवीं ग्यारहवां/ग्यारहवें "
    "बारहवां/बारहवें तेरहवां/तेरहवें चौदहवां/चौदहवें पंद्रहवां/पंद्रहवें",
)
"""What counts editions and days: "eighth", आठवें."""

DURATION_UNITS = {
    **dict.fromkeys(("days", "day", "दिन", "दिनों", "दिवसीय", "日間"), 1),
    **dict.fromkeys(("weeks", "week", "सप्ताह", "हफ्ते", "週間"), 7),
}
"""Unit to days."""
