"""The history of a training as a picture: for notebooks, and for those who watch it with matplotlib."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_TRAINING, _HELD_OUT, _METRIC = "#1f6fb2", "#d9662b", "#5b8c3e"
_WIDTH, _HEIGHT = 320, 90
_MOST_POINTS = 400  # of a curve that is no wider than a few hundred pixels


@dataclass(frozen=True)
class Course:
    """What was measured after how many steps; NaN where it was not.

    Parameters
    ----------
    steps : sequence of int
        After how many steps the other elements were measured: every step or, with batches, every epoch.
    loss, held_out, measured : sequence of float
        The training loss with its penalties, the loss of the rows held out, and the metric of these rows.
    metric : str
        The metric's name; empty where nothing was held out.
    kept : int
        The number of steps after which the weights were as the model has them.
    """

    steps: Sequence[int]
    loss: Sequence[float]
    held_out: Sequence[float]
    measured: Sequence[float]
    metric: str
    kept: int

    @classmethod
    def of(cls, history: Sequence[dict[str, Any]], validation: dict[str, Any]) -> Course:
        """Returns the history that a model's description has."""

        def each(key: str) -> list[float]:
            return [math.nan if entry.get(key) is None else float(entry[key]) for entry in history]

        steps = [int(entry["step"]) for entry in history]
        kept = validation.get("keptStep", steps[-1] if steps else 0)
        metric = str(validation.get("metric") or "")
        return cls(steps, each("loss"), each("validationLoss"), each("validationMetric"), metric, kept)

    @property
    def epoch(self) -> int:
        """The number of steps from one element to the next; 1 where every step was measured."""
        return self.steps[1] - self.steps[0] if len(self.steps) > 1 else 1

    @property
    def unit(self) -> str:
        """What is counted from one element to the next."""
        return "epoch" if self.epoch > 1 else "step"

    def times(self) -> list[float]:
        """Returns the epochs or steps of the elements."""
        return [step / self.epoch for step in self.steps]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draws the curves with matplotlib."""
        if ax is None:
            try:
                import matplotlib.pyplot as plt
            except ImportError as error:
                raise ImportError("plot_history needs matplotlib: pip install 'firesteel[plot]'") from error
            ax = plt.subplots(figsize=(6.4, 3.6), layout="constrained")[1]
        times = self.times()
        ax.plot(times, self.loss, color=_TRAINING, label="training")
        if _any(self.held_out):
            ax.plot(*_known(times, self.held_out), color=_HELD_OUT, label="held out")
        ax.set_xlabel(self.unit)
        ax.set_ylabel("loss")
        ax.set_xlim(0, max(times[-1:] + [1]))
        ax.spines[["top", "right"]].set_visible(False)
        handles, labels = ax.get_legend_handles_labels()
        if _any(self.measured):
            other = ax.twinx()
            other.plot(*_known(times, self.measured), color=_METRIC, linestyle="--", label=f"{self.metric}, held out")
            other.set_ylabel(self.metric)
            other.spines[["top", "left"]].set_visible(False)
            handles, labels = (a + b for a, b in zip((handles, labels), other.get_legend_handles_labels(), strict=True))
        if self.metric:
            kept = self.kept / self.epoch
            handles.append(ax.axvline(kept, color="0.5", linewidth=1, linestyle=":"))
            labels.append(f"kept: {self.unit} {kept:g}")
        ax.legend(handles, labels, frameon=False)
        return ax

    def html(self) -> str:
        """Draws the losses as SVG, which a page shows without fetching anything."""
        times = self.times()
        curves = [(self.loss, _TRAINING, "training"), (self.held_out, _HELD_OUT, "held out")]
        shown = [(_known(times, losses), color, label) for losses, color, label in curves if _any(losses)]
        if len(times) < 2 or not shown:
            return ""
        values = [y for (_, ys), _, _ in shown for y in ys]
        low, high = min(values), max(values)
        wide, tall = times[-1] - times[0], (high - low) or 1.0

        def at(x: float, y: float) -> str:
            return f"{_WIDTH * (x - times[0]) / wide:.1f},{2 + (_HEIGHT - 4) * (high - y) / tall:.1f}"

        lines = []
        if self.metric:
            x = _WIDTH * (self.kept / self.epoch - times[0]) / wide
            lines.append(f'<path d="M{x:.1f} 0V{_HEIGHT}" stroke="#888" stroke-dasharray="2 3"/>')
        for (xs, ys), color, _ in shown:
            every = max(1, len(xs) // _MOST_POINTS)
            points = " ".join(at(x, y) for x, y in list(zip(xs, ys, strict=True))[::every])
            lines.append(f'<polyline points="{points}" stroke="{color}" stroke-width="1.5"/>')
        legend = " ".join(
            f'<span style="color:{color}">&#9644;</span> {label} {_of_kept(ys, xs, self.kept / self.epoch):.4g} &nbsp;'
            for (xs, ys), color, label in shown
        )
        kept = f"{self.unit} {self.kept / self.epoch:g} of {times[-1]:g}" + (" kept" if self.metric else "")
        return (
            f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}" fill="none" role="img" '
            f'aria-label="loss by {self.unit}" style="border-bottom:1px solid #888;border-left:1px solid #888">'
            f'{"".join(lines)}</svg><div style="font-size:90%">loss: {legend}({kept})</div>'
        )


def card(title: str, rows: Sequence[tuple[str, str]], picture: str, more: Sequence[tuple[str, str]] = ()) -> str:
    """Returns a small piece of HTML; all texts but the picture are escaped.

    Parameters
    ----------
    rows, more : sequence of (str, str)
        Names and values: shown at once, and shown when the list of settings is opened.
    """
    text = (
        '<div style="font-family:system-ui,sans-serif;line-height:1.5;max-width:46em">'
        f'<div style="font-weight:600">{escape(title)}</div>{_table(rows)}'
    )
    if picture:
        text += f'<div style="margin:.5em 0">{picture}</div>'
    if more:
        text += f'<details><summary style="cursor:pointer">settings</summary>{_table(more)}</details>'
    return text + "</div>"


def _table(rows: Sequence[tuple[str, str]]) -> str:
    left = "text-align:left;vertical-align:top;padding:0 1em 0 0;font-weight:400;opacity:.7"
    right = "text-align:left;vertical-align:top;padding:0;overflow-wrap:anywhere"
    cells = "".join(
        f'<tr style="background:none"><th style="{left}">{escape(name)}</th>'
        f'<td style="{right}">{escape(value)}</td></tr>'
        for name, value in rows
    )
    return f'<table style="border:0;margin:0">{cells}</table>'


def _any(values: Sequence[float]) -> bool:
    return any(math.isfinite(value) for value in values)


def _known(times: Sequence[float], values: Sequence[float]) -> tuple[list[float], list[float]]:
    """Returns what was measured, without the times at which it was not."""
    known = [(x, y) for x, y in zip(times, values, strict=True) if math.isfinite(y)]
    return [x for x, _ in known], [y for _, y in known]


def _of_kept(values: Sequence[float], times: Sequence[float], kept: float) -> float:
    """Returns the last value that was measured until the kept weights."""
    return next((y for x, y in zip(reversed(times), reversed(values), strict=True) if x <= kept), values[0])
