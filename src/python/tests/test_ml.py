"""The estimators in Python: their Params, what they fit, save and refuse, among PySpark's own."""

from __future__ import annotations

import math
import random
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pyspark.errors import IllegalArgumentException
from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.classification import OneVsRest, OneVsRestModel
from pyspark.ml.evaluation import MulticlassClassificationEvaluator, RegressionEvaluator
from pyspark.ml.feature import StringIndexer, VectorAssembler
from pyspark.ml.linalg import Vectors
from pyspark.ml.tuning import CrossValidator, CrossValidatorModel, ParamGridBuilder, TrainValidationSplit
from pyspark.sql import DataFrame, SparkSession

import firesteel
from firesteel import FiresteelClassificationModel, FiresteelClassifier, FiresteelError, FiresteelRegressor

ESTIMATORS = [FiresteelClassifier, FiresteelRegressor]


@pytest.fixture(scope="module")
def points(spark: SparkSession) -> DataFrame:
    """Three classes of points around three centres."""
    noise = random.Random(5)
    rows = [
        (float(i % 3), Vectors.dense([(i % 3) ** 2 + noise.gauss(0, 1), 3 - i % 3 + noise.gauss(0, 1)]), 1.0 + i % 2)
        for i in range(300)
    ]
    return spark.createDataFrame(rows, ["label", "features", "weight"]).cache()


def classifier(**given: Any) -> FiresteelClassifier:
    return FiresteelClassifier(preset="notes", hidden=8, learningRate=0.5, iterations=60, **given)


def theta(model: Any) -> list[float]:
    return list(model._java_obj.trainedModel().theta())


@pytest.mark.parametrize("estimator", ESTIMATORS)
@pytest.mark.parametrize("preset", ["default", "fast", "notes"])
def test_params_are_those_of_java(spark: SparkSession, estimator: type, preset: str) -> None:
    ours = estimator(preset=preset)
    java = ours._java_obj.copy(ours._empty_java_param_map()).setPreset(preset)
    assert {param.name for param in ours.params} == {param.name() for param in java.params()}
    for param in ours.params:
        theirs = java.getParam(param.name)
        if param.name in ours._presets["default"]:
            assert param.doc == theirs.doc()
        default = java.getDefault(theirs)
        assert ours.hasDefault(param) == default.isDefined(), param.name
        if default.isDefined():
            value = default.get()
            expected = list(value) if hasattr(value, "__len__") and not isinstance(value, str) else value
            found = ours.getOrDefault(param) if param.name != "preset" else "default"
            assert found == expected, param.name


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_every_param_can_be_set_and_read_back_here_and_in_java(spark: SparkSession, estimator: type) -> None:
    texts = {
        "preset": "fast", "activation": ["tanh", "relu"], "init": "normal", "optimizer": "adam", "schedule": "cosine",
        "precision": "double", "engine": "job", "sparse": "false", "missing": "error", "metric": "loss",
        "classWeight": "balanced", "loss": "huber", "weightCol": "w", "validationIndicatorCol": "v",
        "inputCols": ["a", "b, c"], "categorical": ["auto", "b, c"], "unseen": "error", "dates": "expand",
        "quantilesCol": "q", "labelCols": ["y", "z"], "contributionsCol": "why",
    }  # fmt: skip
    values = {"hidden": [7, 5], "dropout": [0.25, 0.5], "quantiles": [0.25, 0.75], "seed": 2**40}
    given: dict[str, Any] = {}
    for param in estimator().params:
        name = param.name
        if (
            name in estimator._presets["default"]
            or name in texts
            or hasattr(estimator, f"set{name[0].upper()}{name[1:]}")
        ):
            kind = getattr(estimator, f"get{name[0].upper()}{name[1:]}").__annotations__.get("return")
            typical = {"float": 0.375, "int": 3, "bool": True}.get(kind)
            value = values.get(name, texts.get(name, typical))
            if value is not None:
                given[name] = value
    assert len(given) > 35
    ours = estimator()
    for name, value in given.items():
        assert getattr(ours, f"set{name[0].upper()}{name[1:]}")(value) is ours
    for made in (ours, estimator(**given)):
        made._transfer_params_to_java()
        for name, value in given.items():
            assert getattr(made, f"get{name[0].upper()}{name[1:]}")() == value
            java = made._java_obj.getOrDefault(made._java_obj.getParam(name))
            assert (list(java) if isinstance(value, list) else java) == value, name


