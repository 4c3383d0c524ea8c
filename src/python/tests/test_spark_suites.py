"""What PySpark's own suites ask of its multilayer perceptron, and of any estimator, asked of Firesteel's.

The cases are those of `pyspark.ml.tests` (classification, algorithms, persistence, param, wrapper, base, tuning) and of
the example in `MultilayerPerceptronClassifier`'s documentation; numpy computes the numbers that are expected.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pyspark.errors import PySparkException
from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.classification import OneVsRest, OneVsRestModel
from pyspark.ml.evaluation import MulticlassClassificationEvaluator
from pyspark.ml.feature import StandardScaler
from pyspark.ml.linalg import DenseVector, SparseVector, Vectors
from pyspark.ml.param import Param, Params, TypeConverters
from pyspark.ml.tuning import CrossValidator, ParamGridBuilder
from pyspark.ml.util import DefaultParamsReader, DefaultParamsWriter
from pyspark.sql import DataFrame, SparkSession

from firesteel import FiresteelClassificationModel, FiresteelClassifier, FiresteelRegressor
from firesteel.ml import FitSummary

ESTIMATORS = [FiresteelClassifier, FiresteelRegressor]
COLUMNS = ["label", "weight", "features", "rawPrediction", "probability", "prediction"]


@pytest.fixture(scope="module")
def four(spark: SparkSession) -> DataFrame:
    rows = [(1.0, 1.0, [0.0, 5.0]), (0.0, 2.0, [1.0, 2.0]), (1.0, 3.0, [2.0, 1.0]), (0.0, 4.0, [3.0, 3.0])]
    vectors = [(label, weight, Vectors.dense(features)) for label, weight, features in rows]
    return spark.createDataFrame(vectors, ["label", "weight", "features"]).cache()


@pytest.fixture(scope="module")
def xor(spark: SparkSession) -> DataFrame:
    rows = [(float(a != b), Vectors.dense([float(a), float(b)])) for a in (0, 1) for b in (0, 1)]
    return spark.createDataFrame(rows, ["label", "features"]).cache()


@pytest.fixture(scope="module")
def three(spark: SparkSession) -> DataFrame:
    """Three classes, one of them at a sparse vector of zeros."""
    points = [Vectors.dense([1.0, 0.8]), Vectors.sparse(2, [], []), Vectors.dense([0.5, 0.5])]
    rows = [(float(label), 0.5 + label / 2, point) for label, point in enumerate(points)] * 10
    return spark.createDataFrame(rows, ["label", "weight", "features"]).cache()


def for_xor(**given: Any) -> FiresteelClassifier:
    return FiresteelClassifier(preset="notes", hidden=[4], optimizer="lbfgs", seed=123, iterations=100, **given)


def quick(**given: Any) -> FiresteelClassifier:
    return FiresteelClassifier(**{"preset": "notes", "hidden": [], "iterations": 5, **given})


def theta(model: Any) -> list[float]:
    return list(model._java_obj.trainedModel().theta())


def parts(stage: Any) -> list[Any]:
    if isinstance(stage, Pipeline):
        return list(stage.getStages())
    return list(getattr(stage, "models" if isinstance(stage, OneVsRestModel) else "stages", []))


def expect_equal(one: Any, other: Any) -> None:
    """Expects two stages, and the stages in them, to be of one type and uid, with the same Params."""
    assert (type(one), one.uid) == (type(other), other.uid)
    assert [param.name for param in one.params] == [param.name for param in other.params]
    for param in one.params:
        theirs = other.getParam(param.name)
        assert theirs.parent == param.parent, param.name
        if type(one).__module__ == "io.firesteel.ml":  # Spark's own OneVsRest sets all that it reads
            assert other.isSet(theirs) == one.isSet(param), param.name
        assert other.isDefined(theirs) == one.isDefined(param), param.name
        if one.isDefined(param):
            mine, read = one.getOrDefault(param), other.getOrDefault(theirs)
            if isinstance(mine, Params):
                expect_equal(mine, read)
            elif param.name != "stages":
                assert read == mine, param.name
    for mine, read in zip(parts(one), parts(other), strict=True):
        expect_equal(mine, read)


def test_a_step_is_that_of_the_notes(four: DataFrame, tmp_path: Path) -> None:
    """`test_mlp`: one step from zero weights, whose numbers numpy knows."""
    given: dict[str, Any] = {"hidden": [], "init": "zero", "learningRate": 0.5, "standardize": False}
    estimator = FiresteelClassifier(preset="notes", iterations=1, seed=1, weightCol="weight", **given)
    assert (estimator.getHidden(), estimator.getIterations(), estimator.getSeed()) == ([], 1, 1)
    model = estimator.fit(four)
    assert model.uid == estimator.uid
    assert (model.numClasses, model.numFeatures) == (2, 2)

    x, y, weight = (np.array([row[i] for row in four.collect()]) for i in (2, 0, 1))
    delta = (0.5 - y) * weight / weight.sum()  # sigma(0) is 1/2
    w, b = -0.5 * delta @ x, -0.5 * delta.sum()
    assert theta(model) == pytest.approx([*w, b], abs=1e-12)

    vector = Vectors.dense([0.0, 5.0])
    of_one = 1 / (1 + np.exp(-(w @ vector.toArray() + b)))
    assert model.predict(vector) == float(of_one > 0.5)
    assert model.predictProbability(vector).toArray() == pytest.approx([1 - of_one, of_one], abs=1e-12)
    assert model.predictRaw(vector) == model.predictProbability(vector)  # as Spark's trees have it
    output = model.transform(four)
    assert output.columns == COLUMNS and output.count() == 4

    assert model.hasSummary and isinstance(model.summary, FitSummary)
    assert model.summary.totalIterations == 1
    assert model.summary.objectiveHistory[0] == pytest.approx(np.log(2))

    path = str(tmp_path / "one after the other")
    estimator.write().overwrite().save(path)
    assert str(FiresteelClassifier.load(path)) == str(estimator)
    model.write().overwrite().save(path)
    assert str(FiresteelClassificationModel.load(path)) == str(model)


def test_xor(xor: DataFrame, spark: SparkSession, tmp_path: Path) -> None:
    """The example in the documentation of Spark's class."""
    estimator = for_xor()
    assert estimator.setIterations(200) is estimator and estimator.getIterations() == 200
    model = estimator.fit(xor)
    assert model.setFeaturesCol("features") is model
    assert (model.getIterations(), model.getHidden(), len(theta(model))) == (200, [4], 4 * 2 + 4 + 4 + 1)
    test = spark.createDataFrame([(Vectors.dense([1.0, 0.0]),), (Vectors.dense([0.0, 0.0]),)], ["features"])
    assert model.predict(test.head().features) == 1.0
    assert model.predictProbability(test.head().features).toArray() == pytest.approx([0, 1], abs=0.01)
    assert [row.prediction for row in model.transform(test).collect()] == [1.0, 0.0]
    assert model.setPredictionCol("found").transform(test).columns[-1] == "found"

    estimator.save(str(tmp_path / "estimator"))
    read = FiresteelClassifier.load(str(tmp_path / "estimator"))
    assert read.getIterations() == 200
    model.save(str(tmp_path / "model"))
    again = FiresteelClassificationModel.load(str(tmp_path / "model"))
    assert (again.getHidden(), theta(again), again.getOptimizer()) == (model.getHidden(), theta(model), "lbfgs")
    assert again.transform(test).collect() == model.transform(test).collect()
    assert theta(read.fit(xor)) == theta(model)
    assert theta(read.setSeed(7).fit(xor)) != theta(model)


