"""Scores tables with a saved model, with numpy alone: no Spark, no Java.

A model directory holds ``model.json``, which says how a row becomes the network's inputs and what its outputs mean, and
``weights.safetensors``. The rules for cells are those of the command line's ``predict``.
"""

from __future__ import annotations

import datetime
import decimal
import hashlib
import json
import math
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from firesteel._course import Course, card
from firesteel.errors import FiresteelError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = npt.NDArray[np.float64]

NEWEST_FORMAT = 9
LARGEST_INPUT = 1e150  # of a row that is scored, in deviations: no larger number can be standardised in training
BATCH_ROWS = 4096
MISSING_TEXTS = frozenset(["na", "n/a", "?", "null", "none", "nan", "-"])
NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
NOT_FINITE = re.compile(r"[+-]?(?:nan|inf(?:inity)?)", re.IGNORECASE)
MOMENT = re.compile(
    r"(?!0000)([0-9]{4})-([0-9]{2})-([0-9]{2})"
    r"(?:[T ]([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9])(?:[.,]([0-9]{1,9}))?)?"
    r"(?:Z|([+-])([01][0-9]|2[0-3])(?::?([0-5][0-9]))?)?)?"
)
DAY_NANOS = 24 * 3600 * 10**9
HOUR_NANOS = 3600 * 10**9
MAY_BE_MISSING = "train with missing='indicator' to allow missing values"
BLANKS = "".join(map(chr, range(33)))  # what Java's parser skips around a number


class _BadCell(Exception):
    """A cell that cannot be used: its row, its value as text (None where it is empty) and what is wrong."""

    def __init__(self, row: int, value: str | None, problem: str) -> None:
        super().__init__(problem)
        self.row = row
        self.value = value
        self.problem = problem


def load(path: str | os.PathLike[str]) -> Model:
    """Reads a model directory, or the directory of a model that a Spark ML estimator saved."""
    directory = _on_this_machine(path)
    if not (directory / "model.json").exists() and (directory / "firesteel" / "model.json").exists():
        directory = directory / "firesteel"
    file = directory / "model.json"
    try:
        text = file.read_bytes()
    except OSError:
        raise FiresteelError(f"{directory} is not a model directory: it has no model.json that can be read") from None
    try:
        description = json.loads(text)
    except ValueError as e:
        raise FiresteelError(f"{file} is not JSON: {e}") from None
    version = description.get("formatVersion") if isinstance(description, dict) else None
    if type(version) is not int or version < 1:
        raise FiresteelError(f"{file} does not describe a model: its formatVersion is {version}, expected 1 or more")
    if version > NEWEST_FORMAT:
        raise FiresteelError(
            f"{file}: model format version {version} is newer than {NEWEST_FORMAT}, the newest that this Firesteel "
            "reads: use a newer Firesteel"
        )
    own = description.get("descriptionSha256", "")
    if own or version > 1:
        found = hashlib.sha256(text.replace(str(own).encode(), b"")).hexdigest()
        if found != own:
            raise FiresteelError(f"{file} is altered: its SHA-256 without its own digits is {found}, expected {own}")
    try:
        if version < 3:
            description = _upgraded(description)
        weights, numbers = _weights(directory / "weights.safetensors", description["weightsSha256"])
        model = Model(description, weights)
        model._files = {"model.json": text, "weights.safetensors": numbers}
        return model
    except (KeyError, TypeError, AttributeError, IndexError) as e:
        problem = f"no {e.args[0]}" if isinstance(e, KeyError) else str(e)
        raise FiresteelError(f"{file} does not describe a model: {problem}") from None


def _on_this_machine(path: str | os.PathLike[str]) -> Path:
    """Returns a path, which must not be one of another file system."""
    if re.match("[A-Za-z][A-Za-z0-9+.-]+:/", os.fspath(path)):
        raise FiresteelError(
            f"{path}: expected a path of this machine; copy the directory (hdfs dfs -get, or -put), or save and load a "
            "model of pyspark.ml, which takes such paths"
        )
    return Path(path)


def _of_files(files: dict[str, bytes]) -> Model:
    """Returns the model whose directory has these files."""
    with tempfile.TemporaryDirectory(prefix="firesteel-") as directory:
        for name, content in files.items():
            (Path(directory) / name).write_bytes(content)
        return load(directory)


def _weights(file: Path, sha256: str) -> tuple[dict[str, Floats], bytes]:
    """Returns the tensors of a file by their names, and the file's bytes."""
    try:
        data = file.read_bytes()
    except OSError as e:
        raise FiresteelError(f"{file} cannot be read: {e.strerror}") from None
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise FiresteelError(f"{file} is truncated or altered: its SHA-256 is {found}, expected {sha256}")
    start = 8 + int.from_bytes(data[:8], "little")
    tensors = {}
    for name, entry in json.loads(data[8:start]).items():
        if name != "__metadata__":
            first, last = entry["data_offsets"]
            numbers = np.frombuffer(data[start + first : start + last], dtype="<f8")
            tensors[name] = numbers.reshape(entry["shape"]).astype(np.float64)
    return tensors, data


