"""A language -> what is said beside an answer in it, to whoever asked in it. Documents are never translated.

This module knows nothing of what is asked or found.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

_DEFAULT = "en"


@dataclass(frozen=True, slots=True)
class Notices:
    """What is said in one language.

    Attributes:
        unclear: To what is no question.
        nothing: When no passage answers; {searched} stands for what was searched.
        unread: When questions in this language can't be read here.
    """

    unclear: str
    nothing: str
    unread: str


_NOTICES: Mapping[str, Notices] = MappingProxyType(
    {
        "en": Notices(
            "That isn’t a question yet. Ask in a few words.",
            "No passage answers this question. What was searched: {searched}.",
            "Questions in this language can’t be read here. Please ask in English.",
        ),
        "fr": Notices(
            "Ce n’est pas encore une question. Posez-la en quelques mots.",
            "Aucun passage ne répond à cette question. Documents consultés\u00a0: {searched}.",
            "Les questions en français ne peuvent pas être lues ici. Posez-la en anglais (please ask in English).",
        ),
        "ru": Notices(
            "Это ещё не вопрос. Задайте его в нескольких словах.",
            "Ни один отрывок не отвечает на этот вопрос. Поиск вёлся в документах: {searched}.",
            "Вопросы на русском языке здесь не читаются. Задайте вопрос по-английски (please ask in English).",
        ),
        "es": Notices(
            "Todavía no es una pregunta. Formúlela en pocas palabras.",
            "Ningún pasaje responde a esta pregunta. Documentos consultados: {searched}.",
            "Aquí no se pueden leer preguntas en español. Pregunte en inglés (please ask in English).",
        ),
        "ar": Notices(
            "هذا ليس سؤالاً بعد. اطرح سؤالك في بضع كلمات.",
            "لا يوجد مقطع يجيب عن هذا السؤال. الوثائق التي جرى البحث فيها: {searched}.",
            "لا يمكن قراءة الأسئلة بالعربية هنا. يُرجى طرح السؤال بالإنكليزية (please ask in English).",
        ),
        "zh": Notices(
            "这还不是一个问题，请用几个词提问。",
            "没有段落回答这个问题。已检索的文件：{searched}。",
            "此处无法读取中文问题，请用英文提问（please ask in English）。",
        ),
        "de": Notices(
            "Das ist noch keine Frage. Fragen Sie mit ein paar Worten.",
            "Keine Stelle beantwortet diese Frage. Durchsucht wurden: {searched}.",
            "Fragen auf Deutsch sind hier nicht lesbar. Bitte fragen Sie auf Englisch (please ask in English).",
        ),
        "it": Notices(
            "Non è ancora una domanda. Chieda in poche parole.",
            "Nessun passaggio risponde a questa domanda. Documenti consultati: {searched}.",
            "Le domande in italiano non possono essere lette qui. Chieda in inglese (please ask in English).",
        ),
        "pt": Notices(
            "Ainda não é uma pergunta. Pergunte em poucas palavras.",
            "Nenhuma passagem responde a esta pergunta. Documentos consultados: {searched}.",
            "As perguntas em português não podem ser lidas aqui. Pergunte em inglês (please ask in English).",
        ),
        "tr": Notices(
            "Bu henüz bir soru değil. Birkaç kelimeyle sorun.",
            "Hiçbir bölüm bu soruyu yanıtlamıyor. Aranan belgeler: {searched}.",
            "Türkçe sorular burada okunamıyor. Lütfen İngilizce sorun (please ask in English).",
        ),
        "uk": Notices(
            "Це ще не запитання. Поставте його кількома словами.",
            "Жоден уривок не відповідає на це запитання. Пошук вівся в документах: {searched}.",
            "Запитання українською тут не читаються. Поставте запитання англійською (please ask in English).",
        ),
    }
)


def notices_in(language: str) -> Notices:
    """Return what is said in a language; English where there is nothing in it."""
    return _NOTICES.get(language, _NOTICES[_DEFAULT])
