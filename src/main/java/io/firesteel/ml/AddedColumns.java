package io.firesteel.ml;

import io.firesteel.base.UserError;
import io.firesteel.data.ScoredRow;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.types.StructType;

/** The columns of vectors that models add besides those of Spark ML's own. */
final class AddedColumns {
    private AddedColumns() {}

    /**
     * Returns a schema with a column of vectors more; unchanged where its name is empty.
     *
     * @param what it holds
     * @param param that names it
     * @throws UserError when there is such a column already
     */
    static StructType with(StructType schema, String name, String what, String param) {
        if (name.isEmpty()) {
            return schema;
        }
        if (List.of(schema.fieldNames()).contains(name)) {
            throw new UserError("the DataFrame has a column " + name + " already, which the " + what
                    + " would be: expected another " + param);
        }
        return schema.add(name, SQLDataTypes.VectorType());
    }

    /**
     * Returns a schema with the column of contributions, where one is wanted.
     *
     * @throws UserError when there is such a column already, or there are several labels
     */
    static StructType withContributions(TrainingParams instance, StructType schema) {
        String name = instance.getContributionsCol();
        if (!name.isEmpty() && LabelColumns.areGiven(instance)) {
            throw new UserError("contributionsCol=" + name
                    + ": expected one label (labelCol), to whose score contributions add up, instead of labelCols");
        }
        return with(schema, name, "contributions", "contributionsCol");
    }

    /** Returns the contributions to a row's score, and as the last element the score that they start from. */
    static Vector contributions(ScoredRow row) {
        double[] ofColumns = row.contributions().ofColumns();
        double[] all = Arrays.copyOf(ofColumns, ofColumns.length + 1);
        all[ofColumns.length] = row.contributions().base();
        return Vectors.dense(all);
    }
}
