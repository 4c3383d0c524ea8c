"""Models score as the command line's ``predict`` does, as a calculation by hand says, and refuse bad input in a line.

The environment variable FIRESTEEL_CLI names the command that trains and predicts; its default is
submit-scripts/local.sh.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import shlex
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyspark.sql import SparkSession

import firesteel.model
from firesteel.model import Model

ROOT = Path(__file__).parents[3]


def cli(*arguments: str) -> None:
    """Runs the command line."""
    command = shlex.split(os.environ.get("FIRESTEEL_CLI", str(ROOT / "submit-scripts" / "local.sh")))
    done = subprocess.run([*command, *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def table(rows: int = 300) -> pd.DataFrame:
    """Makes numbers of very different sizes, categories as text and as numbers, missing cells, and labels."""
    random = np.random.default_rng(1)
    frame = pd.DataFrame(
        {
            "small": random.normal(0, 1e-6, rows),
            "large": random.normal(1e9, 1e7, rows),
            "kind": random.choice(["red", "blue", "007", "7"], rows),
            "code": random.choice([1, 2, 30], rows),
        }
    )
    signal = frame["small"] * 1e6 + (frame["kind"] == "red")
    frame["two"] = np.where(signal > 0.3, "yes", "no")
    frame["three"] = np.where(signal > 0.8, "c", np.where(signal > -0.2, "b", "a"))
    frame["count"] = random.poisson(np.exp(np.clip(signal, -2, 2)))
    frame["number"] = 1000 + 50 * signal
    frame["other"] = signal**2
    frame["first"] = (signal > 0).astype(int)
    frame["second"] = (frame["code"] == 2).astype(int)
    frame.insert(4, "gain", np.where(random.random(rows) < 0.15, random.integers(1, 500, rows), 0))  # cut into pieces
    return frame


LABELS = ["two", "three", "count", "number", "other", "first", "second"]
COMMON = ["--epochs", "3", "--categorical", "kind,code"]
MODELS = {
    "binary": ["two", "--activation", "gelu", "--max-one-hot", "0", "--threshold", "f1", *COMMON],
    "members": ["three", "--members", "3", "--max-one-hot", "3", "--scale-inputs", "true", *COMMON],
    "classes": ["three", "--activation", "elu,tanh", "--hidden", "9,5", "--precision", "single", *COMMON],
}


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns a directory with the tables."""
    path = tmp_path_factory.mktemp("models")
    frame = table()
    frame.loc[3, "small"] = math.nan
    frame.loc[4, "kind"] = None
    frame.loc[100:139, "large"] = math.nan  # told the network by an input
    frame.to_csv(path / "train.csv", index=False)
    frame.loc[5, "kind"] = "green"
    frame.loc[6, "small"] = 1e3
    frame.to_csv(path / "new.csv", index=False)
    return path


@pytest.mark.parametrize("name", MODELS)
def test_scores_are_those_of_the_command_line(directory: Path, name: str) -> None:
    """Every score is within 1e-12 of what predict writes, from a frame, a mapping of columns, records and texts."""
    label, *settings = MODELS[name]
    others = ",".join(column for column in LABELS if column not in label.split(","))
    model_path = directory / name
    train = ["--data", str(directory / "train.csv"), "--label", label, "--exclude", others, "--seed", "1"]
    cli("train", *train, "--model", str(model_path), *settings)
    output = directory / f"{name}.csv"
    cli("predict", "--model", str(model_path), "--data", str(directory / "new.csv"), "--output", str(output))
    expected = pd.read_csv(output, float_precision="round_trip")
    frame = pd.read_csv(directory / "new.csv", dtype={"kind": str}, float_precision="round_trip")
    model = firesteel.model.load(model_path)
    texts = frame.astype(object).map(lambda cell: "" if pd.isna(cell) else str(cell))
    features = frame[model.features]
    tables: list[Any] = [
        frame,
        frame[frame.columns[::-1]],
        {column: frame[column].tolist() for column in frame},
        frame.to_dict("records"),
        features.to_numpy(dtype=object),
        texts,
    ]
    for given in tables:
        found = model.predict(given)
        wanted = expected[[f"probability_{each}" for each in model.classes]].to_numpy()
        np.testing.assert_allclose(model.predict_proba(given), wanted, rtol=0, atol=1e-12)
        assert (found == expected["prediction"]).all()
    assert (model.threshold is not None) == (name == "binary")