def _upgraded(flat: dict[str, Any]) -> dict[str, Any]:
    """Returns the description of format 1 or 2, which had all keys on one level, as format 3 has it."""
    encoding = flat.get("encoding") or {"missing": "error", "unseen": "error", "means": {}, "categories": {}}
    units = flat["layers"]
    names = [name.strip() for name in flat["activation"].split(",") if name.strip()]
    names = names * (len(units) - 2) if len(names) == 1 else names
    layers: list[dict[str, Any]] = []
    for i, count in enumerate(units[1:]):
        layers.append({"type": "affine", "tensors": {f"W{i + 1}": [count, units[i]], f"b{i + 1}": [count]}})
        layers.extend({"type": name} for name in names[i : i + 1])
    scaling: dict[str, list[float]] = {"mean": [], "deviation": []}
    at = 0  # these formats scaled inputs, of which a category has many
    for feature in flat["features"]:
        categories = encoding["categories"].get(feature)
        scaling["mean"].append(0.0 if categories else flat["inputs"]["mean"][at])
        scaling["deviation"].append(1.0 if categories else flat["inputs"]["deviation"][at])
        at += len(categories) if categories else 1
    return {
        "task": flat["task"],
        "network": {"layers": layers, "loss": flat["loss"]},
        "inputs": {"features": flat["features"], "encoding": encoding, "scaling": scaling},
        "targets": {"labels": flat["labels"], "classes": flat["classes"], "scaling": flat["targets"]},
        "provenance": {key: flat[key] for key in ("rows", "settings", "history")},
        "weightsSha256": flat["weightsSha256"],
    }


