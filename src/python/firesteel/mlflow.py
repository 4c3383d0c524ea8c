"""Logging to MLflow: the training history, epoch by epoch. `mlflow.spark` logs and loads the models themselves."""

from __future__ import annotations

import math
import time
from typing import Any

from firesteel._course import Course
from firesteel.errors import FiresteelError

__all__ = ["log_history"]

_AT_ONCE = 1000  # metrics, which is the most that MLflow takes


def log_history(model: Any, *, run_id: str | None = None, prefix: str = "") -> None:
    """Logs what was measured after each epoch (without batches, each step): ``loss``, and, where rows were held out,
    ``validation_loss`` and the metric, such as ``validation_accuracy``, with the number of the epoch as MLflow's step.

    Parameters
    ----------
    model : firesteel.Model, a model of pyspark.ml or of scikit-learn, or a PipelineModel that ends with one
        What was trained.
    run_id : str, optional
        The run to log to; without it the active one, or a new one, as of MLflow's own functions.
    prefix : str
        What the metrics' names begin with.

    Examples
    --------
    >>> with mlflow.start_run():  # doctest: +SKIP
    ...     model = firesteel.train(table, label="income")
    ...     firesteel.mlflow.log_history(model)
    ...     mlflow.log_params(model.settings)
    """
    course = _course(model)
    try:
        import mlflow
        from mlflow.entities import Metric
    except ImportError as error:
        raise ImportError("log_history needs MLflow: pip install 'firesteel[mlflow]'") from error
    if run_id is None:
        run_id = (mlflow.active_run() or mlflow.start_run()).info.run_id
    columns = {f"validation_{course.metric}": course.measured, "loss": course.loss, "validation_loss": course.held_out}
    now = int(time.time() * 1000)
    metrics = [
        Metric(prefix + name.replace("-", "_"), value, now, step // course.epoch)
        for name, values in columns.items()
        for step, value in zip(course.steps, values, strict=True)
        if math.isfinite(value)
    ]
    client = mlflow.MlflowClient()
    for start in range(0, len(metrics), _AT_ONCE):
        client.log_batch(run_id, metrics=metrics[start : start + _AT_ONCE])


def _course(model: Any) -> Course:
    """Returns the history of whatever was trained."""
    for name in ("model_", "summary"):  # of an estimator of scikit-learn, a model of pyspark.ml
        model = getattr(model, name) if hasattr(model, name) and not hasattr(model, "_course") else model
    if hasattr(model, "stages"):
        return _course(model.stages[-1])
    if not hasattr(model, "_course"):
        raise FiresteelError(f"model: expected one that Firesteel has trained; this is a {type(model).__name__}")
    course: Course = model._course()
    return course
