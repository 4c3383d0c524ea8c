#!/usr/bin/env bash
# Builds the package's wheel; Maven's profile "python" runs it: wheel.sh PYTHON
# target/python/package has the sources with the version and the Params written in; the jars are added here, so that wheel and
# jars are always of one build.
set -euo pipefail
cd "$(dirname -- "${BASH_SOURCE[0]}")/../../../target"

venv=python/venv
if [ ! -x $venv/bin/pip ]; then
  "$1" -c 'import sys; sys.exit(sys.version_info < (3, 10))' || { echo "$1: Python 3.10 or newer is needed" >&2; exit 1; }
  "$1" -m venv $venv
fi
$venv/bin/pip install --quiet --disable-pip-version-check -r ../src/python/requirements.txt

package=python/package
rm -rf $package/firesteel/jars $package/firesteel/conf python/*.whl
mkdir -p $package/firesteel/jars $package/firesteel/conf
cp firesteel.jar lib/*.jar $package/firesteel/jars/
cp ../LICENSE $package/
cp ../conf/spark-defaults.conf ../conf/log4j2.properties $package/firesteel/conf/
$venv/bin/pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir python ./$package
ls python/*.whl
