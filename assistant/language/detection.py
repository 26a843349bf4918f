"""Text -> the language that it is written in, as far as a few words tell.

A script tells most languages by itself; those in Latin letters are told by their words of grammar and by letters of
their own. That is no worse on a delegate's short question than a trained detector, and costs neither memory nor time.
What is English, or could be, counts as English. This module knows nothing of documents or questions.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

ENGLISH = "en"
# Languages that a question is read in beside English, and that all of the checks on it know.
UNITED_NATIONS: tuple[str, ...] = ("fr", "ru", "es", "ar", "zh")

_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\u1100-\u11ff\uac00-\ud7af]")),
    ("zh", re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("ar", re.compile(r"[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]")),
    ("el", re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
)
_JAPANESE_SHARE = 0.1  # of characters in kana, from which on the Chinese ones are Japanese
_LATIN = re.compile(r"[a-z\u00c0-\u024f]", re.IGNORECASE)
_UKRAINIAN = re.compile(r"[іїєґ]", re.IGNORECASE)
_PERSIAN = re.compile(r"[پچژگیک]")
# A character of Chinese or Japanese says about as much as so many letters.
_DENSE = 3
_OTHER_SCRIPT = 0.3  # share of a text's letters, from which on it isn't English with a foreign word in it

_WORD = re.compile(r"[^\W\d_]+")
_GRAMMAR: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "en": frozenset(
            "a about after all also an and any are as at be because been before being between both but by can"
            " could did do does during each for from had has have he her his how i if in into is it its just"
            " may me might more most must my no not of off on one only or other our out over should so some"
            " such than that the their them then there these they this those through to under up upon us was"
            " we were what when where which while who whom whose why will with without would yes you your say"
            " says said tell give show please explain mean means find list".split()
        ),
        "fr": frozenset(
            "à au aux avec ce ces cet cette ceux chez comme comment contre dans de des donc du elle elles en"
            " entre est et été être eux il ils je la le les leur leurs lorsque mais même mes mon ne nos notre"
            " nous on ont ou où par parmi pas pendant peut peuvent plus pour pourquoi qu quand que quel quelle"
            " quelles quels qui quoi sa sans se selon ses si son sont sous sur ta tes toi ton tous tout toute"
            " toutes très tu un une vers vos votre vous y a fait faire faut doit doivent dit afin ainsi aussi"
            " cela dont depuis existe combien quelque".split()
        ),
        "es": frozenset(
            "a al ante aquí así cada como cómo con contra cual cuál cuales cuáles cuando cuándo cuánto cuánta"
            " cuántos cuántas de del desde donde dónde durante e el ella ellos en entre era es esa ese eso"
            " esta está están este esto estos estas fue ha han hacer hacia hasta hay la las le les lo los más"
            " me mi mis muy ni no nos nuestra nuestras nuestro nuestros o otra otro para pero por porque"
            " pueden puede qué que quién quiénes se según ser si sí sin sobre son su sus también te tiene"
            " tienen todo todos tu un una unos unas y ya dice debe deben cuya cuyo".split()
        ),
        "de": frozenset(
            "aber als am an auch auf aus bei beim bis das dass dem den der des die dies diese diesem diesen"
            " dieser dieses durch ein eine einem einen einer eines er es für gegen gibt haben hat ich ihr ihre"
            " im in ins ist kann können man mit nach nicht noch nur oder ohne sagt sich sie sind soll sollen"
            " sollte sollten sowie über um und uns unter vom von vor war warum was welche welchem welchen"
            " welcher welches wenn wer werden wie wieder wir wird wo worden wurde wurden zu zum zur zwischen".split()
        ),
        "it": frozenset(
            "a ad ai al alla alle agli anche che chi ci come con contro così cosa cui da dai dal dalla dalle"
            " degli dei del della delle dello di dove dopo durante e è ed essere fra gli ha hanno i il in io"
            " la le lo loro ma nei nel nella nelle nello o ogni perché più può possono qual quale quali"
            " quando quanti quanto quante questa queste questi questo se senza si sia sono su sui sul sulla"
            " sulle tra un una uno".split()
        ),
        "pt": frozenset(
            "a à ao aos as às até com como contra da das de dela dele diz dizem do dos e é ela eles em entre essa esse"
            " esta este estão está foi há isso isto já lhe mais mas me na nas nem no nos não o onde ou os para"
            " pela pelas pelo pelos pode podem por porque qual quais quando quanto quantos quantas que quem se"
            " sem ser seu seus são sobre sua suas também tem têm um uma uns".split()
        ),
        "tr": frozenset(
            "acaba ama ancak bir biri bu bunu çok daha de da değil diye diyor en gibi hangi hangileri hem her için"
            " ile ise kaç kadar ki kim kimler mi mı mu mü nasıl ne neden nedir neler nerede nereye niçin o"
            " olan olarak olduğu olur onlar onun sonra şu tarafından ve veya var yok ya hakkında göre ilgili".split()
        ),
    }
)
LATIN = frozenset(_GRAMMAR)  # languages that are written in the letters of English
# Letters that of these languages only some write.
_LETTERS: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "fr": re.compile(r"[èêëîïœûùâôÿ]|\b(?:[ldjmtscn]|qu)['’](?=[^\W\d_])", re.IGNORECASE),
        "es": re.compile(r"[ñ¿¡]|ción\b|ciones\b", re.IGNORECASE),
        "de": re.compile(r"[äöüß]", re.IGNORECASE),
        "it": re.compile(r"[ìò]|\b(?:dell|nell|sull|all|dall)['’]|zion[ei]\b", re.IGNORECASE),
        "pt": re.compile(r"[ãõ]|ções\b", re.IGNORECASE),
        "tr": re.compile(r"[ğışİ]"),
    }
)
_LETTERS_COUNT = 0.7  # as much of a word of grammar
_TERMS_COUNT = 0.5  # a word of the field, known to be of a language
_SURE = 1.2  # lead, in words, from which on a guess isn't doubted
_LEAST = 0.5  # words that must speak for another language


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a text seems to be written in.

    Attributes:
        language: ISO 639-1 ("fr").
        is_sure: Whether another language, English above all, is out of the question.
    """

    language: str
    is_sure: bool = True


