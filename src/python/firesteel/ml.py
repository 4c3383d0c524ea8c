"""Firesteel's estimators for `pyspark.ml`: for pipelines, cross-validation, one-versus-rest and Spark Connect.

Their Params are those of the Java classes; the build writes them into `firesteel._params`.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, ClassVar

from py4j.java_collections import JavaArray
from pyspark.errors import PySparkException
from pyspark.ml.classification import _JavaProbabilisticClassificationModel, _JavaProbabilisticClassifier
from pyspark.ml.linalg import Vector
from pyspark.ml.regression import _JavaRegressionModel, _JavaRegressor
from pyspark.ml.util import HasTrainingSummary, JavaMLReadable, JavaMLReader, JavaMLWritable
from pyspark.ml.wrapper import JavaWrapper
from pyspark.sql import DataFrame

from firesteel import spark
from firesteel._course import Course, card
from firesteel._follow import end_all_on_interrupt, follow
from firesteel._jvm import export_onnx, local, metrics
from firesteel._params import ClassifierParams, ClassifierSetters, RegressorParams, RegressorSetters
from firesteel.errors import FiresteelError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from firesteel.model import Model

__all__ = [
    "FiresteelClassificationModel",
    "FiresteelClassifier",
    "FiresteelRegressionModel",
    "FiresteelRegressor",
    "FitSummary",
]

_JAVA_PACKAGE = "io.firesteel.ml"


def _expect_classic(what: str) -> None:
    """Fails over Spark Connect, whose server lets its clients call only methods that Spark's own models have."""
    if spark.over_connect():
        raise FiresteelError(
            f"{what} needs a classic session: over Spark Connect, save the model, and firesteel.load(path) has it "
            "where the path is read"
        )


class FitSummary(JavaWrapper):
    """The training history of a model. The elements of its lists belong together: each is of the same step.

    Where the model was trained again on all rows, they are of the first training, with rows held out. Over Spark
    Connect it has `objectiveHistory` and `totalIterations`.
    """

    _model: Any = None  # over Spark Connect the model of the summary, at whose end the server forgets both

    @property
    def steps(self) -> list[int]:
        """After how many steps the histories were measured: every step or, with batches, every epoch."""
        return list(self._asked("steps"))

    def _asked(self, name: str) -> Any:
        _expect_classic(name)
        return self._call_java(name)

    @property
    def objectiveHistory(self) -> list[float]:
        """The mean training loss with its penalties."""
        return list(self._call_java("objectiveHistory"))

    @property
    def validationHistory(self) -> list[float]:
        """The mean loss of the validation rows; NaN where it was not measured."""
        return list(self._asked("validationHistory"))

    @property
    def metricHistory(self) -> list[float]:
        """The metric of the validation rows; NaN where it was not measured, or is the loss."""
        return list(self._asked("metricHistory"))

    @property
    def metric(self) -> str:
        """The name of the metric by which the best step was chosen; empty where no rows were held out."""
        return str(self._asked("metric"))

    @property
    def totalIterations(self) -> int:
        """The number of steps that were taken."""
        return int(self._call_java("totalIterations"))

    @property
    def bestStep(self) -> int:
        """The number of steps after which the weights were kept, or of which a second training takes its length."""
        return int(self._asked("bestStep"))

    @property
    def refitSteps(self) -> int:
        """The number of steps of the second training, on all rows; 0 where there was none."""
        return int(self._asked("refitSteps"))

    def _course(self) -> Course:
        return Course(
            self.steps, self.objectiveHistory, self.validationHistory, self.metricHistory, self.metric, self.bestStep
        )

    def plot_history(self, ax: Axes | None = None) -> Axes:
        """Draws the losses by epoch or step, with the kept weights marked, and returns the axes; needs matplotlib."""
        return self._course().plot(ax)

    def _repr_html_(self) -> str:
        """Returns what a notebook shows: the numbers and the losses."""
        if spark.over_connect():
            return card("Firesteel: training history", [("steps", f"{self.totalIterations:,}")], "")
        rows = [("steps", f"{self.totalIterations:,}, and the weights after {self.bestStep:,} were kept")]
        if self.metric:
            rows.append(("metric", self.metric))
        if self.refitSteps:
            rows.append(("refit", f"{self.refitSteps:,} steps on all rows"))
        return card("Firesteel: training history", rows, self._course().html())

    def __repr__(self) -> str:
        history = self.objectiveHistory
        last = history[-1] if history else float("nan")
        best = "" if spark.over_connect() else f", the best after {self.bestStep}"
        return f"FitSummary: {self.totalIterations} steps{best}, last loss {last:.6g}"


