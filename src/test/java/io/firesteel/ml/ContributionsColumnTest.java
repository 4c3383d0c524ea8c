package io.firesteel.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.TestSpark;
import io.firesteel.base.UserError;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The column of contributions of models' {@code transform}, against what a linear model's have to be. */
@Tag("spark")
class ContributionsColumnTest {
    /** Dense and sparse vectors, in batches and one by one: a linear model's contributions are its slopes times the distances. */
    @Test
    void regression_ofVectors() {
        StructType schema =
                new StructType().add("label", DataTypes.DoubleType).add("features", SQLDataTypes.VectorType());
        List<Row> rows = java.util.stream.IntStream.range(0, 90)
                .mapToObj(i -> {
                    Vector x = Vectors.dense(i % 5, 0, i % 9);
                    return RowFactory.create(1000 + 3.0 * (i % 5) - 2 * (i % 9), i % 3 == 0 ? x.toSparse() : x);
                })
                .toList();
        Dataset<Row> table = TestSpark.session().createDataFrame(rows, schema);
        FiresteelRegressionModel model = new FiresteelRegressor()
                .setPreset("notes")
                .setHidden()
                .setOptimizer("lbfgs")
                .setIterations(40)
                .fit(table);
        assertEquals(3, model.transform(table).columns().length, "no contributions where none are asked for");
        model.setContributionsCol("why");
        List<Row> inBatches = model.transform(table).collectAsList();
        for (Row row : inBatches) {
            double[] why = row.<Vector>getAs("why").toArray();
            Vector x = row.getAs("features");
            double[] expected = {3 * (x.apply(0) - 2), 0, -2 * (x.apply(2) - 4), 1000 + 3 * 2 - 2 * 4};
            assertArrayEquals(expected, why, 1e-3);
            assertEquals(row.<Double>getAs("prediction"), Arrays.stream(why).sum(), 1e-6);
        }
        Dataset<Row> twice = table.withColumn("more", functions.lit(1)).toDF("label", "features", "label");
        List<Row> oneByOne = model.transform(twice).collectAsList();
        for (int i = 0; i < 90; i++) {
            assertArrayEquals(
                    inBatches.get(i).<Vector>getAs(3).toArray(),
                    oneByOne.get(i).<Vector>getAs(4).toArray(),
                    1e-12);
        }
        UserError taken =
                assertThrows(UserError.class, () -> model.transform(table.withColumn("why", functions.lit(1))));
        assertTrue(taken.getMessage().contains("a column why already, which the contributions would be"));
    }
}