def test_fit_transform_and_evaluate(points: DataFrame) -> None:
    model = classifier().fit(points)
    assert (model.numClasses, model.numFeatures, model.getHidden()) == (3, 2, [8])
    accuracy = MulticlassClassificationEvaluator(metricName="accuracy").evaluate(model.transform(points))
    assert accuracy > 0.75
    first = points.first()
    row = model.transform(points).first()
    assert row.prediction == model.predict(first.features)
    assert list(row.probability) == list(model.predictProbability(first.features))
    assert "network 2-8-3" in repr(model)


def test_evaluate_measures_what_the_evaluators_of_spark_do(points: DataFrame) -> None:
    model = classifier(weightCol="weight").fit(points)
    measured = model.evaluate(points)
    assert list(measured) == [
        "task", "rows", "accuracy", "logLoss", "balancedAccuracy", "calibrationError", "confusion", "perClass",
        "calibration", "classes",
    ]  # fmt: skip
    scored = model.transform(points)
    for name in ("accuracy", "logLoss"):
        evaluator = MulticlassClassificationEvaluator(metricName=name, weightCol="weight")
        assert measured[name] == pytest.approx(evaluator.evaluate(scored), abs=1e-12)
    assert (measured["rows"], measured["classes"]) == (300, ["0", "1", "2"])
    with pytest.raises(IllegalArgumentException, match="^labelCol=label: expected a column of the DataFrame:"):
        model.evaluate(points.drop("label"))


def test_several_targets_and_labels(spark: SparkSession, tmp_path: Path) -> None:
    table = spark.range(140).selectExpr("id % 10 as a", "double(id % 7) as b")
    frame = table.selectExpr("*", "2 * a - b as up", "100 - a as down", "a > 4 as large", "int(b > 3) as wide").cache()
    given: dict[str, Any] = {"preset": "notes", "inputCols": ["a", "b"], "optimizer": "lbfgs", "iterations": 30}
    numbers = FiresteelRegressor(labelCols=["up", "down"], hidden=[], **given).fit(frame)
    rows = numbers.transform(frame).toPandas()
    found = [vector.toArray().tolist() for vector in rows["prediction"]]
    assert found == [pytest.approx(each, abs=1e-3) for each in rows[["up", "down"]].to_numpy().tolist()]
    assert numbers.evaluate(frame)["rmse"] < 1e-3
    assert numbers.toLocal().predict(rows).tolist() == [pytest.approx(each, abs=1e-12) for each in found]
    numbers.save(str(tmp_path / "numbers"))
    assert type(numbers).load(str(tmp_path / "numbers")).getLabelCols() == ["up", "down"]

    labels = FiresteelClassifier(labelCols=["large", "wide"], hidden=[4], **given).fit(frame)
    rows = labels.transform(frame).toPandas()
    wrong = 0.0
    for _, row in rows.iterrows():
        assert [p > 0.5 for p in row["probability"]] == [value == 1 for value in row["prediction"]]
        wrong += (row["prediction"][0] != row["large"]) / 2 + (row["prediction"][1] != row["wide"]) / 2
    assert labels.evaluate(frame)["hammingLoss"] == pytest.approx(wrong / 140, abs=1e-12)


def test_contributions_add_up(points: DataFrame) -> None:
    model = FiresteelClassifier(preset="notes", hidden=4, iterations=5).fit(points.filter("label < 2"))
    assert "why" not in model.transform(points).columns
    for row in model.setContributionsCol("why").transform(points).take(20):
        assert len(row.why) == 3
        assert sum(row.why) == pytest.approx(math.log(row.probability[1] / row.probability[0]), abs=1e-6)


def test_regressor(spark: SparkSession) -> None:
    rows = [(float(3 * x - 1), Vectors.dense([x])) for x in range(100)]
    frame = spark.createDataFrame(rows, ["label", "features"])
    model = FiresteelRegressor(hidden=[], preset="notes", optimizer="lbfgs", iterations=20).fit(frame)
    assert RegressionEvaluator(metricName="rmse").evaluate(model.transform(frame)) < 1e-4
    assert model.predict(Vectors.dense([10.0])) == pytest.approx(29, abs=1e-3)


def test_quantiles(spark: SparkSession) -> None:
    rows = [(float(x % 10), Vectors.dense([x / 100])) for x in range(100)]
    frame = spark.createDataFrame(rows, ["label", "features"])
    given: dict[str, Any] = {"preset": "notes", "loss": "quantile", "quantiles": [0.2, 0.5, 0.8]}
    model = FiresteelRegressor(hidden=[], optimizer="adam", learningRate=0.05, iterations=200, **given).fit(frame)
    row = model.transform(frame).first()
    assert row.prediction == row.quantiles[1] and list(row.quantiles) == sorted(row.quantiles)
    assert model.getQuantiles() == [0.2, 0.5, 0.8]
    local = model.toLocal().predict_quantiles([[0.0]])
    assert local[0].tolist() == pytest.approx(row.quantiles.toArray().tolist(), abs=1e-12)


