from xml.etree import ElementTree

from assistant.evaluation.plots import Series, render_plot

SVG = "{http://www.w3.org/2000/svg}"


def texts_of(drawing: ElementTree.Element) -> list[str]:
    return [each.text or "" for each in drawing.iter(f"{SVG}text")]


def test_a_plot_names_itself_its_axes_and_its_lines() -> None:
    drawing = ElementTree.fromstring(
        render_plot("Risk", across="coverage", up="share < 1", series=[Series("one", [(0, 0), (1, 1)])])
    )

    assert drawing.findtext(f"{SVG}title") == "Risk: share < 1, by coverage"
    assert {"Risk", "coverage", "share < 1", "one"} <= set(texts_of(drawing))


def test_points_stand_where_their_values_are() -> None:
    series = [Series("one", [(0, 0), (0.5, 1)], dots=[(0.5, 1)]), Series("two", [(1, 0)])]

    drawing = ElementTree.fromstring(render_plot("Plot", across="x", up="y", series=series))

    lines = [each.get("d") for each in drawing.iter(f"{SVG}path") if each.get("class") == "line"]
    (dot,) = drawing.iter(f"{SVG}circle")
    assert lines[:2] == ["M64 336L208 48", "M352 336"]
    assert (dot.get("cx"), dot.get("cy")) == ("208", "48")


def test_lines_differ_in_more_than_colour() -> None:
    series = [Series(name, [(0, 0), (1, 1)]) for name in ("one", "two", "three")]

    drawing = ElementTree.fromstring(render_plot("Plot", across="x", up="y", series=series, diagonal="even"))

    lines = [each for each in drawing.iter(f"{SVG}path") if each.get("class") == "line"]
    assert len({each.get("stroke-dasharray") for each in lines}) == 3
    assert "even" in texts_of(drawing)


def test_nothing_measured_is_an_empty_plot() -> None:
    drawing = ElementTree.fromstring(render_plot("Plot", across="x", up="y", series=[Series("one", [])]))

    assert "one" in texts_of(drawing)


def test_an_axis_of_another_scale_says_so() -> None:
    drawing = render_plot(
        "Plot",
        across="x",
        up="y",
        series=[],
        ticks_across=[(0, "few"), (1, "many")],
        ticks_up=[(0.5, "half")],
    )

    labels = [each.text for each in ElementTree.fromstring(drawing).iter("{http://www.w3.org/2000/svg}text")]
    assert {"few", "many", "half"} <= set(labels)
    assert "0.2" not in labels
