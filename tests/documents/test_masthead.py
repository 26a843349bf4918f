import pytest

from assistant.documents.masthead import Masthead, read_masthead

RESOLUTION = """\
United Nations A/RES/92/14
General Assembly Distr.: General
5 June 2031
Original: English
Ninety-second session
Agenda item 71 (b)
Law of the sound
Resolution adopted by the General Assembly on 3 June 2031
[on the report of the Third Committee (A/92/481/Add.2, para. 139)]
92/14. Ferries in winter
The General Assembly,
"""
REPORT = """\
United Nations

E/CN.77/2031/6

Economic and Social Council

Distr.: General
22 January 2031

Original: English

Commission on Ferries
Fifty-eighth session
Lissen, 7–11 April 2031
Item 4 of the provisional agenda*
Programme of work in the field of ferries

Keepers of lighthouses and their right
to rest

Report of the Secretary-General**

Summary
The present report tells of keepers.
"""
DRAFT = """\
United Nations E/2031/L.27
Economic and Social Council Distr.: Limited
22 July 2031
Original: English
2031 session
25 July 2030–30 July 2031
Agenda item 17
Ferries and bridges
Lissen:* draft resolution
Ferries in winter
The Economic and Social Council,
"""
LETTER = """\
United Nations A/92/142
General Assembly Distr.: General
11 June 2031
Original: English
Ninety-second session
Request for the inclusion of an item in the provisional agenda of the ninety-second session
Observer status for the Board of Ferries
Letter dated 22 May 2031 from the Permanent Representative of Lissen to the Board of Ferries addressed to its head
I have the pleasure to write to you about ferries, of which the sound has had none for many years.
"""
COUNCIL = """\
United Nations | S/RES/3325 (2031)
Security Council | Distr.: General 31 October 2031
Resolution 3325 (2031)
Adopted by the Security Council at its 14213th meeting, on 30 October 2031
The Security Council,
"""
RECORD = """\
United Nations A/92/PV.64
General Assembly Official Records
Ninety-second session
64th plenary meeting
Wednesday, 16 April 2031, 10 a.m.
New York
President: Mr. Tollmarch
"""
SESSION = """\
E/2031/25
E/CN.77/2031/7
Economic and Social Council
Official Records, 2031
Commission on Ferries
Report on the fifty-eighth session
(3 May 2030 and 7–11 April 2031)
United Nations • New York, 2031
"""
HUMAN_RIGHTS = """\
Human Rights Council

Fifty-seventh session

9 September–11 October 2031

Agenda item 3

Promotion and protection of all human rights, civil,
political, economic, social and cultural rights,
including the right to development

Resolution adopted by the Human Rights Council
on 10 October 2031

57/14. Rights of those who keep lighthouses
"""
OLD = """\
1789 (XVII). Question of the lighthouses
The General Assembly,
Having seen them,
1. Lights them.
1187th plenary meeting,
12 December 1962.
"""
ROOM_PAPER = """\
A/HRC/56/CRP.3
Distr.: Restricted*
27 June 2031
Human Rights Council
Agenda item 4
Detailed findings on ferries
Conference room paper of the Commission of Inquiry on Ferries**
Summary
"""
CORRECTION = """\
United Nations A/92/25/Corr.1
General Assembly Distr.: General
3 March 2031
Agenda item 18
Report of the Committee on Ferries and on the
Night Boats
Corrigendum
Paragraph 12
For eleven ferries read twelve ferries
"""
SPANISH = """\
Naciones Unidas A/92/320
Asamblea General Distr. general
26 de agosto de 2031
Original: inglés
Tema 71 b) del programa provisional*
Derechos de los fareros
Nota del Secretario General
Resumen
El presente informe trata de los fareros.
"""
ARABIC = """\
الأمم المتحدة | A/92/320
الجمعية العامة | Distr.: General 26 August 2031 Original: English
البند 71 (ب) من جدول الأعمال المؤقت*
حقوق حراس المنارات
تقرير الأمين العام
موجز
"""
RUSSIAN = """\
Организация Объединенных Наций A/RES/92/217
Генеральная Ассамблея Distr.: General
22 December 2031
Резолюция, принятая Генеральной Ассамблеей 19 декабря 2031 года
[по докладу Третьего комитета (A/92/481, пункт 139)]
92/217. Защита смотрителей маяков
"""
COUNCIL_RECORD = """\
United Nations S/PV.9876
Security Council
Eighty-sixth year
9876th meeting
Tuesday, 11 March 2031, 10 a.m.
Provisional
"""
JOINT = """\
United Nations A/92/614–S/2031/840
General Assembly
Security Council
Distr.: General
21 November 2031
Identical letters dated 20 November 2031 from the Permanent Representative of Lissen addressed to the Secretary-General
I have the honour to transmit to you a text on ferries.
"""
ASSEMBLY_DECISION = """\
Human Rights Council
Fifty-fifth session
Decision adopted by the Human Rights Council on 4 April 2031
55/115. Postponement of the night ferries
"""
COMMITTEE = """\
United Nations A/92/540/Add.2
General Assembly Distr.: General
9 December 2031
Agenda item 71 (b)
Ferries in the sound
Report of the Third Committee*
Rapporteur: Mr. Tollmarch (Lissen)
I. Introduction
"""


