"""Models and their training history in MLflow. It brings ninety packages, so that these tests run on demand:

pip install mlflow==3.17.2; src/python/build/test.sh -m mlflow
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pyspark.ml import Pipeline
from pyspark.ml.feature import VectorAssembler
from pyspark.sql import DataFrame, SparkSession

import firesteel
from firesteel import FiresteelError
from firesteel.mlflow import log_history

pytestmark = pytest.mark.mlflow


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """MLflow with a store of files of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
        mlflow = pytest.importorskip("mlflow")
        path = tmp_path_factory.mktemp("mlflow")
        patch.chdir(path)
        mlflow.set_tracking_uri((path / "runs").as_uri())
        mlflow.set_experiment("firesteel")
        yield mlflow


@pytest.fixture(scope="module")
def numbers(spark: SparkSession) -> DataFrame:
    rows = [(float(i % 7), float(i % 5), float(i % 7 > 3)) for i in range(200)]
    return spark.createDataFrame(rows, ["a", "b", "label"]).cache()


def pipeline() -> Pipeline:
    classifier = firesteel.FiresteelClassifier(epochs=3, hidden=[4], batchSize=32, metric="accuracy")
    return Pipeline(stages=[VectorAssembler(inputCols=["a", "b"], outputCol="features"), classifier])


def logged(mlflow: Any, run_id: str, name: str) -> dict[int, float]:
    return {each.step: each.value for each in mlflow.MlflowClient().get_metric_history(run_id, name)}


LOADS = """
import sys
import mlflow.spark, firesteel
mlflow.set_tracking_uri(sys.argv[1])
spark = firesteel.session(master="local[1]", conf={"spark.driver.memory": "1g"})
model = mlflow.spark.load_model(sys.argv[2])
rows = spark.createDataFrame([(float(i), 1.0) for i in range(7)], ["a", "b"])
print([row.prediction for row in model.transform(rows).collect()])
"""


def test_a_pipeline_is_logged_and_loaded_in_another_process(store: Any, numbers: DataFrame) -> None:
    import mlflow.spark

    fitted = pipeline().fit(numbers)
    with store.start_run() as run:
        uri = mlflow.spark.log_model(fitted, "model", pip_requirements=["firesteel"]).model_uri
        log_history(fitted)
    rows = numbers.sparkSession.createDataFrame([(float(i), 1.0) for i in range(7)], ["a", "b"])
    expected = [row.prediction for row in fitted.transform(rows).collect()]
    assert [row.prediction for row in mlflow.spark.load_model(uri).transform(rows).collect()] == expected
    command = [sys.executable, "-c", LOADS, store.get_tracking_uri(), uri]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.stdout.splitlines()[-1:] == [str(expected)], done.stderr
    summary = fitted.stages[-1].summary
    assert logged(store, run.info.run_id, "loss") == dict(enumerate(summary.objectiveHistory))
    assert logged(store, run.info.run_id, "validation_accuracy") == dict(enumerate(summary.metricHistory))


def test_steps_and_epochs_of_a_model(store: Any, spark: SparkSession, people: pd.DataFrame) -> None:
    model = firesteel.train(people, "income", preset="notes", missing="mean", categorical="auto", iterations=1200)
    with store.start_run() as run:
        log_history(model, prefix="people/")
        store.log_params(model.settings)
    losses = logged(store, run.info.run_id, "people/loss")
    assert losses == {entry["step"]: entry["loss"] for entry in model.history} and len(losses) == 1201
    found = store.get_run(run.info.run_id)
    assert found.data.params["iterations"] == "1200" and set(found.data.metrics) == {"people/loss"}
    with pytest.raises(FiresteelError, match="model: expected one that Firesteel has trained; this is a str"):
        log_history("people")


def test_an_estimator_of_scikit_learn(store: Any, spark: SparkSession, tmp_path: Path) -> None:
    from firesteel.sklearn import FiresteelRegressor

    model = FiresteelRegressor(preset="fast", epochs=2).fit([[float(i)] for i in range(400)], list(range(400)))
    with store.start_run() as run:
        log_history(model)
    assert set(logged(store, run.info.run_id, "validation_loss")) == {0, 1, 2}