def test_summary(points: DataFrame) -> None:
    model = classifier(validationFraction=0.2, validateEvery=5, metric="accuracy").fit(points)
    summary = model.summary
    assert model.hasSummary
    assert summary.steps == list(range(61)) and summary.totalIterations == 60
    assert all(math.isnan(loss) == (step % 5 > 0) for step, loss in enumerate(summary.validationHistory))
    assert summary.objectiveHistory[-1] < summary.objectiveHistory[0]
    best = max(metric for metric in summary.metricHistory if not math.isnan(metric))
    assert summary.metricHistory[summary.bestStep] == best and summary.metric == "accuracy"


def test_weights_do_not_depend_on_partitions(points: DataFrame) -> None:
    assert theta(classifier().fit(points.repartition(5))) == theta(classifier().fit(points))


def test_to_local_scores_as_transform_does(points: DataFrame) -> None:
    model = FiresteelClassifier(epochs=5).fit(points)
    rows = model.transform(points).collect()
    found = model.toLocal().predict_proba([list(row.features) for row in rows])
    for row, probabilities in zip(rows, found, strict=True):
        assert list(row.probability) == pytest.approx(list(probabilities), abs=1e-12)


def test_estimator_and_model_are_saved_and_loaded(points: DataFrame, tmp_path: Path) -> None:
    estimator = classifier(activation=["relu"], seed=2**40)
    estimator.save(str(tmp_path / "estimator"))
    loaded = FiresteelClassifier.load(str(tmp_path / "estimator"))
    assert loaded.getActivation() == ["relu"] and loaded.getSeed() == 2**40 and loaded.uid == estimator.uid
    model = estimator.fit(points)
    model.save(str(tmp_path / "model"))
    read = FiresteelClassificationModel.load(str(tmp_path / "model"))
    assert theta(read) == theta(model) and read.getHidden() == [8]
    assert read.summary.objectiveHistory == model.summary.objectiveHistory
    local = firesteel.load(tmp_path / "model")
    assert local.classes == ["0", "1", "2"]


def pipeline() -> Pipeline:
    stages = [
        StringIndexer(inputCol="income", outputCol="label"),
        StringIndexer(inputCol="city", outputCol="cityIndex"),
        VectorAssembler(inputCols=["age", "cityIndex", "hours per week"], outputCol="features"),
        classifier(),
    ]
    return Pipeline(stages=stages)


def test_pipelines_go_from_python_to_java_and_back(spark: SparkSession, people: pd.DataFrame, tmp_path: Path) -> None:
    frame = spark.createDataFrame(people.dropna())
    pipeline().save(str(tmp_path / "pipeline"))
    model = Pipeline.load(str(tmp_path / "pipeline")).fit(frame)
    model.save(str(tmp_path / "from python"))
    in_java = spark._jvm.org.apache.spark.ml.PipelineModel.load(str(tmp_path / "from python"))
    in_java.write().save(str(tmp_path / "from java"))
    read = PipelineModel.load(str(tmp_path / "from java"))
    assert type(read.stages[-1]) is FiresteelClassificationModel
    assert theta(read.stages[-1]) == theta(model.stages[-1])
    evaluator = MulticlassClassificationEvaluator(metricName="accuracy")
    assert evaluator.evaluate(read.transform(frame)) > 0.8


def test_columns_of_all_kinds(spark: SparkSession, people: pd.DataFrame, tmp_path: Path) -> None:
    table = people.assign(
        label=(people["income"] == ">50K").astype(float),
        since=pd.Timestamp("2020-01-01") + pd.to_timedelta(range(600), unit="D"),
        scores=[[float(i % 3), float(i % 5)] for i in range(600)],
    )
    frame = spark.createDataFrame(table)
    columns = ["age", "city", "hours per week", "since", "scores"]
    estimator = FiresteelClassifier(inputCols=columns, dates="expand", epochs=5)
    model = estimator.fit(frame)
    scored = model.transform(frame)
    assert MulticlassClassificationEvaluator(metricName="accuracy").evaluate(scored) > 0.8
    assert model.numFeatures == 3 + 5 + 2
    local = model.toLocal()
    rows = scored.toPandas()
    elements = {f"scores_{i}": [cell[i] for cell in rows["scores"]] for i in range(2)}
    apart = rows.drop(columns="scores").assign(**elements)
    found = local.predict_proba(rows)
    for other in (apart, rows[columns].to_dict("list"), rows[columns].to_dict("records")):
        assert (local.predict_proba(other) == found).all()
    for probability, expected in zip(rows["probability"], found, strict=True):
        assert list(probability) == pytest.approx(list(expected), abs=1e-12)
    with pytest.raises(FiresteelError, match=r"^row 600, column scores: an array of 3 numbers, expected 2$"):
        local.predict(rows.assign(scores=[*rows["scores"][:-1], [1.0, 2.0, 3.0]]))
    assert theta(Pipeline(stages=[estimator]).fit(frame).stages[0]) == theta(model)
    model.save(str(tmp_path / "model"))
    read = FiresteelClassificationModel.load(str(tmp_path / "model"))
    assert read.getInputCols() == columns and read.getDates() == "expand"
    ranked = read.importance(frame, metric="accuracy", repeats=2).collect()
    assert {row.feature for row in ranked[:2]} == {"age", "city"} and len(ranked) == 10
    assert read.transform(frame).select("prediction").collect() == scored.select("prediction").collect()
    assert "inputCols: Feature columns" in estimator.explainParams()