class Model:
    """A trained network with all that is needed to use it on raw rows. :func:`load` makes one."""

    def __init__(self, description: dict[str, Any], weights: dict[str, Floats]) -> None:
        """Creates a model of the content of a ``model.json`` of format 3, and its tensors by name."""
        inputs = description["inputs"]
        targets = description["targets"]
        provenance = description["provenance"]
        encoding = inputs.get("encoding") or {}
        self._files: dict[str, bytes] = {}
        self.task: str = description["task"]
        names: list[str] = list(inputs["features"])
        self._dates: dict[str, list[str]] = dict(encoding.get("dates") or {})
        self.features: list[str] = _columns_of(names, self._dates)  # the columns of a table
        self._vectors = _vectors_of(self.features)
        self._ignored: set[str] = set(inputs.get("ignored") or [])  # the columns that hold no features
        self.labels: list[str] = list(targets["labels"])
        self.classes: list[str] = list(targets["classes"])
        self.settings: dict[str, str] = dict(provenance["settings"])
        self.history: list[dict[str, Any]] = list(provenance["history"])
        self.rows: int = provenance["rows"]
        self._held_out: int = provenance.get("validationRows") or 0
        self._validation: dict[str, Any] = dict(provenance.get("validation") or {})
        self._compared: str = targets.get("compared") or "double"
        self.threshold: float | None = targets.get("threshold")  # above which the second of two classes is predicted
        self._loss: str = description["network"]["loss"]
        self.quantiles: list[float] = list(description["network"].get("quantiles") or [])  # that it predicts, ascending
        self._missing: bool = encoding.get("missing", "error") == "mean"
        self._unseen: bool = encoding.get("unseen", "error") == "ignore"
        means = encoding.get("means", {})
        categories = encoding.get("categories", {})
        compared = encoding.get("compared") or {}
        self._categories = [
            _Categories(categories[name], compared.get(name, "double")) if name in categories else None
            for name in names
        ]
        self._names = names  # of what the network sees: a date is several numbers
        self._replacements = np.array([means.get(name, math.nan) for name in names], dtype=np.float64)
        self._mean = np.array(inputs["scaling"]["mean"], dtype=np.float64)
        self._deviation = np.array(inputs["scaling"]["deviation"], dtype=np.float64)
        self._target_mean = np.array(targets["scaling"]["mean"], dtype=np.float64)
        self._target_deviation = np.array(targets["scaling"]["deviation"], dtype=np.float64)
        self._clip = float(inputs["scaling"].get("clip", 0))
        self._indicated = [names.index(name) for name in encoding.get("indicators") or []]  # they have a second input
        sizes = [1 if known is None else len(known.texts) for known in self._categories]
        for i in self._indicated:
            sizes[i] = 2
        starts = np.cumsum([0, *sizes])
        self._numbers = np.array([i for i, known in enumerate(self._categories) if known is None], dtype=np.intp)
        self._of_categories = [i for i, known in enumerate(self._categories) if known is not None]
        layers = description["network"]["layers"]
        members = description["network"].get("members")  # the first dimension of every tensor, where there are several
        each = [weights] if members is None else [{n: w[i] for n, w in weights.items()} for i in range(members)]
        first = [int(starts[i]) for i in self._of_categories] + [int(starts[i]) + 1 for i in self._indicated]
        self._members = [_Network(layers, of, int(starts[-1]), starts[self._numbers], first) for of in each]
        self._shape: list[int] = self._members[0].shape
        self._activations: list[str] = self._members[0].activations

    @property
    def classes_(self) -> npt.NDArray[Any]:
        """The classes as the label's column had them, in the order of the columns of :meth:`predict_proba`.

        They are numbers or booleans where the column was of such a type, else text: a CSV file's classes are text.
        """
        truths = all(name in ("false", "true") for name in self.classes)
        numbers = all(NUMBER.fullmatch(name) for name in self.classes)
        if self._compared == "text" or not (truths or numbers):
            return np.array(self.classes, dtype=object)
        if truths:
            return np.array([name == "true" for name in self.classes])
        whole = all(re.fullmatch("-?[0-9]{1,18}", name) for name in self.classes)
        fractions = np.float32 if self._compared == "float" else np.float64
        return np.array(self.classes, dtype=object).astype(np.int64 if whole else fractions)

    def save(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> None:
        """Writes the model's directory, which every command of Firesteel takes.

        Parameters
        ----------
        path : path
            A path of this machine.
        overwrite : bool
            Whether a model that is there is replaced. Anything else that is there stays, and is an error.
        """
        directory = _on_this_machine(path)
        if not self._files:
            raise FiresteelError("a model that was not read from a directory cannot be saved")
        if directory.exists() and not overwrite:
            raise FiresteelError(f"{directory} exists: expected a path where nothing is (overwrite=True replaces it)")
        if directory.exists() and not (directory / "model.json").exists():
            raise FiresteelError(f"{directory} is not a model directory: expected one to overwrite")
        directory.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=directory.parent, prefix=f".{directory.name}-") as temporary:
            whole = Path(temporary) / "model"
            whole.mkdir()
            for name, content in self._files.items():
                (whole / name).write_bytes(content)
            old = Path(temporary) / "replaced"
            if directory.exists():
                directory.rename(old)
            try:
                whole.rename(directory)
            except OSError:
                if old.exists():
                    old.rename(directory)
                raise

    def __reduce__(self) -> tuple[Callable[[dict[str, bytes]], Model], tuple[dict[str, bytes]]]:
        """Lets the model be pickled and copied."""
        if not self._files:
            raise FiresteelError("a model that was not read from a directory cannot be pickled")
        return _of_files, (self._files,)

    def summary(self) -> str:
        """Returns what the model is, in a line."""
        names = list(dict.fromkeys(self._activations))
        activation = names[0] if len(names) == 1 else ", ".join(self._activations)
        network = "network " + "-".join(map(str, self._shape)) + (f", {activation}" if activation else "")
        network += f", {len(self._members)} members" if len(self._members) > 1 else ""
        return f"{network}, trained on {self.rows} rows"

    def __repr__(self) -> str:
        """Returns the task, the labels and the summary."""
        return f"Model({self.task} of {', '.join(self.labels)}: {self.summary()})"

    def _course(self) -> Course:
        return Course.of(self.history, self._validation)

    def plot_history(self, ax: Axes | None = None) -> Axes:
        """Draws the losses by epoch or step, with the kept weights marked, and returns the axes. It needs matplotlib.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Where to draw; without it, in a new figure.
        """
        return self._course().plot(ax)

    def _repr_html_(self) -> str:
        """Returns what a notebook shows: the summary and the losses."""
        held_out = f", and {self._held_out:,} held out" if self._held_out else ""
        if self._validation.get("refit"):
            held_out = f", after a training without {self._held_out:,} of them"
        rows = [
            ("labels" if len(self.labels) > 1 else "label", _some(self.labels)),
            *([("classes", _some(self.classes))] if self.classes else []),
            ("features", _some(self.features)),
            ("network", self.summary().removeprefix("network ").rpartition(", trained")[0]),
            ("rows", f"{self.rows:,} trained on{held_out}"),
        ]
        settings = sorted((name.replace("-", "_"), value) for name, value in self.settings.items() if value)
        return card(f"Firesteel: {self.task}", rows, self._course().html(), settings)

    def predict(self, table: Any) -> npt.NDArray[Any]:
        """Returns the class of each row, the predicted number or numbers, or 0 or 1 for each of several labels.

        Of a model of quantiles it is the median.

        The table is a pandas DataFrame, a mapping of columns, a list of mappings, or an array with two dimensions whose
        columns are the features in their order. Further columns are ignored. Features ``v_0``, ``v_1``, ... may be one
        column ``v`` of lists, arrays or vectors.
        """
        scores = self._scores(table)
        if self.task == "classification":
            above = np.argmax(scores, axis=1) if self.threshold is None else scores[:, 1] > self.threshold
            return np.asarray(self.classes_[above.astype(np.intp)])
        if self.task == "multilabel":
            return (scores > 0.5).astype(np.int64)
        if self.quantiles:
            return self._median(scores)
        return scores[:, 0] if len(self.labels) == 1 else scores

    def predict_quantiles(self, table: Any) -> Floats:
        """Returns the predicted quantiles of each row, ascending: one column for each of ``quantiles``."""
        if not self.quantiles:
            raise FiresteelError("this model predicts no quantiles: expected one that was trained with loss='quantile'")
        return self._scores(table)

    def _median(self, scores: Floats) -> Floats:
        """Returns the quantile 0.5, on the line between its neighbours, or the nearest one where it has only one."""
        upper = min(sum(level < 0.5 for level in self.quantiles), len(self.quantiles) - 1)
        above = self.quantiles[upper]
        if upper == 0 or above <= 0.5:
            return np.asarray(scores[:, upper])
        below = self.quantiles[upper - 1]
        part = (0.5 - below) / (above - below)
        return np.asarray(scores[:, upper - 1] + part * (scores[:, upper] - scores[:, upper - 1]))

    def predict_proba(self, table: Any) -> Floats:
        """Returns the probability of each class, or of each of several labels, for each row."""
        if self.task == "regression":
            raise FiresteelError("this model predicts numbers, which have no probabilities: use predict")
        return self._scores(table)

    def _scores(self, table: Any) -> Floats:
        values = self._encoded(table)
        scores = np.empty((len(values), max(len(self.classes), self._shape[-1])), dtype=np.float64)
        with np.errstate(all="ignore"):
            for start in range(0, len(values), BATCH_ROWS):
                scores[start : start + BATCH_ROWS] = self._of_batch(values[start : start + BATCH_ROWS], start)
        return scores

    def _of_batch(self, values: Floats, start: int) -> Floats:
        """Returns the scores of some rows, in which a category is its index and NaN is missing or unknown."""
        raw = values[:, self._numbers]
        replaced = np.where(np.isnan(raw), self._replacements[self._numbers], raw) if self._missing else raw
        distances = (replaced - self._mean[self._numbers]) / self._deviation[self._numbers]
        x = distances
        if self._clip:
            ratio = np.clip(distances / self._clip, -1e8, 1e8)
            x = self._clip * ratio / np.sqrt(1 + ratio * ratio)
        told = np.where(np.isnan(values[:, self._indicated]), 0.0, math.nan)  # an indicator is a category of one value
        categories = np.hstack([values[:, self._of_categories], told])
        scores: Floats = np.mean([self._linked(member.outputs(x, categories)) for member in self._members], axis=0)
        if self.quantiles:
            scores = np.sort(scores, axis=1)
        usable = np.isfinite(replaced) if self._clip else np.abs(x) <= LARGEST_INPUT
        bad = ~(np.isfinite(scores).all(axis=1) & usable.all(axis=1))
        if bad.any():
            row = int(np.argmax(bad))
            column = int(np.argmax(np.abs(np.nan_to_num(distances[row], nan=math.inf)))) if x.shape[1] else 0
            name = self._names[self._numbers[column]]
            raise FiresteelError(
                f'row {start + row + 1}, column {name}: "{raw[row, column]}" is too large for the model: '
                "expected a value of about the size that it was trained on"
            )
        return scores

    def _linked(self, z: Floats) -> Floats:
        """Returns the scores that outputs stand for."""
        if self._loss == "sigmoid-cross-entropy":
            a = _sigmoid(z)
            return np.hstack([1 - a, a]) if self.task == "classification" else a
        if self._loss == "softmax-cross-entropy":
            e = np.exp(z - z.max(axis=1, keepdims=True))
            return np.asarray(e / e.sum(axis=1, keepdims=True))
        a = np.exp(z) if self._loss == "poisson" else z
        return np.asarray(self._target_mean + a * self._target_deviation)

    def _encoded(self, table: Any) -> Floats:
        columns, rows = self._columns(table)
        values = np.empty((rows, len(self._names)), dtype=np.float64)
        i = 0  # the column's first feature
        for name, column in zip(self.features, columns, strict=True):
            try:
                known = self._categories[i]
                parts = self._dates.get(name)
                if parts is not None:
                    values[:, i : i + len(parts)] = self._parts(column, parts)
                else:
                    values[:, i] = self._number(column) if known is None else self._indices(column, known)
                i += 1 if parts is None else len(parts)
            except _BadCell as e:
                value = "" if e.value is None else f'"{_one_line(e.value)}" '
                raise FiresteelError(f"row {e.row + 1}, column {name}: {value}{e.problem}") from None
        return values

    def _columns(self, table: Any) -> tuple[list[Any], int]:
        """Returns the columns of the features in order, and the number of rows."""
        if hasattr(table, "columns") and hasattr(table, "iloc"):
            table = table.set_axis(frame_names(table), axis=1)
            elements = self._elements(list(table.columns), table)
            self._check_columns([*table.columns, *elements])
            return self._of_names(table, elements), len(table)
        if isinstance(table, Mapping):
            elements = self._elements(list(table), table)
            self._check_columns([*table, *elements])
            for name in {*self.features, *self._vectors}.intersection(table):
                if isinstance(table[name], str) or not hasattr(table[name], "__len__"):
                    raise FiresteelError(
                        f"column {name}: expected a list or an array with a value for each row; this is a "
                        f"{type(table[name]).__name__} (of a single row, give a list of one mapping)"
                    )
            columns = self._of_names(table, elements)
            lengths = {len(column) for column in columns}
            if len(lengths) > 1:
                counts = ", ".join(map(str, sorted(lengths)))
                raise FiresteelError(f"the columns have {counts} rows: expected as many in each")
            return columns, lengths.pop()
        if isinstance(table, Sequence) and all(isinstance(row, Mapping) for row in table):
            if self._vectors:
                table = [{**row, **self._of_row(number, row)} for number, row in enumerate(table)]
            for number, row in enumerate(table):
                self._check_columns(list(row), f"row {number + 1}: ")
            return [_cells([row[name] for row in table]) for name in self.features], len(table)
        expect_no_foreign_frame(table)
        array = table.toarray() if hasattr(table, "toarray") else np.asarray(table)
        if array.ndim != 2 or array.shape[1] != len(self.features):
            raise FiresteelError(
                f"the array has the shape {array.shape}: expected two dimensions and {len(self.features)} columns, "
                f"{_some(self.features)}"
            )
        return list(array.T), len(array)

    def _of_names(self, table: Any, elements: dict[str, npt.NDArray[Any]]) -> list[npt.NDArray[Any]]:
        return [elements[name] if name in elements else _of_series(table[name]) for name in self.features]

    def _elements(self, names: list[Any], table: Any, first: int = 0) -> dict[str, npt.NDArray[Any]]:
        """Returns the features that are elements of lists, by name, where a table has a column of lists for them."""
        elements: dict[str, npt.NDArray[Any]] = {}
        own = set(names) - self._ignored  # a feature with a column of its own is no element
        for column, longest in self._vectors.items():
            size = next((i for i in range(longest) if f"{column}_{i}" in own), longest)
            if column not in own or size == 0:
                continue
            cells: list[list[Any]] = []
            for row, cell in enumerate(table[column]):
                values = _list(cell, size)
                if values is None:
                    raise FiresteelError(f"row {first + row + 1}, column {column}: {cell!r:.40} is no list of numbers")
                if len(values) != size:
                    problem = f"an array of {len(values)} numbers, expected {size}"
                    raise FiresteelError(f"row {first + row + 1}, column {column}: {problem}")
                cells.append(values)
            elements.update({f"{column}_{i}": _cells(values[i] for values in cells) for i in range(size)})
        return elements

    def _of_row(self, number: int, row: Mapping[Any, Any]) -> dict[str, Any]:
        single = {name: [row[name]] for name in self._vectors if name in row}
        return {name: cells[0] for name, cells in self._elements(list(row), single, number).items()}

    def _check_columns(self, names: list[Any], where: str = "") -> None:
        present = set(names)
        missing = [name for name in self.features if name not in present]
        if missing:
            raise FiresteelError(f"{where}the model's features {_some(missing)} are missing: found {_some(names)}")

    def _number(self, column: npt.NDArray[Any]) -> Floats:
        if column.dtype.kind in "biuf":
            numbers = column.astype(np.float64)
        else:
            numbers = np.array([self._parsed(cell, row) for row, cell in enumerate(column)], dtype=np.float64)
        bad = np.isinf(numbers) if self._missing else ~np.isfinite(numbers)
        if bad.any():
            row = int(np.argmax(bad))
            hint = f" ({MAY_BE_MISSING})" if np.isnan(numbers[row]) else ""
            raise _BadCell(row, str(column[row]), f"is not a finite number{hint}")
        return numbers

    def _parsed(self, cell: Any, row: int) -> float:
        if isinstance(cell, str):
            text = cell.strip(BLANKS)
            if NUMBER.fullmatch(text):
                return float(text)
            if (self._missing and cell.strip().lower() == "") or (self._missing and cell.lower() in MISSING_TEXTS):
                return math.nan
            if cell.strip() == "":
                raise self._empty(row)
            problem = "is not a finite number" if NOT_FINITE.fullmatch(text) else "is not a number"
            raise _BadCell(row, cell, problem)
        if _is_null(cell):
            if self._missing:
                return math.nan
            raise self._empty(row)
        known = isinstance(cell, (bool, int, float, np.number, np.bool_, decimal.Decimal))
        if known and not isinstance(cell, (np.timedelta64, np.complexfloating)):  # which are numbers to numpy alone
            try:
                return float(cell)
            except OverflowError:
                return math.inf
        raise _BadCell(row, str(cell), "is not a number")

    def _parts(self, column: npt.NDArray[Any], parts: list[str]) -> Floats:
        """Returns the numbers that dates become: year, month, day of the week, hour and days since 1970."""
        days: npt.NDArray[np.int64] = np.zeros(len(column), dtype=np.int64)
        nanos: npt.NDArray[np.int64] = np.zeros(len(column), dtype=np.int64)  # of the day
        missing: npt.NDArray[np.bool_] = np.zeros(len(column), dtype=np.bool_)
        if column.dtype.kind == "M":
            missing = np.isnat(column)
            if missing.any() and not self._missing:
                raise self._empty(int(np.argmax(missing)))
            times = np.where(missing, np.datetime64(0, "D"), column)
            midnights = times.astype("datetime64[D]")
            days = midnights.astype(np.int64)
            nanos = (times - midnights).astype("timedelta64[ns]").astype(np.int64)
        else:
            for row, cell in enumerate(column):
                moment = self._moment(cell, row)
                missing[row] = moment is None
                days[row], nanos[row] = moment or (0, 0)
        if "hour" not in parts and nanos.any():
            row = int(np.argmax(nanos != 0))
            raise _BadCell(row, str(column[row]), "has a time of the day, which the dates of the training did not have")
        dates = days.astype("datetime64[D]")
        months = dates.astype("datetime64[M]").astype(np.int64)
        numbers = {
            "year": months // 12 + 1970,
            "month": months % 12 + 1,
            "weekday": (days + 3) % 7 + 1,
            "hour": nanos // HOUR_NANOS,
            "days": days + nanos / DAY_NANOS,
        }
        return np.where(missing[:, None], math.nan, np.stack([numbers[part] for part in parts], axis=1))

    def _moment(self, cell: Any, row: int) -> tuple[int, int] | None:
        """Returns the days of a date since 1970 and its nanoseconds of the day; None where it is missing."""
        nan = isinstance(cell, (float, np.floating)) and math.isnan(cell)
        nat = isinstance(cell, np.datetime64) and bool(np.isnat(cell))
        if _is_null(cell) or nan or nat or (isinstance(cell, str) and cell.strip().lower() in ("", *MISSING_TEXTS)):
            if self._missing:
                return None
            raise self._empty(row)
        if isinstance(cell, datetime.date):
            text = cell.isoformat()
        else:
            text = str(cell).strip() if isinstance(cell, (str, np.datetime64)) else ""
        found = MOMENT.fullmatch(text)
        try:
            if found is None:
                raise ValueError
            year, month, day, hour, minute, second, fraction, sign, hours, minutes = found.groups(default="0")
            days = datetime.date(int(year), int(month), int(day)).toordinal() - datetime.date(1970, 1, 1).toordinal()
        except ValueError:
            raise _BadCell(
                row, str(cell), "is not a date or time: expected such as 2024-03-01 or 2024-03-01T12:30:00"
            ) from None
        offset = (60 * int(hours) + int(minutes)) * (-1 if sign == "-" else 1)
        seconds = 60 * (60 * int(hour) + int(minute) - offset) + int(second)
        nanos = seconds * 10**9 + int(fraction.ljust(9, "0"))
        return days + nanos // DAY_NANOS, nanos % DAY_NANOS

    def _indices(self, column: npt.NDArray[Any], known: _Categories) -> list[float]:
        found: dict[tuple[type, Any], float] = {}  # most columns have few distinct values
        indices = []
        for row, cell in enumerate(column):
            key = (type(cell), cell)
            try:
                index = found.get(key)
            except TypeError:
                raise _BadCell(row, str(cell), "is not a category: expected text, a number or a boolean") from None
            if index is None:
                index = found[key] = self._index(cell, known, row)
            indices.append(index)
        return indices

    def _index(self, cell: Any, known: _Categories, row: int) -> float:
        nan = isinstance(cell, (float, np.floating)) and math.isnan(cell)
        if _is_null(cell) or nan or (isinstance(cell, str) and not cell.strip()):
            if self._missing:
                return math.nan
            raise self._empty(row)
        if self._missing and isinstance(cell, str) and cell.lower() == "nan":
            return math.nan
        if isinstance(cell, (float, np.floating)) and math.isinf(cell):
            raise _BadCell(row, str(cell), "is not a finite number")
        index = known.index(cell)
        if index < 0 and not self._unseen:
            problem = f"is not a category of the training data: expected {_some(known.names)}"
            raise _BadCell(row, _name(cell), f"{problem} (train with unseen='ignore' to allow other categories)")
        return index if index >= 0 else math.nan

    @staticmethod
    def _empty(row: int) -> _BadCell:
        return _BadCell(row, None, f"the cell is empty, expected a value ({MAY_BE_MISSING})")


