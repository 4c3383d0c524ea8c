"""Compares the accuracy of Firesteel's presets with XGBoost's and with that of scikit-learn's network.

    python3 -m venv target/venv && target/venv/bin/pip install -r src/bench/python/requirements.txt
    target/venv/bin/python src/bench/python/accuracy.py TABLES [--tables adult,letter] [--seeds 1,2,3] [-- --preset fast]

TABLES is a directory of CSV files whose target is the last column. Rows are shuffled by seed; 64 % are trained on, 16 % are
held out to choose the epoch or the number of trees, 20 % are tested on; each method has the same rows. What follows a -- are
options of `train`. The error is the log-loss of classes and the RMSE of numbers, relative to XGBoost's.
"""

import argparse
import json
import math
import pathlib
import subprocess
import sys
import time

import numpy as np
import pandas as pd
import xgboost
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.metrics import log_loss
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

ROOT = pathlib.Path(__file__).resolve().parents[3]
REGRESSIONS = {"bike_sharing", "diamonds", "protein", "wine_quality"}


def split(table, seed):
    """Returns the rows to train on, those to validate on and those to test on."""
    rows = table.sample(frac=1, random_state=seed)
    train, valid = int(0.64 * len(rows)), int(0.8 * len(rows))
    return rows[:train], rows[train:valid], rows[valid:]


def error(truth, predicted, classes):
    """Returns the log-loss of probabilities, or the root mean squared error of numbers."""
    if classes is None:
        return math.sqrt(np.mean((truth - predicted) ** 2))
    return log_loss(truth, np.clip(predicted, 1e-15, 1), labels=range(len(classes)))


def xgboost_error(parts, target, classes):
    """Trains trees that stop early on the validation rows; columns of text are categories."""
    whole = pd.concat(parts)
    inputs = []
    for part in parts:
        x = part.drop(columns=target).copy()
        for column in x.columns:
            if whole[column].dtype == object or whole[column].dtype == bool:
                x[column] = pd.Categorical(x[column].astype(object), categories=parts[0][column].dropna().unique())
        inputs.append(x)
    y = [coded(part[target], classes) for part in parts]
    settings = {"n_estimators": 3000, "learning_rate": 0.1, "early_stopping_rounds": 50, "enable_categorical": True}
    settings |= {"tree_method": "hist", "n_jobs": 2, "random_state": 0}
    if classes is None:
        model = xgboost.XGBRegressor(**settings)
    else:
        model = xgboost.XGBClassifier(eval_metric="logloss" if len(classes) == 2 else "mlogloss", **settings)
    model.fit(inputs[0], y[0], eval_set=[(inputs[1], y[1])], verbose=False)
    predicted = model.predict(inputs[2]) if classes is None else model.predict_proba(inputs[2])
    return error(y[2], predicted, classes)


def sklearn_error(parts, target, classes):
    """Trains scikit-learn's network with early stopping on a part of all rows that are not tested on."""
    known = pd.concat(parts[:2])
    x, y = known.drop(columns=target), coded(known[target], classes)
    text = [c for c in x.columns if x[c].dtype == object or x[c].dtype == bool]
    numbers = [c for c in x.columns if c not in text]
    inputs = make_column_transformer(
        (make_pipeline(SimpleImputer(), StandardScaler()), numbers),
        (OneHotEncoder(handle_unknown="ignore"), text))
    options = {"early_stopping": True, "validation_fraction": 0.2, "max_iter": 500, "random_state": 0}
    test = parts[2].drop(columns=target)
    if classes is not None:
        model = make_pipeline(inputs, MLPClassifier(**options)).fit(x, y)
        return error(coded(parts[2][target], classes), model.predict_proba(test), classes)
    mean, deviation = y.mean(), y.std()
    model = make_pipeline(inputs, MLPRegressor(**options)).fit(x, (y - mean) / deviation)
    return error(coded(parts[2][target], None), model.predict(test) * deviation + mean, None)


def coded(labels, classes):
    """Returns numbers of classes, or the numbers themselves."""
    return labels.to_numpy(float) if classes is None else np.searchsorted(classes, labels.astype(str))


def write(parts, directory):
    """Writes the parts as CSV files, an empty cell for a missing value."""
    directory.mkdir(parents=True, exist_ok=True)
    for name, part in zip(["train", "valid", "test"], parts):
        part.to_csv(directory / (name + ".csv"), index=False)


def firesteel_error(directory, target, classes, options):
    """Trains Firesteel on the files of the parts, through its command line."""
    model = directory / "model"
    run("train", "--data", directory / "train.csv", "--validation-data", directory / "valid.csv", "--label", target,
        "--task", "regression" if classes is None else "classification", "--model", model, "--overwrite", *options)
    metrics = json.loads(run("evaluate", "--model", model, "--data", directory / "test.csv", "--json"))
    return metrics["rmse" if classes is None else "logLoss"]


def run(*command):
    """Runs a command of Firesteel and returns what it printed."""
    words = [str(ROOT / "submit-scripts" / "local.sh"), *map(str, command)]
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(" ".join(words) + "\n" + done.stderr)
    return done.stdout


def main():
    arguments, options = sys.argv[1:], []
    if "--" in arguments:
        at = arguments.index("--")
        arguments, options = arguments[:at], arguments[at + 1:]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("directory", type=pathlib.Path)
    parser.add_argument("--tables", help="names of tables; all others are left out")
    parser.add_argument("--seeds", default="1")
    given = parser.parse_args(arguments)
    names = given.tables.split(",") if given.tables else sorted(p.stem for p in given.directory.glob("*.csv"))
    methods = ["firesteel", "xgboost", "sklearn"]
    ratios, seconds = {m: [] for m in methods}, {m: 0.0 for m in methods}
    print(f"{'table':16} seed " + " ".join(f"{m:>10} {'s':>6}" for m in methods) + "  firesteel / xgboost")
    for name in names:
        table = pd.read_csv(given.directory / (name + ".csv"))
        target = table.columns[-1]
        classes = None if name in REGRESSIONS else np.sort(table[target].astype(str).unique())
        for seed in map(int, given.seeds.split(",")):
            parts = split(table, seed)
            directory = ROOT / "target" / "accuracy" / f"{name}-{seed}"
            write(parts, directory)
            errors, line = {}, f"{name:16} {seed:4} "
            for method in methods:
                start = time.time()
                errors[method] = (
                    firesteel_error(directory, target, classes, options) if method == "firesteel"
                    else xgboost_error(parts, target, classes) if method == "xgboost"
                    else sklearn_error(parts, target, classes))
                took = time.time() - start
                seconds[method] += took
                line += f"{errors[method]:10.5g} {took:6.1f} "
            for method in methods:
                ratios[method].append(errors[method] / errors["xgboost"])
            print(line + f" {ratios['firesteel'][-1]:8.3f}", flush=True)
    for method in methods:
        mean = math.exp(np.mean(np.log(ratios[method])))
        print(f"{method:10} error / xgboost's {mean:.3f}, {seconds[method]:.0f} s")


if __name__ == "__main__":
    main()
