package io.firesteel.ml;

import io.firesteel.base.SettingNames;
import io.firesteel.base.UserError;
import io.firesteel.fit.Setting;
import java.util.Map;
import org.apache.spark.ml.param.Params;

/**
 * The names that an estimator of Spark ML gives to settings: {@code learningRate} for {@code learning-rate}, and Spark's own
 * where it has one.
 */
record ParamNames(Params owner) implements SettingNames {
    /** The Param of several feature columns. */
    static final String INPUT_COLUMNS = "inputCols";

    private static final Map<String, String> OF_SPARK = Map.of(
            "label", "labelCol",
            "weight", "weightCol",
            "validation-column", "validationIndicatorCol");

    @Override
    public String name(String key) {
        if (key.equals(Setting.FEATURES.key())) {
            return hasInputColumns() ? INPUT_COLUMNS : "featuresCol";
        }
        return OF_SPARK.getOrDefault(key, PROPERTIES.name(key));
    }

    /** A column is left out by leaving its name out. */
    @Override
    public String assignment(String key, String value) {
        return key.equals(Setting.EXCLUDE.key())
                ? INPUT_COLUMNS + " without " + value
                : SettingNames.super.assignment(key, value);
    }

    @Override
    public boolean has(String key) {
        return owner.hasParam(name(key)) || (key.equals(Setting.EXCLUDE.key()) && hasInputColumns());
    }

    private boolean hasInputColumns() {
        return owner.hasParam(INPUT_COLUMNS) && owner.isSet(owner.getParam(INPUT_COLUMNS));
    }

    /** Returns an error as one line in these names. */
    UserError rendered(UserError error) {
        return new UserError(error.render(this), error);
    }
}
