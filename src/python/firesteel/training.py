"""Training from Python in one call: a table in, a model out."""

from __future__ import annotations

import decimal
import re
import warnings
from collections.abc import Iterable, Mapping
from os import PathLike, fspath
from os.path import abspath
from typing import TYPE_CHECKING, Any

import numpy as np
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession

from firesteel import spark
from firesteel._follow import follow
from firesteel._jvm import local, names, settings, text_of, told
from firesteel.errors import FiresteelError
from firesteel.model import Model, category_texts, expect_no_foreign_frame, frame_names

if TYPE_CHECKING:
    import pandas


def train(
    table: pandas.DataFrame | DataFrame | str | PathLike[str],
    label: str | list[str],
    *,
    session: SparkSession | None = None,
    format: str | None = None,
    reader_options: Mapping[str, Any] | None = None,
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
        The rows to train on. Files are read as the command line reads them: CSV, Parquet, ORC, JSON, Avro or LibSVM.
        Of a frame of pandas, columns of text and of the type category are categories.
    label : str or list of str
        The label column; several for a regression of several targets and for multilabel.
    session : SparkSession, optional
        The session to train in: the one of the table or the one that runs, else a new one on all cores of this machine.
    format : str, optional
        The format of the files, such as ``"csv"``; without it the files tell it.
    reader_options : dict, optional
        Options of Spark's reader of the format, such as ``{"sep": ";"}``.
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
        The settings of the command `train`, with underscores: ``hidden=[64, 32]``, ``learning_rate=0.01``,
        ``epochs=20``, ``task="regression"``, ``weight="column"``, ``validation_fraction=0.1``, ``seed=7``. None is as
        if not given. ``help(firesteel.sklearn.FiresteelClassifier)`` explains most of them.

    Ctrl-C, or a notebook's stop button, ends the training after the step that is under way and gives the model so far.

    Raises
    ------
    FiresteelError
        when settings or rows cannot be used, in one line.
    """
    session = _session(table, session)
    jvm: Any = session.sparkContext._jvm

    def fit(control: Any) -> Any:
        rows = _Rows(session, table, label, options)
        source = rows.source(format, reader_options)
        places = jvm.io.firesteel.track.TrackingPlaces(
            _absolute(history), _absolute(tensorboard), mlflow, mlflow_experiment, "train", None, None
        )
        return jvm.io.firesteel.fit.Tracked.trained(rows.settings().build(), source, control, places)

    trained, said = told(jvm, lambda: follow(session, fit, progress))
    for text in said:
        warnings.warn(names(jvm).render(text), stacklevel=2)
    return local(session, trained)


def check(
    table: pandas.DataFrame | DataFrame | str | PathLike[str],
    label: str | list[str],
    *,
    session: SparkSession | None = None,
    format: str | None = None,
    reader_options: Mapping[str, Any] | None = None,
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
        rows = _Rows(session, table, label, options)
        source = rows.source(format, reader_options)
        silent = jvm.io.firesteel.fit.TrainingListener.SILENT
        return jvm.io.firesteel.check.Check.of(rows.settings(), source, silent), list(source.table().notes())

    properties = jvm.io.firesteel.base.SettingNames.PROPERTIES
    found, notes = told(jvm, look)
    for text in notes:
        warnings.warn(names(jvm).render(text), stacklevel=2)
    return [
        {
            "kind": str(properties.name(finding.kind().key())),
            "column": finding.column(),
            "text": str(names(jvm).render(finding.text())),
        }
        for finding in found.findings()
    ]


def _column_name(option: str, name: Any) -> Any:
    """Returns the name of a column, which may be a number in pandas; a label may have several."""
    if isinstance(name, (str, int)) or name is None:
        return None if name is None else str(name)
    if option == "label" and isinstance(name, Iterable):
        return [str(each) for each in name]
    raise FiresteelError(f"{option}: expected the name of a column; this is a {type(name).__name__}")


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


class _Rows:
    """The rows and the settings of a training, as the JVM takes them."""

    def __init__(self, session: SparkSession, table: Any, label: str | list[str], options: dict[str, Any]) -> None:
        self._session = session
        self._jvm: Any = session.sparkContext._jvm
        self._table = table
        self._options = {"label": _column_name("label", label), **options}
        for option in ("weight", "validation_column"):
            if options.get(option) is not None:
                self._options[option] = _column_name(option, options[option])
        self._categories: list[str] = []  # the features that pandas has as categories
        if not isinstance(table, (str, PathLike, DataFrame)):
            expect_no_foreign_frame(table)
            if not hasattr(table, "columns") or not hasattr(table, "iloc"):
                kind = type(table).__name__
                raise FiresteelError(
                    f"table: expected a DataFrame of pandas or Spark, or the path of a file; this is a {kind}"
                )
            frame_names(table)
            of_category = {str(name): kind for name, kind in table.dtypes.items() if kind.name == "category"}
            features = self._features()
            self._categories = [
                name for name, kind in of_category.items() if name in features and kind.categories.dtype.kind != "M"
            ]
            labels = self._names("label")
            if len(labels) == 1 and labels[0] in of_category and options.get("task") is None:
                self._options["task"] = "classification"

    def _names(self, option: str) -> list[str]:
        """Returns the columns that an option names."""
        given = self._options.get(option)
        if isinstance(given, str):
            return list(self._jvm.io.firesteel.base.NameList.parse(given))
        return [str(name) for name in given or []]

    def _features(self) -> set[str]:
        named = set(self._names("features")) or {str(name) for name in self._table.columns}
        single = {self._options.get("weight"), self._options.get("validation_column")}
        return named.difference(single, self._names("label"), self._names("exclude"))

    def settings(self) -> Any:
        """Returns a builder of the settings."""
        options = self._options
        if self._categories:
            usual = [] if options.get("preset") == "notes" else ["auto"]
            named = usual if options.get("categorical") is None else self._names("categorical")
            options = {**options, "categorical": [*named, *(each for each in self._categories if each not in named)]}
        return settings(self._jvm, options)

    def source(self, format: str | None, reader_options: Mapping[str, Any] | None) -> Any:
        """Returns the rows."""
        source = self._jvm.io.firesteel.fit.Source
        texts = self._jvm.java.util.HashMap()
        for name, value in (reader_options or {}).items():
            texts.put(name, text_of(value))
        if isinstance(self._table, (str, PathLike)):
            return source.of(self._session._jsparkSession, fspath(self._table), format, texts)
        frame = self._table
        if not isinstance(frame, DataFrame):
            frame = _frame(self._session, _plain(frame, self._categories))
        return source.of(frame._jdf, format, texts)


def _frame(session: SparkSession, plain: pandas.DataFrame) -> DataFrame:
    """Returns a pandas frame as one of Spark."""
    if len(plain) == 0:
        raise FiresteelError("the DataFrame has no rows")
    try:
        return session.createDataFrame(plain)
    except (TypeError, ValueError, PySparkException):
        for name in plain:
            try:
                session.createDataFrame(plain[[name]])
            except (TypeError, ValueError, PySparkException):
                raise _no_column(name, plain[name].dtype) from None
        raise


def _no_column(name: str, kind: Any, hint: str = "") -> FiresteelError:
    expected = "expected numbers, text, booleans, dates or lists of numbers"
    return FiresteelError(f"the DataFrame, column {name} is of type {kind}: {expected}{hint}")


def _plain(table: pandas.DataFrame, categories: list[str]) -> pandas.DataFrame:
    """Returns a pandas frame without what Spark does not take: an index, names that are no text, rare types."""
    plain = table.reset_index(drop=True).set_axis(frame_names(table), axis=1)
    for name, kind in plain.dtypes.items():
        if kind.name == "category":
            values = category_texts(kind.categories) if name in categories else list(kind.categories)
            codes = plain[name].cat.codes  # -1 where a cell is missing
            plain[name] = codes.map(dict(enumerate(values))).convert_dtypes()
        plain[name] = _plain_column(str(name), plain[name])
    return plain


def _plain_column(name: str, column: pandas.Series[Any]) -> pandas.Series[Any]:
    """Returns a column in a type that Spark reads without a loss."""
    import pandas as pd

    if isinstance(column.dtype, pd.SparseDtype):
        column = column.sparse.to_dense()
    kind = column.dtype
    holds = pd.api.types.infer_dtype(column, skipna=True) if kind.name == "object" else ""
    if isinstance(kind, pd.PeriodDtype):
        raise _no_column(name, kind, "; .dt.to_timestamp() makes dates of it")
    if kind.kind == "m" or holds == "timedelta":
        raise _no_column(name, kind, "; .dt.total_seconds() makes numbers of it")
    if kind.kind == "c":
        raise _no_column(name, kind)
    if kind.kind == "M" and getattr(kind, "tz", None) is None:
        return column.dt.tz_localize("UTC")  # else Spark takes them for the session's local times
    if kind.kind == "f" and kind in ("float16", "longdouble"):
        return column.astype("float64")
    if kind.kind == "u":
        if (column <= 2**63 - 1).all():
            return column.astype("Int64")
        exact = column.map(decimal.Decimal, na_action="ignore").astype(object)  # Spark's whole numbers end at 2^63
        return exact.where(column.notna(), None)
    if isinstance(kind, pd.StringDtype):
        return column.astype(object).where(column.notna(), None)
    if holds in ("mixed", "mixed-integer"):
        missing = column.isna()
        if all(isinstance(cell, (str, int, float, np.number, np.bool_, decimal.Decimal)) for cell in column[~missing]):
            texts = pd.Series(category_texts(column), dtype=object)  # as a table's cells: some are no numbers
            return texts.where(~missing, None)
    return column
