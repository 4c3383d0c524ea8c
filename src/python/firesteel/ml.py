"""Firesteel's estimators for `pyspark.ml`: for pipelines, cross-validation and one-versus-rest.

Their Params are those of the Java classes; the build writes them into `firesteel._params`.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, ClassVar

from pyspark.ml.classification import _JavaProbabilisticClassificationModel, _JavaProbabilisticClassifier
from pyspark.ml.linalg import Vector
from pyspark.ml.regression import _JavaRegressionModel, _JavaRegressor
from pyspark.ml.util import HasTrainingSummary, JavaMLReadable, JavaMLReader, JavaMLWritable
from pyspark.ml.wrapper import JavaWrapper
from pyspark.sql import DataFrame

from firesteel import spark
from firesteel._course import Course, card
from firesteel._follow import end_all_on_interrupt, follow
from firesteel._jvm import export_onnx, local
from firesteel._params import ClassifierParams, ClassifierSetters, RegressorParams, RegressorSetters

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


class FitSummary(JavaWrapper):
    """The course of a model's training. The elements of its lists belong together: each is of the same step.

    Where the model was trained again on all rows, they are of the first training, with rows held out.
    """

    @property
    def steps(self) -> list[int]:
        """After how many steps the histories were measured: every step or, with batches, every epoch."""
        return list(self._call_java("steps"))

    @property
    def objectiveHistory(self) -> list[float]:
        """The mean training loss with its penalties."""
        return list(self._call_java("objectiveHistory"))

    @property
    def validationHistory(self) -> list[float]:
        """The mean loss of the validation rows; NaN where it was not measured."""
        return list(self._call_java("validationHistory"))

    @property
    def metricHistory(self) -> list[float]:
        """The metric of the validation rows; NaN where it was not measured, or is the loss."""
        return list(self._call_java("metricHistory"))

    @property
    def metric(self) -> str:
        """The name of the metric by which the best step was chosen; empty where no rows were held out."""
        return str(self._call_java("metric"))

    @property
    def totalIterations(self) -> int:
        """The number of steps that were taken."""
        return int(self._call_java("totalIterations"))

    @property
    def bestStep(self) -> int:
        """The number of steps after which the weights were kept, or of which a second training takes its length."""
        return int(self._call_java("bestStep"))

    @property
    def refitSteps(self) -> int:
        """The number of steps of the second training, on all rows; 0 where there was none."""
        return int(self._call_java("refitSteps"))

    def _course(self) -> Course:
        return Course(
            self.steps, self.objectiveHistory, self.validationHistory, self.metricHistory, self.metric, self.bestStep
        )

    def plot_history(self, ax: Axes | None = None) -> Axes:
        """Draws the losses by epoch or step, with the kept weights marked, and returns the axes; needs matplotlib."""
        return self._course().plot(ax)

    def _repr_html_(self) -> str:
        """Returns what a notebook shows: the numbers and the losses."""
        rows = [("steps", f"{self.totalIterations:,}, and the weights after {self.bestStep:,} were kept")]
        if self.metric:
            rows.append(("metric", self.metric))
        if self.refitSteps:
            rows.append(("refit", f"{self.refitSteps:,} steps on all rows"))
        return card("Firesteel: the course of a training", rows, self._course().html())

    def __repr__(self) -> str:
        last = self.objectiveHistory[-1] if self.objectiveHistory else float("nan")
        return f"FitSummary: {self.totalIterations} steps, the best after {self.bestStep}, last loss {last:.6g}"


class _Readable:
    """Reads what either Python or the JVM has saved."""

    @classmethod
    def read(cls) -> JavaMLReader[Any]:
        """Returns a reader, for which a session has to run."""
        spark.active()
        return JavaMLReader(cls)  # type: ignore[arg-type]


class _Fitting(_Readable):
    """The making and fitting of an estimator of the JVM."""

    _java_class: ClassVar[str]
    _presets: ClassVar[dict[str, dict[str, Any]]]

    def _make(self: Any) -> None:
        spark.active()
        end_all_on_interrupt()
        self._java_obj = self._new_java_obj(self._java_class, self.uid)

    def _set_defaults(self: Any, preset: str) -> None:
        """Declares a preset's defaults; the JVM refuses a preset that does not exist."""
        defaults = self._presets.get(preset, {})
        ours = {name: value for name, value in defaults.items() if self.hasParam(name)}
        self._setDefault(preset="default", **ours)

    def _fit_java(self: Any, dataset: DataFrame) -> Any:
        self._transfer_params_to_java()
        session = spark.attach(dataset.sparkSession)
        result, said = follow(session, lambda control: self._java_obj.fit(dataset._jdf, control), None)
        for warning in said:
            warnings.warn(warning, stacklevel=5)
        return result


class _Fitted(_Readable, HasTrainingSummary[FitSummary]):
    """What the models have in common."""

    @property
    def _summaryCls(self) -> type:
        return FitSummary

    def toLocal(self: Any) -> Model:
        """Returns the model for numpy arrays and pandas frames, which needs neither Spark nor Java."""
        return local(spark.active(), self._java_obj.trainedModel())

    def exportOnnx(self: Any, path: str) -> None:
        """Writes the model as an ONNX file on this machine."""
        export_onnx(spark.active(), self._java_obj.trainedModel(), path)


class FiresteelClassifier(
    ClassifierSetters,
    _Fitting,
    _JavaProbabilisticClassifier["FiresteelClassificationModel"],
    JavaMLWritable,
    JavaMLReadable["FiresteelClassifier"],
):
    """A neural network that classifies: features are a column of vectors, labels the numbers 0, 1, 2, ...

    Examples
    --------
    >>> classifier = FiresteelClassifier(labelCol="label", hidden=[64, 32], epochs=20)  # doctest: +SKIP
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
    """A neural network that predicts a number: features are a column of vectors, the label is a column of numbers."""

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
