"""Estimators for scikit-learn: for its pipelines, searches and cross-validation, on numpy arrays and pandas frames.

`fit` trains on Spark, in the session that runs or in a new one on all cores of this machine. A fitted estimator
predicts with numpy alone, and so does one that is unpickled elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from firesteel.model import Model, _name

try:
    from sklearn.base import ClassifierMixin, RegressorMixin
    from sklearn.utils import check_array, check_consistent_length
    from sklearn.utils.multiclass import check_classification_targets, type_of_target
    from sklearn.utils.validation import (
        _check_sample_weight,
        assert_all_finite,
        check_is_fitted,
        column_or_1d,
        validate_data,
    )
except ImportError as error:
    raise ImportError("firesteel.sklearn needs scikit-learn 1.6 or newer: pip install 'firesteel[sklearn]'") from error

from firesteel._settings import ClassifierSettings, RegressorSettings

__all__ = ["FiresteelClassifier", "FiresteelRegressor"]

Array = npt.NDArray[Any]


class _Estimator:
    """What the classifier and the regressor have in common."""

    model_: Model

    def __sklearn_tags__(self: Any) -> Any:
        tags = super().__sklearn_tags__()  # type: ignore[misc]
        tags.input_tags.string = True
        tags.input_tags.allow_nan = self._takes_missing()
        return tags

    def _takes_missing(self: Any) -> bool:
        return bool(self.preset != "notes" if self.missing is None else self.missing != "error")

    def _columns(self: Any, X: Any, y: Any = "no_validation", *, reset: bool) -> dict[str, Any]:
        """Checks a table as scikit-learn does, and returns its columns by name: x0, x1, ... where they have none."""
        y = None if y is None else "no_validation"  # which is checked elsewhere, but has to be there
        if hasattr(X, "columns") and hasattr(X, "iloc"):
            validate_data(self, X, y, reset=reset, skip_check_array=True)
            if len(X) == 0:
                raise ValueError(f"Found array with 0 sample(s) (shape={X.shape}) while a minimum of 1 is required.")
            columns = [X.iloc[:, i] for i in range(X.shape[1])]
        else:
            finite = "allow-nan" if self._takes_missing() else True
            array = validate_data(self, X, y, reset=reset, dtype=None, ensure_all_finite=finite)
            columns = list((array.astype(np.float64) if array.dtype.kind in "biuf" else array).T)
        names = [str(name) for name in getattr(self, "feature_names_in_", [f"x{i}" for i in range(len(columns))])]
        if len(set(names)) < len(names):
            raise ValueError(f"two columns have one name: {', '.join(names)}")
        return dict(zip(names, columns, strict=True))

    def _train(
        self: Any, columns: dict[str, Any], y: Array, names: list[str], sample_weight: Any, **options: Any
    ) -> None:
        """Trains the model on columns and labels: one name and values of one dimension, or several names and two."""
        import pandas as pd

        from firesteel.training import train

        table = {name: column.array if hasattr(column, "array") else column for name, column in columns.items()}
        labels = [_free(name, table) for name in names]
        table.update(zip(labels, [y] if y.ndim == 1 else list(y.T), strict=True))
        if sample_weight is not None:
            options["weight"] = _free("weight", table)
            first = next(iter(columns.values()))
            table[options["weight"]] = _check_sample_weight(sample_weight, first, ensure_non_negative=True)
        for name, value in self.get_params(deep=False).items():
            if name != "verbose":
                options.setdefault(name, value.tolist() if isinstance(value, (np.generic, np.ndarray)) else value)
        progress = None if self.verbose else False
        self.model_ = train(pd.DataFrame(table).infer_objects(), labels, progress=progress, **options)

    def _ready(self: Any, X: Any) -> dict[str, Any]:
        """Returns the columns to predict for."""
        check_is_fitted(self, "model_")
        columns: dict[str, Any] = self._columns(X, reset=False)
        return columns


class FiresteelClassifier(ClassifierMixin, _Estimator, ClassifierSettings):  # type: ignore[misc]
    """A neural network that classifies, for scikit-learn.

    Columns of text are categories, and cells may be missing. With a `y` of two dimensions, of 0 and 1, each column is a
    label of its own.

    Attributes
    ----------
    classes_ : array
        The classes, in the order of the columns of `predict_proba`.
    model_ : firesteel.Model
        The network, with its history; `model_.save(path)` writes it for the command line, Java and Spark ML.
    n_features_in_, feature_names_in_
        As in all estimators of scikit-learn.

    Examples
    --------
    >>> from sklearn.model_selection import cross_val_score  # doctest: +SKIP
    >>> cross_val_score(FiresteelClassifier(hidden=[64, 32]), X, y).mean()  # doctest: +SKIP
    """

    classes_: Array

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        return tags

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> FiresteelClassifier:
        """Trains the network on the rows of a table and their classes, and returns the estimator."""
        columns = self._columns(X, y, reset=True)
        check_classification_targets(y)
        check_consistent_length(X, y)
        if type_of_target(y, input_name="y") == "multilabel-indicator":
            labels = check_array(y, dtype=np.int64, input_name="y")
            self.classes_ = np.arange(labels.shape[1])
            self._train(columns, labels, _label_names(y, labels), sample_weight, task="multilabel")
            return self
        classes = column_or_1d(y, warn=True)
        assert_all_finite(classes, input_name="y")
        self.classes_ = np.unique(classes)
        if len(self.classes_) < 2:
            raise ValueError(f"y has one class, {self.classes_[0]}: a classifier needs two or more")
        self._train(columns, classes, _label_names(y, classes), sample_weight, task="classification")
        return self

    def predict_proba(self, X: Any) -> Array:
        """Returns the probability of each class, or of each label, for each row."""
        columns = self._ready(X)
        scores = self.model_.predict_proba(columns)
        if self.model_.task == "multilabel":
            return scores
        probabilities = np.zeros((len(scores), len(self.classes_)))
        probabilities[:, self._places()] = scores
        return probabilities

    def _places(self) -> list[int]:
        """Returns the place in `classes_` of each class of the model."""
        names = [_name(label) for label in self.classes_.tolist()]
        return [
            names.index(name) if name in names else int(np.flatnonzero(self.classes_ == value)[0])  # 1.0E16 is 1e+16
            for name, value in zip(self.model_.classes, self.model_.classes_.tolist(), strict=True)
        ]

    def predict(self, X: Any) -> Array:
        """Returns the class of each row, or whether it has each label."""
        probabilities = self.predict_proba(X)
        if self.model_.task == "multilabel":
            return (probabilities > 0.5).astype(np.int64)
        threshold = self.model_.threshold
        if threshold is None:
            return np.asarray(self.classes_[np.argmax(probabilities, axis=1)])
        first, second = self._places()
        return np.asarray(self.classes_[np.where(probabilities[:, second] > threshold, second, first)])


class FiresteelRegressor(RegressorMixin, _Estimator, RegressorSettings):  # type: ignore[misc]
    """A neural network that predicts a number, or several, for scikit-learn.

    Columns of text are categories, and cells may be missing.

    Attributes
    ----------
    model_ : firesteel.Model
        The network, with its history; `model_.save(path)` writes it for the command line, Java and Spark ML.
    n_features_in_, feature_names_in_
        As in all estimators of scikit-learn.

    Examples
    --------
    >>> FiresteelRegressor(preset="fast").fit(X, y).score(X_test, y_test)  # doctest: +SKIP
    """

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> FiresteelRegressor:
        """Trains the network on the rows of a table and their targets, and returns the estimator."""
        columns = self._columns(X, y, reset=True)
        targets = check_array(y, ensure_2d=False, dtype=np.float64, input_name="y")
        check_consistent_length(X, targets)
        if targets.ndim == 2 and targets.shape[1] == 1:
            targets = column_or_1d(targets, warn=True)
        self._train(columns, targets, _label_names(y, targets), sample_weight, task="regression")
        return self

    def predict(self, X: Any) -> Array:
        """Returns the number, or the numbers, that the network predicts for each row."""
        columns = self._ready(X)
        return self.model_.predict(columns)

    def predict_quantiles(self, X: Any) -> Array:
        """Returns the predicted quantiles of each row, ascending, of a network with `loss="quantile"`."""
        columns = self._ready(X)
        return self.model_.predict_quantiles(columns)


def _label_names(y: Any, labels: Array) -> list[str]:
    """Returns the names that y has, else y, or y0, y1, ..."""
    count = 1 if labels.ndim == 1 else labels.shape[1]
    given = list(y.columns) if hasattr(y, "columns") else [getattr(y, "name", None)]
    if len(given) == count == len(set(given)) and all(isinstance(name, str) and name.strip() for name in given):
        return given
    return ["y"] if count == 1 else [f"y{i}" for i in range(count)]


def _free(name: str, table: Mapping[str, Any]) -> str:
    """Returns a name that a table does not have yet."""
    while name in table:
        name += "_"
    return name
