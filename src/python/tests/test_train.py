"""Training in one call, from frames and files, and how Ctrl-C ends it."""

from __future__ import annotations

import hashlib
import os
import re
import signal
import subprocess
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyspark.sql import SparkSession

import firesteel
from firesteel import FiresteelError


def test_readme_example_prints_what_the_readme_says(
    spark: SparkSession, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    readme = Path(__file__).parents[3] / "README.md"
    example = re.search("```python\n(.+?)```\n\n```\n(.+?)```", readme.read_text(), re.DOTALL)
    assert example is not None
    monkeypatch.chdir(readme.parent)
    exec(example[1], {})
    printed, expected = capsys.readouterr().out.splitlines(), example[2].splitlines()
    assert len(printed) == 3 and printed[0] == expected[0]

    def numbers(line: str) -> list[float]:
        return [float(number) for number in re.findall(r"\d+\.\d*", line)]

    for line in [1, 2]:  # another processor rounds matrix products in another way
        assert numbers(printed[line]) == pytest.approx(numbers(expected[line]), abs=0.03)


def test_pandas_and_spark_give_the_same_model(spark: SparkSession, people: pd.DataFrame) -> None:
    options: dict[str, Any] = {"epochs": 60, "hidden": [32], "seed": 3}
    of_pandas = firesteel.train(people, "income", **options)
    assert of_pandas.features == ["age", "city", "hours per week"] and of_pandas.classes == ["<=50K", ">50K"]
    frame = spark.createDataFrame(people.astype({"age": "Float64"})).repartition(3)
    of_spark = firesteel.train(frame, "income", **options)
    assert (of_spark.predict_proba(people) == of_pandas.predict_proba(people)).all()
    assert (of_pandas.predict(people) == people["income"]).mean() > 0.75


def test_categories_of_pandas_are_their_values(spark: SparkSession, people: pd.DataFrame) -> None:
    categories = people.astype({"city": "category"}).set_index("age").reset_index()
    expected = firesteel.train(people, "income", iterations=5).predict_proba(people)
    assert (firesteel.train(categories, "income", iterations=5).predict_proba(people) == expected).all()


def test_numbers_that_pandas_has_as_categories_are_categories(spark: SparkSession) -> None:
    """The label is 1 in region 2 alone, which no line through 1, 2, 3 separates; one cell is missing."""
    region = pd.Series([1.0, 2.0, 3.0] * 60)
    region[5] = np.nan
    table = pd.DataFrame({"region": region.astype("Int64").astype("category"), "x": 1.0, "y": [0, 1, 0] * 60})
    table["when"] = pd.Series(pd.to_datetime(["2024-01-01", "2024-01-02"] * 90)).astype("category")
    table["y"] = table["y"].astype("category")
    settings: dict[str, Any] = {"preset": "notes", "missing": "mean", "dates": "expand", "hidden": []}
    model = firesteel.train(table, "y", optimizer="lbfgs", iterations=30, **settings)
    assert model.task == "classification" and model.classes_.tolist() == [0, 1]
    assert model._categories[model._names.index("region")].names == ["1", "2", "3"]
    assert "when.days" in model._names
    assert (model.predict(table) == table["y"])[6:].all()
    assert (model.predict(table.astype({"region": "Int64"})) == table["y"])[6:].all()
    found = firesteel.check(table, "y", **settings)  # which reads the column as categories, too: it tells the label
    assert (found[0]["kind"], found[0]["column"]) == ("leak", "region")


def test_a_check_tells_what_is_in_the_way(spark: SparkSession, people: pd.DataFrame) -> None:
    table = people.assign(number=range(len(people)))
    settings: dict[str, Any] = {"preset": "notes", "categorical": "auto", "missing": "mean", "hidden": [8]}
    found = firesteel.check(table, "income", init="zero", **settings)
    assert [(one["kind"], one["column"]) for one in found] == [("start", None), ("identifier", "number")]
    assert "exclude='number'" in str(found[1]["text"]) and "init='glorot'" in str(found[0]["text"])
    with pytest.raises(FiresteelError, match="nothing"):
        firesteel.check(table, "nothing")


@pytest.mark.parametrize("zone", ["UTC", "America/New_York"])
def test_times_of_pandas_are_as_they_stand(spark: SparkSession, zone: str) -> None:
    """Times without a time zone keep what they show, others count in UTC, whatever the session's time zone is."""
    random = np.random.default_rng(5)
    naive = pd.Series((random.integers(0, 2 * 10**9, 200) * 10**6).astype("datetime64[us]"))
    aware = naive.dt.tz_localize("UTC").dt.tz_convert("Asia/Kolkata")
    day = naive.dt.date
    label = np.where(naive.dt.hour > 11, "late", "early")
    table = pd.DataFrame({"naive": naive, "aware": aware, "day": day, "y": label})
    before = spark.conf.get("spark.sql.session.timeZone")
    spark.conf.set("spark.sql.session.timeZone", zone)
    try:
        model = firesteel.train(table, "y", dates="expand", missing="mean", preset="notes", iterations=1)
    finally:
        spark.conf.set("spark.sql.session.timeZone", before)
    means = dict(zip(model._names, model._replacements, strict=True))
    expected = {}
    for name in ["naive", "aware", "day"]:
        at = pd.to_datetime(day) if name == "day" else naive
        expected[f"{name}.year"] = at.dt.year.mean()
        expected[f"{name}.month"] = at.dt.month.mean()
        expected[f"{name}.weekday"] = (at.dt.weekday + 1).mean()
        if name != "day":
            expected[f"{name}.hour"] = at.dt.hour.mean()
        expected[f"{name}.days"] = ((at - pd.Timestamp(0)) / pd.Timedelta("1D")).mean()
    assert model.features == ["naive", "aware", "day"]
    assert means == pytest.approx(expected, rel=1e-12)
    found = model.predict_proba(table)
    assert found == pytest.approx(model.predict_proba(table.assign(aware=naive)), abs=1e-15)


@pytest.mark.parametrize("kind", [int, str, bool, float])
def test_classes_are_as_the_label_has_them(spark: SparkSession, kind: type) -> None:
    label = np.arange(100) % 2
    table = pd.DataFrame({"x": 10 * label + np.arange(100) % 5, "y": label.astype(kind) if kind is not str else label})
    table["y"] = table["y"].astype(kind)
    model = firesteel.train(table, "y", task="classification", hidden=[4], preset="notes", iterations=50)
    assert (model.predict(table) == table["y"]).mean() == 1
    assert [type(each) for each in model.classes_.tolist()] == [int if kind is float else kind] * 2


def test_classes_in_single_precision_are_equal_to_the_labels(spark: SparkSession) -> None:
    label = np.where(np.arange(100) % 2 == 0, 0.1, 0.7).astype("float32")
    table = pd.DataFrame({"x": label * 10, "y": label})
    model = firesteel.train(table, "y", task="classification", hidden=[4], preset="notes", iterations=50)
    assert model.classes_.dtype == np.float32
    assert (model.predict(table) == label).all()


def test_weights_of_classes_in_a_dictionary(spark: SparkSession) -> None:
    table = pd.DataFrame({"x": 0.0, "y": ["yes, please", "no"] * 20})
    options: dict[str, Any] = {"preset": "notes", "hidden": [], "learning_rate": 1, "standardize": False}
    model = firesteel.train(table, "y", class_weight={"yes, please": 3}, iterations=400, **options)
    assert model.classes == ["no", "yes, please"]
    assert model.predict_proba(table)[0] == pytest.approx([0.25, 0.75], abs=1e-6)


def test_regression_with_weights_and_names_with_commas(spark: SparkSession) -> None:
    x = np.arange(200.0)
    table = pd.DataFrame({"x, really": x, "unused": 0.5, "w": 1 + x % 2, "y": 2 * x + 1})
    model = firesteel.train(table, "y", features=["x, really"], weight="w", task="regression", preset="notes",
                            hidden=[], optimizer="lbfgs", iterations=20)  # fmt: skip
    assert model.features == ["x, really"]
    assert model.predict(table) == pytest.approx(table["y"].to_numpy(), abs=1e-3)


@pytest.mark.parametrize(
    ("label", "options", "message"),
    [
        (
            "incom",
            {},
            "the DataFrame has no label column incom (did you mean income?): its columns are age, city",
        ),
        ("income", {"learnin_rate": 1}, "no setting learnin_rate (did you mean learning_rate?)"),
        ("income", {"lr": 0.01}, "no setting lr (did you mean learning_rate?)"),
        ("income", {"random_state": 1}, "no setting random_state (did you mean seed?)"),
        ("income", {"max_iter": 1}, "no setting max_iter (did you mean iterations or epochs?)"),
        ("income", {"learning_rate": -1}, "learning_rate=-1.0: expected a positive number"),
        ("income", {"missing": "error"}, "age"),
    ],
)
def test_mistakes_are_one_line(
    spark: SparkSession, people: pd.DataFrame, label: str, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(FiresteelError) as caught:
        firesteel.train(people, label, **options)
    text = str(caught.value)
    assert message in text and "\n" not in text and "--" not in text


def test_columns_that_pandas_names_by_numbers(spark: SparkSession) -> None:
    """A frame of an array has the names 0, 1, 2: as labels, weights, and when the model predicts."""
    x = np.arange(60.0)
    table = pd.DataFrame(np.c_[x, 1 + x % 2, 2 * x + 1])
    linear: dict[str, Any] = {"preset": "notes", "hidden": [], "optimizer": "lbfgs", "iterations": 20}
    model = firesteel.train(table, 2, weight=1, task="regression", **linear)
    assert model.features == ["0"]
    assert model.predict(table) == pytest.approx(2 * x + 1, abs=1e-3)
    twice = pd.DataFrame(np.c_[x, x, x], columns=[1, "1", "y"])
    with pytest.raises(FiresteelError, match="the DataFrame has two columns 1: expected a name of its own"):
        firesteel.train(twice, "y")
    with pytest.raises(FiresteelError, match="the DataFrame has two columns 0"):
        model.predict(pd.concat([table, table], axis=1))
    with pytest.raises(FiresteelError, match="weight: expected the name of a column; this is a ndarray"):
        firesteel.train(table, 2, weight=np.ones(60))
    with pytest.raises(FiresteelError, match="column 0: expected a list or an array .* this is a float"):
        model.predict({"0": 1.0})


def test_rare_types_of_pandas(spark: SparkSession) -> None:
    """Columns that Arrow or Spark do not take, or not whole, are as the same numbers and texts in other types."""
    x = np.arange(60.0) % 7
    label = np.where(x > 3, "high", "low")
    texts = pd.Series(["a", "b", None] * 20)
    mixed = pd.Series([1, "a", None] * 20, dtype=object)
    large = pd.Series([2**63 + 2**20, 5, 2**64 - 1] * 20, dtype="uint64")
    plain = {"float64": x, "longdouble": x, "float16": x, "sparse": x, "large": large.astype(float), "arrow": texts,
             "mixed": mixed.map({1: "1", "a": "a"})}  # fmt: skip
    rare = {"float64": x, "longdouble": x.astype("longdouble"), "float16": x.astype("float16"),
            "sparse": pd.arrays.SparseArray(x), "large": large, "arrow": texts.astype("string[pyarrow]"),
            "mixed": mixed}  # fmt: skip
    settings: dict[str, Any] = {"preset": "fast", "epochs": 2}
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)  # such as PySpark's, on several lines, that Arrow cannot do it
        model = firesteel.train(pd.DataFrame(rare).assign(y=label), "y", **settings)
    expected = firesteel.train(pd.DataFrame(plain).assign(y=label), "y", **settings)
    assert model._categories[model._names.index("mixed")].names == ["1", "a"]
    assert (model.predict_proba(pd.DataFrame(rare)) == expected.predict_proba(pd.DataFrame(plain))).all()


def test_types_of_pandas_that_are_refused(spark: SparkSession) -> None:
    x = pd.Series(np.arange(60.0))
    days = pd.to_timedelta(x, unit="D")
    refused = {
        r"timedelta64\[ns\]: expected .*total_seconds": days,
        r"period\[D\]: expected .*to_timestamp": pd.Series(pd.period_range("2024", periods=60, freq="D")),
        "complex128: expected numbers, text": x + 1j,
        "object: expected numbers, text": pd.Series([object()] * 60),
    }
    for message, column in refused.items():
        with pytest.raises(FiresteelError, match=f"the DataFrame, column c is of type {message}"):
            firesteel.train(pd.DataFrame({"x": x, "c": column, "y": x}), "y")
    with pytest.raises(FiresteelError, match="the DataFrame has no rows"):
        firesteel.train(pd.DataFrame({"x": x, "y": x})[:0], "y")
    model = firesteel.train(pd.DataFrame({"x": x, "y": 2 * x}), "y", preset="notes", iterations=1)
    for column in [days, x + 1j]:
        with pytest.raises(FiresteelError, match='row 1, column x: ".*" is not a number'):
            model.predict(pd.DataFrame({"x": column}))


def test_names_that_differ_in_case(spark: SparkSession) -> None:
    x = np.arange(60.0)
    table = pd.DataFrame({"Name": x, "name": x % 5, "y": 2 * x + x % 5})
    linear: dict[str, Any] = {"preset": "notes", "hidden": [], "optimizer": "lbfgs", "iterations": 20}
    model = firesteel.train(table, "y", task="regression", **linear)
    assert model.predict(table) == pytest.approx(table["y"].to_numpy(), abs=1e-3)
    spark.conf.set("spark.sql.caseSensitive", "false")
    try:
        with pytest.raises(FiresteelError, match="two columns Name but for upper and lower case.*caseSensitive"):
            firesteel.train(table, "y")
    finally:
        spark.conf.set("spark.sql.caseSensitive", "true")


def test_a_file_that_is_not_there_and_a_table_that_is_none(spark: SparkSession, tmp_path: Path) -> None:
    with pytest.raises(FiresteelError, match=r"no\.csv: no such file"):
        firesteel.train(tmp_path / "no.csv", "y")
    with pytest.raises(FiresteelError, match="expected a DataFrame"):
        firesteel.train(3, "y")  # type: ignore[arg-type]
    with pytest.raises(FiresteelError, match=r"this is a pyarrow\.Table: .* table\.to_pandas\(\) makes one"):
        firesteel.train(pa.table({"x": [1, 2], "y": [0, 1]}), "y")  # type: ignore[arg-type]


def test_files_are_read_with_a_format_and_options(spark: SparkSession, tmp_path: Path) -> None:
    """What is unusual in a file is a warning, in the words of Python; the advice in it works."""
    path = tmp_path / "table"
    path.write_text("\n".join(f"{i % 7}.5;{(i + 1) % 2}" for i in range(60)) + "\n")
    settings: dict[str, Any] = {"preset": "notes", "iterations": 2, "task": "classification"}
    with pytest.warns(UserWarning, match=r"first row holds numbers.*reader_options=\{'header': 'true'\} reads it"):
        assert firesteel.train(path, "_c1", **settings).rows == 60
    with pytest.warns(UserWarning, match="first row holds numbers"):
        firesteel.check(path, "_c1", **settings)
    model = firesteel.train(path, "1", format="csv", reader_options={"header": True, "sep": ";"}, **settings)
    assert model.rows == 59 and model.features == ["0.5"]
    frame = spark.createDataFrame([(float(i % 7), i % 2) for i in range(40)], ["0.5", "1"])
    others = {"validation_data": path, "reader_options": {"header": True}}
    assert firesteel.train(frame, "1", **others, **settings).rows == 40


def test_a_bar_shows_the_progress(spark: SparkSession, people: pd.DataFrame, capfd: pytest.CaptureFixture[str]) -> None:
    table = people[["hours per week", "income"]]
    model = firesteel.train(table, "income", preset="notes", iterations=5000, progress=True)
    drawn = capfd.readouterr().err
    assert model.history[-1]["step"] == 5000
    assert "step" in drawn and "/5000" in drawn and "loss=" in drawn


def test_what_labels_of_numbers_were_taken_for_is_said(spark: SparkSession) -> None:
    table = pd.DataFrame({"x": np.arange(300.0), "few": np.arange(300) % 3, "many": np.arange(300) / 7})
    settings: dict[str, Any] = {"preset": "notes", "iterations": 1}
    with pytest.warns(UserWarning, match="^task='classification', since label few has 3 distinct numbers; task='regre"):
        firesteel.train(table, "few", **settings)
    with pytest.warns(UserWarning, match="^task='regression', since label many has 300 distinct numbers; task='classi"):
        firesteel.train(table, "many", **settings)
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        firesteel.train(table, "few", task="classification", **settings)
        firesteel.train(table.assign(few=table["few"].map({0: "a", 1: "b", 2: "c"})), "few", **settings)


def test_weights_are_those_of_the_command_line(spark: SparkSession, people: pd.DataFrame, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    people.to_csv(path, index=False)
    command = ["train", "--data", str(path), "--label", "income", "--model", str(tmp_path / "m"), "--epochs", "4"]
    launched = subprocess.run(
        [_java(), *_class_path(), "io.firesteel.cli.Firesteel", *command], capture_output=True, text=True, timeout=120
    )
    assert launched.returncode == 0, launched.stderr
    model = firesteel.train(path, "income", epochs=4)
    weights = (tmp_path / "m" / "weights.safetensors").read_bytes()
    model.save(tmp_path / "from python")
    again = (tmp_path / "from python" / "weights.safetensors").read_bytes()
    assert hashlib.sha256(again).hexdigest() == hashlib.sha256(weights).hexdigest()


def _java() -> str:
    return str(Path(os.environ["JAVA_HOME"]) / "bin" / "java") if "JAVA_HOME" in os.environ else "java"


def _class_path() -> list[str]:
    import pyspark

    spark_jars = Path(pyspark.__file__).parent / "jars"
    opens = ["java.lang", "java.lang.invoke", "java.io", "java.net", "java.nio", "java.util", "java.util.concurrent"]
    opens += ["java.util.concurrent.atomic", "sun.nio.ch", "sun.nio.cs", "sun.util.calendar"]
    return [
        "--add-modules=jdk.incubator.vector",
        *[f"--add-opens=java.base/{name}=ALL-UNNAMED" for name in opens],
        "-Dspark.master=local[1]",
        "-Dspark.ui.enabled=false",
        "-cp",
        os.pathsep.join([*firesteel.jars(), f"{spark_jars}/*"]),
    ]


ENDLESS = """
import sys, threading
import pandas as pd
import firesteel
from pyspark.ml.evaluation import MulticlassClassificationEvaluator
from pyspark.ml.linalg import Vectors
from pyspark.ml.tuning import CrossValidator, ParamGridBuilder

spark = firesteel.session(master="local[2]", conf={"spark.driver.memory": "1g"})
rows = [(float(i % 2), Vectors.dense([i % 7, i % 5])) for i in range(200)]
frame = spark.createDataFrame(rows, ["label", "features"]).cache()
frame.count()
endless = firesteel.FiresteelClassifier(preset="notes", iterations=2**31 - 1, engine=sys.argv[2])

def trains():
    traces = spark._jvm.java.lang.Thread.getAllStackTraces().values()
    return any("io.firesteel.train.Trainer.train(" in frame.toString() for trace in traces for frame in trace)

def tell_when_it_trains():
    import time
    while not trains():
        time.sleep(0.1)
    print("trains", flush=True)

threading.Thread(target=tell_when_it_trains, daemon=True).start()
if sys.argv[1] == "fit":
    model = endless.fit(frame)
    print("steps", model.summary.totalIterations, flush=True)
else:
    grid = ParamGridBuilder().addGrid(endless.l2, [0.0, 0.1]).build()
    validator = CrossValidator(estimator=endless, estimatorParamMaps=grid, numFolds=2, parallelism=2,
                               evaluator=MulticlassClassificationEvaluator())
    try:
        validator.fit(frame)
    except KeyboardInterrupt:
        print("interrupted", flush=True)
import time
end = time.time() + 20
while trains() and time.time() < end:
    time.sleep(0.1)
print("trains on" if trains() else "rests", flush=True)
print("answers", firesteel.FiresteelClassifier(preset="notes", iterations=3).fit(frame).summary.totalIterations)
spark.stop()
"""


@pytest.mark.parametrize("engine", ["local", "job"])
@pytest.mark.parametrize("what", ["fit", "cross-validation"])
def test_ctrl_c_ends_the_training_and_leaves_nothing_running(what: str, engine: str, tmp_path: Path) -> None:
    script = tmp_path / "endless.py"
    script.write_text(ENDLESS)
    process = subprocess.Popen(
        [sys.executable, str(script), what, engine], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "trains\n"
        time.sleep(3)  # to have taken a step or more
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=100)
    finally:
        process.kill()
    lines = out.splitlines()
    if what == "fit":
        assert lines[0].startswith("steps ") and int(lines[0].split()[1]) > 0, err
        assert "Stopping after this step, with the model so far" in err
    else:
        assert lines[0] == "interrupted", err
    assert lines[1:] == ["rests", "answers 3"], out + err
