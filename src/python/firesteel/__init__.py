"""Firesteel: neural networks for tables, trained on Apache Spark.

`train` makes a model of a table in one call, `load` reads one that the command line, Java or Spark ML has saved,
and `FiresteelClassifier` and `FiresteelRegressor` are estimators for `pyspark.ml`. A model scores with numpy alone;
PySpark is imported when it is needed.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from firesteel._version import __version__
from firesteel.errors import FiresteelError
from firesteel.model import Model, load

if TYPE_CHECKING:
    from firesteel.ml import (
        FiresteelClassificationModel,
        FiresteelClassifier,
        FiresteelRegressionModel,
        FiresteelRegressor,
    )
    from firesteel.spark import attach, jars, session
    from firesteel.training import check, train

__all__ = [
    "FiresteelClassificationModel",
    "FiresteelClassifier",
    "FiresteelError",
    "FiresteelRegressionModel",
    "FiresteelRegressor",
    "Model",
    "__version__",
    "attach",
    "check",
    "jars",
    "load",
    "session",
    "train",
]

_NEEDS_SPARK = {
    "FiresteelClassificationModel": "firesteel.ml",
    "FiresteelClassifier": "firesteel.ml",
    "FiresteelRegressionModel": "firesteel.ml",
    "FiresteelRegressor": "firesteel.ml",
    "attach": "firesteel.spark",
    "check": "firesteel.training",
    "jars": "firesteel.spark",
    "session": "firesteel.spark",
    "train": "firesteel.training",
}


def __getattr__(name: str) -> Any:
    if name not in _NEEDS_SPARK:
        raise AttributeError(f"module 'firesteel' has no attribute {name!r}")
    try:
        return getattr(importlib.import_module(_NEEDS_SPARK[name]), name)
    except ModuleNotFoundError as error:
        if error.name is not None and error.name.split(".")[0] in ("pyspark", "py4j", "pandas", "pyarrow"):
            raise FiresteelError(
                f"firesteel.{name} needs {error.name.split('.')[0]}: pip install 'firesteel[spark]'"
            ) from error
        raise


class _JavaPackage(ModuleType):
    """Stands for the Java package of the estimators, by whose name PySpark looks for their Python classes."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(importlib.import_module("firesteel.ml"), name)


# `io` is a module of Python itself, so that no package of that name can be made.
sys.modules.setdefault("io.firesteel.ml", _JavaPackage("io.firesteel.ml", "Firesteel's estimators"))
