"""What the tests share: one Spark session, and tables made by formula."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from pyspark.sql import SparkSession

import firesteel


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    session = firesteel.session(master="local[2]", conf={"spark.driver.memory": "2g"})
    yield session
    session.stop()


@pytest.fixture(scope="session")
def people() -> pd.DataFrame:
    """600 rows of numbers, text and empty cells, whose label a rule with some noise decides."""
    random = np.random.default_rng(7)
    age = random.integers(18, 80, 600).astype(float)
    city = random.choice(["Bonn", "Köln", "Ulm, alt", "Ulm, neu"], 600)
    hours = random.normal(38, 8, 600).round(1)
    score = (age - 45) / 15 + (city == "Köln") * 1.5 + random.normal(0, 0.5, 600)
    table = pd.DataFrame({"age": age, "city": city, "hours per week": hours})
    table.loc[random.choice(600, 40, replace=False), "age"] = np.nan
    table["income"] = np.where(score > 0.3, ">50K", "<=50K")
    return table