def test_the_label_is_the_most_probable(three: DataFrame) -> None:
    """`test_raw_and_probability_prediction`, and thresholds as in Spark's classifiers."""
    model = quick(iterations=100, learningRate=1.0).fit(three)
    row = model.transform(three.filter("label = 0")).head()
    assert isinstance(row.rawPrediction, DenseVector) and isinstance(row.probability, DenseVector)
    assert row.prediction == np.argmax(row.probability) and sum(row.probability) == pytest.approx(1)
    least = int(np.argmin(row.probability))
    thresholds = [1e-6 if label == least else 1.0 for label in range(3)]
    assert model.setThresholds(thresholds).transform(three.filter("label = 0")).head().prediction == least


def test_a_summary_outlives_its_model(four: DataFrame) -> None:
    """`test_java_object_gets_detached`."""
    model = quick().fit(four)
    summary = model.summary
    model.__del__()
    assert summary.totalIterations == 5


def test_several_param_maps_give_their_models_in_order(four: DataFrame) -> None:
    """`testDefaultFitMultiple`."""
    estimator = quick()
    maps: list[dict[Param[Any], Any]] = [{estimator.iterations: steps} for steps in (3, 1, 2)]
    assert [model.getIterations() for model in estimator.fit(four, maps)] == [3, 1, 2]
    found = dict(estimator.fitMultiple(four, maps))
    assert {index: model.summary.totalIterations for index, model in found.items()} == {0: 3, 1: 1, 2: 2}
    assert estimator.getIterations() == 5
    assert estimator.fit(four, {estimator.iterations: 4}).summary.totalIterations == 4


