#!/usr/bin/env python3
"""Makes the sdist, and checks what is published; Maven's profile "release" runs it: release.py

Each line that it prints says what is missing in which file; the exit code is 0 when nothing is.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
import xml.etree.ElementTree as Xml
from collections.abc import Callable, Iterable
from pathlib import Path
from zipfile import ZipFile

ROOT = Path(__file__).resolve().parents[3]
TARGET = ROOT / "target"
PYTHON = TARGET / "python"
POM = {"": "http://maven.apache.org/POM/4.0.0"}
# What Maven Central asks of a POM.
NEEDED = [
    "name",
    "description",
    "url",
    "licenses/license/url",
    "developers/developer/name",
    "scm/connection",
    "scm/url",
]
SOURCES = [ROOT / "src" / "main" / "java", ROOT / "src" / "spark-4" / "java"]
IN_JAR = [
    "META-INF/LICENSE",
    "META-INF/licenses/fastdoubleparser.txt",
    "META-INF/services/org.apache.spark.ml.Estimator",
    "META-INF/services/org.apache.spark.ml.Transformer",
    "META-INF/services/org.apache.spark.status.AppHistoryServerPlugin",
    "io/firesteel/cli/Firesteel.class",
    "picocli/CommandLine.class",
]

missing: list[str] = []


def expect(file: Path, wanted: Iterable[str], found: Iterable[str]) -> None:
    there = set(found)
    missing.extend(f"{file.relative_to(ROOT)} lacks {name}" for name in wanted if name not in there)


def only(folder: Path, pattern: str) -> Path:
    files = list(folder.glob(pattern))
    if len(files) != 1:
        sys.exit(f"{folder.relative_to(ROOT)} has {len(files)} files {pattern}: expected one")
    return files[0]


def names(archive: Path) -> list[str]:
    return ZipFile(archive).namelist()


def sources() -> dict[str, Path]:
    """Returns the Java files of the program by their names, such as io/firesteel/cli/Firesteel.java."""
    return {path.relative_to(folder).as_posix(): path for folder in SOURCES for path in folder.rglob("*.java")}


def check_jars() -> None:
    jar = TARGET / "firesteel.jar"
    (pom_file,) = (name for name in names(jar) if name.endswith("/pom.xml"))
    classes = [name.replace(".java", ".class") for name in sources()]
    expect(jar, [*IN_JAR, *classes, "META-INF/maven/io.firesteel/firesteel_2.13/pom.xml"], names(jar))
    ours = ("io/firesteel/", "picocli/", "ch/randelshofer/")
    strangers = [name for name in names(jar) if name.endswith(".class") and not name.startswith(ours)]
    missing.extend(f"{jar.relative_to(ROOT)} has {name}, which is not ours" for name in strangers)
    pom = Xml.fromstring(ZipFile(jar).read(pom_file))
    expect(ROOT / "pom.xml", NEEDED, (path for path in NEEDED if (pom.findtext(path, "", POM) or "").strip()))
    expect(TARGET / "firesteel-sources.jar", [*sources(), IN_JAR[0]], names(TARGET / "firesteel-sources.jar"))
    public = [name.replace(".java", ".html") for name, path in sources().items() if is_public(path)]
    expect(TARGET / "firesteel-javadoc.jar", ["index.html", *public], names(TARGET / "firesteel-javadoc.jar"))


def is_public(source: Path) -> bool:
    text = source.read_text("utf-8")
    kinds = ("class", "final class", "abstract class", "interface", "sealed interface", "enum", "record", "@interface")
    return any(f"\npublic {kind} {source.stem}" in text for kind in kinds)


def check_bill() -> None:
    bill = TARGET / "bom.json"
    if not bill.exists() or bill.stat().st_mtime < (ROOT / "pom.xml").stat().st_mtime:
        sys.exit("target/bom.json is missing or older than pom.xml: Maven makes it when it is not offline")
    contents = json.loads(bill.read_text("utf-8"))
    components = contents["components"]
    pom = Xml.parse(ROOT / "pom.xml").getroot()
    expect(bill, [pom.findtext("artifactId", "", POM)], [contents["metadata"]["component"]["name"]])
    of_program = [
        dependency.findtext("artifactId", "", POM).replace("${scala.binary.version}", "2.13")
        for dependency in pom.findall("dependencies/dependency", POM)
        if dependency.findtext("scope", "compile", POM) != "test"
    ]
    expect(bill, of_program, (component["name"] for component in components if component.get("version")))


def check_python() -> None:
    wheel, sdist = only(PYTHON, "firesteel-*.whl"), only(PYTHON, "firesteel-*.tar.gz")
    folder = ROOT / "src" / "python"
    modules = [path.relative_to(folder).as_posix() for path in folder.glob("firesteel/*.py")]
    jars = [f"firesteel/jars/{path.name}" for path in [TARGET / "firesteel.jar", *(TARGET / "lib").glob("*.jar")]]
    written = [f"firesteel/{name}" for name in ("_params.py", "_settings.py", "py.typed", "conf/spark-defaults.conf")]
    with tarfile.open(sdist) as archive:
        prefix = sdist.name.removesuffix(".tar.gz") + "/"
        in_sdist = [name.removeprefix(prefix) for name in archive.getnames()]
        expect(sdist, [*modules, *jars, *written, "pyproject.toml", "README.md", "LICENSE", "PKG-INFO"], in_sdist)
        of_sdist = archive.extractfile(prefix + "firesteel/jars/firesteel.jar")
        contents = {sdist: of_sdist.read() if of_sdist else b""}
    info = wheel.name.split("-py3-")[0] + ".dist-info"
    expect(wheel, [*modules, *jars, *written, f"{info}/METADATA", f"{info}/licenses/LICENSE"], names(wheel))
    contents[wheel] = ZipFile(wheel).read("firesteel/jars/firesteel.jar")
    jar = (TARGET / "firesteel.jar").read_bytes()
    missing.extend(f"{file.relative_to(ROOT)} has another firesteel.jar" for file in contents if contents[file] != jar)


def main() -> int:
    for old in PYTHON.glob("*.tar.gz"):
        old.unlink()
    command = [str(PYTHON / "venv" / "bin" / "hatchling"), "build", "--target", "sdist", "--directory", str(PYTHON)]
    made = subprocess.run(command, cwd=PYTHON / "package", capture_output=True, text=True)
    if made.returncode != 0:
        sys.exit(made.stderr)
    checks: list[Callable[[], None]] = [check_jars, check_bill, check_python]
    for check in checks:
        check()
    print("\n".join(missing) or "what is published is complete: jar, sources, Javadoc, SBOM, wheel and sdist")
    return int(bool(missing))


if __name__ == "__main__":
    sys.exit(main())
