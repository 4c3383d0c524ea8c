"""What a client of Spark Connect does with the estimators; `test_connect.py` runs it in a process of its own.

connect_client.py URL FOLDER: prints what it has seen as JSON.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.evaluation import MulticlassClassificationEvaluator
from pyspark.ml.feature import VectorAssembler
from pyspark.ml.tuning import ParamGridBuilder, TrainValidationSplit
from pyspark.sql import SparkSession

import firesteel
from firesteel import FiresteelClassificationModel, FiresteelClassifier, FiresteelRegressor

COLUMNS = ["age", "city", "list"]


def line(call: Callable[[], Any]) -> str:
    """Returns the kind and the words of the error that a call ends with."""
    try:
        call()
    except Exception as error:
        return f"{type(error).__name__}: {error}".split("\n\nJVM stacktrace:")[0]  # which PySpark adds
    return "no error"


def main(url: str, folder: str) -> None:
    spark = SparkSession.builder.remote(url).getOrCreate()
    table = spark.read.parquet(f"{folder}/table")
    evaluator = MulticlassClassificationEvaluator(metricName="accuracy")
    seen: dict[str, Any] = {}

    estimator = FiresteelClassifier(inputCols=COLUMNS, epochs=5, hidden=[8, 4], activation="relu", seed=2**40)
    estimator.setPatience(3).setDropout([0.1, 0.0]).setAnneal(False).setLearningRate(0.01)
    model = estimator.fit(table)
    seen["accuracy"] = evaluator.evaluate(model.transform(table))
    seen["classes"], seen["features"], seen["text"] = model.numClasses, model.numFeatures, repr(model)
    seen["history"], seen["steps"] = model.summary.objectiveHistory, model.summary.totalIterations
    seen["summary"], seen["html"] = repr(model.summary), model.summary._repr_html_()

    estimator.save(f"{folder}/estimator")
    read = FiresteelClassifier.load(f"{folder}/estimator")
    seen["read"] = [read.uid == estimator.uid, read.getInputCols(), read.getHidden(), read.getSeed(), read.getDropout()]
    model.save(f"{folder}/model")
    loaded = FiresteelClassificationModel.load(f"{folder}/model")
    seen["loaded"] = [loaded.summary.objectiveHistory == seen["history"], evaluator.evaluate(loaded.transform(table))]
    model.write().overwrite().save(f"{folder}/model")

    vectors = VectorAssembler(inputCols=["weight", "number"], outputCol="features").transform(table)
    one = FiresteelRegressor(preset="notes", labelCol="number", iterations=20).fit(vectors)
    seen["vectors"] = [one.numFeatures, one.transform(vectors).count(), one.predict(vectors.first().features)]

    targets = ["weight", "number"]
    several = FiresteelRegressor(preset="notes", inputCols=["age", "city"], missing="mean", categorical="city")
    several.setLabelCols(targets).setIterations(5)
    seen["several"] = [len(row.prediction) for row in several.fit(table).transform(table).take(2)]
    one.setContributionsCol("why")
    row = one.transform(vectors).first()
    seen["contributions"] = [row.prediction, sum(row.why)]

    pipeline = Pipeline(stages=[FiresteelClassifier(inputCols=COLUMNS, epochs=2)])
    pipeline.fit(table).save(f"{folder}/pipeline")
    seen["pipeline"] = evaluator.evaluate(PipelineModel.load(f"{folder}/pipeline").transform(table))
    small = FiresteelClassifier(inputCols=COLUMNS, preset="notes", missing="mean", categorical="city")
    grid = ParamGridBuilder().addGrid(small.iterations, [1, 30]).build()
    validator = TrainValidationSplit(estimator=small, estimatorParamMaps=grid, evaluator=evaluator, parallelism=2)
    seen["best"] = validator.fit(table).bestModel.getIterations()

    seen["errors"] = [
        line(lambda: FiresteelClassifier(inputCols=["agee"]).fit(table)),
        line(lambda: FiresteelClassifier(inputCols=["age"], hidden=-3).fit(table)),
        line(model.toLocal),
        line(lambda: model.exportOnnx("x.onnx")),
        line(lambda: model.summary.bestStep),
        line(lambda: model.importance(table)),
        line(lambda: model.evaluate(table)),
        line(lambda: firesteel.train(table, label="label")),
        line(lambda: firesteel.attach(spark)),
    ]
    print(json.dumps(seen))
    spark.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
