"""The estimators for scikit-learn: what its own checks ask for, and how they do among its pipelines and searches."""

from __future__ import annotations

import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pyspark.sql import SparkSession
from sklearn.base import clone
from sklearn.compose import make_column_transformer
from sklearn.datasets import load_iris, make_regression
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import (
    check_class_weight_classifiers,
    check_sample_weight_equivalence_on_dense_data,
    parametrize_with_checks,
)

from firesteel import FiresteelError
from firesteel.sklearn import FiresteelClassifier, FiresteelRegressor

UNWEIGHTED_ROWS_ARE_HELD_OUT = {
    "check_sample_weight_equivalence_on_dense_data": "repeated rows change which rows are held out and form a batch",
    "check_class_weight_classifiers": "the best epoch is chosen by a held-out loss without class weights",
}
SMALL: dict[str, Any] = {"preset": "fast", "epochs": 4, "hidden": (8,)}


def expected(estimator: Any) -> dict[str, str]:
    """Returns the checks that fail, with the reasons."""
    return UNWEIGHTED_ROWS_ARE_HELD_OUT


@parametrize_with_checks([FiresteelClassifier(), FiresteelRegressor()], expected_failed_checks=expected)
def test_checks_of_scikit_learn(spark: SparkSession, estimator: Any, check: Any) -> None:
    check(estimator)


def test_quantiles(spark: SparkSession) -> None:
    X, y = make_regression(n_samples=200, n_features=3, noise=20, random_state=0)
    given: dict[str, Any] = {"preset": "notes", "hidden": [], "optimizer": "adam", "learning_rate": 0.05}
    model = FiresteelRegressor(loss="quantile", quantiles=[0.1, 0.5, 0.9], iterations=300, **given).fit(X, y)
    found = model.predict_quantiles(X)
    assert found.shape == (200, 3) and (np.diff(found, axis=1) >= 0).all()
    assert (found[:, 1] == model.predict(X)).all()
    assert abs((y <= found[:, 2]).mean() - 0.9) < 0.03


@pytest.mark.parametrize("estimator", [FiresteelClassifier(preset="notes"), FiresteelRegressor(preset="notes")])
def test_weights_are_as_repeated_rows_where_none_is_held_out(spark: SparkSession, estimator: Any) -> None:
    check_sample_weight_equivalence_on_dense_data(type(estimator).__name__, estimator)


def test_class_weights_count_where_no_row_is_held_out(spark: SparkSession) -> None:
    check_class_weight_classifiers("FiresteelClassifier", FiresteelClassifier(validation_fraction=0, patience=0))


def test_search_and_pipeline(spark: SparkSession) -> None:
    X, y = load_iris(return_X_y=True)
    pipeline = make_pipeline(StandardScaler(), FiresteelClassifier(preset="notes", optimizer="lbfgs", iterations=10))
    grid = {"firesteelclassifier__hidden": [(), (8,)], "firesteelclassifier__l2": [1e-3, 10.0]}
    search = GridSearchCV(pipeline, grid, cv=3, scoring="neg_log_loss").fit(X, y)
    assert search.best_params_["firesteelclassifier__l2"] == 1e-3
    assert search.score(X, y) > -0.2
    assert cross_val_score(search.best_estimator_, X, y, cv=3).mean() > 0.9


def test_frames_with_categories_and_missing_cells(spark: SparkSession, people: pd.DataFrame) -> None:
    X, y = people.drop(columns="income").astype({"city": "category"}), people["income"]
    model = FiresteelClassifier(hidden=[32], seed=3).fit(X, y)
    assert model.feature_names_in_.tolist() == list(X.columns) and model.classes_.tolist() == ["<=50K", ">50K"]
    assert model.score(X, y) > 0.75
    assert model.model_.labels == ["income"] and model.model_.classes == ["<=50K", ">50K"]
    columns = make_column_transformer(("passthrough", ["hours per week", "city", "age"]))
    again = make_pipeline(columns, FiresteelClassifier(**SMALL)).fit(X, y)  # an array of objects
    assert set(again.predict(X)) <= {"<=50K", ">50K"}
    rows = [["Bonn", 30.0], ["Ulm", 60.0]] * 20
    assert (
        FiresteelClassifier(hidden=[], learning_rate=0.3).fit(rows, [0, 1] * 20).predict(rows).tolist() == [0, 1] * 20
    )


def test_frames_of_any_number_type_and_names(spark: SparkSession) -> None:
    random = np.random.default_rng(1)
    table = pd.DataFrame({0: random.normal(size=80), 1: random.integers(0, 200, 80)})
    y = 2 * table[0] + table[1] / 50
    whole = FiresteelRegressor(preset="notes", hidden=[], optimizer="lbfgs", iterations=20)
    for kinds in [{1: "uint8"}, {0: "Float64", 1: "Int16"}, {0: "float32", 1: "uint64"}, {0: "float32", 1: "int32"}]:
        assert whole.fit(table.astype(kinds), y).score(table.astype(kinds), y) > 0.999
    assert not hasattr(whole, "feature_names_in_") and whole.model_.features == ["x0", "x1"]
    named = pd.DataFrame({"y": table[0], "weight": table[1]})
    whole.fit(named, y.rename("y"), sample_weight=np.ones(80))
    assert whole.model_.features == ["y", "weight"] and whole.model_.labels == ["y_"]
    with pytest.raises(ValueError, match="two columns have one name: a, a"):
        whole.fit(named.set_axis(["a", "a"], axis=1), y)