class _Network:
    """One network: the layers of ``model.json`` with the tensors of one member."""

    def __init__(
        self,
        layers: list[dict[str, Any]],
        weights: dict[str, Floats],
        inputs: int,
        numbers: npt.NDArray[np.intp],
        categories: list[int],
    ) -> None:
        """Creates a network of so many inputs: which of them are numbers, and where those of each category begin."""
        self.shape = [inputs]
        self.activations: list[str] = []
        self._categories = categories
        self._pieces: tuple[npt.NDArray[np.intp], Floats, Floats] | None = None  # number, beginning and length of each
        self._embedding: tuple[Floats, Floats, Floats, Floats] | None = None
        self._of_categories: dict[int, Floats] = {}  # by a category's first input: eight numbers for each of its values
        self._layers: list[tuple[Floats, Floats] | Callable[[Floats], Floats]] = []
        units = inputs
        places = np.arange(inputs)  # where each input comes among those of the first affine layer; -1: nowhere
        for layer in layers:
            tensors = {name.rstrip("0123456789"): weights[name] for name in layer.get("tensors", {})}
            if layer["type"] == "piecewise":
                of_number = {int(place): i for i, place in enumerate(numbers)}
                pieces = [(of_number[one["input"]], np.asarray(one["knots"], float)) for one in layer["pieces"]]
                below = np.concatenate([knots[:-1] for _, knots in pieces])
                length = np.concatenate([np.diff(knots) for _, knots in pieces])
                of_piece = np.repeat([i for i, _ in pieces], [len(knots) - 1 for _, knots in pieces])
                self._pieces = (of_piece, below, length)
                units += len(below)
                places = np.arange(units)
            elif layer["type"] == "periodic":
                w, b, v, a = (tensors[name] for name in ("w", "b", "V", "a"))
                frequencies, embedded = w.shape
                if embedded != len(numbers):
                    raise TypeError(f"an embedding of {embedded} numbers")
                v = v.reshape(frequencies, -1, embedded)  # by frequency, and of each the functions
                self._embedding = (w, b, v, a)
                units += v.shape[1] * embedded
                places = np.arange(units)
            elif layer["type"] == "categories":
                ends = np.cumsum([feature["count"] for feature in layer["features"]])
                for feature, table in zip(layer["features"], np.split(tensors["C"].T, ends[:-1]), strict=True):
                    self._of_categories[feature["first"]] = table
                    places[feature["first"] : feature["first"] + feature["count"]] = -1
                stay = places >= 0
                places[stay] = np.arange(stay.sum())
                units = int(stay.sum()) + sum(table.shape[1] for table in self._of_categories.values())
            elif layer["type"] == "affine":
                matrix, bias = tensors["W"], tensors["b"]
                matrix = matrix * tensors["s"] if "s" in tensors else matrix
                if matrix.ndim != 2 or matrix.shape[1] != units or bias.shape != matrix.shape[:1]:
                    raise TypeError(f"a layer of shape {matrix.shape}, expected {units} inputs")
                units = matrix.shape[0]
                self.shape.append(units)
                self._layers.append((np.ascontiguousarray(matrix.T), bias))
            else:
                name = layer["type"].removeprefix("parametric-")
                g = _ACTIVATIONS[name]
                self._layers.append(_parametric(g, tensors["alpha"]) if "alpha" in tensors else g)
                self.activations.append(name)
        first = self._layers[0]
        if isinstance(first, tuple):
            behind = places.max(initial=-1) + 1 if len(places) else 0
            of_x = [first[0][places[numbers]], first[0][places[inputs:]], first[0][behind:]]
            self._first: Floats = np.ascontiguousarray(np.vstack(of_x))
            self._starts = [int(places[start]) for start in categories]

    def outputs(self, x: Floats, categories: Floats) -> Floats:
        """Returns Z[L] for scaled numbers (rows, numbers) and indices of categories (rows, categories; NaN: none)."""
        embedded = [
            _looked_up(self._of_categories[first], categories[:, i])
            for i, first in enumerate(self._categories)
            if first in self._of_categories
        ]
        a = np.hstack([self._embedded(x), *embedded]) @ self._first
        weights, bias = self._layers[0] if isinstance(self._layers[0], tuple) else (None, None)
        assert weights is not None and bias is not None  # the first layer is affine
        for i, first in enumerate(self._starts):
            if first < 0:
                continue
            known = ~np.isnan(categories[:, i])
            a[known] += weights[first + categories[known, i].astype(np.intp)]
        a += bias
        for layer in self._layers[1:]:
            a = a @ layer[0] + layer[1] if isinstance(layer, tuple) else layer(a)
        return a

    def _embedded(self, x: Floats) -> Floats:
        """Returns the numbers, beside them their pieces, and the functions of them that the network has learnt."""
        parts = [x]
        if self._pieces is not None:
            of_piece, below, length = self._pieces
            parts.append(np.clip((x[:, of_piece] - below) / length, 0, 1))
        if self._embedding is not None:
            w, b, v, a = self._embedding
            turns = x[:, None, :] * w + b  # (rows, frequencies, numbers)
            functions = np.einsum("rfk,fek->rke", np.cos(2 * np.pi * turns), v) + a.T
            parts.append(functions.reshape(len(x), -1))
        return np.hstack(parts)


