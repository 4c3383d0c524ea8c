"""What Python asks of Firesteel's classes in the JVM: settings, tables, models and the words of errors."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from py4j.java_gateway import is_instance_of
from py4j.protocol import Py4JJavaError
from pyspark import SparkContext
from pyspark.errors.exceptions.captured import CapturedException
from pyspark.sql import SparkSession

from firesteel.errors import FiresteelError
from firesteel.model import Model, _name, load

T = TypeVar("T")


def settings(jvm: Any, given: dict[str, Any]) -> Any:
    """Returns a builder of the settings that keyword arguments say; None is as if not given."""
    setting = jvm.io.firesteel.fit.Setting
    known = [str(one.key()) for one in setting.all().toArray()]
    builder = jvm.io.firesteel.fit.Settings.builder()
    for name, value in given.items():
        key = name.replace("_", "-")
        if key not in known:
            meant = str(setting.suggestion(key, known)).replace("-", "_")
            raise FiresteelError(f"no setting {name}{meant}")
        if hasattr(value, "tolist"):
            value = value.tolist()  # of numpy
        if isinstance(value, (list, tuple)):
            text = jvm.io.firesteel.base.NameList.join([str(each) for each in value])
            builder.set(key, "none" if name == "hidden" and not value else text)
        elif value is not None:
            builder.set(key, text_of(value))
    return builder


def text_of(value: Any) -> str:
    """Returns a number, a text, a boolean or weights of classes as settings and options of readers write them."""
    if isinstance(value, Mapping):
        return ",".join(f"{_quoted(_name(each))}={weight}" for each, weight in value.items())
    return str(value).lower() if isinstance(value, bool) else str(value)


def _quoted(name: str) -> str:
    """Returns a name as it is written in a list with commas."""
    return '"' + name.replace('"', '""') + '"' if "," in name or name.startswith('"') else name


def names(jvm: Any) -> Any:
    """Returns the names of settings as keyword arguments of Python."""
    return jvm.io.firesteel.base.SettingNames.KEYWORDS


def told(jvm: Any, call: Callable[[], T]) -> T:
    """Calls the JVM; a user's mistake, or a fault of the world around it, comes as one line."""
    try:
        return call()
    except (CapturedException, Py4JJavaError) as error:
        cause = error._origin if isinstance(error, CapturedException) else error.java_exception
        line = None if cause is None else _line(jvm, cause)
        if line is None:
            raise
    raise FiresteelError(line)


def _line(jvm: Any, cause: Any) -> str | None:
    if is_instance_of(SparkContext._gateway, cause, "io.firesteel.base.UserError"):
        return str(cause.render(names(jvm)))
    fault = jvm.io.firesteel.table.WorldFault.of(None, cause)
    return str(fault.get().render(names(jvm))) if fault.isPresent() else None


def local(spark: SparkSession, trained: Any) -> Model:
    """Returns a model of the JVM as one of Python."""
    context = spark.sparkContext
    jvm: Any = context._jvm
    with tempfile.TemporaryDirectory(prefix="firesteel-") as folder:
        path = Path(folder) / "model"
        output = jvm.io.firesteel.store.AtomicOutput.open(path.as_uri(), False, context._jsc.hadoopConfiguration())
        try:
            jvm.io.firesteel.store.ModelStore.save(trained, output)
        finally:
            output.close()
        return load(path)


def metrics(spark: SparkSession, trained: Any, measured: Any) -> dict[str, Any]:
    """Returns metrics of a model of the JVM as a dictionary."""
    jvm: Any = spark.sparkContext._jvm
    of_model = jvm.io.firesteel.model.MetricsJson.of(measured, trained.description())
    found: dict[str, Any] = json.loads(of_model.toString())
    return found


def export_onnx(spark: SparkSession, trained: Any, path: str) -> None:
    """Writes a model of the JVM as an ONNX file on this machine."""
    jvm: Any = spark.sparkContext._jvm
    export = jvm.io.firesteel.export.OnnxExport.of(trained, jvm.io.firesteel.base.Version.number())
    out = jvm.java.io.BufferedOutputStream(jvm.java.io.FileOutputStream(str(Path(path).resolve())))
    try:
        export.writeTo(out)
    finally:
        out.close()
