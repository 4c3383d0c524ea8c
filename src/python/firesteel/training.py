"""Training from Python in one call: a table in, a model out."""

from __future__ import annotations

import re
import warnings
from os import PathLike, fspath
from os.path import abspath
from typing import TYPE_CHECKING, Any

from pyspark.sql import DataFrame, SparkSession

from firesteel import spark
from firesteel._follow import follow
from firesteel._jvm import local, names, settings, told
from firesteel.errors import FiresteelError
from firesteel.model import Model

if TYPE_CHECKING:
    import pandas


def train(
    table: pandas.DataFrame | DataFrame | str | PathLike[str],
    label: str | list[str],
    *,
    session: SparkSession | None = None,
    progress: bool | None = None,
    history: str | PathLike[str] | None = None,
    tensorboard: str | PathLike[str] | None = None,
    mlflow: str | None = None,
    mlflow_experiment: str | None = None,
    **options: Any,
) -> Model:
    """Trains a network on a table, and returns the model, which scores without Spark and Java.

    Parameters
    ----------
    table : pandas.DataFrame, pyspark.sql.DataFrame or path
        The rows to train on. Files are read as the command line reads them: CSV, Parquet, ORC, JSON or LibSVM.
    label : str or list of str
        The label column; several for a regression of several targets and for multilabel.
    session : SparkSession, optional
        The session to train in: the one of the table or the one that runs, else a new one on all cores of this machine.
    progress : bool, optional
        Whether a bar is drawn; without it, on a terminal and in a notebook.
    history : path, optional
        A file that gets a JSON object in a line for each epoch or step, while the training runs.
    tensorboard : path, optional
        A directory of its own for the event files of this run, for `tensorboard --logdir`.
    mlflow, mlflow_experiment : str, optional
        The address of an MLflow tracking server, such as ``"http://127.0.0.1:5000"``, and the experiment of the run.
        A server that does not answer costs a warning, and not the training.
    **options
        The options of `firesteel train`, with underscores: ``hidden=[64, 32]``, ``learning_rate=0.01``, ``epochs=20``,
        ``task="regression"``, ``weight="column"``, ``validation_fraction=0.1``, ``seed=7``. None is as if not given.

    Ctrl-C, or a notebook's stop button, ends the training after the step that is under way and gives the model so far.

    Raises
    ------
    FiresteelError
        when settings or rows cannot be used, in one line.
    """
    session = _session(table, session)
    jvm: Any = session.sparkContext._jvm

    def fit(control: Any) -> Any:
        given = settings(jvm, {"label": label, **options})
        places = jvm.io.firesteel.track.TrackingPlaces(
            _absolute(history), _absolute(tensorboard), mlflow, mlflow_experiment, "train", None, None
        )
        return jvm.io.firesteel.fit.Tracked.trained(given.build(), _source(session, table), control, places)

    trained, said = told(jvm, lambda: follow(session, fit, progress))
    for text in said:
        warnings.warn(names(jvm).render(text), stacklevel=2)
    return local(session, trained)


def check(
    table: pandas.DataFrame | DataFrame | str | PathLike[str],
    label: str | list[str],
    *,
    session: SparkSession | None = None,
    **options: Any,
) -> list[dict[str, str | None]]:
    """Looks at a table and a network before they are trained, and returns what may be in the way of a good model.

    The parameters are those of `train`. Each finding has a `kind`, such as "leak" (a column that tells the label) or
    "identifier", the `column` that it is about, or None, and a `text` that says what to do; the gravest comes first. An
    empty list is good news.

    Raises
    ------
    FiresteelError
        when settings or rows cannot be used, in one line.
    """
    session = _session(table, session)
    jvm: Any = session.sparkContext._jvm

    def look() -> Any:
        given = settings(jvm, {"label": label, **options})
        silent = jvm.io.firesteel.fit.TrainingListener.SILENT
        return jvm.io.firesteel.fit.Check.of(given, _source(session, table), silent)

    properties = jvm.io.firesteel.base.SettingNames.PROPERTIES
    found = told(jvm, look)
    return [
        {
            "kind": str(properties.name(finding.kind().key())),
            "column": finding.column(),
            "text": str(names(jvm).render(finding.text())),
        }
        for finding in found.findings()
    ]


def _absolute(path: str | PathLike[str] | None) -> str | None:
    """Returns a path as the JVM, which may run in another directory, has to name it."""
    if path is None or re.match("[A-Za-z][A-Za-z0-9+.-]+:", fspath(path)):
        return None if path is None else fspath(path)
    return abspath(fspath(path))


def _session(table: Any, session: SparkSession | None) -> SparkSession:
    """Returns the session of the table, or the one that is given or runs, else a new one."""
    if isinstance(table, DataFrame):
        return spark.attach(session or table.sparkSession)
    return spark.attach(session) if session else spark.session()


def _source(session: SparkSession, table: Any) -> Any:
    """Returns the rows for the JVM."""
    jvm: Any = session.sparkContext._jvm
    source = jvm.io.firesteel.fit.Source
    if isinstance(table, (str, PathLike)):
        return source.of(session._jsparkSession, fspath(table))
    if isinstance(table, DataFrame):
        return source.of(table._jdf)
    if not hasattr(table, "columns"):
        kind = type(table).__name__
        raise FiresteelError(f"table: expected a DataFrame of pandas or Spark, or the path of a file; this is a {kind}")
    return source.of(session.createDataFrame(_plain(table))._jdf)


def _plain(table: pandas.DataFrame) -> pandas.DataFrame:
    """Returns a pandas frame without what Spark does not take: an index, names that are no text, categories."""
    plain = table.reset_index(drop=True)
    plain.columns = [str(name) for name in table.columns]
    for name, kind in plain.dtypes.items():
        if kind.name == "category":
            plain[name] = plain[name].astype(kind.categories.dtype)
        elif kind.kind == "M" and getattr(kind, "tz", None) is None:
            plain[name] = plain[name].dt.tz_localize("UTC")  # else Spark takes them for the session's local times
    return plain