def _looked_up(table: Floats, indices: Floats) -> Floats:
    """Returns the numbers of categories by their indices; zeros for NaN."""
    known = ~np.isnan(indices)
    found = np.zeros((len(indices), table.shape[1]))
    found[known] = table[indices[known].astype(np.intp)]
    return found


class _Categories:
    """The categories of a feature. A text is one of them as it is, a number or boolean also by its value."""

    def __init__(self, names: list[str], compared: str) -> None:
        self.names = names
        self.texts = {name: i for i, name in enumerate(names)}
        self._compared = compared
        self._values: dict[Any, int] | None = None

    def index(self, cell: Any) -> int:
        """Returns the index of a cell's category, -1 for none of them."""
        text = _name(cell)
        index = self.texts.get(text)
        if index is None and (self._compared != "text" or not isinstance(cell, str)):
            if self._values is None:
                self._values = {}
                for i, name in enumerate(self.names):
                    for key in self._keys(name):
                        self._values[key] = -1 if self._values.get(key, i) != i else i
            keys = self._keys(text)
            if self._compared == "double" and isinstance(cell, (np.float32, np.float16)):
                keys.append(("rounded", float(cell)))
            index = next((self._values[key] for key in keys if key in self._values), None)
        return -1 if index is None else index

    def _keys(self, text: str) -> list[Any]:
        """Returns the values that a text is compared by, the first to be looked up first."""
        if text.lower() in ("true", "false"):
            return [("truth", text.lower())]
        number = text.strip(BLANKS)
        if not NUMBER.fullmatch(number) or math.isinf(float(number)):
            return []
        keys: list[Any] = [("exact", decimal.Decimal(number))]
        if self._compared == "float":
            keys.append(("rounded", float(np.float32(number))))
        elif self._compared == "double":
            keys.append(("rounded", float(number)))
        return keys