def test_cross_validation_in_parallel(points: DataFrame, tmp_path: Path) -> None:
    estimator = classifier()
    grid = ParamGridBuilder().addGrid(estimator.iterations, [1, 40]).addGrid(estimator.l2, [0.0, 0.1]).build()
    validator = CrossValidator(
        estimator=estimator,
        estimatorParamMaps=grid,
        evaluator=MulticlassClassificationEvaluator(metricName="logLoss"),
        numFolds=3,
        parallelism=2,
        seed=1,
    )
    fitted = validator.fit(points)
    assert fitted.bestModel.getIterations() == 40 and fitted.bestModel.getL2() == 0.0
    fitted.save(str(tmp_path / "cv"))
    assert theta(CrossValidatorModel.load(str(tmp_path / "cv")).bestModel) == theta(fitted.bestModel)
    split = TrainValidationSplit(
        estimator=estimator, estimatorParamMaps=grid, evaluator=MulticlassClassificationEvaluator(), seed=1
    )
    assert split.fit(points).bestModel.getIterations() == 40


def test_one_versus_rest(points: DataFrame, tmp_path: Path) -> None:
    fitted = OneVsRest(classifier=classifier(), weightCol="weight").fit(points)
    assert len(fitted.models) == 3
    assert fitted.models[0].getWeightCol() == "weight"
    fitted.save(str(tmp_path / "ovr"))
    read = OneVsRestModel.load(str(tmp_path / "ovr"))
    accuracy = MulticlassClassificationEvaluator(metricName="accuracy").evaluate(read.transform(points))
    assert accuracy > 0.75


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"hidden": -3}, "hidden=-3: expected positive numbers of units such as 64,32, or none"),
        ({"optimizer": "sgdd"}, "optimizer=sgdd: expected gd"),
        ({"weightCol": "nope"}, "weightCol=nope: expected a column of the DataFrame: label, features, weight"),
        ({"labelCol": "nope"}, "nope"),
        ({"inputCols": ["weigth"]}, "inputCols=weigth: expected a column of the DataFrame: label, features, weight (d"),
        ({"inputCols": ["features"], "categorical": "features"}, "categorical=features: expected a column of single"),
        ({"inputCols": ["weight"], "featuresCol": "features"}, "featuresCol=features and inputCols: expected only one"),
    ],
)
def test_mistakes_are_one_line(points: DataFrame, given: dict[str, Any], message: str) -> None:
    with pytest.raises(IllegalArgumentException) as caught:
        FiresteelClassifier(**given).fit(points)
    text = str(caught.value)
    assert message in text and "\n" not in text


def test_text_for_a_number_is_refused_here() -> None:
    with pytest.raises(TypeError, match="learningRate"):
        FiresteelClassifier(learningRate="fast")


def test_diverging_is_one_line(points: DataFrame) -> None:
    with pytest.raises(IllegalArgumentException, match="^training diverged: .*learningRate") as caught:
        FiresteelRegressor(preset="notes", learningRate=1e6, activation="relu", iterations=300).fit(points)
    assert "\n" not in str(caught.value)


def test_a_session_with_another_version_is_refused(spark: SparkSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("firesteel.spark.__version__", "9.9")
    with pytest.raises(FiresteelError, match=r"this session has Firesteel .* and Python has firesteel 9\.9: install"):
        firesteel.attach(spark)


def test_a_session_of_another_kind_is_refused() -> None:
    with pytest.raises(FiresteelError, match="this needs a classic session, as firesteel"):
        firesteel.attach(object())  # type: ignore[arg-type]
