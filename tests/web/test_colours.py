"""The colours of the 23 objectives, measured: as the stylesheet has them, and as colour-blind eyes may see them."""

import math
import re
from collections.abc import Iterable, Sequence
from itertools import combinations
from pathlib import Path

import pytest

Colour = Sequence[float]  # red, green and blue, linear, from 0 to 1

STYLE = Path(__file__).parents[2] / "assistant" / "web" / "static" / "style.css"
THEMES = ("light", "dark")
NUMBERS = range(1, 24)
OF_THIS_ROUND_TABLE = (1, 3, 7, 17, 23)
GROUNDS = ("paper", "sheet", "sheet-quiet")
# What is left of red, green and blue without the one kind of cone or the other: Machado, Oliveira and Fernandes, 2009.
WITHOUT = {
    "red cones": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "green cones": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
}
TO_XYZ = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
WHITE = (0.95047, 1.0, 1.08883)


def tokens(theme: str) -> dict[str, Colour]:
    """The colours of a theme, by the names that the stylesheet gives them."""
    light, dark = re.findall(r'^:root(?:\[data-theme="dark"\])? \{(.*?)^\}', STYLE.read_text("utf-8"), re.M | re.S)[:2]
    found = re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", light if theme == "light" else dark)
    return {name: linear(code) for name, code in found}


def linear(code: str) -> Colour:
    parts = [int(code[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def seen_through(matrix: Iterable[Sequence[float]], colour: Colour) -> Colour:
    return [sum(a * b for a, b in zip(row, colour, strict=True)) for row in matrix]


def contrast(one: Colour, other: Colour) -> float:
    """As WCAG 2 has it."""
    darker, lighter = sorted(0.2126 * red + 0.7152 * green + 0.0722 * blue for red, green, blue in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


def lab(colour: Colour) -> tuple[float, float, float]:
    """CIE L*a*b*."""
    xyz = seen_through(TO_XYZ, [min(max(part, 0.0), 1.0) for part in colour])
    parts = [part / white for part, white in zip(xyz, WHITE, strict=True)]
    x, y, z = (part ** (1 / 3) if part > 216 / 24389 else (24389 / 27 * part + 16) / 116 for part in parts)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def distance(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    """CIEDE2000; about 1 is just to be seen side by side."""
    (l_1, a_1, b_1), (l_2, a_2, b_2) = one, other
    far = 25**7
    mean = (math.hypot(a_1, b_1) + math.hypot(a_2, b_2)) / 2
    stretched = 1.5 - 0.5 * math.sqrt(mean**7 / (mean**7 + far))
    a_1, a_2 = a_1 * stretched, a_2 * stretched
    c_1, c_2 = math.hypot(a_1, b_1), math.hypot(a_2, b_2)
    h_1, h_2 = math.degrees(math.atan2(b_1, a_1)) % 360, math.degrees(math.atan2(b_2, a_2)) % 360
    turn = (h_2 - h_1 + 180) % 360 - 180 if c_1 * c_2 else 0.0
    lightness, chroma, hue = (l_1 + l_2) / 2, (c_1 + c_2) / 2, (h_1 + turn / 2) % 360
    weight = (
        1
        - 0.17 * math.cos(math.radians(hue - 30))
        + 0.24 * math.cos(math.radians(2 * hue))
        + 0.32 * math.cos(math.radians(3 * hue + 6))
        - 0.20 * math.cos(math.radians(4 * hue - 63))
    )
    of_lightness = (l_2 - l_1) / (1 + 0.015 * (lightness - 50) ** 2 / math.sqrt(20 + (lightness - 50) ** 2))
    of_chroma = (c_2 - c_1) / (1 + 0.045 * chroma)
    of_hue = 2 * math.sqrt(c_1 * c_2) * math.sin(math.radians(turn / 2)) / (1 + 0.015 * chroma * weight)
    spread = 30 * math.exp(-(((hue - 275) / 25) ** 2))
    both = -2 * math.sqrt(chroma**7 / (chroma**7 + far)) * math.sin(math.radians(2 * spread))
    return math.sqrt(of_lightness**2 + of_chroma**2 + of_hue**2 + both * of_chroma * of_hue)


def least(colours: dict[int, Colour], numbers: Iterable[int] = NUMBERS) -> tuple[float, int, int]:
    """How far the two that are least apart are, and which they are."""
    places = {number: lab(colours[number]) for number in numbers}
    return min((distance(places[one], places[other]), one, other) for one, other in combinations(places, 2))


def objectives(theme: str) -> dict[int, Colour]:
    found = tokens(theme)
    return {number: found[f"objective-{number}"] for number in NUMBERS}


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 2.49, -0.001), (50.0, -2.49, 0.0011), 7.2195),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_distance_is_that_of_the_published_pairs(
    one: tuple[float, float, float], other: tuple[float, float, float], apart: float
) -> None:
    # Sharma, Wu and Dalal, 2005.
    assert distance(one, other) == pytest.approx(apart, abs=1e-4)


@pytest.mark.parametrize("theme", THEMES)
def test_any_two_objectives_can_be_told_apart_and_this_round_table_s_clearly(theme: str) -> None:
    colours = objectives(theme)

    assert least(colours) > (7,)
    assert least(colours, OF_THIS_ROUND_TABLE) > (15,)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("cones", WITHOUT)
def test_without_red_or_green_cones_they_still_differ(theme: str, cones: str) -> None:
    colours = {number: seen_through(WITHOUT[cones], colour) for number, colour in objectives(theme).items()}

    assert least(colours) > (5,)
    assert least(colours, OF_THIS_ROUND_TABLE) > (7,)


@pytest.mark.parametrize("theme", THEMES)
def test_a_number_is_read_on_its_plate_and_a_plate_is_seen_on_the_page(theme: str) -> None:
    found = tokens(theme)

    for number, colour in objectives(theme).items():
        assert contrast(colour, found["on-plate"]) >= 4.5, number
        assert min(contrast(colour, found[ground]) for ground in GROUNDS) >= 3, number
