package io.firesteel.ml;

import io.firesteel.base.UserError;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.sql.types.StructType;

/** The Params that a regressor and its model share, besides those of every training. */
public interface RegressionParams extends TrainingParams {
    /** Makes the Param of the column of quantiles. */
    static Param<String> quantilesCol(Params owner) {
        return new TextParam(
                owner,
                "quantilesCol",
                "Column of the predicted quantiles, a vector in ascending order, that transform adds with loss quantile; "
                        + "none if it is empty.");
    }

    /** Returns the Param of the loss function. */
    default Param<String> loss() {
        return settingParams().text("loss");
    }

    /** Returns the loss function. */
    default String getLoss() {
        return getOrDefault(loss());
    }

    /** Returns the Param of the quantiles that are predicted with the loss {@code quantile}. */
    default DoubleArrayParam quantiles() {
        return settingParams().numbers("quantiles");
    }

    /** Returns the quantiles that are predicted with the loss {@code quantile}. */
    default double[] getQuantiles() {
        return getOrDefault(quantiles());
    }

    /** Returns the Param of the column of predicted quantiles. */
    Param<String> quantilesCol();

    /** Returns the column of predicted quantiles. */
    default String getQuantilesCol() {
        return getOrDefault(quantilesCol());
    }

    /**
     * Returns the schema with the column of predicted quantiles; unchanged where its name is empty.
     *
     * @throws UserError when there is such a column already
     */
    default StructType withQuantiles(StructType schema) {
        return AddedColumns.with(schema, getQuantilesCol(), "quantiles", "quantilesCol");
    }
}
