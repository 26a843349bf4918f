"""Train the reader, a cross-encoder of question and passage: `python -m bench.fit_reader --to FOLDER`.

    --texts DIR --questions FILE   public documents with questions, beside the made-up ones of bench/documents
    --begin FOLDER                 go on with a model that was trained so

It begins with the weights of the packaged MiniLM. Each question comes with a passage that answers and with those of the
same document that come nearest to it: the reader is to tell them apart (binary cross-entropy on each, and a softmax
over them). Now and then one of these is the answering passage without the sentence that answers, or sentences of that
passage are read one by one, as they are when one is chosen for the quotation. Near misses bring only
passages that don't answer; so that the wording of a question tells nothing, they count by how likely a question of such
words is one that is answered. A few questions are read with passages of another document. On two cores an hour makes
some 2,000 steps.
"""

import argparse
import math
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import torch
from sentence_transformers import CrossEncoder
from torch.nn import functional

from assistant.encoding import identify
from assistant.language import words_of
from bench.reading import LEFT_OUT, Asked, Marker, read_fit, read_made, read_public

QUESTIONS = 8  # of a step
NEGATIVES = 3  # passages that don't answer, for each question that is answered
OF_NEAR_MISS = 2  # passages of a near miss
WINDOW = 192  # tokens of question and passage
RATE = 1e-4  # AdamW's learning rate at its highest
WARM_UP = 0.06  # share of the time in which the rate rises
NEAREST_FIRST = 0.6  # each further neighbour is drawn so much less often
CUT, PLAIN, SLIPPED = 0.25, 0.15, 0.08  # how often a text is changed so
ALONE = 0.2  # how often a sentence is read by itself, beside others of its passage
FAR = 0.05  # how often a question is read with passages of another document
POOLED = 24  # steps whose questions are sorted by length together
MOST_WEIGHT = 3.0  # of a near miss

Pair = tuple[str, str]


