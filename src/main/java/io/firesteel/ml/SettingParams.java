package io.firesteel.ml;

import io.firesteel.base.NameList;
import io.firesteel.base.SettingError;
import io.firesteel.base.UserError;
import io.firesteel.fit.Preset;
import io.firesteel.fit.Setting;
import io.firesteel.fit.Settings;
import java.io.Serializable;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;
import scala.Function1;
import scala.Option;

/** The Params of an instance, made once of the table of settings. */
public final class SettingParams implements Serializable {
    private static final long serialVersionUID = 1;

    private static final String INPUT_COLUMNS =
            "Feature columns, in place of featuresCol: numbers, booleans, texts, dates, vectors and arrays of numbers.";

    private static final String LABEL_COLUMNS =
            "Label columns, in place of labelCol: several targets of a regression, or for a classifier several labels of 0 and 1 "
                    + "(or booleans). The prediction is a vector in their order.";

    private static final String CONTRIBUTIONS =
            "Column of the contributions that transform adds: a vector of how much each column of the model adds to the row's score, "
                    + "and as the last element the score of a mean row. They add up to the score: a regression's prediction, the "
                    + "log-odds of the second of two classes, or of the predicted one of more. None if it is empty.";

    private final Params owner;
    private final Map<String, Param<?>> params = new LinkedHashMap<>(); // by the settings' keys
    private final Param<String> contributionsCol;

    /** Makes the Params of an instance, and declares their defaults. */
    SettingParams(Params owner) {
        this.owner = owner;
        for (Setting<?> setting : Setting.all()) {
            params.put(setting.key(), param(setting));
        }
        contributionsCol = new TextParam(owner, "contributionsCol", CONTRIBUTIONS);
    }

    /** Declares the defaults of a preset, for those Params that the owner has. */
    void declareDefaults(Preset preset) {
        params.forEach((key, param) -> {
            boolean isByDefault = Setting.of(key).byDefault(preset) != null && !isInPlaceOfOne(Setting.of(key));
            if (isByDefault && owner.hasParam(param.name())) {
                declareDefault(param, Setting.of(key), preset);
            }
        });
        owner.setDefault(contributionsCol, "");
    }

    /** Returns whether a setting's Param names several columns where another one, of Spark, names one by default. */
    private static boolean isInPlaceOfOne(Setting<?> setting) {
        return setting == Setting.FEATURES || setting == Setting.LABEL;
    }

    @SuppressWarnings("unchecked") // a Param is made of its setting's kind
    private <T> void declareDefault(Param<T> param, Setting<?> setting, Preset preset) {
        owner.setDefault(param, (T) value(setting, setting.byDefault(preset)));
    }

    private Param<?> param(Setting<?> setting) {
        if (setting == Setting.FEATURES) {
            return new StringArrayParam(
                    owner, ParamNames.INPUT_COLUMNS, INPUT_COLUMNS, this.<String[]>check(setting.key()));
        }
        if (setting == Setting.LABEL) {
            return new StringArrayParam(
                    owner, ParamNames.LABEL_COLUMNS, LABEL_COLUMNS, this.<String[]>check(setting.key()));
        }
        ParamNames names = new ParamNames(owner);
        String name = names.name(setting.key());
        String usually = setting.byDefault(Preset.DEFAULT) == null
                ? setting.defaultInWords()
                : ""; // Spark tells declared defaults
        String doc = names.render(setting.help() + (usually.isEmpty() ? "" : " Default: " + usually + "."));
        return switch (setting.type().kind()) {
            case NUMBER -> new DoubleParam(owner, name, doc, this.<Object>check(setting.key()));
            case WHOLE -> new IntParam(owner, name, doc, this.<Object>check(setting.key()));
            case LONG -> new LongParam(owner, name, doc, this.<Object>check(setting.key()));
            case FLAG -> new BooleanParam(owner, name, doc);
            case TEXT -> new TextParam(owner, name, doc, this.<String>check(setting.key()));
            case NUMBERS -> new DoubleArrayParam(owner, name, doc, this.<double[]>check(setting.key()));
            case WHOLES -> new IntArrayParam(owner, name, doc, this.<int[]>check(setting.key()));
            case TEXTS -> new StringArrayParam(owner, name, doc, this.<String[]>check(setting.key()));
        };
    }

    /** Returns a validator that refuses a value in the setting's own words. */
    private <T> Function1<T, Object> check(String key) {
        Params params = owner;
        return (Function1<T, Object> & Serializable) value -> {
            try {
                Setting.of(key).parse(text(key, value));
                return true;
            } catch (SettingError e) {
                throw new UserError(e.render(new ParamNames(params)), e);
            }
        };
    }

    /** Returns a Param's value as text that its setting reads. */
    private static String text(String key, Object value) {
        if (value instanceof int[] units) {
            return units.length == 0 && key.equals(Setting.HIDDEN.key())
                    ? "none"
                    : join(Arrays.stream(units).boxed());
        } else if (value instanceof double[] numbers) {
            return join(Arrays.stream(numbers).boxed());
        }
        return value instanceof String[] texts ? NameList.join(List.of(texts)) : value.toString();
    }

    private static String join(Stream<?> values) {
        return values.map(Object::toString).collect(Collectors.joining(","));
    }

    /** Returns a setting's value as its Param has it. */
    private static Object value(Setting<?> setting, Object value) {
        List<?> list = value instanceof List<?> values ? values : List.of();
        return switch (setting.type().kind()) {
            case NUMBER, WHOLE, LONG, FLAG -> value;
            case TEXT -> value.toString();
            case NUMBERS -> list.stream().mapToDouble(each -> (double) each).toArray();
            case WHOLES -> list.stream().mapToInt(each -> (int) each).toArray();
            case TEXTS -> list.stream().map(Object::toString).toArray(String[]::new);
        };
    }

    /** Returns the settings that the Params ask for, those that are not set at their defaults. */
    Settings.Builder settings() {
        Settings.Builder settings = Settings.builder();
        params.forEach((key, param) -> {
            Option<?> value = owner.hasParam(param.name()) ? owner.get(param) : Option.empty();
            if (value.isDefined()) {
                settings.set(key, text(key, value.get()));
            }
        });
        return settings;
    }

    Param<String> contributionsCol() {
        return contributionsCol;
    }

    @SuppressWarnings("unchecked") // a Param is made of its setting's kind
    Param<String> text(String key) {
        return (Param<String>) params.get(key);
    }

    DoubleParam number(String key) {
        return (DoubleParam) params.get(key);
    }

    IntParam whole(String key) {
        return (IntParam) params.get(key);
    }

    LongParam longWhole(String key) {
        return (LongParam) params.get(key);
    }

    BooleanParam flag(String key) {
        return (BooleanParam) params.get(key);
    }

    DoubleArrayParam numbers(String key) {
        return (DoubleArrayParam) params.get(key);
    }

    IntArrayParam wholes(String key) {
        return (IntArrayParam) params.get(key);
    }

    StringArrayParam texts(String key) {
        return (StringArrayParam) params.get(key);
    }
}