@pytest.mark.parametrize("levels", ["0.1,0.3,0.9", "0.05,0.5,0.75", "0.9"])
def test_quantiles_are_those_of_the_command_line(directory: Path, levels: str) -> None:
    """Predicted quantiles and their median, of several members, are within 1e-9 of what predict writes."""
    others = ",".join(column for column in LABELS if column != "number")
    path = directory / f"quantiles-{levels}"
    train = ["--data", str(directory / "train.csv"), "--label", "number", "--exclude", others, "--members", "2"]
    cli("train", *train, "--model", str(path), "--loss", "quantile", "--quantiles", levels, *COMMON)
    output = directory / f"quantiles-{levels}.csv"
    cli("predict", "--model", str(path), "--data", str(directory / "new.csv"), "--output", str(output))
    expected = pd.read_csv(output, float_precision="round_trip")
    frame = pd.read_csv(directory / "new.csv", dtype={"kind": str}, float_precision="round_trip")
    model = firesteel.model.load(path)
    assert model.quantiles == [float(level) for level in levels.split(",")]
    wanted = expected[[f"prediction_{level}" for level in levels.split(",")]].to_numpy()
    np.testing.assert_allclose(model.predict_quantiles(frame), wanted, rtol=0, atol=1e-9)
    np.testing.assert_allclose(model.predict(frame), expected["prediction"], rtol=0, atol=1e-9)
    assert (np.diff(wanted, axis=1) >= 0).all()


def test_other_models_have_no_quantiles() -> None:
    with pytest.raises(ValueError, match="predicts no quantiles"):
        small().predict_quantiles([])


def small(**encoding: Any) -> Model:
    """Makes a network 3-2-1: one number, a category of two values, two units of tanh, two classes."""
    description = {
        "task": "classification",
        "network": {
            "layers": [
                {"type": "affine", "tensors": {"W1": [2, 3], "b1": [2]}},
                {"type": "tanh"},
                {"type": "affine", "tensors": {"W2": [1, 2], "b2": [1]}},
            ],
            "loss": "sigmoid-cross-entropy",
        },
        "inputs": {
            "features": ["x", "kind"],
            "encoding": {"missing": "error", "unseen": "error", "categories": {"kind": ["a", "2"]}} | encoding,
            "scaling": {"mean": [10.0, 0.0], "deviation": [2.0, 1.0]},
        },
        "targets": {"labels": ["y"], "classes": ["no", "yes"], "scaling": {"mean": [0.0], "deviation": [1.0]}},
        "provenance": {"rows": 9, "settings": {}, "history": []},
    }
    weights = {
        "W1": np.array([[1.0, 0.5, -0.5], [0.25, -1.0, 2.0]]),
        "b1": np.array([0.1, -0.2]),
        "W2": np.array([[1.5, -0.5]]),
        "b2": np.array([0.3]),
    }
    return Model(description, weights)


def test_a_network_computed_by_hand() -> None:
    """x = 13 is 1.5 scaled; category 2 is the inputs 0 and 1."""
    first = math.tanh(1.0 * 1.5 - 0.5 + 0.1)
    second = math.tanh(0.25 * 1.5 + 2.0 - 0.2)
    yes = 1 / (1 + math.exp(-(1.5 * first - 0.5 * second + 0.3)))
    model = small()
    for kind in ["2", 2, 2.0, np.float32(2), np.int8(2)]:
        assert model.predict_proba([{"x": 13, "kind": kind}]) == pytest.approx(np.array([[1 - yes, yes]]), abs=1e-15)
    assert model.predict([{"x": "1.3e1", "kind": 2}]).tolist() == ["yes"]
    assert repr(model) == "Model(classification of y: network 3-2-1, tanh, trained on 9 rows)"


def test_lists_beside_columns_with_names_of_elements() -> None:
    """A list is of the features up to one that has a column of its own; a column that training ignored is none."""

    def linear(features: list[str], ignored: list[str]) -> Model:
        count = len(features)
        description = {
            "task": "regression",
            "network": {
                "layers": [{"type": "affine", "tensors": {"W": [1, count], "b": [1]}}],
                "loss": "squared-error",
            },
            "inputs": {
                "features": features,
                "ignored": ignored,
                "scaling": {"mean": [0.0] * count, "deviation": [1.0] * count},
            },
            "targets": {"labels": ["y"], "classes": [], "scaling": {"mean": [0.0], "deviation": [1.0]}},
            "provenance": {"rows": 9, "settings": {}, "history": []},
        }
        return Model(description, {"W": 10.0 ** np.arange(count)[None], "b": np.zeros(1)})

    features = ["emb_0", "emb_1", "emb_2"]
    beside = linear(features, [])
    for table in ([{"emb": [1, 2], "emb_2": 3}], pd.DataFrame({"emb": [[1, 2]], "emb_2": [3]})):
        assert beside.predict(table).tolist() == [321]
    assert linear(features, ["emb_2"]).predict([{"emb": [1, 2, 3], "emb_2": 9}]).tolist() == [321]
    assert linear(features[:2], ["emb"]).predict([{"emb": [7], "emb_0": 1, "emb_1": 2}]).tolist() == [21]


