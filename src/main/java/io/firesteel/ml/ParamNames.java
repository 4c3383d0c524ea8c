package io.firesteel.ml;

import io.firesteel.base.SettingNames;
import java.util.Map;
import org.apache.spark.ml.param.Params;

/**
 * The names that an estimator of Spark ML gives to settings: {@code learningRate} for {@code learning-rate}, and Spark's own
 * where it has one.
 */
record ParamNames(Params owner) implements SettingNames {
    private static final Map<String, String> OF_SPARK = Map.of(
            "features", "featuresCol",
            "label", "labelCol",
            "weight", "weightCol",
            "validation-column", "validationIndicatorCol");

    @Override
    public String name(String key) {
        return OF_SPARK.getOrDefault(key, PROPERTIES.name(key));
    }

    @Override
    public boolean has(String key) {
        return owner.hasParam(name(key));
    }
}
