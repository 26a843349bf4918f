"""Lines between 0 and 1 -> a drawing as SVG text, on a white card that reads on light and dark pages alike.

This module knows nothing of what the lines mean.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from assistant.evaluation.metrics import Point

Tick = tuple[float, str]

_WIDTH, _HEIGHT = 600, 400
_LEFT, _TOP, _SIZE = 64, 48, 288  # of the square that the lines are drawn in, pixels
_TICKS = tuple((each / 10, f"{each / 10:g}") for each in range(0, 11, 2))
# Okabe and Ito's, which the colour-blind can tell apart; the dashes tell lines apart without any colour.
_STYLES = (("#0072b2", "none"), ("#d55e00", "7 3"), ("#00795a", "2 3"))
_STYLE_SHEET = (
    "text{font:13px system-ui,sans-serif;fill:#1a1a1a}.title{font-size:15px;font-weight:600}"
    ".grid{stroke:#dcdcdc}.even{stroke:#767676;stroke-dasharray:4 4}.line{fill:none;stroke-width:2}"
)


@dataclass(frozen=True, slots=True)
class Series:
    """A line with its name.

    Attributes:
        points: From left to right, each 0 to 1 across and up.
        dots: Points of it that are marked.
    """

    name: str
    points: Sequence[Point]
    dots: Sequence[Point] = ()


def render_plot(
    title: str,
    *,
    across: str,
    up: str,
    series: Sequence[Series],
    diagonal: str = "",
    ticks_across: Sequence[Tick] = _TICKS,
    ticks_up: Sequence[Tick] = _TICKS,
) -> str:
    """Draw up to three lines.

    Args:
        across: Label of the horizontal axis.
        up: Label of the vertical axis.
        diagonal: What the diagonal means; without it none is drawn.
        ticks_across: Where the lines of the grid stand, 0 to 1, and what is written there.
        ticks_up: Likewise from below.
    """
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" '
        f'height="{_HEIGHT}" role="img" aria-labelledby="title">',
        f'<title id="title">{escape(f"{title}: {up}, by {across}")}</title>',
        f"<style>{_STYLE_SHEET}</style>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" rx="8" fill="#ffffff"/>',
        f'<text class="title" x="{_LEFT}" y="28">{escape(title)}</text>',
        *_grid(ticks_across, ticks_up),
        *_axis_labels(across, up),
        *([f'<path class="even" d="{_path([(0, 0), (1, 1)])}"/>'] if diagonal else []),
        *(part for each, style in zip(series, _STYLES, strict=False) for part in _line(each, *style)),
        *_legend([each.name for each in series], diagonal),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _grid(across: Sequence[Tick], up: Sequence[Tick]) -> Iterable[str]:
    for tick, label in across:
        x, _ = _place((tick, 0))
        yield f'<path class="grid" d="M{x:g} {_TOP}V{_TOP + _SIZE}"/>'
        yield f'<text x="{x:g}" y="{_TOP + _SIZE + 20}" text-anchor="middle">{label}</text>'
    for tick, label in up:
        _, y = _place((0, tick))
        yield f'<path class="grid" d="M{_LEFT} {y:g}H{_LEFT + _SIZE}"/>'
        yield f'<text x="{_LEFT - 8}" y="{y + 4:g}" text-anchor="end">{label}</text>'


def _axis_labels(across: str, up: str) -> Iterable[str]:
    middle = _LEFT + _SIZE / 2, _TOP + _SIZE / 2
    yield f'<text x="{middle[0]:g}" y="{_TOP + _SIZE + 44}" text-anchor="middle">{escape(across)}</text>'
    turned = f'transform="translate(20 {middle[1]:g}) rotate(-90)"'
    yield f'<text {turned} text-anchor="middle">{escape(up)}</text>'


def _line(series: Series, colour: str, dashes: str) -> Iterable[str]:
    if series.points:
        yield f'<path class="line" stroke="{colour}" stroke-dasharray="{dashes}" d="{_path(series.points)}"/>'
    for dot in series.dots:
        x, y = _place(dot)
        yield f'<circle cx="{x:g}" cy="{y:g}" r="5" fill="{colour}" stroke="#ffffff"/>'


def _legend(names: Sequence[str], diagonal: str) -> Iterable[str]:
    left = _LEFT + _SIZE + 20
    lines = [f'class="line" stroke="{colour}" stroke-dasharray="{dashes}"' for colour, dashes in _STYLES[: len(names)]]
    entries = [*zip(names, lines, strict=False), *([(diagonal, 'class="even"')] if diagonal else [])]
    for number, (name, line) in enumerate(entries):
        y = _TOP + 12 + 24 * number
        yield f'<path {line} d="M{left} {y}h28"/>'
        yield f'<text x="{left + 36}" y="{y + 4}">{escape(name)}</text>'


def _path(points: Iterable[Point]) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in map(_place, points))


def _place(point: Point) -> Point:
    """Pixels from the left and from the top."""
    return round(_LEFT + point[0] * _SIZE, 1), round(_TOP + (1 - point[1]) * _SIZE, 1)