def test_missing_and_unseen_values_where_they_are_allowed() -> None:
    """A missing number is its mean, and nothing is added for a missing or unknown category."""
    model = small(missing="mean", means={"x": 12.0}, unseen="ignore")
    yes = 1 / (1 + math.exp(-(1.5 * math.tanh(1.1) - 0.5 * math.tanh(0.05) + 0.3)))
    for x in [None, math.nan, pd.NA, pd.NaT, "", " ", "n/a", "?", "NULL"]:
        for kind in [None, pd.NA, math.nan, "", "NaN", "b"]:
            assert model.predict_proba([{"x": x, "kind": kind}])[0, 1] == pytest.approx(yes, abs=1e-15)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"x": 1}, "row 1: the model's features kind are missing: found x"),
        ({"x": "1_0", "kind": "a"}, 'row 1, column x: "1_0" is not a number'),
        ({"x": "Infinity", "kind": "a"}, 'row 1, column x: "Infinity" is not a finite number'),
        ({"x": "-inf", "kind": "a"}, 'row 1, column x: "-inf" is not a finite number'),
        ({"x": math.inf, "kind": "a"}, 'row 1, column x: "inf" is not a finite number'),
        ({"x": [1], "kind": "a"}, 'row 1, column x: "[1]" is not a number'),
        ({"x": 1, "kind": "2.0"}, None),
        ({"x": 1, "kind": "b"}, 'row 1, column kind: "b" is not a category of the training data: expected a, 2'),
        ({"x": None, "kind": "a"}, "row 1, column x: the cell is empty, expected a value"),
        ({"x": 1, "kind": " "}, "row 1, column kind: the cell is empty, expected a value"),
    ],
)
def test_bad_cells_are_refused_in_a_line(row: dict[str, Any], message: str | None) -> None:
    """The line names the row, the column and the value; a text that writes a category's number is that category."""
    if message is None:
        small().predict([row])
        return
    with pytest.raises(ValueError) as error:
        small().predict([row])
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def dated(**encoding: Any) -> Model:
    """Makes a linear model whose score is the sum of a number, the parts of a time and those of a date."""
    parts = ["t.year", "t.month", "t.weekday", "t.hour", "t.days", "d.year", "d.month", "d.weekday", "d.days"]
    description = {
        "task": "regression",
        "network": {"layers": [{"type": "affine", "tensors": {"W1": [1, 10], "b1": [1]}}], "loss": "squared-error"},
        "inputs": {
            "features": [*parts[:5], "x", *parts[5:]],
            "encoding": {
                "dates": {
                    "t": ["year", "month", "weekday", "hour", "days"],
                    "d": ["year", "month", "weekday", "days"],
                },
            }
            | encoding,
            "scaling": {"mean": [0.0] * 10, "deviation": [1.0] * 10},
        },
        "targets": {"labels": ["y"], "classes": [], "scaling": {"mean": [0.0], "deviation": [1.0]}},
        "provenance": {"rows": 9, "settings": {}, "history": []},
    }
    return Model(description, {"W1": 2.0 ** -np.arange(10)[None, :], "b1": np.zeros(1)})


def test_dates_are_the_numbers_of_pandas() -> None:
    """Times of every type are what pandas says: year, month, day of the week, hour and days since 1970."""
    random = np.random.default_rng(2)
    nanos = random.integers(-(2**62), 2**62, 500)
    nanos[::3] = nanos[::3] // 10**9 * 10**9
    times = pd.Series(nanos.astype("datetime64[ns]"))
    days = pd.Series(random.integers(-100_000, 100_000, 500).astype("datetime64[D]").astype("datetime64[s]"))
    x = random.normal(0, 1, 500)
    epoch = pd.Timestamp(0)
    elapsed = (times - epoch) / pd.Timedelta("1D")
    of_times = [times.dt.year, times.dt.month, times.dt.weekday + 1, times.dt.hour, elapsed]
    of_days = [days.dt.year, days.dt.month, days.dt.weekday + 1, (days - epoch).dt.days]
    weights = 2.0 ** -np.arange(10)
    expected = np.stack([*of_times, x, *of_days], axis=1) @ weights
    model = dated()
    assert model.features == ["t", "x", "d"]
    dates = days.map(lambda day: day.date())
    tables: list[Any] = [
        {"t": times, "x": x, "d": days},
        {"t": times.to_numpy(), "x": x, "d": dates},
        {"t": times.dt.tz_localize("UTC").dt.tz_convert("Asia/Kolkata"), "x": x, "d": days.dt.strftime("%Y-%m-%d")},
        {"t": times.map(str), "x": x, "d": dates.map(str)},
        {"t": times.map(pd.Timestamp.isoformat), "x": x, "d": days.to_numpy()},
        {"t": times.astype(object), "x": x, "d": [np.datetime64(day) for day in dates]},
    ]
    for given in tables:
        np.testing.assert_allclose(model.predict(given), expected, rtol=1e-12, atol=0)
    np.testing.assert_allclose(model.predict(pd.DataFrame(tables[0])), expected, rtol=1e-12, atol=0)


