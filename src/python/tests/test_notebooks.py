"""What a notebook shows: pictures of a model's course, and the tutorial, which runs."""

from __future__ import annotations

import math
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import matplotlib
import nbclient
import nbformat
import pandas as pd
from pyspark.sql import SparkSession

import firesteel
from firesteel._course import Course, card

matplotlib.use("agg")

NOTEBOOKS = Path(__file__).parents[3] / "src" / "python" / "notebooks"
NAN = math.nan


class Tags(HTMLParser):
    """Collects the tags and texts of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: dict[str, str | None] = {}
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.tags.add(tag)
        self.attributes.update(attrs)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def course(**changed: Any) -> Course:
    given: dict[str, Any] = {
        "steps": [0, 5, 10, 15],
        "loss": [0.8, 0.5, 0.3, 0.2],
        "held_out": [0.9, NAN, 0.4, 0.6],
        "measured": [NAN] * 4,
        "metric": "loss",
        "kept": 10,
    }
    return Course(**(given | changed))


def test_curves_are_drawn_by_epoch_with_the_kept_one_marked() -> None:
    axes = course().plot()
    training, held_out, kept = axes.get_lines()
    assert list(training.get_xdata()) == [0, 1, 2, 3] and list(training.get_ydata()) == [0.8, 0.5, 0.3, 0.2]
    assert list(held_out.get_xdata()) == [0, 2, 3] and list(held_out.get_ydata()) == [0.9, 0.4, 0.6]
    assert list(kept.get_xdata()) == [2, 2]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["training", "held out", "kept: epoch 2"]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("epoch", "loss")
    assert course().plot(axes) is axes


def test_a_metric_has_an_axis_of_its_own_and_steps_are_called_so() -> None:
    steps = course(steps=[0, 1, 2, 3], measured=[0.5, 0.6, 0.9, 0.8], metric="accuracy", kept=2)
    axes = steps.plot()
    assert [each.get_ylabel() for each in axes.figure.axes] == ["loss", "accuracy"]
    assert list(axes.figure.axes[1].get_lines()[0].get_ydata()) == [0.5, 0.6, 0.9, 0.8]
    assert "kept: step 2" in [text.get_text() for text in axes.get_legend().get_texts()]
    nothing = course(held_out=[NAN] * 4, metric="", kept=15).plot()
    assert [text.get_text() for text in nothing.get_legend().get_texts()] == ["training"]


def test_the_picture_in_a_page_has_the_same_points() -> None:
    svg = course().html()
    points = re.findall('points="([^"]+)"', svg)
    # 320 by 90 pixels, with two above the highest loss, 0.9, and two below the lowest, 0.2
    assert points[1] == "0.0,2.0 213.3,63.4 320.0,38.9"
    assert 'd="M213.3 0V90"' in svg
    assert "training 0.3" in svg and "held out 0.4" in svg and "(epoch 2 of 3 kept)" in svg
    long = course(steps=range(5000), loss=[0.1] * 5000, held_out=[NAN] * 5000, measured=[NAN] * 5000)
    assert len(long.html()) < 10_000
    assert course(steps=[], loss=[], held_out=[], measured=[]).html() == ""


def test_markup_in_names_is_text() -> None:
    evil = '<script>alert("1")</script><img src=x onerror=alert(2)>'
    page = Tags(card(evil, [(evil, evil)], course().html(), [(evil, evil)]))
    assert page.tags == {"div", "table", "tr", "th", "td", "svg", "path", "polyline", "span", "details", "summary"}
    assert page.text.count(evil) == 5 and page.open == []
    assert not {name for name in page.attributes if name.startswith("on") or name in ("src", "href")}


def test_a_model_shows_itself(spark: SparkSession, people: pd.DataFrame) -> None:
    table = people.rename(columns={"city": "<b>city</b>"})
    model = firesteel.train(table, "income", epochs=6, hidden=[8], metric="accuracy")
    page = Tags(model._repr_html_())
    assert "b" not in page.tags and "<b>city</b>" in page.text
    for text in ["classification", "income", "<=50K, >50K", "age, <b>city</b>, hours per week", "8-1, gelu"]:
        assert text in page.text
    assert "600 trained on, after a training without 120 of them" in page.text
    axes = model.plot_history()
    best = max(model.history[1:], key=lambda entry: entry["validationMetric"])
    assert best["step"] > 0
    per_epoch = model.history[1]["step"]
    kept = float(axes.get_lines()[-1].get_xdata()[0])
    metrics = {entry["step"] / per_epoch: entry["validationMetric"] for entry in model.history}
    assert metrics[kept] == max(metrics.values())


def test_a_summary_shows_itself(spark: SparkSession) -> None:
    frame = spark.createDataFrame([(float(x), float(x)) for x in range(20)], ["x", "label"])
    from pyspark.ml.feature import VectorAssembler

    vectors = VectorAssembler(inputCols=["x"], outputCol="features").transform(frame)
    summary = firesteel.FiresteelRegressor(preset="notes", iterations=30).fit(vectors).summary
    page = Tags(summary._repr_html_())
    assert "30, and the weights after 30 were kept" in page.text and "svg" in page.tags
    assert list(summary.plot_history().get_lines()[0].get_ydata()) == summary.objectiveHistory


def test_the_tutorial_runs_and_is_kept_without_outputs() -> None:
    notebook = nbformat.read(NOTEBOOKS / "tutorial.ipynb", as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in cells)
    client = nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(NOTEBOOKS)}})
    client.execute()
    shown = " ".join(str(output.get("data", {}).keys()) for cell in cells for output in cell.outputs)
    assert shown.count("image/png") == 2 and "text/html" in shown
    bar = cells[1].outputs[0].data["text/html"]
    assert re.search(r"<progress .* epoch (\d+) of \1 .* loss [0-9.e-]+", bar)  # of the training on all rows, its last
    said = [output for cell in cells for output in cell.outputs if output.get("name") == "stderr"]
    assert not [output.text for output in said if "WARNING: Using incubator modules" not in output.text]
