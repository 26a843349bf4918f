"""A question in its conversation becomes an answer: quoted from its candidates, or an honest refusal.

Reading order: `conversation` (what a follow-up means), `answerability` (the model that weighs), `blanks`
(passages that leave open what is asked), `judge` (whether the
candidates answer), `attempt` (search and judgement in each language that a question may be in), `intents` (what a
question wants), `about` (the documents and objectives themselves), `curated` (places that the operator names),
`meetings` (practical questions), `calibration` (the threshold of a corpus), `composing` (what is quoted).
"""

from assistant.answering.about import Particulars
from assistant.answering.answerability import ACROSS_LANGUAGES, READ, UNREAD, Answerability
from assistant.answering.attempt import Attempt, best_attempt
from assistant.answering.calibration import OperatingPoint, calibrated, probe_of, probe_scores, probed, scaled
from assistant.answering.composing import NEAREST, compose, compose_hits, is_question
from assistant.answering.conversation import says_nothing, understand
from assistant.answering.curated import LEAST_ODDS, Curated, CuratedAnswer, are_alike, have_same_words
from assistant.answering.intents import CONTENT, OF_DOCUMENTS, OF_MEETING, Intent, asks_of_meeting_alone, intent_of
from assistant.answering.judge import LOOKED_AT, EnglishJudge, Judge, Judges
from assistant.answering.meetings import Meeting, holding, is_opening
