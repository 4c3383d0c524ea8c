"""Compares the accuracy of Firesteel's presets with XGBoost's, LightGBM's, CatBoost's and with that of scikit-learn's network.

    python3 -m venv target/venv && target/venv/bin/pip install -r src/bench/python/accuracy-requirements.txt
    target/venv/bin/python src/bench/python/accuracy.py TABLES [--tables adult,letter] [--seeds 1,2,3]
        [--methods firesteel,xgboost,sklearn,lightgbm,catboost] [-- --preset fast]

TABLES is a directory of CSV files whose target is the last column. Rows are shuffled by seed; 20 % are tested on. XGBoost is
trained on 64 %, and its number of trees chosen on 16 %. Firesteel and scikit-learn's network get the same 80 % and hold out a
fifth of them by themselves; Firesteel trains on all of them then. LightGBM and CatBoost are trained on the 80 % with the defaults
of their libraries. What follows a -- are options of `train`. The error is the log-loss of classes and the RMSE of numbers, relative
to XGBoost's. Each result, with its processor seconds, is written to target/accuracy/results.jsonl at once, and a result that is
there is not measured again. Results of different options of `train` are kept apart. Remove the file after a change of Firesteel
itself. --threads 1 is for machines that have other things to do; Firesteel's results do not depend on it.
"""

import argparse
import json
import math
import os
import pathlib
import resource
import subprocess
import sys

import catboost
import lightgbm
import numpy as np
import pandas as pd
import xgboost
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.metrics import log_loss
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from threadpoolctl import threadpool_limits

ROOT = pathlib.Path(__file__).resolve().parents[3]
RESULTS = ROOT / "target" / "accuracy" / "results.jsonl"
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


def holds_categories(column):
    """Returns whether a column holds text or truth values, which the methods get as categories."""
    return column.dtype == object or column.dtype == bool


def with_categories(parts, target):
    """Returns the inputs of each part of a table. The categories of a column are those that the first part has."""
    whole = pd.concat(parts)
    inputs = []
    for part in parts:
        x = part.drop(columns=target).copy()
        for column in x.columns:
            if holds_categories(whole[column]):
                x[column] = pd.Categorical(x[column].astype(object), categories=parts[0][column].dropna().unique())
        inputs.append(x)
    return inputs


def xgboost_error(parts, target, classes, threads):
    """Trains trees that stop early on the validation rows."""
    inputs = with_categories(parts, target)
    y = [coded(part[target], classes) for part in parts]
    settings = {"n_estimators": 3000, "learning_rate": 0.1, "early_stopping_rounds": 50, "enable_categorical": True}
    settings |= {"tree_method": "hist", "n_jobs": threads, "random_state": 0}
    if classes is None:
        model = xgboost.XGBRegressor(**settings)
    else:
        model = xgboost.XGBClassifier(eval_metric="logloss" if len(classes) == 2 else "mlogloss", **settings)
    model.fit(inputs[0], y[0], eval_set=[(inputs[1], y[1])], verbose=False)
    return tested(model, inputs[2], y[2], classes)


def tested(model, x, truth, classes):
    """Returns the error of a fitted model."""
    return error(truth, model.predict(x) if classes is None else model.predict_proba(x), classes)


def lightgbm_error(parts, target, classes, threads):
    """Trains LightGBM with its defaults on all rows that are not tested on."""
    parts = [pd.concat(parts[:2]), parts[2]]
    known, test = with_categories(parts, target)
    names = [f"x{i}" for i in range(known.shape[1])]  # LightGBM refuses some characters in names
    known.columns, test.columns = names, names
    y, truth = (coded(part[target], classes) for part in parts)
    model = (lightgbm.LGBMRegressor if classes is None else lightgbm.LGBMClassifier)(n_jobs=threads, verbose=-1)
    model.fit(known, y)
    return tested(model, test, truth, classes)


def catboost_error(parts, target, classes, threads):
    """Trains CatBoost with its defaults on all rows that are not tested on."""
    whole = pd.concat(parts).drop(columns=target)
    text = [c for c in whole.columns if holds_categories(whole[c])]
    parts = [pd.concat(parts[:2]), parts[2]]
    known, test = (part.drop(columns=target) for part in parts)
    known, test = (x.assign(**{c: x[c].astype(str).mask(x[c].isna(), "") for c in text}) for x in (known, test))
    y, truth = (coded(part[target], classes) for part in parts)
    settings = {"cat_features": text, "thread_count": threads, "verbose": False, "allow_writing_files": False}
    model = (catboost.CatBoostRegressor if classes is None else catboost.CatBoostClassifier)(**settings)
    model.fit(known, y)
    return tested(model, test, truth, classes)


def sklearn_error(parts, target, classes):
    """Trains scikit-learn's network with early stopping on a part of all rows that are not tested on."""
    known = pd.concat(parts[:2])
    x, y = known.drop(columns=target), coded(known[target], classes)
    text = [c for c in x.columns if holds_categories(x[c])]
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
    """Writes the rows that are known, and those to test on, as CSV files; an empty cell for a missing value."""
    directory.mkdir(parents=True, exist_ok=True)
    pd.concat(parts[:2]).to_csv(directory / "known.csv", index=False)
    parts[2].to_csv(directory / "test.csv", index=False)


