"""A page that is a picture becomes one with letters, where Tesseract is installed and an operator asks for it.

Tesseract is given the picture and writes a PDF of one page: the picture with its letters behind it, as scanners make.
It runs as a process of its own, with the limits of the one that starts it.
"""

import functools
import os
import subprocess

import pypdfium2

from ..blocks import FormatError

_DOTS = 300  # to the inch: what Tesseract is made for
_MOST_PIXELS = 40_000_000  # of a page; a larger one is drawn coarser
_SECONDS = 900  # for one page, whatever else the machine does; the processor's own limit is far below
_NO_LETTERS = ("osd", "equ")  # are models of something else
_MISSING = (
    "holds pictures of pages, and ASSISTANT_OCR=1 needs Tesseract to read them; install it (Debian: tesseract-ocr)."
)


def recognised(page: pypdfium2.PdfPage) -> pypdfium2.PdfDocument:
    """Return a document of one page: the same page, its letters recognised.

    Raises:
        FormatError: Tesseract isn't here, fails, or takes too long.
    """
    width, height = page.get_size()
    scale = min(_DOTS / 72, (_MOST_PIXELS / max(width * height, 1)) ** 0.5)
    bitmap = page.render(scale=scale, grayscale=True)
    pixels = memoryview(bytes(bitmap.buffer))
    rows = b"".join(pixels[row * bitmap.stride :][: bitmap.width] for row in range(bitmap.height))
    picture = b"P5 %d %d 255\n%s" % (bitmap.width, bitmap.height, rows)
    dots = str(max(round(scale * 72), 70))  # it takes fewer for a mistake
    return pypdfium2.PdfDocument(_tesseract("stdin", "stdout", "-l", _languages(), "--dpi", dots, "pdf", given=picture))


@functools.cache
def _languages() -> str:
    """Return the languages whose letters can be recognised, as Tesseract wants them: "eng+fra"."""
    lines = _tesseract("--list-langs").decode(errors="replace").splitlines()[1:]
    return "+".join(name for line in lines if (name := line.strip()) and name not in _NO_LETTERS) or "eng"


def _tesseract(*arguments: str, given: bytes = b"") -> bytes:
    os.environ["OMP_THREAD_LIMIT"] = "1"  # Tesseract takes it over; a file is read in a process of its own
    try:
        done = subprocess.run(  # noqa: S603 - arguments of our own, that no shell reads
            ["tesseract", *arguments],  # noqa: S607 - wherever the system has it
            input=given,
            capture_output=True,
            timeout=_SECONDS,
            check=True,
        )
    except FileNotFoundError as error:
        raise FormatError(_MISSING) from error
    except subprocess.TimeoutExpired as error:
        raise FormatError(f"holds a page that Tesseract doesn't read within {_SECONDS} seconds.") from error
    except (subprocess.CalledProcessError, OSError) as error:
        raise FormatError(f"holds pictures of pages that Tesseract can't read ({error}).") from error
    return done.stdout
