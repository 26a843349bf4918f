"""`python -m assistant COMMAND`: the assistant on the command line, for people and for programs.

    index       build or refresh the index
    ask         answer a question, or many
    classify    say which objective a topic falls under
    check       hold the quotations of a draft against the documents
    compare     say what changed from one version of a document to another
    evaluate    ask the project's own questions
    sources     list the linked documents, or get their originals
    documents   list the documents, or add, replace and retire them
    verify      check every hash and offset
    questions   report what was asked, and what the documents don't answer
    lint        say what is amiss in the corpus
    log         the log of questions
    mcp         serve the Model Context Protocol on standard input and output
    serve       serve the page

A command imports what it needs when it runs, so that no question waits for what it doesn't use.
"""

import argparse
import dataclasses
import datetime
import io
import json
import logging
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import AssistantError, DamagedIndexError, InputError
from assistant.records import Progress
from assistant.settings import DEFAULT_TOP_K, Settings
from assistant.terminal import ProgressBar, answer_lines, make_parser, render_answer, render_classification

if TYPE_CHECKING:
    from assistant.journeys import Assistant
    from assistant.records import Document

Command = Callable[[argparse.Namespace, Settings], int]

_INCOMPLETE = 1  # some lines were bad, some originals couldn't be had, some figures are below their floors
_BAD_INPUT = 2
_FOR_EACH = ("index", "sources", "verify", "lint", "questions", "log")  # of several meetings, unless one is chosen
_INTERRUPTED, _PIPE_CLOSED = 130, 141  # as shells count them


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status: 0 done, 1 some of it was bad or missing, 2 a wrong call or input."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # whatever the terminal's code page, programs read UTF-8
            stream.reconfigure(encoding="utf-8", errors="replace")
    logging.basicConfig(format="%(message)s", level=logging.WARNING, stream=sys.stderr)
    try:
        settings = Settings.from_environment(os.environ)
        chosen = make_parser(settings).parse_args(arguments)
        return max(_COMMANDS[chosen.command](chosen, each) for each in _narrowed(settings, chosen))
    except AssistantError as error:
        print(f"assistant: {error}", file=sys.stderr)
        return _BAD_INPUT
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the interpreter flushes it at its end
        return _PIPE_CLOSED
    except OSError as error:
        print(f"assistant: {error.filename or 'output'}: {error.strerror or error}.", file=sys.stderr)
        return _BAD_INPUT


def _narrowed(settings: Settings, chosen: argparse.Namespace) -> Iterator[Settings]:
    """Yield the settings for the folders or the meeting that were chosen, or for each of several meetings in turn."""
    if chosen.meeting:
        settings = settings.of_meeting(chosen.meeting)
    elif settings.meetings and not chosen.corpus and chosen.command != "serve":
        if chosen.command not in _FOR_EACH:
            known = ", ".join(each.name for each in settings.meetings)
            raise InputError(f"ASSISTANT_CORPORA names several meetings; choose one with --meeting: {known}.")
        for each in settings.meetings:
            print(f"{each.name}:", flush=True)
            yield settings.of_meeting(each.name)
        return
    meetings = () if chosen.corpus else settings.meetings
    corpus, index = chosen.corpus or settings.corpus, chosen.index or settings.index
    yield dataclasses.replace(settings, corpus=corpus, index=index, meetings=meetings)


# Commands ------------------------------------------------------------------------------------------------------------


def _index(_: argparse.Namespace, settings: Settings) -> int:
    from assistant.journeys import Assistant, Snapshot, describe_changes, publish, snapshot_of

    logging.getLogger("assistant").setLevel(logging.INFO)
    before = snapshot_of(settings.index)
    with ProgressBar(shown=True) as bar:
        built = Assistant.from_settings(dataclasses.replace(settings, store=""), report=bar.report, must_keep=True)
    languages = ", ".join(built.languages)
    counts = f"{len(built.documents)} documents, {len(built.passages)} passages"
    print(f"{counts}, {built.corpus_hash[:15]}…, in {settings.index}; questions in {languages}")
    print(*describe_changes(before, Snapshot.of(built.documents.values(), built.passages)), sep="\n")
    if settings.store:
        written = publish(built.build, settings)
        print(
            f"Published as generation {written.generation}: {written.documents} documents and {written.passages} "
            f"passages written, {written.removed} old documents removed."
        )
    return _BAD_INPUT if built.problems else 0