def test_several_targets_and_several_labels(spark: SparkSession) -> None:
    X, y = make_regression(n_samples=120, n_features=4, n_targets=2, random_state=0)
    linear = FiresteelRegressor(preset="notes", hidden=[], optimizer="lbfgs", iterations=20).fit(X, y)
    assert linear.predict(X).shape == (120, 2) and linear.score(X, y) > 0.999
    named = linear.fit(X, pd.DataFrame(y, columns=["left", "right"]))
    assert named.model_.labels == ["left", "right"]
    labels = (y > 0).astype(int)
    both = FiresteelClassifier(preset="notes", hidden=[], optimizer="lbfgs", iterations=20).fit(X, labels)
    assert both.predict_proba(X).shape == (120, 2) and both.score(X, labels) > 0.95


@pytest.mark.parametrize(
    "classes",
    [[False, True], [3, 20, 100], ["no", "yes, please"], [1.0, 2.0], ["10", "9"], [-1.0, 3.0, 1e16]],
)
def test_classes_of_any_type(spark: SparkSession, classes: list[Any]) -> None:
    place = np.arange(60) % len(classes)
    model = FiresteelClassifier(preset="notes", hidden=[], iterations=300, learning_rate=3)
    model.fit(place[:, None] == np.arange(len(classes)), np.array(classes)[place])
    assert (model.classes_ == np.unique(classes)).all()
    assert (model.predict(place[:, None] == np.arange(len(classes))) == np.array(classes)[place]).all()


def test_a_threshold_decides(spark: SparkSession) -> None:
    """One class in five is 1: the probabilities are near 0.2, so that 0.5 predicts it never and 0.1 always."""
    X, y = np.zeros((50, 1)), np.array([10, 9, 9, 9, 9] * 10)  # as texts, "10" comes before "9"
    model = FiresteelClassifier(preset="notes", hidden=[], iterations=400, learning_rate=1, standardize=False)
    assert (model.fit(X, y).predict(X) == 9).all()
    assert (model.set_params(threshold=0.1).fit(X, y).predict(X) == model.model_.predict({"x0": X[:, 0]})).all()
    thresholds = {"threshold": [0.1, 0.9]}
    search = GridSearchCV(model, thresholds, scoring="recall", cv=2, n_jobs=1).fit(X, (y == 10).astype(int))
    assert search.best_params_ == {"threshold": 0.1} and search.score(X, (y == 10).astype(int)) == 1
    assert "threshold" not in FiresteelRegressor().get_params()


@pytest.mark.parametrize("missing", ["indicator", "mean", None])
def test_missing_cells_of_an_array(spark: SparkSession, missing: str | None) -> None:
    X = np.arange(120.0).reshape(60, 2)
    X[::5, 0] = np.nan
    model = FiresteelRegressor(missing=missing, **SMALL).fit(X, X[:, 1])
    assert np.isfinite(model.predict(X)).all()
    with pytest.raises(ValueError, match="contains NaN"):
        FiresteelRegressor(missing="error", **SMALL).fit(X, X[:, 1])


def test_class_weights_by_class(spark: SparkSession) -> None:
    X, y = np.zeros((40, 1)), np.array(["a", "b"] * 20)
    even = FiresteelClassifier(preset="notes", hidden=[], iterations=400, learning_rate=1, standardize=False)
    weighted = clone(even).set_params(class_weight={"a": 3, "b": 1})
    comma = {"a": "yes, please", "b": "b"}
    named = clone(even).set_params(class_weight={"yes, please": 3}).fit(X, np.array([comma[label] for label in y]))
    assert named.predict_proba(X)[0] == pytest.approx([0.25, 0.75], abs=1e-6)
    assert even.fit(X, y).predict_proba(X)[0] == pytest.approx([0.5, 0.5], abs=1e-6)
    assert weighted.fit(X, y).predict_proba(X)[0] == pytest.approx([0.75, 0.25], abs=1e-6)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"learning_rate": -1}, r"^learning_rate=-1\.0: expected a positive number$"),
        ({"hidden": (0,)}, "^hidden=0: expected positive numbers of units"),
        ({"class_weight": {"c": 2}, "preset": "notes"}, "^class_weight="),
    ],
)
def test_mistakes_are_one_line(spark: SparkSession, parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(FiresteelError, match=message):
        FiresteelClassifier(**parameters).fit([[1.0], [2.0]] * 5, ["a", "b"] * 5)


def test_what_was_not_fitted_does_not_predict() -> None:
    with pytest.raises(NotFittedError, match="not fitted yet"):
        FiresteelRegressor().predict([[1.0]])


def test_a_fit_in_a_thread(spark: SparkSession) -> None:
    X, y = load_iris(return_X_y=True)
    with ThreadPoolExecutor() as pool:
        models = list(pool.map(lambda seed: FiresteelClassifier(seed=seed, **SMALL).fit(X, y), [1, 1]))
    assert (models[0].predict_proba(X) == models[1].predict_proba(X)).all()


UNPICKLES = """
import pickle, sys
with open(sys.argv[1], "rb") as file:
    model = pickle.load(file)
print(model.predict([[5.1, 3.5, 1.4, 0.2], [6.7, 3.0, 5.2, 2.3]]).tolist())
print([name for name in ("pyspark", "py4j", "matplotlib") if name in sys.modules])
"""


def test_a_pickled_model_predicts_elsewhere_without_spark(spark: SparkSession, tmp_path: Path) -> None:
    X, y = load_iris(return_X_y=True)
    model = FiresteelClassifier(preset="notes", hidden=[], optimizer="lbfgs", iterations=30).fit(X, y)
    (tmp_path / "model.pickle").write_bytes(pickle.dumps(model))
    command = [sys.executable, "-c", UNPICKLES, str(tmp_path / "model.pickle")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100)
    assert done.stdout.splitlines() == ["[0, 2]", "[]"], done.stderr