def test_missing_dates_are_the_means_of_their_parts() -> None:
    """Nothing else is known of them; where they are not allowed they are refused."""
    names = ["t.year", "t.month", "t.weekday", "t.hour", "t.days", "x", "d.year", "d.month", "d.weekday", "d.days"]
    model = dated(missing="mean", means={name: float(i) for i, name in enumerate(names)})
    expected = sum(i * 2.0**-i for i in range(5)) + np.array([1, 2024, 3, 5, 19783]) @ 2.0 ** -np.arange(5, 10)
    for missing in [None, math.nan, pd.NaT, pd.NA, "", " ", "NA", np.datetime64("NaT")]:
        row = {"t": missing, "x": 1, "d": "2024-03-01"}
        assert model.predict([row]) == pytest.approx(expected, rel=1e-15)
        with pytest.raises(ValueError, match="row 1, column t: the cell is empty"):
            dated().predict([row])
    frame = pd.DataFrame({"t": [pd.NaT], "x": [1.0], "d": [pd.Timestamp("2024-03-01")]})
    assert model.predict(frame.astype({"t": "datetime64[ns]"})) == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"t": "2024-02-30", "d": "2024-03-01"}, 'column t: "2024-02-30" is not a date or time: expected such as'),
        ({"t": "0000-01-01", "d": "2024-03-01"}, 'column t: "0000-01-01" is not a date or time'),
        ({"t": "2024-03-01T24:00", "d": "2024-03-01"}, "is not a date or time"),
        ({"t": 17, "d": "2024-03-01"}, 'column t: "17" is not a date or time'),
        ({"t": "2024-03-01", "d": "2024-03-01T01:00"}, 'column d: "2024-03-01T01:00" has a time of the day'),
        ({"t": "2024-03-01", "d": pd.Timestamp("2024-03-01T01:00")}, "has a time of the day"),
    ],
)
def test_what_is_no_date_is_refused_in_a_line(row: dict[str, Any], message: str) -> None:
    """So is a time where the training had dates only."""
    with pytest.raises(ValueError) as error:
        dated().predict([row | {"x": 1}])
    assert message in str(error.value) and "\n" not in str(error.value)


def test_dates_score_as_the_command_line_does(tmp_path: Path) -> None:
    """Text of CSV files, missing cells among it."""
    random = np.random.default_rng(4)
    frame = pd.DataFrame(
        {
            "t": pd.to_datetime(random.integers(0, 2 * 10**9, 200) * 10**9 + random.integers(0, 10**9, 200)),
            "d": pd.to_datetime(random.integers(0, 20_000, 200), unit="D"),
        }
    )
    frame["y"] = np.where(frame["t"].dt.hour > 11, "late", "early")
    frame.loc[3, "t"] = pd.NaT
    frame.to_csv(tmp_path / "t.csv", index=False, date_format="%Y-%m-%dT%H:%M:%S.%f")
    data = ["--data", str(tmp_path / "t.csv")]
    cli("train", *data, "--label", "y", "--model", str(tmp_path / "m"), "--epochs", "3", "--dates", "expand")
    cli("predict", *data, "--model", str(tmp_path / "m"), "--output", str(tmp_path / "p.csv"))
    expected = pd.read_csv(tmp_path / "p.csv", float_precision="round_trip")
    model = firesteel.model.load(tmp_path / "m")
    assert model.features == ["t", "d"] and len(model._names) == 9
    wanted = expected[[f"probability_{each}" for each in model.classes]].to_numpy()
    frame["t"] = frame["t"].dt.floor("us")
    for given in [frame, pd.read_csv(tmp_path / "t.csv", dtype=str)]:
        np.testing.assert_allclose(model.predict_proba(given), wanted, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("encoding", "row", "message"),
    [
        ({}, {"x": None, "kind": "a"}, "(train with missing='indicator' to allow missing values)"),
        ({}, {"x": math.nan, "kind": "a"}, "(train with missing='indicator' to allow missing values)"),
        ({}, {"x": 1, "kind": "b"}, "(train with unseen='ignore' to allow other categories)"),
    ],
)
def test_hints_are_the_words_of_python(encoding: dict[str, Any], row: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError) as error:
        small(**encoding).predict([row])
    assert str(error.value).endswith(message)