def _ask(chosen: argparse.Namespace, settings: Settings) -> int:
    if chosen.jsonl == (chosen.question is not None):
        raise InputError('give either a question ("…") or --jsonl, which reads questions from standard input.')
    if chosen.jsonl and (chosen.objective or chosen.document or chosen.in_all or chosen.top_k != DEFAULT_TOP_K):
        raise InputError(
            'with --jsonl, put "objectives", "documents" and "top_k" into the lines; --in-all isn\'t for it.'
        )
    if chosen.in_all:
        return _ask_in_all(chosen, settings)
    return _ask_lines(chosen, settings) if chosen.jsonl else _ask_once(chosen, settings)


def _ask_once(chosen: argparse.Namespace, settings: Settings) -> int:
    from assistant.journeys import answer_row, timed

    answer = _opened(settings).ask(
        chosen.question,
        objectives=chosen.objective,
        documents=chosen.document,
        top_k=chosen.top_k,
        explain=chosen.explain,
    )
    row = timed(answer_row(answer), answer)
    print(json.dumps(row, ensure_ascii=False) if chosen.json else render_answer(answer))
    return 0


def _ask_in_all(chosen: argparse.Namespace, settings: Settings) -> int:
    from assistant.journeys import answer_row
    from assistant.terminal import render_in_all

    assistant = _opened(settings)
    answers = assistant.in_all_documents(chosen.question, documents=chosen.document)
    if chosen.json:
        print(json.dumps({id: answer_row(answer) for id, answer in answers.items()}, ensure_ascii=False))
    else:
        print(render_in_all(answers, {id: each.source for id, each in assistant.documents.items()}))
    return 0


def _check(chosen: argparse.Namespace, settings: Settings) -> int:
    from assistant.documents import read_one
    from assistant.journeys import check_row
    from assistant.terminal import render_check

    text = read_one(chosen.file).text
    checked = _opened(settings).check(text)
    if chosen.docx:
        from assistant.files import write_bytes
        from assistant.web.exports import commented_docx

        write_bytes(chosen.docx, commented_docx(checked))
    print(json.dumps(check_row(checked), ensure_ascii=False) if chosen.json else render_check(checked))
    return 0


def _compare(chosen: argparse.Namespace, settings: Settings) -> int:
    from assistant.collation import compare_versions
    from assistant.journeys import comparison_row, open_version
    from assistant.terminal import render_comparison

    before, after = (open_version(name, settings.corpus) for name in (chosen.before, chosen.after))
    changes = compare_versions(before, after)
    if chosen.json:
        print(json.dumps(comparison_row(before, after, changes), ensure_ascii=False))
    else:
        print(render_comparison(before, after, changes))
    return 0


def _ask_lines(chosen: argparse.Namespace, settings: Settings) -> int:
    from assistant.journeys import answer_row, timed
    from assistant.schema import Question, read_request

    assistant = _opened(settings)

    def answer(row: object) -> dict[str, Any]:
        sent = read_request(Question, row)
        found = assistant.ask(
            sent.question,
            history=sent.history,
            objectives=sent.objectives,
            documents=sent.documents,
            top_k=sent.top_k,
            explain=sent.explain or chosen.explain,
        )
        return timed(answer_row(dataclasses.replace(found, id=sent.id)), found)

    return _answer_lines(answer)


def _classify(chosen: argparse.Namespace, settings: Settings) -> int:
    ways = (chosen.topic is not None, chosen.jsonl, chosen.csv is not None)
    if sum(ways) != 1:
        raise InputError(
            'give one of: a topic ("…"), --jsonl, which reads topics from standard input, or --csv IN OUT.'
        )
    if chosen.csv is not None:
        return _classify_sheet(chosen, settings)
    return _classify_lines(settings) if chosen.jsonl else _classify_once(chosen, settings)


def _classify_once(chosen: argparse.Namespace, settings: Settings) -> int:
    from assistant.journeys import classification_row, timed

    if not re.search(r"\w", chosen.topic):
        raise InputError("topic: holds no words; write a few.")
    ranking = _opened(settings).classify(chosen.topic)
    row = timed(classification_row(ranking), ranking)
    print(json.dumps(row, ensure_ascii=False) if chosen.json else render_classification(ranking))
    return 0


