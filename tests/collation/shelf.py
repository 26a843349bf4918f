"""A few documents in several languages, and quotations checked against them."""

from assistant.collation import Phrases, check_draft
from assistant.documents.structure import paragraphs_of
from assistant.records import Document, Kind, Quotation, Source

TEXTS = {
    "en": (
        "1. States shall protect the rights of all migrants, regardless of their status, and uphold the child’s best "
        "interests.\n\n2. “Decent work” means fair pay: at least 1,200 euros a month (from 12 May 2020) — and a rest "
        "day.\n\n(a) To promote well-being and long-term integration;\n\n(b) To share data."
    ),
    "fr": (
        "1. Les États s’engagent à protéger les droits de l’homme de tous les migrants, quel que soit leur statut, et "
        "à garantir l’accès aux services de base.\n\n2. Le présent Pacte repose sur la Charte des Nations Unies."
    ),
    "ru": (
        "1. Государства обязуются защищать права человека всех мигрантов независимо от их статуса и обеспечивать "
        "доступ к основным услугам."
    ),
    "ar": "1. تلتزم الدول بحماية حقوق الإنسان لجميع المهاجرين بغض النظر عن وضعهم، وتضمن الوصول إلى الخدمات.",
    "zh": "1. 各国承诺保护所有移民的人权，不论其身份如何，并确保他们获得基本服务。",
    "digest": "1. Our summary says that borders should be managed in an orderly and humane manner.",
}


def document(id: str, text: str) -> Document:
    """A document of its own kind: the digest is called one."""
    kind: Kind = "digest" if id == "digest" else "original"
    return Document(Source(id, f"Title of {id}", kind, date="2018"), text, paragraphs_of(text))


DOCUMENTS = tuple(document(id, text) for id, text in TEXTS.items())
PHRASES = Phrases(DOCUMENTS)


def checked(draft: str) -> tuple[Quotation, ...]:
    """The quotations of a draft, checked against the documents."""
    return check_draft(draft, PHRASES)


def told(draft: str) -> list[tuple[str, str | None, list[tuple[str, str, str]]]]:
    """The status, the document and the differences of each quotation of a draft."""
    return [
        (
            each.status,
            each.document.id if each.document else None,
            [(said.kind, said.draft, said.source) for said in each.differences],
        )
        for each in checked(draft)
    ]
