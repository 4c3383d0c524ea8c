#!/usr/bin/env bash
# Checks the package's sources and tests its wheel; Maven's profile "python" runs it after wheel.sh: test.sh [PYTEST OPTIONS]
set -euo pipefail
cd "$(dirname -- "${BASH_SOURCE[0]}")/../../../target/python"

venv/bin/pip install --quiet --disable-pip-version-check --no-deps --force-reinstall ./*.whl
cd package
../venv/bin/ruff check firesteel tests notebooks ../../../src/python/build
../venv/bin/mypy firesteel
# From a folder without the sources, so that the installed package is tested.
cd ..
rm -rf tests
cp -r package/tests tests
pytest=(venv/bin/pytest -c package/pyproject.toml --rootdir . tests "$@")
# Many tests wait for servers and other processes: those that fail have a second try, and fail if they fail in it.
"${pytest[@]}" || "${pytest[@]}" --last-failed --last-failed-no-failures none