def firesteel_error(directory, target, classes, threads, options):
    """Trains Firesteel on the rows that are known, through its command line, and measures it on the others."""
    model = directory / "model"
    run(threads, "train", "--data", directory / "known.csv", "--label", target,
        "--task", "regression" if classes is None else "classification", "--model", model, "--overwrite", *options)
    metrics = json.loads(run(threads, "evaluate", "--model", model, "--data", directory / "test.csv", "--json"))
    return metrics["rmse" if classes is None else "logLoss"]


def run(threads, *command):
    """Runs a command of Firesteel and returns what it printed."""
    words = [str(ROOT / "submit-scripts" / "local.sh"), "--master", f"local[{threads}]", *map(str, command)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(" ".join(words) + "\n" + done.stderr)
    return done.stdout


def processor_seconds():
    """Returns the seconds that processors have worked for this process and for its children that have ended."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


TREES = {"xgboost": xgboost_error, "lightgbm": lightgbm_error, "catboost": catboost_error}


def measure(method, table, name, seed, threads, options):
    """Returns the error of one method on the test rows of one table."""
    target = table.columns[-1]
    classes = None if name in REGRESSIONS else np.sort(table[target].astype(str).unique())
    parts = split(table, seed)
    if method in TREES:
        return TREES[method](parts, target, classes, threads)
    if method == "sklearn":
        with threadpool_limits(threads):
            return sklearn_error(parts, target, classes)
    directory = RESULTS.parent / f"{name}-{seed}"
    write(parts, directory)
    return firesteel_error(directory, target, classes, threads, options)


def summary(results, names, seeds, methods):
    """Prints the ratio of each table, its mean over the seeds, and the geometric mean of the tables."""
    others = [m for m in methods if m != "xgboost"]
    print(f"| {'table':16} | " + " | ".join(f"{m} / XGBoost" for m in others) + " | seconds of " + ", ".join(methods) + " |")
    print("|---" * (len(others) + 2) + "|")
    means = {m: [] for m in others}
    for name in names:
        done = [seed for seed in seeds if all((m, name, seed) in results for m in methods)]
        if not done:
            continue
        for m in others:
            ratios = [results[m, name, seed]["error"] / results["xgboost", name, seed]["error"] for seed in done]
            means[m].append(math.exp(np.mean(np.log(ratios))))
        took = [np.mean([results[m, name, seed]["seconds"] for seed in done]) for m in methods]
        cells = [f"{means[m][-1]:.3f}" for m in others] + [", ".join(f"{t:.0f}" for t in took)]
        print(f"| {name:16} | " + " | ".join(cells) + f" | {len(done)} seeds")
    cells = [f"{math.exp(np.mean(np.log(means[m]))):.3f}" for m in others]
    print(f"| {'geometric mean':16} | " + " | ".join(cells) + " | |")
    for m in others:
        print(f"{m} is better than XGBoost on {sum(ratio < 1 for ratio in means[m])} of {len(means[m])} tables.")


def main():
    arguments, options = sys.argv[1:], []
    if "--" in arguments:
        at = arguments.index("--")
        arguments, options = arguments[:at], arguments[at + 1:]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("directory", type=pathlib.Path)
    parser.add_argument("--tables", help="names of tables; all others are left out")
    parser.add_argument("--seeds", default="1")
    parser.add_argument("--methods", default="firesteel,xgboost,sklearn", help="XGBoost is one of them in any case")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="threads of each method")
    given = parser.parse_args(arguments)
    names = given.tables.split(",") if given.tables else sorted(p.stem for p in given.directory.glob("*.csv"))
    seeds = [int(seed) for seed in given.seeds.split(",")]
    methods = list(dict.fromkeys([*given.methods.split(","), "xgboost"]))
    results = {}
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    if RESULTS.exists():
        for line in RESULTS.read_text().splitlines():
            result = json.loads(line)
            if result["method"] != "firesteel" or result["options"] == options:
                results[result["method"], result["table"], result["seed"]] = result
    run(given.threads, "--version")  # builds Firesteel if it has to be built, which is no part of its seconds
    for seed in seeds:
        for name in names:
            table = pd.read_csv(given.directory / (name + ".csv"))
            for method in methods:
                if (method, name, seed) in results:
                    continue
                start = processor_seconds()
                result = {"method": method, "table": name, "seed": seed, "threads": given.threads}
                result["options"] = options if method == "firesteel" else []
                result["error"] = measure(method, table, name, seed, given.threads, options)
                result["seconds"] = round(processor_seconds() - start, 1)
                with RESULTS.open("a") as out:
                    out.write(json.dumps(result) + "\n")
                results[method, name, seed] = result
                print(f"{name:16} {seed:4} {method:10} {result['error']:10.5g} {result['seconds']:6.1f} s", flush=True)
    summary(results, names, seeds, methods)


if __name__ == "__main__":
    main()