def _classify_lines(settings: Settings) -> int:
    from assistant.journeys import classification_row, timed
    from assistant.schema import Topic, read_request

    assistant = _opened(settings)

    def classify(row: object) -> dict[str, Any]:
        sent = read_request(Topic, row)
        ranking = assistant.classify(sent.topic)
        return timed(classification_row(dataclasses.replace(ranking, id=sent.id)), ranking)

    return _answer_lines(classify)


def _answer_lines(answer: Callable[[object], dict[str, Any]]) -> int:
    return 0 if answer_lines(sys.stdin.buffer, sys.stdout, answer=answer) else _INCOMPLETE


def _classify_sheet(chosen: argparse.Namespace, settings: Settings) -> int:
    from assistant.objectives import classify_sheet

    source, target = chosen.csv
    if not source.is_file():
        raise InputError(f"{source}: no such file; give a CSV file or an Excel workbook with a column named topic.")
    assistant = _opened(settings)
    with ProgressBar(shown=True) as bar:
        outcome = classify_sheet(
            source,
            target,
            assistant.classify_all,
            unread=assistant.unread,
            report=lambda done, total: bar.report(Progress("classifying", done, total)),
        )
    for remark in outcome.remarks:
        print(remark, file=sys.stderr)
    return _INCOMPLETE if outcome.remarks else 0


def _evaluate(chosen: argparse.Namespace, settings: Settings) -> int:
    from assistant.evaluation import (
        FLOORS_FILE,
        below_floors,
        check_report,
        evaluate_corpus,
        evaluate_texts,
        read_floors,
        record_floors,
        render_figures,
        render_text,
        write_report,
    )

    if bool(chosen.texts) != bool(chosen.questions):
        raise InputError("--texts and --questions go together: a folder of documents, and a file of questions on them.")
    if chosen.texts:
        with ProgressBar(shown=sys.stderr.isatty()) as bar:
            figures = evaluate_texts(
                settings, chosen.texts, chosen.questions, without=chosen.without, report=bar.report
            )
        print(*render_figures(figures), sep="\n")
        return 0
    split, recorded = chosen.split, chosen.gold / FLOORS_FILE
    floors = read_floors(recorded, split=split) if chosen.floors else {}
    if chosen.report:
        check_report(chosen.report)  # before the minute that the questions take
    with ProgressBar(shown=sys.stderr.isatty()) as bar:
        done = evaluate_corpus(settings, gold=chosen.gold, split=split, without=chosen.without, report=bar.report)
    print(render_text(done))
    if chosen.report:
        write_report(done, chosen.report, today=datetime.date.today())
    if chosen.record_floors:
        record_floors(done.figures, recorded, split=split)
    problems = below_floors(done.figures, floors)
    for problem in problems:
        print(problem, file=sys.stderr)
    return _INCOMPLETE if problems else 0


def _sources(chosen: argparse.Namespace, settings: Settings) -> int:
    from assistant.documents.fetching import (
        BRIEF,
        describe_outcomes,
        describe_sources,
        describe_standing,
        fetch_originals,
    )

    if chosen.action is None:
        print(*describe_sources(settings.corpus), sep="\n")
        return 0
    if chosen.once:
        is_asked = settings.reading.fetch
        tried = fetch_originals(settings.corpus, today=datetime.date.today(), limits=BRIEF) if is_asked else ()
        print(*describe_standing(settings.corpus, tried), sep="\n")
        return 0
    logging.getLogger("assistant").setLevel(logging.INFO)
    with ProgressBar(shown=True) as bar:
        outcomes = fetch_originals(settings.corpus, today=datetime.date.today(), report=bar.report_bytes)
    is_complete = not any(outcome.problem for outcome in outcomes)
    lines = describe_outcomes(settings.corpus, outcomes)
    print(*lines, sep="\n", file=sys.stdout if is_complete else sys.stderr)
    return 0 if is_complete else _INCOMPLETE