def main() -> None:
    """Train, and save the model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--to", type=Path, required=True, help="folder of the trained model")
    parser.add_argument("--texts", type=Path, help="folder of public documents")
    parser.add_argument("--questions", type=Path, help="their questions")
    parser.add_argument("--begin", type=Path, help="a model to go on with; else the packaged MiniLM")
    parser.add_argument("--minutes", type=float, default=60, help="of training")
    parser.add_argument("--layers", type=int, default=6, help="of the packaged model, from below")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    random.seed(arguments.seed)
    torch.manual_seed(arguments.seed)
    asked = list(read_all(arguments.texts, arguments.questions))
    answered = sum(bool(each.right) for each in asked)
    print(f"{answered} questions that are answered, {len(asked) - answered} near misses", flush=True)
    model = new_model(arguments.begin or Path(identify("").location), arguments.layers)
    trainer = Trainer(model, arguments.minutes * 60)
    while trainer.share < 1:
        trainer.run_through(asked)
    model.model.half()  # half of the size; reading is no less exact
    model.save_pretrained(str(arguments.to))


def read_all(texts: Path | None, questions: Path | None) -> Iterator[Asked]:
    """Read what is learned from."""
    marker = Marker()
    for first, documents, rows in read_fit():
        yield from marker.asked(documents, rows, first.id)
    sources = [read_made(), *([read_public(texts, questions)] if texts and questions else [])]
    for document, rows in chain.from_iterable(sources):
        if document.id not in LEFT_OUT:
            yield from marker.asked([document], rows, document.id)


def new_model(begin: Path, layers: int) -> CrossEncoder:
    """Return a cross-encoder that begins with the first layers of a model."""
    model = CrossEncoder(str(begin), num_labels=1, max_length=WINDOW, device="cpu", local_files_only=True)
    bert = model.model.float().bert
    bert.encoder.layer = bert.encoder.layer[:layers]
    model.model.config.num_hidden_layers = layers
    for weights in bert.embeddings.parameters():  # most of the weights; they know the words already
        weights.requires_grad = False
    return model


class Trainer:
    """The training of a model for a given time."""

    def __init__(self, model: CrossEncoder, seconds: float) -> None:
        """Take the model and the time."""
        self._model, self._tokenizer = model.model, model.tokenizer
        learned = [weights for weights in self._model.parameters() if weights.requires_grad]
        decayed = [weights for weights in learned if weights.ndim > 1]
        plain = [weights for weights in learned if weights.ndim == 1]
        self._optimizer = torch.optim.AdamW(
            [{"params": decayed, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}], lr=RATE
        )
        self._learned = learned
        self._seconds, self._spent, self._steps = seconds, 0.0, 0
        self._losses: list[float] = []

    @property
    def share(self) -> float:
        """The share of the time that is spent."""
        return self._spent / self._seconds

    def run_through(self, asked: Sequence[Asked]) -> None:
        """Learn from each question once, or until the time is over."""
        self._model.train()
        weights = near_miss_weights(asked)
        order = random.sample(range(len(asked)), len(asked))
        for pool in parted(order, QUESTIONS * POOLED):
            drawn = [(draw(asked[at], random.choice(asked)), weights[at]) for at in pool]
            drawn.sort(key=lambda each: max(len(text) for _, text in each[0][0]))
            batches = list(parted(drawn, QUESTIONS))
            random.shuffle(batches)
            for batch in batches:
                started = time.perf_counter()
                self._step(batch)
                self._spent += time.perf_counter() - started
                if self.share >= 1:
                    return

    def _step(self, batch: Sequence[tuple[tuple[list[Pair], bool], float]]) -> None:
        rate = RATE * min(1, self.share / WARM_UP) * max(0.0, math.cos(math.pi / 2 * min(1, self.share)))
        for group in self._optimizer.param_groups:
            group["lr"] = rate
        pairs = [pair for (found, _), _ in batch for pair in found]
        inputs = self._tokenizer(
            [question for question, _ in pairs],
            [text for _, text in pairs],
            truncation="only_second",
            max_length=WINDOW,
            padding=True,
            return_tensors="pt",
        )
        logits = self._model(**inputs).logits[:, 0]
        losses: list[Any] = []
        start = 0
        for (found, is_answered), weight in batch:
            scores = logits[start : start + len(found)]
            start += len(found)
            target = torch.zeros(len(found))
            target[0] = float(is_answered)
            losses.append(weight * functional.binary_cross_entropy_with_logits(scores, target))
            if is_answered:
                losses.append(0.5 * functional.cross_entropy(scores[None], torch.zeros(1, dtype=torch.long)))
        loss = torch.stack(losses).sum() / len(batch)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self._learned, 1.0)
        self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=True)
        self._losses.append(loss.item())
        self._steps += 1
        if self._steps % 50 == 0:
            print(f"step {self._steps}, {self.share:.0%}: loss {sum(self._losses[-50:]) / 50:.3f}", flush=True)


def draw(asked: Asked, other: Asked) -> tuple[list[Pair], bool]:
    """Draw the passages that a question is read with, one that answers first; and whether there is one.

    Args:
        other: A question whose passages are read now and then if it is of another document: nothing there answers.
    """
    question = changed_question(asked.question)
    if other.document != asked.document and random.random() < FAR:
        return [(question, text) for text in random.choices(other.contexts, k=OF_NEAR_MISS)], False
    count = NEGATIVES if asked.right else OF_NEAR_MISS
    drawn = list(nearest_first(asked.near, count))
    texts = [asked.contexts[at] for at in drawn]
    if asked.right:
        if asked.cut and random.random() < CUT:
            texts[-1:] = [random.choice(asked.cut)]
        texts.insert(0, asked.contexts[random.choice(asked.right)])
        if asked.sentences and random.random() < ALONE:
            answering, *others = random.choice(asked.sentences)
            texts = [answering, *random.sample(others, min(count, len(others)))]
    return [(question, text) for text in texts], bool(asked.right)


def nearest_first(near: Sequence[int], count: int) -> Iterator[int]:
    """Draw some of these, the first ones most often."""
    left = list(near)
    while left and count:
        weights = [NEAREST_FIRST**at + 0.02 for at in range(len(left))]
        (at,) = random.choices(range(len(left)), weights)
        yield left.pop(at)
        count -= 1


def changed_question(question: str) -> str:
    """Return a question as it is or, now and then, without its mark or with two letters exchanged."""
    if random.random() < PLAIN:
        question = question.rstrip("?! ")
    if random.random() < SLIPPED and len(question) > 12:
        at = random.randrange(1, len(question) - 2)
        question = question[:at] + question[at + 1] + question[at] + question[at + 2 :]
    return question


def near_miss_weights(asked: Sequence[Asked]) -> list[float]:
    """Return the weight of each question: of a near miss, the odds that a question of such words is answered.

    So weighted, the words of the questions that are answered and of the near misses are as frequent as each other
    (inverse propensity, by naive Bayes over words).
    """
    counts: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    number = Counter(bool(each.right) for each in asked)
    for each in asked:
        counts[bool(each.right)].update(set(words_of(each.question)))
    weights = []
    for each in asked:
        odds = sum(
            math.log((counts[True][word] + 1) / (number[True] + 2))
            - math.log((counts[False][word] + 1) / (number[False] + 2))
            for word in set(words_of(each.question))
        )
        weights.append(1.0 if each.right else min(MOST_WEIGHT, math.exp(min(5.0, 0.5 * odds))))
    return weights


def parted(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    """Yield the items in parts of a size."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


if __name__ == "__main__":
    main()
