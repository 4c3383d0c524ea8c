package io.firesteel.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Generates data sets of any size from a seed. A row depends on the seed and its number only.
 *
 * @param rows the number of rows
 * @param features the number of inputs, for the kinds that leave it open
 * @param classes the number of classes, for the kinds that leave it open
 * @param noise a factor for the kind's usual noise
 */
public record Generator(Kind kind, long rows, int features, int classes, double noise, long seed)
        implements MapFunction<Long, Row> {

    /** The kinds of data. */
    public enum Kind {
        /** The course's planar flower: two classes of petals, which no line separates. */
        FLOWER,
        /** Round clouds of points, one for each class, around random centres in a cube. */
        BLOBS,
        /** Two spirals wound into each other. */
        SPIRALS,
        /** A smooth function of the inputs, with noise. */
        REGRESSION;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final List<String> COLORS = List.of("red", "blue");

    /** Returns the rows, in this number of partitions. */
    public Dataset<Row> generate(SparkSession spark, int parts) {
        return spark.range(0, rows, 1, parts).map(this, Encoders.row(schema()));
    }

    private StructType schema() {
        boolean planar = kind == Kind.FLOWER || kind == Kind.SPIRALS;
        StructType schema = new StructType();
        for (int i = 1; i <= (planar ? 2 : features); i++) {
            schema = schema.add("x" + i, DataTypes.DoubleType);
        }
        return switch (kind) {
            case FLOWER, SPIRALS -> schema.add("color", DataTypes.StringType);
            case BLOBS -> schema.add("blob", DataTypes.IntegerType);
            case REGRESSION -> schema.add("y", DataTypes.DoubleType);
        };
    }

    @Override
    public Row call(Long row) {
        Random random = random(row);
        int half = (int) (row % 2);
        // 0 to 1 along the rows of a half
        double along = rows < 4 ? 0 : (row / 2) / ((rows - half - 1) / 2.0);
        return switch (kind) {
            case FLOWER -> {
                double t = 3.12 * (half + along) + 0.2 * noise * random.nextGaussian();
                double r = 4 * StrictMath.sin(4 * t) + 0.2 * noise * random.nextGaussian();
                yield RowFactory.create(r * StrictMath.sin(t), r * StrictMath.cos(t), COLORS.get(half));
            }
            case SPIRALS -> {
                double t = 3 * Math.PI * along;
                double r = 6.5 * (1 - along) + 0.5 + 0.05 * noise * random.nextGaussian();
                double turn = t + Math.PI * half;
                yield RowFactory.create(r * StrictMath.sin(turn), r * StrictMath.cos(turn), COLORS.get(half));
            }
            case BLOBS -> {
                int blob = (int) (row % classes);
                Random centre = random(-1 - blob);
                List<Object> values = new ArrayList<>();
                for (int i = 0; i < features; i++) {
                    values.add(10 * centre.nextDouble() + noise * random.nextGaussian());
                }
                values.add(blob);
                yield RowFactory.create(values.toArray());
            }
            case REGRESSION -> {
                double[] x = IntStream.range(0, features)
                        .mapToDouble(i -> 2 * random.nextDouble() - 1)
                        .toArray();
                Random coefficient = random(-1);
                double y = StrictMath.sin(3 * x[0]) + 0.1 * noise * random.nextGaussian();
                List<Object> values = new ArrayList<>();
                for (double value : x) {
                    y += (2 * coefficient.nextDouble() - 1) * value;
                    values.add(value);
                }
                values.add(y);
                yield RowFactory.create(values.toArray());
            }
        };
    }

    /** Returns the random numbers of a row; those for a negative number are shared by all rows. */
    private Random random(long row) {
        long z = seed * 0x9E3779B97F4A7C15L + row;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return new Random(z ^ (z >>> 31));
    }
}