class _Readable:
    """Reads what either Python or the JVM has saved."""

    @classmethod
    def read(cls) -> JavaMLReader[Any]:
        """Returns a reader, for which a session has to run."""
        if spark.over_connect():
            from pyspark.ml.connect.readwrite import RemoteMLReader

            return RemoteMLReader(cls)  # type: ignore[return-value, arg-type]
        spark.active()
        return JavaMLReader(cls)  # type: ignore[arg-type]


class _Fitting(_Readable):
    """The making and fitting of an estimator of the JVM."""

    _java_class: ClassVar[str]
    _presets: ClassVar[dict[str, dict[str, Any]]]

    def _make(self: Any) -> None:
        if not spark.over_connect():
            spark.active()
            end_all_on_interrupt()
        self._java_obj = self._new_java_obj(self._java_class, self.uid)

    def _set_defaults(self: Any, preset: str) -> None:
        """Declares a preset's defaults; the JVM refuses a preset that does not exist."""
        defaults = self._presets.get(preset, {})
        ours = {name: value for name, value in defaults.items() if self.hasParam(name)}
        self._setDefault(preset="default", **ours)

    def _transfer_params_from_java(self: Any) -> None:
        """Takes over the Params of an estimator that the JVM has read, and the defaults of its preset."""
        super()._transfer_params_from_java()  # type: ignore[misc]
        self._set_defaults(self.getPreset())

    def _fit(self, dataset: DataFrame) -> Any:
        try:
            return super()._fit(dataset)  # type: ignore[misc]
        except PySparkException as error:
            if "Unsupported ML operator" not in str(error):
                raise
        jars = "$(python -c 'import firesteel; print(\",\".join(firesteel.jars()))')"
        raise FiresteelError(
            f'this server of Spark Connect lacks Firesteel\'s jar: start it by start-connect-server.sh --jars "{jars}"'
        )

    def _fit_java(self: Any, dataset: DataFrame) -> Any:
        self._transfer_params_to_java()
        session = spark.attach(dataset.sparkSession)
        result, said = follow(session, lambda control: self._java_obj.fit(dataset._jdf, control), None)
        for warning in said:
            warnings.warn(warning, stacklevel=6)
        return result


