"""A question in its conversation becomes an answer: quoted from the candidates, or an honest refusal."""

from assistant.answering.answerability import Answerability, is_command, log_odds
from assistant.answering.calibration import calibrated, probed
from assistant.answering.composing import NEAREST, compose, compose_hits, is_question
from assistant.answering.conversation import Understood, says_nothing, understand
from assistant.answering.crosslingual import WEIGHTS, CrossLingualSearcher
from assistant.answering.searcher import LOOKED_AT, Finder, Searcher