@pytest.mark.parametrize("preset", ["default", "notes"])
@pytest.mark.parametrize("kind", ESTIMATORS)
def test_a_loaded_estimator_is_the_one_that_was_saved(
    spark: SparkSession, kind: Any, preset: str, tmp_path: Path
) -> None:
    estimator = kind(preset=preset, hidden=[3], l2=0.25, seed=2**40, activation=["relu"], labelCol="y")
    estimator.save(str(tmp_path / "by the JVM"))
    expect_equal(estimator, kind.load(str(tmp_path / "by the JVM")))
    # What PySpark itself writes of an estimator, as it does in a pipeline with stages of Python alone.
    DefaultParamsWriter(estimator).save(str(tmp_path / "by Python"))
    read = DefaultParamsReader(kind).load(str(tmp_path / "by Python"))
    expect_equal(estimator, read)
    assert read.extractParamMap() == estimator.extractParamMap()


def test_loading_what_is_not_there_is_an_error_of_spark(spark: SparkSession) -> None:
    for kind in (FiresteelClassifier, FiresteelClassificationModel):
        with pytest.raises(PySparkException, match="does not exist"):
            kind.load("invalid_location")


def test_nested_pipelines_are_saved_and_loaded(four: DataFrame, tmp_path: Path) -> None:
    scale = StandardScaler(inputCol="features", outputCol="scaled")
    pipeline = Pipeline(stages=[scale, Pipeline(stages=[quick(featuresCol="scaled")])])
    model = pipeline.fit(four)
    pipeline.save(str(tmp_path / "pipeline"))
    expect_equal(pipeline, Pipeline.load(str(tmp_path / "pipeline")))
    model.save(str(tmp_path / "model"))
    read = PipelineModel.load(str(tmp_path / "model"))
    expect_equal(model, read)
    assert read.transform(four).collect() == model.transform(four).collect()


def test_one_versus_rest(three: DataFrame, tmp_path: Path) -> None:
    for name, one in {"ovr": OneVsRest(), "ovrw": OneVsRest(weightCol="weight", parallelism=2)}.items():
        one.setClassifier(quick())
        model = one.fit(three)
        one.save(str(tmp_path / name))
        expect_equal(one, OneVsRest.load(str(tmp_path / name)))
        model.save(str(tmp_path / f"{name}Model"))
        read = OneVsRestModel.load(str(tmp_path / f"{name}Model"))
        expect_equal(model, read)
        output = model.transform(three)
        assert output.columns == ["label", "weight", "features", "rawPrediction", "prediction"]
        assert isinstance(output.head().rawPrediction, DenseVector)
        assert read.transform(three).collect() == output.collect()
    copied = one.copy({one.getClassifier().iterations: 10})
    assert (one.getClassifier().getIterations(), copied.getClassifier().getIterations()) == (5, 10)
    alone = one.setParallelism(1).fit(three)
    assert [theta(part) for part in alone.models] == [theta(part) for part in model.models]


def test_cross_validation_with_given_folds(four: DataFrame) -> None:
    """`CrossValidator` with a column of folds, and the models of every fold kept."""
    estimator = quick()
    grid = ParamGridBuilder().addGrid(estimator.iterations, [1, 2]).build()
    folds = four.selectExpr("*", "int(weight) % 2 as fold").union(four.selectExpr("*", "int(weight / 3) as fold"))
    validator = CrossValidator(
        estimator=estimator,
        estimatorParamMaps=grid,
        evaluator=MulticlassClassificationEvaluator(metricName="logLoss"),
        numFolds=2,
        foldCol="fold",
        collectSubModels=True,
    )
    models = validator.fit(folds).subModels
    assert [[model.getIterations() for model in fold] for fold in models] == [[1, 2], [1, 2]]
    second = estimator.fit(folds.filter("fold = 0"), grid[1])
    assert theta(models[1][1]) == theta(second)