class _Fitted(_Readable, HasTrainingSummary[FitSummary]):
    """What the models have in common."""

    def _transfer_params_from_java(self: Any) -> None:
        """Takes over the Params of a model that the JVM has read, with lists for the arrays among the defaults."""
        super()._transfer_params_from_java()  # type: ignore[misc]
        for param, value in self._defaultParamMap.items():
            if isinstance(value, JavaArray):
                self._defaultParamMap[param] = list(value)

    @property
    def _summaryCls(self) -> type:
        return FitSummary

    @property
    def hasSummary(self: Any) -> bool:
        """Whether the model has a summary of its training: always."""
        return True

    @property
    def summary(self: Any) -> FitSummary:
        """The training history; a loaded model has it, too."""
        if not spark.over_connect():
            return FitSummary(self._call_java("summary"))
        reference = getattr(self._java_obj, "ref_id", self._java_obj)  # in Spark 4.0 it is the text itself
        summary = FitSummary(f"{reference}.summary")
        summary._model = self
        return summary

    def toLocal(self: Any) -> Model:
        """Returns the model for numpy arrays and pandas frames, which needs neither Spark nor Java."""
        _expect_classic("toLocal")
        return local(spark.active(), self._java_obj.trainedModel())

    def evaluate(self: Any, dataset: DataFrame) -> dict[str, Any]:
        """Returns the metrics on labelled rows, with the keys of the command `evaluate --json`.

        Rows count by their weights where `weightCol` is set.
        """
        _expect_classic("evaluate")
        self._transfer_params_to_java()
        return metrics(spark.active(), self._java_obj.trainedModel(), self._java_obj.evaluate(dataset._jdf))

    def setContributionsCol(self: Any, value: str) -> Any:
        """Sets the column of contributions that `transform` adds; empty for none."""
        return self._set(contributionsCol=value)

    def importance(self: Any, dataset: DataFrame, metric: str = "loss", repeats: int = 5, seed: int = 1) -> DataFrame:
        """Returns how much each feature counts on labelled rows: columns `feature`, `importance` and `deviation`.

        The importance is by how much the metric is worse when the feature's values are permuted among rows, the mean of
        so many permutations; the greatest comes first.
        """
        _expect_classic("importance")
        self._transfer_params_to_java()
        found = self._java_obj.importance(dataset._jdf, metric, repeats, seed)
        return DataFrame(found, dataset.sparkSession)

    def exportOnnx(self: Any, path: str) -> None:
        """Writes the model as an ONNX file on this machine."""
        _expect_classic("exportOnnx")
        export_onnx(spark.active(), self._java_obj.trainedModel(), path)


class FiresteelClassifier(
    ClassifierSetters,
    _Fitting,
    _JavaProbabilisticClassifier["FiresteelClassificationModel"],
    JavaMLWritable,
    JavaMLReadable["FiresteelClassifier"],
):
    """A neural network that classifies: features are columns of any kind, or one of vectors, labels 0, 1, 2, ...

    With `labelCols` there are several labels of 0 and 1 instead.

    Examples
    --------
    >>> classifier = FiresteelClassifier(inputCols=["age", "city", "hours"])  # doctest: +SKIP
    >>> model = classifier.fit(train)  # doctest: +SKIP
    >>> model.transform(test).select("probability", "prediction").show()  # doctest: +SKIP
    """

    __module__ = _JAVA_PACKAGE
    _java_class = f"{_JAVA_PACKAGE}.FiresteelClassifier"

    def _create_model(self, java_model: Any) -> FiresteelClassificationModel:
        return FiresteelClassificationModel(java_model)


class FiresteelClassificationModel(
    _Fitted,
    _JavaProbabilisticClassificationModel[Vector],
    ClassifierParams,
    JavaMLWritable,
    JavaMLReadable["FiresteelClassificationModel"],
):
    """The model that a `FiresteelClassifier` fits."""

    __module__ = _JAVA_PACKAGE


class FiresteelRegressor(
    RegressorSetters,
    _Fitting,
    _JavaRegressor["FiresteelRegressionModel"],
    JavaMLWritable,
    JavaMLReadable["FiresteelRegressor"],
):
    """A neural network that predicts a number or several: features are columns of any kind, or one of vectors."""

    __module__ = _JAVA_PACKAGE
    _java_class = f"{_JAVA_PACKAGE}.FiresteelRegressor"

    def _create_model(self, java_model: Any) -> FiresteelRegressionModel:
        return FiresteelRegressionModel(java_model)


class FiresteelRegressionModel(
    _Fitted,
    _JavaRegressionModel[Vector],
    RegressorParams,
    JavaMLWritable,
    JavaMLReadable["FiresteelRegressionModel"],
):
    """The model that a `FiresteelRegressor` fits."""

    __module__ = _JAVA_PACKAGE
