package io.firesteel.ml;

import io.firesteel.data.BatchedRows;
import io.firesteel.data.ScoredRow;
import io.firesteel.data.VectorScorer;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A transformation that scores the rows of a partition in batches, where Spark ML's own scores them one by one: a product of
 * matrices takes a fraction of the time of as many products of a matrix and a vector.
 *
 * @param own the number of columns that are kept
 * @param added the names of the columns that are added
 */
record BatchTransform(Scoring scoring, int own, List<String> added, Output output)
        implements MapPartitionsFunction<Row, Row> {
    /** More rows at once are no faster, and need more memory. */
    private static final int BATCH = 256;

    /** The beginning of the names that columns have while they are computed. */
    private static final String PLACE = "__firesteel_";

    /** Rows that are scored together. */
    interface Batch {
        /** Returns the number of rows that can be added before they must be scored. */
        int capacity();

        /** Adds a row. */
        void add(Row row);

        /** Scores the rows, and empties the batch. */
        List<ScoredRow> scored();
    }

    /** Makes a batch of about this many rows, in a task. */
    interface Scoring extends Serializable {
        Batch batch(int rows);
    }

    /** Gives the scorer of a task's copy of the model. */
    interface OfVectors extends Serializable {
        VectorScorer scorer();
    }

    /** Gives the value of an added column for a row. */
    interface Output extends Serializable {
        Object value(ScoredRow row, String column);
    }

    /**
     * Adds columns to a table of vectors.
     *
     * @param ofSpark what Spark ML's own transformation makes of it: the table's columns and after them some of those to be added.
     *     Its columns are taken with their types and metadata, its values are never computed
     * @param scored the table's columns, and after them those to be added
     * @param featuresCol the column with the vectors
     */
    static Dataset<Row> of(
            Dataset<?> table,
            Dataset<Row> ofSpark,
            StructType scored,
            String featuresCol,
            OfVectors scoring,
            Output output) {
        Dataset<Row> oneByOne = completed(ofSpark, scored, featuresCol, scoring, output);
        StructType schema = oneByOne.schema();
        int own = table.schema().size();
        List<String> names = List.of(schema.fieldNames());
        boolean distinct = names.stream()
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .distinct()
                        .count()
                == names.size();
        if (!distinct) { // the column of vectors may be one of several of its name
            return oneByOne;
        }
        boolean isField = !names.contains(featuresCol); // of a column
        int features = isField ? own : names.indexOf(featuresCol);
        return of(
                table.toDF(),
                isField ? List.of(functions.col(featuresCol)) : List.of(),
                schema,
                rows -> new VectorBatch(features, scoring.scorer().batch(rows)),
                output);
    }

    /** Adds the columns that a table lacks, for each row by itself. */
    private static Dataset<Row> completed(
            Dataset<Row> some, StructType scored, String featuresCol, OfVectors scoring, Output output) {
        List<Column> all = new ArrayList<>(List.of(functions.col("*")));
        for (int i = some.schema().size(); i < scored.size(); i++) {
            StructField field = scored.apply(i);
            UDF1<Vector, Object> value = x -> output.value(scoring.scorer().score(x), field.name());
            all.add(functions
                    .udf(value, field.dataType())
                    .apply(functions.col(featuresCol))
                    .as(field.name(), field.metadata()));
        }
        return all.size() == 1 ? some : some.select(all.toArray(Column[]::new));
    }

    /**
     * Adds columns to a table.
     *
     * @param cells columns that follow the table's own for the scoring
     * @param scored the table's columns, and after them those to be added
     */
    static Dataset<Row> of(Dataset<Row> table, List<Column> cells, StructType scored, Scoring scoring, Output output) {
        int own = table.schema().size();
        if (own == scored.size()) {
            return table;
        }
        List<Column> selected = new ArrayList<>(List.of(functions.col("*")));
        for (int i = 0; i < cells.size(); i++) {
            selected.add(cells.get(i).as(PLACE + i));
        }
        List<String> added = List.of(scored.fieldNames()).subList(own, scored.size());
        return table.select(selected.toArray(Column[]::new))
                .mapPartitions(
                        new BatchTransform(scoring, own, List.copyOf(added), output), Encoders.row(byPlace(scored)))
                .select(IntStream.range(0, scored.size())
                        .mapToObj(i -> functions
                                .col(PLACE + i)
                                .as(scored.apply(i).name(), scored.apply(i).metadata()))
                        .toArray(Column[]::new));
    }

    /** Returns a schema with other names, of which none is there twice. An encoder does not keep metadata. */
    private static StructType byPlace(StructType schema) {
        StructField[] fields = new StructField[schema.size()];
        Arrays.setAll(fields, i -> schema.apply(i)
                .copy(
                        PLACE + i,
                        schema.apply(i).dataType(),
                        schema.apply(i).nullable(),
                        schema.apply(i).metadata()));
        return new StructType(fields);
    }

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        Batch batch = scoring.batch(BATCH);
        return new BatchedRows(rows, batch.capacity(), some -> {
            some.forEach(batch::add);
            List<ScoredRow> scored = batch.scored();
            Row[] all = new Row[scored.size()];
            Arrays.setAll(all, j -> with(some.get(j), scored.get(j)));
            return Arrays.asList(all);
        });
    }

    private Row with(Row row, ScoredRow scored) {
        Object[] values = new Object[own + added.size()];
        for (int i = 0; i < own; i++) {
            values[i] = row.get(i);
        }
        for (int i = own; i < values.length; i++) {
            values[i] = output.value(scored, added.get(i - own));
        }
        return RowFactory.create(values);
    }

    /** Rows that are scored together by a column of vectors. */
    private record VectorBatch(int features, VectorScorer.Batch batch) implements Batch {
        @Override
        public int capacity() {
            return batch.capacity();
        }

        @Override
        public void add(Row row) {
            batch.add(row.<Vector>getAs(features));
        }

        @Override
        public List<ScoredRow> scored() {
            return batch.scored();
        }
    }
}