def _name(cell: Any) -> str:
    """Returns the text of a category that is given as a text, a number or a boolean."""
    if isinstance(cell, (bool, np.bool_)):
        return "true" if cell else "false"
    if isinstance(cell, (float, np.floating)):
        return str(int(cell)) if float(cell).is_integer() and abs(float(cell)) < 1e15 else str(cell)
    if isinstance(cell, decimal.Decimal):
        text = format(cell, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(cell)


def frame_names(frame: Any) -> list[str]:
    """Returns the names of a pandas frame's columns as texts, of which no two may be equal."""
    names = [str(name) for name in frame.columns]
    if len(set(names)) < len(names):
        twice = next(name for i, name in enumerate(names) if name in names[:i])
        raise FiresteelError(f"the DataFrame has two columns {twice}: expected a name of its own for each column")
    return names


def category_texts(values: Iterable[Any]) -> list[str]:
    """Returns the texts by which categories of any type are known."""
    return [_name(value) for value in _cells(values)]


def expect_no_foreign_frame(table: Any) -> None:
    """Fails for a DataFrame of Spark, Polars or Arrow, and says how to make one of pandas."""
    if type(table).__module__.startswith("pyspark.sql"):
        raise FiresteelError(
            "this is a DataFrame of Spark: use table.toPandas(), the command predict on a saved model, or "
            "firesteel.FiresteelClassifier or FiresteelRegressor, whose models transform DataFrames"
        )
    if hasattr(table, "to_pandas"):
        kind = f"{type(table).__module__.split('.')[0]}.{type(table).__name__}"
        raise FiresteelError(f"this is a {kind}: expected a DataFrame of pandas; table.to_pandas() makes one")


def _columns_of(features: list[str], dates: dict[str, list[str]]) -> list[str]:
    """Returns the columns that hold features: a feature's own, or that of the dates whose part it is."""
    firsts = {f"{column}.{parts[0]}": column for column, parts in dates.items()}
    columns: list[str] = []
    i = 0
    while i < len(features):
        column = firsts.get(features[i])
        columns.append(features[i] if column is None else column)
        i += 1 if column is None else len(dates[column])
    return columns


def _vectors_of(columns: list[str]) -> dict[str, int]:
    """Returns the columns of lists whose elements columns may be, with their greatest sizes: v for v_0, v_1, ..."""
    sizes: dict[str, int] = {}
    for start, name in enumerate(columns):
        if name.endswith("_0") and name[:-2] not in columns:
            size = 1
            while start + size < len(columns) and columns[start + size] == f"{name[:-2]}_{size}":
                size += 1
            sizes[name[:-2]] = size
    return sizes


def _is_null(cell: Any) -> bool:
    return cell is None or type(cell).__name__ in ("NAType", "NaTType")


def _list(cell: Any, size: int) -> list[Any] | None:
    """Returns the elements of a list, an array or a vector, of a missing cell missing ones; None for another cell."""
    if _is_null(cell) or (isinstance(cell, float) and math.isnan(cell)):
        return [None] * size
    if hasattr(cell, "toArray"):
        return list(cell.toArray())
    return list(cell) if isinstance(cell, (list, tuple, np.ndarray)) else None


def _of_series(column: Any) -> npt.NDArray[Any]:
    dtype = getattr(column, "dtype", None)
    if isinstance(column, np.ndarray) or isinstance(dtype, np.dtype):
        return np.asarray(column)
    return _cells(column)


def _cells(column: Iterable[Any]) -> npt.NDArray[Any]:
    """Returns cells of any types as they are."""
    cells = list(column)
    array = np.empty(len(cells), dtype=object)
    for i, cell in enumerate(cells):
        array[i] = cell.isoformat() if isinstance(cell, datetime.date) and not _is_null(cell) else cell
    return array


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else line[:57] + "..."


def _some(names: Iterable[Any]) -> str:
    listed = [str(name) for name in names]
    return ", ".join(listed[:12]) + (f", ... ({len(listed)} in all)" if len(listed) > 12 else "")


def _sigmoid(z: Floats) -> Floats:
    e = np.exp(-np.abs(z))
    return np.asarray(np.where(z < 0, e, 1) / (1 + e))


def _gelu(z: Floats) -> Floats:
    u = 2 * math.sqrt(2 / math.pi) * z * (1 + 0.044715 * z * z)
    return np.asarray(z * _sigmoid(u))


def _parametric(g: Callable[[Floats], Floats], alpha: Floats) -> Callable[[Floats], Floats]:
    return lambda z: np.asarray(z + alpha * (g(z) - z))


_ACTIVATIONS: dict[str, Callable[[Floats], Floats]] = {
    "sigmoid": _sigmoid,
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0),
    "leaky-relu": lambda z: np.where(z > 0, z, 0.01 * z),
    "elu": lambda z: np.where(z > 0, z, np.expm1(np.minimum(z, 0))),
    "gelu": _gelu,
    "identity": lambda z: z,
}
