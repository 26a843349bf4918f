"""The command line: which commands there are, and what each takes."""

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NoReturn

from assistant.errors import InputError
from assistant.settings import DEFAULT_TOP_K, MAX_TOP_K, Settings, parse_port

_GOLD = Path(__file__).resolve().parents[2] / "tests" / "gold"


class _Parser(argparse.ArgumentParser):
    """A parser that says in one line what is wrong."""

    def error(self, message: str) -> NoReturn:
        raise InputError(f"{message} (see: {self.prog} --help)")


def make_parser(settings: Settings) -> argparse.ArgumentParser:
    """Return the parser of the command line, which names the command that was chosen `command`.

    Args:
        settings: What holds where nothing else is said.
    """
    folders = _Parser(add_help=False)
    one_of = folders.add_mutually_exclusive_group()
    one_of.add_argument("--corpus", type=Path, metavar="DIR", help="folder of the documents")
    one_of.add_argument("--meeting", metavar="NAME", help="one of the meetings that ASSISTANT_CORPORA names")
    folders.add_argument("--index", type=Path, metavar="DIR", help="folder of the index")

    parser = _Parser(prog="python -m assistant", description="Ask the documents, and read their own words.")
    commands = parser.add_subparsers(required=True, dest="command", metavar="COMMAND")

    def added(name: str, words: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, parents=[folders], help=words)

    added("index", "build or refresh the index")

    ask = added("ask", "answer a question, or many")
    ask.add_argument("question", nargs="?", help="a question in words")
    ask.add_argument("--jsonl", action="store_true", help="read a JSON object a line, write an answer a line")
    ask.add_argument("--json", action="store_true", help="write the answer as JSON")
    ask.add_argument(
        "--objective",
        type=int,
        action="append",
        default=[],
        metavar="N",
        help="only passages with this tag; may be repeated",
    )
    ask.add_argument(
        "--document",
        action="append",
        default=[],
        metavar="ID",
        help="only this document, as /api/documents and the corpus name it; may be repeated",
    )
    ask.add_argument("--in-all", action="store_true", help="ask each document by itself, and say which say nothing")
    ask.add_argument(
        "--top-k", type=int, default=DEFAULT_TOP_K, metavar="K", help=f"passages at the most, 1 to {MAX_TOP_K}"
    )
    ask.add_argument("--explain", action="store_true", help="say of each passage why it was found")

    classify = added("classify", "say which objective a topic falls under")
    classify.add_argument("topic", nargs="?", help="a topic in words")
    classify.add_argument("--jsonl", action="store_true", help="read a JSON object a line, write a ranking a line")
    classify.add_argument("--json", action="store_true", help="write the ranking as JSON")
    classify.add_argument(
        "--csv",
        nargs=2,
        type=Path,
        metavar=("IN", "OUT"),
        help="add the best three objectives to a CSV or an Excel workbook with topics; OUT may be either",
    )

    _add_comparisons(added)

    evaluate = added("evaluate", "ask the project's own questions")
    evaluate.add_argument("--split", choices=["dev", "test"], default="test", help="which of the questions")
    evaluate.add_argument("--gold", type=Path, default=_GOLD, metavar="DIR", help="folder of the questions")
    evaluate.add_argument("--without", nargs="+", default=[], metavar="SIGN", help="leave out signs that are weighed")
    evaluate.add_argument("--texts", type=Path, metavar="DIR", help="other documents, each asked alone")
    evaluate.add_argument("--questions", type=Path, metavar="FILE", help="the questions on them, as JSON lines")
    evaluate.add_argument("--report", type=Path, metavar="FILE", help="a Markdown file to write the figures into")
    evaluate.add_argument("--floors", action="store_true", help="fail when a figure is below its recorded floor")
    evaluate.add_argument("--record-floors", action="store_true", help="record floors a little below the figures")

    sources = added("sources", "list the linked documents, or get their originals")
    sources.add_argument("action", nargs="?", choices=["fetch"], help="get the originals; the only use of a network")
    sources.add_argument(
        "--once", action="store_true", help="one short try for each, then say what is here; never fails"
    )

    _add_documents(added)
    added("verify", "check every hash and offset; changes nothing")

    questions = added("questions", "report what was asked, and what the documents don't answer")
    questions.add_argument("--report", action="store_true", required=True, help="write the report")

    added("lint", "say what is amiss in the corpus: a line each, with what to do")

    log = added("log", "the log of questions, where the operator keeps one")
    log.add_argument("action", choices=["purge"], help="drop the lines that are too old")
    log.add_argument("--all", action="store_true", help="drop all lines")

    added("mcp", "serve the Model Context Protocol on standard input and output")

    serve = added("serve", "serve the page, as app.py does")
    serve.add_argument("--host", default=settings.service.host, help="address to listen on")
    serve.add_argument(
        "--port", type=partial(parse_port, name="--port"), default=settings.service.port, help="port to listen on"
    )
    return parser


def _add_comparisons(added: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """Add the commands that lay texts beside the documents."""
    check = added("check", "hold the quotations of a draft against the documents")
    check.add_argument("file", type=Path, metavar="FILE", help="a draft: text, .docx or another format that is read")
    check.add_argument("--json", action="store_true", help="write the check as JSON")
    check.add_argument("--docx", type=Path, metavar="OUT", help="write the draft as a Word file with comments")

    compare = added("compare", "say what changed from one version of a document to another")
    compare.add_argument("before", metavar="A", help="the earlier version: a file, or a document's id")
    compare.add_argument("after", metavar="B", help="the later version, likewise")
    compare.add_argument("--json", action="store_true", help="write all paragraphs, side by side, as JSON")


def _add_documents(added: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """Add the command that changes the documents."""
    documents = added("documents", "list the documents, or add, replace and retire them")
    documents.add_argument("action", nargs="?", choices=["add", "replace", "retire"])
    documents.add_argument("names", nargs="*", metavar="NAME", help="add FILE, replace ID FILE, retire ID")
    documents.add_argument("--yes", action="store_true", help="do it; else it is only shown what would be read")