@pytest.mark.parametrize(
    ("text", "masthead"),
    [
        (RESOLUTION, Masthead("Ferries in winter", "A/RES/92/14", "3 June 2031")),
        (REPORT, Masthead("Keepers of lighthouses and their right to rest", "E/CN.77/2031/6", "22 January 2031")),
        (DRAFT, Masthead("Ferries in winter", "E/2031/L.27", "22 July 2031")),
        (LETTER, Masthead("Observer status for the Board of Ferries", "A/92/142", "11 June 2031")),
        (COUNCIL, Masthead("Resolution 3325 (2031)", "S/RES/3325 (2031)", "30 October 2031")),
        (RECORD, Masthead("64th plenary meeting", "A/92/PV.64", "16 April 2031")),
        (SESSION, Masthead("Report on the fifty-eighth session", "E/2031/25", "")),
        (HUMAN_RIGHTS, Masthead("Rights of those who keep lighthouses", "A/HRC/RES/57/14", "10 October 2031")),
        (OLD, Masthead("Question of the lighthouses", "A/RES/1789(XVII)", "12 December 1962")),
        (ROOM_PAPER, Masthead("Detailed findings on ferries", "A/HRC/56/CRP.3", "27 June 2031")),
        (
            CORRECTION,
            Masthead("Report of the Committee on Ferries and on the Night Boats", "A/92/25/Corr.1", "3 March 2031"),
        ),
        (SPANISH, Masthead("Derechos de los fareros", "A/92/320", "26 de agosto de 2031")),
        (ARABIC, Masthead("حقوق حراس المنارات", "A/92/320", "26 August 2031")),
        (RUSSIAN, Masthead("Защита смотрителей маяков", "A/RES/92/217", "19 декабря 2031")),
        (COUNCIL_RECORD, Masthead("9876th meeting", "S/PV.9876", "11 March 2031")),
        (JOINT, Masthead(JOINT.splitlines()[5], "A/92/614–S/2031/840", "21 November 2031")),
        (
            ASSEMBLY_DECISION,
            Masthead("Postponement of the night ferries", "A/HRC/DEC/55/115", "4 April 2031"),
        ),
        (COMMITTEE, Masthead("Ferries in the sound", "A/92/540/Add.2", "9 December 2031")),
    ],
    ids=[
        "resolution",
        "report",
        "draft",
        "letter",
        "council",
        "record",
        "session",
        "human rights",
        "old",
        "room paper",
        "correction",
        "Spanish",
        "Arabic",
        "Russian",
        "council record",
        "joint",
        "decision",
        "committee",
    ],
)
def test_a_masthead_gives_title_symbol_and_date(text: str, masthead: Masthead) -> None:
    assert read_masthead(text) == masthead


def test_the_date_of_adoption_may_stand_below_the_resolution() -> None:
    text = "S-24/2. Ferries\nThe General Assembly\nAdopts the plan below.\n10th plenary meeting\n1 July 2031\n"

    assert read_masthead(text) == Masthead("Ferries", "A/RES/S-24/2", "1 July 2031")


def test_a_masthead_may_be_in_another_language() -> None:
    text = (
        "Nations Unies A/RES/92/14\nAssemblée générale Distr. générale\n5 juin 2031\n"
        "Résolution adoptée par l’Assemblée générale le 3 juin 2031\n92/14. Navires en hiver\n"
    )

    assert read_masthead(text) == Masthead("Navires en hiver", "A/RES/92/14", "3 juin 2031")


def test_another_document_gives_its_title_alone() -> None:
    assert read_masthead("Ferry news\n3 May 2031\nFerries sail again. See A/RES/92/14.\n") == Masthead("Ferry news")
    assert read_masthead("Ferries sail, and nobody waits.", "Ferry news") == Masthead("Ferry news")
    assert read_masthead("Ferries sail.\n") == Masthead()
    assert read_masthead("<!-- Page 1 -->\n# Ferries #\n") == Masthead("Ferries")


@pytest.mark.parametrize("text", ["", "\n", "|", "A/" * 5000, "1/1. ", "United Nations\n" * 500, "x " * 9000])
def test_any_text_is_read(text: str) -> None:
    assert read_masthead(text).date == ""
