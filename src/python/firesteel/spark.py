"""Spark sessions that have Firesteel's jars: a new one, or one that runs already."""

from __future__ import annotations

import atexit
import functools
import os
import re
import tempfile
import warnings
from importlib import resources
from pathlib import Path
from typing import Any

from py4j.java_gateway import JavaPackage
from pyspark import SparkContext
from pyspark.sql import SparkSession, is_remote

from firesteel._version import __version__
from firesteel.errors import FiresteelError

_NO_CONNECT = (
    "this needs a classic session, as firesteel.session() starts: over Spark Connect there are the estimators and "
    "their models alone, where the server was started with Firesteel's jars"
)

_MEMORY_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


def jars() -> list[str]:
    """Returns the paths of Firesteel's jar and of OpenBLAS's, for `spark-submit --jars` or `spark.jars`."""
    return sorted(str(path) for path in (_files() / "jars").glob("*.jar"))


@functools.cache
def _files() -> Path:
    """Returns the folder of jars and settings.

    Where the package is imported from its wheel, as after `spark-submit --py-files`, it is a copy, since Java reads no
    files inside an archive. It ends with the process.
    """
    package = resources.files("firesteel")
    if isinstance(package, Path):
        return package
    copy = tempfile.TemporaryDirectory(prefix="firesteel-")
    atexit.register(copy.cleanup)
    for folder in filter(lambda entry: entry.name in ("jars", "conf"), package.iterdir()):
        (Path(copy.name) / folder.name).mkdir()
        for file in folder.iterdir():
            (Path(copy.name) / folder.name / file.name).write_bytes(file.read_bytes())
    return Path(copy.name)


def session(
    builder: SparkSession.Builder | None = None, *, master: str | None = None, conf: dict[str, Any] | None = None
) -> SparkSession:
    """Returns a Spark session with Firesteel in it: the one that runs, or else a new one.

    Parameters
    ----------
    builder : SparkSession.Builder, optional
        Describes a new session.
    master : str, optional
        Where Spark runs, such as ``local[4]`` or ``spark://host:7077``. Without one it is what ``spark-submit`` or the
        builder says, else all cores of this machine.
    conf : dict, optional
        Settings of Spark, which beat those that Firesteel brings.

    A new session has the settings that Firesteel recommends (``firesteel/conf/spark-defaults.conf``). On this machine
    alone it also has half of the machine's (or container's) memory, at least 1 GB and at most 16 GB
    (``conf={"spark.driver.memory": "32g"}`` gives more), listens on the loopback address only, and has no web page
    (``conf={"spark.ui.enabled": True}`` gives one).
    """
    running = SparkSession.getActiveSession()
    if running is not None:
        if master is not None or conf:
            warnings.warn("a session runs already: master and conf are ignored; spark.stop() ends it", stacklevel=2)
        return attach(running)
    builder = builder or SparkSession.builder
    given: dict[str, Any] = {**getattr(builder, "_options", {}), **(conf or {})}
    if master is not None:
        given["spark.master"] = master
    where = given.get("spark.master") or os.environ.get("MASTER")
    submitted = "PYSPARK_GATEWAY_PORT" in os.environ or SparkContext._active_spark_context is not None
    if where is None and not submitted:
        where = given["spark.master"] = "local[*]"
    usual = _settings()
    if not submitted:
        usual["spark.sql.caseSensitive"] = "true"  # columns a and A are two, as in pandas and on the command line
    if not submitted and str(where).startswith("local"):
        usual.update(_local_settings())
        os.environ.setdefault("FIRESTEEL_LOG_LEVEL", "warn")
    for key, value in {**usual, **given}.items():
        builder = builder.config(key, value)
    return attach(builder.getOrCreate())


def _settings() -> dict[str, str]:
    """Returns the settings that Firesteel recommends for any session."""
    text = (_files() / "conf" / "spark-defaults.conf").read_text("utf-8")
    lines = (line.split("#")[0].split(None, 1) for line in text.splitlines())
    return {words[0]: words[1].strip() for words in lines if len(words) == 2}


def _local_settings() -> dict[str, str]:
    """Returns the settings for a session of this machine alone."""
    logging = _files() / "conf" / "log4j2.properties"
    usual = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={logging.as_uri()}",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        "spark.sql.shuffle.partitions": str(os.cpu_count() or 1),
    }
    if "SPARK_DRIVER_MEMORY" not in os.environ and hasattr(os, "sysconf"):
        usual["spark.driver.memory"] = f"{min(max(_memory() // 2**21, 1024), 16384)}m"
    return usual


def _memory() -> int:
    """Returns the machine's memory in bytes: the least of the hardware's and, in a container, the control group's."""
    limits = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    for file in filter(Path.is_file, _MEMORY_LIMITS):
        limits += map(int, re.findall("^[0-9]+", file.read_text("ascii")))  # or "max", for none
    return min(limits)


def attach(spark: SparkSession) -> SparkSession:
    """Brings Firesteel's jars into a running session, unless they are there, and returns the session.

    Raises
    ------
    FiresteelError
        when the session has another version of Firesteel, there are no jars to bring, or it is one of Spark Connect.
    """
    if not isinstance(spark, SparkSession):
        raise FiresteelError(_NO_CONNECT)
    jvm = spark.sparkContext._jvm
    version = _version_in(jvm)
    if version is None:
        _add_jars(spark)
        version = _version_in(jvm)
    if version != __version__:
        raise FiresteelError(
            f"this session has Firesteel {version} and Python has firesteel {__version__}: "
            f"install firesteel=={version}, or start the session with the jars of firesteel.jars()"
        )
    return spark


def _version_in(jvm: Any) -> str | None:
    """Returns the version of Firesteel on the class path; None where there is none."""
    found = jvm.io.firesteel.base.Version
    return None if isinstance(found, JavaPackage) else str(found.number())


def _add_jars(spark: SparkSession) -> None:
    paths = jars()
    if not paths:
        raise FiresteelError(
            "this session lacks Firesteel's jar, and so does this copy of the package: install the package's wheel, or "
            "start the session with the jar of a build, spark.jars=target/firesteel.jar"
        )
    jvm: Any = spark.sparkContext._jvm
    loader = jvm.java.lang.Thread.currentThread().getContextClassLoader()
    for path in paths:
        loader.addURL(jvm.java.io.File(path).toURI().toURL())
        spark.sparkContext._jsc.addJar(path)


def over_connect() -> bool:
    """Returns whether this process is a client of Spark Connect, which has no JVM of its own."""
    return is_remote() and "PYSPARK_NO_NAMESPACE_SHARE" not in os.environ


def active() -> SparkSession:
    """Returns the session that runs, with Firesteel in it.

    Raises
    ------
    FiresteelError
        when none runs, or it is one of Spark Connect.
    """
    if over_connect():
        raise FiresteelError(_NO_CONNECT)
    running = SparkSession.getActiveSession()
    if running is None:
        raise FiresteelError("no Spark session runs: firesteel.session() starts one on this machine")
    return attach(running)