def test_frames_that_are_not_of_pandas_are_refused(spark: SparkSession) -> None:
    """Their columns would else be taken in their order, whatever their names."""
    model = small()
    with pytest.raises(ValueError, match=r"this is a DataFrame of Spark: use table\.toPandas\(\)"):
        model.predict(spark.createDataFrame([(1.0, "a")], ["x", "kind"]))
    with pytest.raises(ValueError, match=r"this is a pyarrow\.Table: .* table\.to_pandas\(\) makes one"):
        model.predict(pa.table({"kind": ["a"], "x": [1.0]}))


@pytest.mark.parametrize("path", ["hdfs:///m", "s3a://bucket/m", "file:/tmp/m"])
def test_paths_of_other_file_systems_are_refused(path: str) -> None:
    with pytest.raises(ValueError, match="expected a path of this machine"):
        firesteel.load(path)
    with pytest.raises(ValueError, match="expected a path of this machine"):
        small().save(path)


def test_a_saved_model_is_replaced_where_this_is_said(tmp_path: Path) -> None:
    kept = ROOT / "src" / "test" / "resources" / "format2" / "wine"
    model = firesteel.load(kept)
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "model.json").write_text("old")
    with pytest.raises(ValueError, match=r"exists: expected a path where nothing is \(overwrite=True replaces it\)"):
        model.save(tmp_path / "m")
    model.save(tmp_path / "m", overwrite=True)
    assert (tmp_path / "m" / "model.json").read_bytes() == (kept / "model.json").read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["m"]
    (tmp_path / "other").write_text("no model")
    with pytest.raises(ValueError, match="other is not a model directory"):
        model.save(tmp_path / "other", overwrite=True)


def test_an_array_of_another_width_and_a_frame_without_a_column() -> None:
    """Both are refused, with what was expected."""
    with pytest.raises(ValueError, match="expected two dimensions and 2 columns, x, kind"):
        small().predict(np.zeros((3, 3)))
    with pytest.raises(ValueError, match="features kind are missing: found x, z"):
        small().predict(pd.DataFrame({"x": [1], "z": [2]}))


def test_a_model_of_format_2_is_read_and_altered_ones_are_refused(tmp_path: Path) -> None:
    """The model that the Java tests keep is read; one changed byte is noticed."""
    kept = ROOT / "src" / "test" / "resources" / "format2" / "wine"
    assert repr(firesteel.model.load(kept)).startswith("Model(regression of quality: network 13-64-1, elu")
    text = (kept / "model.json").read_bytes()
    weights = (kept / "weights.safetensors").read_bytes()
    (tmp_path / "model.json").write_bytes(text)
    (tmp_path / "weights.safetensors").write_bytes(weights[:-1] + b"\0")
    with pytest.raises(ValueError, match="weights.safetensors is truncated or altered"):
        firesteel.model.load(tmp_path)
    (tmp_path / "model.json").write_bytes(text.replace(b"elu", b"relu"))
    with pytest.raises(ValueError, match="model.json is altered"):
        firesteel.model.load(tmp_path)
    (tmp_path / "model.json").write_text(json.dumps({"formatVersion": 10}))
    with pytest.raises(ValueError, match="version 10 is newer than 9"):
        firesteel.model.load(tmp_path)
    with pytest.raises(ValueError, match="is not a model directory"):
        firesteel.model.load(tmp_path / "absent")


def test_a_description_that_lacks_a_part_is_refused(tmp_path: Path) -> None:
    """The line says which."""
    weights = b"\2\0\0\0\0\0\0\0{}"
    (tmp_path / "weights.safetensors").write_bytes(weights)
    sha256 = hashlib.sha256(weights).hexdigest()
    body = json.dumps({"formatVersion": 3, "weightsSha256": sha256, "descriptionSha256": ""})
    own = hashlib.sha256(body.encode()).hexdigest()
    (tmp_path / "model.json").write_text(body.replace('256": ""', f'256": "{own}"'))
    with pytest.raises(ValueError, match="does not describe a model: no inputs"):
        firesteel.model.load(tmp_path)
