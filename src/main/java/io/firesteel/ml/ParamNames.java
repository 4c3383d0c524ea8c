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

    /** The Param of several label columns. */
    static final String LABEL_COLUMNS = "labelCols";

    private static final Map<String, String> OF_SPARK =
            Map.of("weight", "weightCol", "validation-column", "validationIndicatorCol");

    @Override
    public String name(String key) {
        if (key.equals(Setting.FEATURES.key())) {
            return isSet(INPUT_COLUMNS) ? INPUT_COLUMNS : "featuresCol";
        }
        if (key.equals(Setting.LABEL.key())) {
            return isSet(LABEL_COLUMNS) ? LABEL_COLUMNS : "labelCol";
        }
        return OF_SPARK.getOrDefault(key, PROPERTIES.name(key));
    }

    /** Returns the assignment; a column is left out by leaving its name out. */
    @Override
    public String assignment(String key, String value) {
        return key.equals(Setting.EXCLUDE.key())
                ? INPUT_COLUMNS + " without " + value
                : SettingNames.super.assignment(key, value);
    }

    @Override
    public boolean has(String key) {
        return key.equals(SPARK)
                || owner.hasParam(name(key))
                || (key.equals(Setting.EXCLUDE.key()) && isSet(INPUT_COLUMNS));
    }

    private boolean isSet(String param) {
        return owner.hasParam(param) && owner.isSet(owner.getParam(param));
    }

    /** Returns an error as one line in these names. */
    UserError rendered(UserError error) {
        return new UserError(error.render(this), error);
    }
}