class TestParams:
    """`ParamTypeConversionTests` and `ParamTests`."""

    def test_values_are_converted_or_refused(self, spark: SparkSession) -> None:
        whole = FiresteelClassifier(iterations=5.0, l2=1, hidden=np.array([4.0, 3.0]))  # type: ignore[arg-type]
        assert (whole.getIterations(), whole.getL2(), whole.getHidden()) == (5, 1.0, [4, 3])
        assert type(whole.getIterations()) is int and type(whole.getL2()) is float
        for values in (DenseVector([2.0, 1.0]), SparseVector(2, {0: 2.0, 1: 1.0}), range(2, 0, -1), (2.0, 1.0)):
            assert whole.setHidden(values).getHidden() == [2, 1]  # type: ignore[arg-type]
        assert whole.setInputCols(np.array(["a", "b"])).getInputCols() == ["a", "b"]  # type: ignore[arg-type]
        assert whole.setLabelCol(np.str_("y")).getLabelCol() == "y"
        refused: list[dict[str, Any]] = [
            {"iterations": "many"}, {"iterations": 5.1}, {"l2": "none"}, {"hidden": ["a"]}, {"inputCols": ["a", 2]},
            {"featuresCol": 2.3}, {"standardize": 1}, {"standardize": "false"},
        ]  # fmt: skip
        for given in refused:
            with pytest.raises(TypeError, match=f'Invalid param value given for param "{next(iter(given))}"'):
                FiresteelClassifier(**given)

    @pytest.mark.parametrize("kind", ESTIMATORS)
    def test_params_belong_to_their_estimator(self, spark: SparkSession, kind: Any) -> None:
        estimator = kind()
        assert all(estimator.hasParam(param.name) and param.parent == estimator.uid for param in estimator.params)
        assert not estimator.hasParam("notAParameter")
        assert estimator._resolveParam("seed") == estimator._resolveParam(estimator.seed) == estimator.seed
        with pytest.raises(AttributeError):
            estimator._resolveParam("아")
        assert estimator.hasDefault("labelCol") and not estimator.isSet("labelCol")
        assert not estimator.isDefined("weightCol")
        with pytest.raises(KeyError):
            estimator.getWeightCol()
        stranger = Param(Params._dummy(), "stranger", "Of no estimator.", TypeConverters.toString)
        with pytest.raises(ValueError, match="stranger"):
            estimator.set(stranger, "value")
        explained = estimator.setL2(0.5).explainParams().splitlines()
        assert len(explained) == len(estimator.params)
        (of_l2,) = (line for line in explained if line.startswith("l2: "))
        assert of_l2.endswith("(default: 0.0, current: 0.5)")
        assert kind().getSeed() == kind().getSeed() == 1

    def test_a_copy_has_what_is_set_and_what_is_given(self, spark: SparkSession) -> None:
        estimator = FiresteelClassifier(seed=42, hidden=[3])
        copied = estimator.copy({estimator.labelCol: "copied"})
        assert (copied.uid, copied.params) == (estimator.uid, estimator.params)
        assert (copied.getLabelCol(), copied.getSeed(), copied.getHidden()) == ("copied", 42, [3])
        assert not estimator.isSet("labelCol") and estimator._defaultParamMap == copied._defaultParamMap
        assert copied._java_obj.getLabelCol() == "copied"
        for wrong in ({"unknown": None}, ["no dictionary"]):
            with pytest.raises(TypeError):
                estimator.copy(wrong)  # type: ignore[arg-type]
        copied.clear(copied.labelCol)
        assert copied.getLabelCol() == "label" and not copied.isSet("labelCol")

    def test_what_is_not_set_stays_so(self, four: DataFrame) -> None:
        model = quick().fit(four)
        model.transform(four)
        model._transfer_params_from_java()
        assert not model.isSet("predictionCol") and model.isSet("iterations")
        model.setPredictionCol("found").clear(model.predictionCol)
        assert model.transform(four).columns == COLUMNS