def spoken(text: str, terms: Mapping[str, Collection[str]] = MappingProxyType({})) -> Spoken:
    """Tell the language of a text; English unless something speaks against it.

    Args:
        terms: Words in lower case by language, of those that no English text has.

    >>> spoken("Que dit la note sur les enfants ?").language, spoken("Which objective is it under?").language
    ('fr', 'en')
    """
    return _by_script(text) or _by_words(text, terms)


def _by_script(text: str) -> Spoken | None:
    counts = {language: len(script.findall(text)) for language, script in _SCRIPTS}
    weighed = {language: n * (_DENSE if language in ("zh", "ja") else 1) for language, n in counts.items()}
    language = max(weighed, key=weighed.__getitem__)
    other, latin = weighed[language], len(_LATIN.findall(text))
    if not other or other < _OTHER_SCRIPT * (other + latin):
        return None
    if counts["ja"] > _JAPANESE_SHARE * (counts["ja"] + counts["zh"]):
        return Spoken("ja")
    if language == "ru" and _UKRAINIAN.search(text):
        return Spoken("uk")
    if language == "ar" and _PERSIAN.search(text):
        return Spoken("fa")
    return Spoken(language)


def _by_words(text: str, terms: Mapping[str, Collection[str]]) -> Spoken:
    words = [word for word in _WORD.findall(text.lower()) if len(word) > 1 or word in "àyeéoè"]
    votes: defaultdict[str, float] = defaultdict(float)
    for word in words:
        speaking = [language for language, grammar in _GRAMMAR.items() if word in grammar]
        for language in speaking:
            votes[language] += 1 / len(speaking)
        if not speaking:
            for language in (language for language, known in terms.items() if word in known):
                votes[language] += _TERMS_COUNT
    for language, letters in _LETTERS.items():
        votes[language] += _LETTERS_COUNT * min(2, len(letters.findall(text)))
    (best, most), *_ = sorted(((each, votes[each]) for each in _GRAMMAR if each != ENGLISH), key=lambda each: -each[1])
    lead = most - votes[ENGLISH]
    if most < _LEAST or lead <= 0:
        return Spoken(ENGLISH)
    return Spoken(best, is_sure=lead >= _SURE)