def _documents(chosen: argparse.Namespace, settings: Settings) -> int:
    from assistant.journeys import Holdings
    from assistant.terminal import render_holdings, render_waiting

    holdings = Holdings(settings.corpus, ocr=settings.reading.ocr)
    match chosen.action, chosen.names:
        case None, _:
            print(render_holdings(holdings.sources()))
        case "retire", [id]:
            if chosen.yes:
                print(f"{id}: is no longer read; its file is {settings.corpus / holdings.retire(id)}.")
            else:
                print(f"{id}: nothing has changed; add --yes to retire it.")
        case ("add", [file]) | ("replace", [_, file]):
            replaces = chosen.names[0] if chosen.action == "replace" else ""
            content = Path(file).read_bytes()
            waiting = holdings.propose(Path(file).name, content, replaces=replaces, known=_indexed(settings))
            print(render_waiting(waiting))
            if chosen.yes:
                holdings.accept(waiting.token, replaces=replaces)
                print("It is among the documents now; a service that runs reads it by itself.")
            else:
                holdings.discard(waiting.token)
                print("Nothing has changed; add --yes to put it among the documents.")
        case _:
            raise InputError("documents: give add FILE, replace ID FILE, or retire ID.")
    return 0


def _indexed(settings: Settings) -> "Sequence[Document]":
    """Return the documents of the index; none where there is no index yet."""
    from assistant.journeys import load_build

    try:
        return load_build(settings.index).corpus.documents
    except DamagedIndexError:
        return ()


def _verify(_: argparse.Namespace, settings: Settings) -> int:
    from assistant.journeys import verify

    wrong = 0
    for finding in verify(settings):
        print(finding)
        wrong += not finding.is_right
    print(f"{wrong} things are wrong." if wrong else "All is right.")
    return _BAD_INPUT if wrong else 0


def _questions(_: argparse.Namespace, settings: Settings) -> int:
    from assistant.journeys import kept_by, report
    from assistant.terminal import render_asked

    kept = kept_by(settings)
    if not (kept.log or kept.counts):
        print("Nothing is kept: ASSISTANT_LOG_QUESTIONS names no file, and ASSISTANT_COUNTS isn't 1.")
        return 0
    print(render_asked(report(kept, _opened(settings) if kept.log else None)))
    return 0


def _lint(_: argparse.Namespace, settings: Settings) -> int:
    from assistant.journeys import lint

    count = 0
    for count, line in enumerate(lint(settings), start=1):  # noqa: B007 - the last number is told
        print(line, flush=True)
    print(f"{count} {'thing' if count == 1 else 'things'} to look at." if count else "Nothing is amiss.")
    return 0


def _log(chosen: argparse.Namespace, settings: Settings) -> int:
    from assistant.journeys import DAYS, QuestionLog

    if settings.keeping.log is None:
        print("No questions are kept; ASSISTANT_LOG_QUESTIONS names no file.")
        return 0
    days = 0 if chosen.all else DAYS
    dropped = QuestionLog(settings.keeping.log).purge(days=days)
    print(f"{settings.keeping.log}: {dropped} lines dropped; what is older than {DAYS} days is dropped at each start.")
    return 0


def _mcp(_: argparse.Namespace, settings: Settings) -> int:
    from assistant.web.api import serve_standard_streams
    from assistant.web.app import Opening

    serve_standard_streams(Opening(lambda _: _opened(settings)))
    return 0


def _serve(chosen: argparse.Namespace, settings: Settings) -> int:
    from assistant.web.api import gradio_without_mcp

    with gradio_without_mcp():
        from assistant.web.server import serve

    service = dataclasses.replace(settings.service, host=chosen.host, port=chosen.port)
    serve(dataclasses.replace(settings, service=service))
    return 0


def _opened(settings: Settings) -> "Assistant":
    """Open the assistant, with its progress for a person who watches."""
    from assistant.journeys import Assistant

    with ProgressBar(shown=sys.stderr.isatty()) as bar:
        return Assistant.from_settings(settings, report=bar.report)


_COMMANDS: Mapping[str, Command] = {
    "index": _index,
    "ask": _ask,
    "classify": _classify,
    "check": _check,
    "compare": _compare,
    "evaluate": _evaluate,
    "sources": _sources,
    "documents": _documents,
    "verify": _verify,
    "questions": _questions,
    "lint": _lint,
    "log": _log,
    "mcp": _mcp,
    "serve": _serve,
}


if __name__ == "__main__":
    sys.exit(main())
