"""A question in another language of the United Nations -> what English rules would see in it.

What kind of thing it asks for, whether it leans on the question before it, which place or objective it names. Patterns,
no model; a language without any is read by its meaning alone. This module knows nothing of documents or vectors.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from types import MappingProxyType

# What a document's places and the objectives are called: in English, one and several, and in other languages.
_QUESTION = (
    r"(?:questions?|preguntas?|domand[ae]|perguntas?|fragen?|sorular|soru|вопрос\w{0,3}"
    r"|питан\w{1,3}|(?:ال|لل|بال)?سؤال)"
)
_GUIDING = "direct|orient|guid|leit|направл|наводящ|номер|número|numéro|numero|التوجيه|الإرشاد|رقم"
_OBJECTIVE = (
    r"(?:objectifs?|objetivos?|obiettiv[oi]|ziele?s?|hede[fvğ]\w{0,3}"
    r"|цел(?:ь|и|ью|ей|ям)|ціл(?:ь|і|ей)|(?:ال|لل|بال)?هدف)"
)
_NOUNS: tuple[tuple[str, str, str], ...] = (
    (
        "para.",
        "paras.",
        r"(?:paragraphes?|paragr\.|par\.|p[áa]rrafos?|p[áa]rr\.|par[áa]grafos?|paragraf[oiı]?|absatz|absätze|пункт\w{0,3}"
        r"|параграф\w{0,2}|абзац\w{0,3}|(?:ال|لل|بال)?فقر(?:ة|ات|تان|تين)|段落)",
    ),
    ("question", "questions", rf"(?:{_QUESTION}(?:\s+(?:{_GUIDING})\w*)?|问题)"),
    ("GCM objective", "GCM objectives", rf"(?:{_OBJECTIVE}|(?<!发展)目标)"),
)
_CHINESE_NOUNS = (("para.", r"段"), ("question", r"个?(?:指导性?)?问题"))
_ORDINALS: tuple[str, ...] = (
    r"premi(?:er|[èe]re)|primer[oa]?|перв\w{2,3}|أولى?",
    r"deuxi[èe]me|second[eo]?|segund[oa]|втор\w{2,3}|ثاني?ة?",
    r"troisi[èe]me|tercer[oa]?|трет\w{2,4}|ثالثة?",
    r"quatri[èe]me|cuart[oa]|четв[её]рт\w{2,3}|رابعة?",
    r"cinqui[èe]me|quint[oa]|пят\w{2,3}|خامسة?",
    r"sixi[èe]me|sext[oa]|шест\w{2,3}|سادسة?",
    r"septi[èe]me|s[ée]ptim[oa]|седьм\w{2,3}|سابعة?",
    r"huiti[èe]me|octav[oa]|восьм\w{2,3}|ثامنة?",
    r"neuvi[èe]me|noven[oa]|девят\w{2,3}|تاسعة?",
    r"dixi[èe]me|d[ée]cim[oa]|десят\w{2,3}|عاشرة?",
)
_CHINESE_DIGITS = "一二三四五六七八九"
# "Question 30 year old rules": what is counted.
_COUNTED = (
    r"years?|months?|days?|ans?|mois|jours?|años?|meses|días?|лет|год\w*|месяц\w*|дн(?:я|ей)|Jahre|anni|anos|سن\w+"
    r"|年|岁|个月|天"
)
_NOT_A_PLACE = rf"(?![.,]?\d|\s*(?:%|(?:{_COUNTED})(?!\w)))"
# "Objective 3 of the SDGs" is none of the Compact's.
_NOT_OF_THE_COMPACT = r"(?!\W+(?:\w+\W+){0,2}(?:ODD|ODS|ЦУР|SDGs?|OSS|SDG)\b)"
_SIGN = r"(?:n\.?\s?[o°º]\.?|№|nr\.)"
# "My first question" is the asker's, "the first objective" the meeting's.
_NOT_THE_ASKERS = "".join(rf"(?<!\b{mine}\s)" for mine in ("ma", "mi", "notre", "nuestra", "мой", "наш", "minha"))
_AND = re.compile(r"\s+(?:et|и|y|e|und|ve|та|і|й)\s+|\s*و\s*|\s*[和及与]\s*", re.IGNORECASE)
_TO = re.compile(r"\s*[-–—]\s*|\s+(?:à|al?|по|до|إلى|bis)\s+|\s*[至到]\s*", re.IGNORECASE)
_MORE = rf"(?:(?:\s*[,،、]\s*|{_AND.pattern}|{_TO.pattern})\d{{1,3}}{_NOT_A_PLACE})*"
_ORDINAL = "|".join(f"(?P<o{n}>{words})" for n, words in enumerate(_ORDINALS, start=1))


def _forms(noun: str, *, is_place: bool) -> tuple[str, ...]:
    """Patterns of a noun with its number: after it, and for places before it or as an ordinal, too."""
    after = rf"(?<!\w){noun}\s*(?:{_SIGN}\s*)?(?P<n>\d{{1,3}}){_NOT_A_PLACE}(?P<more>{_MORE})"
    if not is_place:
        return (after + _NOT_OF_THE_COMPACT,)
    ordinal = rf"(?:(?P<n>\d{{1,3}})(?:\s?(?:[èe]re|er|[èe]me|e|\.?[ºª°])|-\w{{1,3}})|(?:{_ORDINAL}))"
    before = rf"(?<![\w.,]){_NOT_THE_ASKERS}{ordinal}\s+{noun}(?!\w)(?P<more>)"
    return after, before, rf"(?<!\w){noun}\s+ال(?:{_ORDINAL})(?!\w)(?P<n>)(?P<more>)"


_PLACES: tuple[tuple[re.Pattern[str], str, str], ...] = (
    *(
        (re.compile(form, re.IGNORECASE), one, several)
        for one, several, noun in _NOUNS
        for form in _forms(noun, is_place=not one.startswith("GCM"))
    ),
    *(
        (re.compile(rf"第\s*(?P<n>\d{{1,3}}|[{_CHINESE_DIGITS}十]{{1,3}})\s*{noun}(?P<more>)"), one, one)
        for one, noun in _CHINESE_NOUNS
    ),
)

_FOLLOWING: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        language: re.compile(pattern, re.IGNORECASE)
        for language, pattern in {
            "fr": r"\W*(?:et|mais|ou|aussi|alors|qu['’]en est-il|pourquoi\s*\?*$|quel objectif|lequel|laquelle|plus de"
            r" détails)\b"
            r"|.{0,30}\b(?:cela|ça|celui-ci|ceux-ci|celles-ci)\b",
            "ru": r"\W*(?:а|и|но|или|также|тогда|почему\W*$|какая (?:это )?цель|подробнее|что насчёт)\b"
            r"|.{0,30}\b(?:это|этого|этому|об этом|они|их|им|него|неё)\b",
            "es": r"\W*(?:y|e|pero|o|también|entonces|por qué\W*$|qué objetivo|cuál de|más detalles|qué hay de)\b"
            r"|.{0,30}\b(?:eso|esto|ello)\b",
            "ar": r"\W*(?:وماذا عن|ماذا عن|وما|وهل|ولماذا|وكيف|ومن|وأين|ومتى|لماذا\W*$|و?أي هدف|المزيد|ولل|وبالنسبة)"
            r"|.{0,30}(?:ذلك|هذا الأمر)",
            "zh": r"\W*(?:那么?|还有|而且|为什么\W*$|哪个目标|更多)|.{0,12}(?:这个|那个|它们?|其中)|.{0,12}呢\W*$",
        }.items()
    }
)

_ASKS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "fr": {
            "count": r"\bcombien\b|\bnombre d|\bpourcentage|\bproportion\b|\bquelle part\b|\bchiffres? d",
            "money": r"\bcoûte|\bcoût|\bbudget|\bprix\b|\bmontant|\bsalaire|\bamende",
            "date": r"\bquand\b|\bquel(?:le)?s? (?:dates?|années?|jours?|heures?)|\béchéance|\bdate\b",
            "duration": r"combien de temps|combien d['’]années|\bdurée\b|\bquel âge",
            "identity": r"^qui\b|\bqui (?:est|préside|anime|gère|a|va|dirige|sont)\b|\bquel(?:le)? ministre|\borateur",
            "organization": r"\bquel(?:le)?s? (?:journa|institut|organis|universit|ong\b|agence|tribuna|entreprise)",
            "country": r"\bquel(?:le)?s? (?:pays|états?|région)",
            "place": r"^où\b|\bdans quel(?:le)? (?:ville|bâtiment|salle|pays|lieu|hôtel)|\bcapitale\b",
            "contact": r"e-?mail|courriel|adresse électronique|téléphone|\bs['’]inscrire",
        },
        "ru": {
            "count": r"\bсколько\b|\bчисло\b|\bколичеств|\bпроцент|\bдол[яи]\b",
            "money": r"\bстои(?:т|ло)\b|\bстоимост|\bбюджет|\bцен[аыу]\b|\bштраф|\bоштраф",
            "date": r"\bкогда\b|\bдат[аыуе]\b|\bв каком году|\bкакой день|\bкаким дням|\bкотором часу|\bсрок",
            "duration": r"\bсколько (?:времени|лет|дней|месяцев)|\bдо какого возраста|\bкак долго",
            "identity": r"\bкто\b|\bкем\b|\bкакой министр",
            "organization": r"\bкак\w+ (?:газет|институт|организац|исследовательск|университет|ведомств|суд|компани)",
            "country": r"\bкак\w+ (?:стран|государств|регион)",
            "place": r"\bгде\b|\bв как\w+ (?:город|здани|зал|стран)|\bстолиц",
            "contact": r"электронн\w+ почт|\bтелефон|\bпочт\w+ адрес|\bзарегистрир",
        },
        "es": {
            "count": r"\bcuánt[oa]s?\b|\bnúmero de\b|\bporcentaje|\bproporción",
            "money": r"\bcuesta\b|\bcoste?\b|\bcosto\b|\bpresupuesto|\bprecio|\bmultad|\bsalario",
            "date": r"\bcuándo\b|\bqué (?:fechas?|años?|días?|mes)|\bqué hora|\bplazo\b",
            "duration": r"\bcuánto tiempo|\bcuánto se tarda|\bcuántos años|\bqué edad|\bduración",
            "identity": r"\bquién(?:es)?\b|\bqué ministr",
            "organization": r"\bqué (?:periódico|institut|organizaci|universidad|organismo|ong\b|agencia|empresa)",
            "country": r"\bqué (?:país|países|estados|región)",
            "place": r"\b(?:a)?dónde\b|\ben qué (?:ciudad|edificio|sala|país)|\bcapital de\b",
            "contact": r"correo electrónico|\bteléfono|\binscrib",
        },
        "ar": {
            "count": r"\bكم\b|\bعدد\b|\bنسبة\b",
            "money": r"تكلفة|كلفة|ميزانية|\bسعر\b|غرامة|غُرّم",
            "date": r"\bمتى\b|تاريخ|\bأي (?:سنة|يوم|أيام|ساعة)|موعد|الموعد",
            "duration": r"\bكم من الوقت|\bكم سنة|\bأي سن\b|\bالمدة\b|\bكم عمر",
            "identity": r"^\W*من\s|\bأي وزير",
            "organization": r"\bأي (?:صحيفة|معهد|منظم|جامعة|هيئ|محكمة|شركة)",
            "country": r"\b(?:أي|ما) (?:بلد|البلدان|بلدان|دول)",
            "place": r"\bأين\b|\bأي (?:مدينة|مبنى|قاعة|بلد)|\bعاصمة",
            "contact": r"البريد الإلكتروني|هاتف|للتسجيل",
        },
        "zh": {
            "count": r"多少|几[个名国条]|百分之|比例|数量",
            "money": r"多少钱|预算|价格|费用|成本|罚款",
            "date": r"什么时候|何时|哪一?[天年月]|日期|几[点号]|哪几天",
            "duration": r"多长时间|多久|几年|多少岁",
            "identity": r"谁|哪位",
            "organization": r"哪[家所]|哪些(?:组织|机构|大学|媒体)",
            "country": r"哪(?:个|些|几个)国家",
            "place": r"哪里|哪儿|在哪|哪座|什么地方|首都",
            "contact": r"邮箱|电话|邮件|报名",
        },
    }
)
_PATTERNS = {
    language: {kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in kinds.items()}
    for language, kinds in _ASKS.items()
}
# In Latin letters inside another script, or written as no other word is: "GCM", "COVID-19", "@UNMigNetwork".
_NAME = re.compile(r"[@#]\w+|\b[A-Z][\w-]*[A-Z0-9][\w-]*\b|\b[A-Za-z][A-Za-z-]{2,}\b")
_ACRONYM = re.compile(r"[@#]\w+|\b[A-Z][\w-]*[A-Z0-9][\w-]*\b")
_IN_LATIN = frozenset({"fr", "es", "de", "it", "pt", "tr"})


def asked_for(question: str, language: str) -> frozenset[str]:
    """Tell what kinds of thing a question asks for, in the words of `answer_types`.

    >>> sorted(asked_for("Combien de pays ?", "fr"))
    ['count']
    """
    kinds = _PATTERNS.get(language, {})
    return frozenset(kind for kind, pattern in kinds.items() if pattern.search(question))


def leans_on_earlier(question: str, language: str) -> bool:
    """Whether a question says too little by itself: "Et pour les enfants ?"."""
    pattern = _FOLLOWING.get(language)
    return bool(pattern and pattern.match(question.strip()))


@dataclass(frozen=True, slots=True)
class Place:
    """A place or an objective that a question names by number.

    Attributes:
        english: As English names it: "para. 4".
        typed: As it stands in the question.
    """

    english: str
    typed: str


@lru_cache(maxsize=64)  # a question's places are asked for several times before it is answered
def places_in(question: str) -> tuple[Place, ...]:
    """Return the places and objectives that a question names by number, in English and as typed.

    >>> places_in("Que dit le paragraphe 4 ?")
    (Place(english='para. 4', typed='paragraphe 4'),)
    """
    found = [
        Place(_in_english(match, one, several), match[0].strip())
        for pattern, one, several in _PLACES
        for match in pattern.finditer(question)
    ]
    return tuple({place.english: place for place in reversed(found)}.values())[::-1]


def places_in_english(question: str) -> str:
    """Return the places and objectives that a question names by number, as English does; empty for none.

    >>> places_in_english("Que dit le paragraphe 4 sur l'objectif 7 ?")
    'para. 4, GCM objective 7'
    """
    return ", ".join(place.english for place in places_in(question))


def without_places(question: str) -> str:
    """Return a question without the places that it names."""
    for pattern, _, _ in _PLACES:
        question = pattern.sub(" ", question)
    return question


def with_english_places(question: str) -> str:
    """Return a question with the places that it names put into English.

    >>> with_english_places("párrafo 4")
    'para. 4'
    """
    for pattern, one, several in _PLACES:
        question = pattern.sub(partial(_in_english, one=one, several=several), question)
    return question


def _in_english(match: re.Match[str], one: str, several: str) -> str:
    ordinals = (int(name[1:]) for name, held in match.groupdict().items() if name.startswith("o") and held)
    number = _number(match["n"]) if match["n"] else next(ordinals)
    more = re.sub(r"\s*[،、]\s*", ", ", _AND.sub(" and ", _TO.sub("–", match["more"])))
    return f"{several if more else one} {number}{more}"


def _number(digits: str) -> int:
    """Read a number in digits or, below a hundred, in Chinese characters."""
    if digits.isdigit():
        return int(digits)
    tens, ten, ones = digits.rpartition("十")
    return (10 * (_digit(tens) or 1) if ten else 0) + _digit(ones)


def _digit(character: str) -> int:
    return _CHINESE_DIGITS.find(character) + 1 if character else 0


def names_in(question: str, language: str) -> tuple[str, ...]:
    """Return the names and acronyms that stand in a question as documents write them.

    >>> names_in("Что такое GCM?", "ru")
    ('GCM',)
    """
    if language in _IN_LATIN and question.isupper():
        question = " ".join(word for word in question.split() if word[0] in "@#")  # capitals tell nothing here
    pattern = _ACRONYM if language in _IN_LATIN else _NAME
    return tuple(dict.fromkeys(pattern.findall(question)))
