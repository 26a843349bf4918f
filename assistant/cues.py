"""A question in another language of the United Nations -> what English rules would see in it.

What kind of thing it asks for, whether it leans on the question before it, which place or objective it names. Patterns,
no model; a language without any is read by its meaning alone. This module knows nothing of documents or vectors.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

# A place or an objective that is named by its number, and how English names it.
_PLACES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), english)
    for pattern, english in (
        (r"\b(?:paragraphes?|paragr|par|párrafos?|пункт[аеу]?|абзац[аеу]?)\.?\s*(?P<n>\d+)", "para. {n}"),
        (r"(?:الفقرة|فقرة)\s*(?P<n>\d+)|第?\s*(?P<m>\d+)\s*段", "para. {n}"),
        (r"\b(?:questions?|preguntas?|вопрос[аеу]?)(?:\s+\w+)?\s+(?:n[o°º]\.?\s*|№\s*)?(?P<n>\d+)", "question {n}"),
        (r"(?:السؤال)(?:\s+\w+)?\s*(?P<n>\d+)|问题\s*(?P<m>\d+)|第\s*(?P<o>\d+)\s*个?问题", "question {n}"),
        (r"\b(?:objectifs?|objetivos?|цел[ьияею]|цели)\s+(?:n[o°º]\.?\s*|№\s*)?(?P<n>\d+)", "GCM objective {n}"),
        (r"(?:الهدف|هدف)\s*(?P<n>\d+)|目标\s*(?P<m>\d+)", "GCM objective {n}"),
    )
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


def places_in_english(question: str) -> str:
    """Return the places and objectives that a question names by number, as English does; empty for none.

    >>> places_in_english("Que dit le paragraphe 4 sur l'objectif 7 ?")
    'para. 4, GCM objective 7'
    """
    found = [
        english.format(n=next(number for number in match.groups() if number))
        for pattern, english in _PLACES
        for match in pattern.finditer(question)
    ]
    return ", ".join(dict.fromkeys(found))


def names_in(question: str, language: str) -> tuple[str, ...]:
    """Return the names and acronyms that stand in a question as documents write them.

    >>> names_in("Что такое GCM?", "ru")
    ('GCM',)
    """
    pattern = _ACRONYM if language in _IN_LATIN else _NAME
    return tuple(dict.fromkeys(pattern.findall(question)))
