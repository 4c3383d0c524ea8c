import io.firesteel.fit.Preset;
import io.firesteel.ml.FiresteelClassifier;
import io.firesteel.ml.FiresteelRegressor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
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

/**
 * Writes the Python module {@code firesteel._params}: the Params of the estimators as they are in Java, with types, defaults and
 * descriptions, so that the two cannot differ. The build runs it, with the path of the module: {@code java PythonParams.java PATH}.
 */
public final class PythonParams {
    /** Params that PySpark's own classes bring. */
    private static final Set<String> OF_SPARK =
            Set.of("featuresCol", "labelCol", "predictionCol", "probabilityCol", "rawPredictionCol", "thresholds");

    private final StringBuilder out = new StringBuilder();

    private PythonParams() {}

    public static void main(String[] args) throws IOException {
        Files.writeString(Path.of(args[0]), new PythonParams().module());
    }

    private String module() {
        Map<String, Param<?>> ofClassifier = own(new FiresteelClassifier());
        Map<String, Param<?>> ofRegressor = own(new FiresteelRegressor());
        Map<String, Param<?>> shared = new LinkedHashMap<>(ofClassifier);
        shared.keySet().retainAll(ofRegressor.keySet());
        ofClassifier.keySet().removeAll(shared.keySet());
        ofRegressor.keySet().removeAll(shared.keySet());

        line("\"\"\"The Params of the estimators, written by the build from those of the Java classes.\"\"\"");
        line("");
        line("from __future__ import annotations");
        line("");
        line("from collections.abc import Sequence");
        line("from typing import Any, ClassVar");
        line("");
        line("from pyspark import keyword_only");
        line("from pyspark.ml.param import Param, Params, TypeConverters");
        line("from pyspark.ml.param.shared import HasValidationIndicatorCol, HasWeightCol");
        line("");
        line("from firesteel._values import one_or_more");
        paramsClass(
                "TrainingParams",
                "HasWeightCol, HasValidationIndicatorCol",
                "The Params that both estimators and their models have.",
                shared);
        line("");
        line("    _presets: ClassVar[dict[str, dict[str, Any]]] = {");
        for (Preset preset : Preset.values()) {
            line("        " + quoted(preset.toString()) + ": " + presetDefaults(preset) + ",");
        }
        line("    }");
        paramsClass("ClassifierParams", "TrainingParams", "The Params of a classifier and its models.", ofClassifier);
        settersClass(
                "ClassifierSetters",
                "ClassifierParams",
                Stream.of(shared, ofClassifier)
                        .flatMap(m -> m.values().stream())
                        .toList(),
                Map.of(
                        "featuresCol",
                        "features",
                        "labelCol",
                        "label",
                        "predictionCol",
                        "prediction",
                        "probabilityCol",
                        "probability",
                        "rawPredictionCol",
                        "rawPrediction"),
                true);
        paramsClass("RegressorParams", "TrainingParams", "The Params of a regressor and its models.", ofRegressor);
        settersClass(
                "RegressorSetters",
                "RegressorParams",
                Stream.of(shared, ofRegressor).flatMap(m -> m.values().stream()).toList(),
                Map.of("featuresCol", "features", "labelCol", "label", "predictionCol", "prediction"),
                false);
        return out.toString();
    }

    private static Map<String, Param<?>> own(Params instance) {
        Map<String, Param<?>> own = new LinkedHashMap<>();
        Arrays.stream(instance.params())
                .filter(param -> !OF_SPARK.contains(param.name()))
                .forEach(param -> own.put(param.name(), param));
        return own;
    }

    private void paramsClass(String name, String bases, String doc, Map<String, Param<?>> params) {
        line("");
        line("");
        line("class " + name + "(" + bases + "):");
        line("    \"\"\"" + doc + "\"\"\"");
        params.forEach((param, of) -> {
            line("");
            line("    " + param + ": Param[" + type(of) + "] = Param(");
            line("        Params._dummy(),");
            line("        " + quoted(param) + ",");
            line("        " + quoted(of.doc()) + ",");
            line("        " + converter(of) + ",");
            line("    )");
        });
        params.forEach((param, of) -> {
            line("");
            line("    def get" + capitalized(param) + "(self) -> " + type(of) + ":");
            line("        " + doc("Returns the value of " + param + ": " + of.doc()));
            line("        return self.getOrDefault(self." + param + ")");
        });
    }

    private void settersClass(
            String name, String bases, List<Param<?>> params, Map<String, String> columns, boolean classes) {
        line("");
        line("");
        line("class " + name + "(" + bases + "):");
        line("    \"\"\"The constructor and the setters of an estimator.\"\"\"");
        line("");
        line("    _java_class: ClassVar[str]");
        line("    _input_kwargs: dict[str, Any]");
        List<String> arguments = new ArrayList<>();
        columns.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(column -> arguments.add(column.getKey() + ": str = " + quoted(column.getValue()) + ","));
        if (classes) {
            arguments.add("thresholds: Sequence[float] | None = None,");
        }
        params.forEach(param -> arguments.add(param.name() + ": " + argumentType(param) + " | None = None,"));
        for (String method : List.of("__init__", "setParams")) {
            boolean constructor = method.equals("__init__");
            line("");
            line("    @keyword_only");
            line("    def " + method + "(");
            line("        self,");
            line("        *,");
            arguments.forEach(argument -> line("        " + argument));
            line("    ) -> " + (constructor ? "None:" : "Any:"));
            line("        \"\"\"" + (constructor ? "Creates an estimator." : "Sets Params."));
            line("");
            line("        Parameters");
            line("        ----------");
            params.forEach(param -> {
                line("        " + param.name() + " : " + argumentType(param) + ", optional");
                line("            " + text(param.doc()).replace("\"\"\"", "'''"));
            });
            line("        \"\"\"");
            line("        kwargs = self._input_kwargs");
            if (constructor) {
                line("        super().__init__()");
                line("        self._make()  # type: ignore[attr-defined]");
                line("        self._set_defaults(\"default\")  # type: ignore[attr-defined]");
                line("        self.setParams(**kwargs)");
            } else {
                line("        if kwargs.get(\"preset\") is not None:");
                line("            self.setPreset(kwargs.pop(\"preset\"))");
                line("        return self._set(**kwargs)");
            }
        }
        params.forEach(param -> {
            line("");
            line("    def set" + capitalized(param.name()) + "(self, value: " + argumentType(param) + ") -> Any:");
            line("        " + doc("Sets " + param.name() + ": " + param.doc()));
            if (param.name().equals("preset")) {
                line("        self._set(preset=value)");
                line("        self._set_defaults(value)  # type: ignore[attr-defined]");
                line("        return self");
            } else {
                line("        return self._set(" + param.name() + "=value)");
            }
        });
    }

    /** Returns the defaults of a preset as a Python dictionary. */
    private static String presetDefaults(Preset preset) {
        Map<String, String> defaults = new LinkedHashMap<>();
        addDefaults(new FiresteelClassifier().setPreset(preset.toString()), defaults);
        addDefaults(new FiresteelRegressor().setPreset(preset.toString()), defaults);
        defaults.remove("preset");
        return defaults.entrySet().stream()
                .map(entry -> quoted(entry.getKey()) + ": " + entry.getValue())
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static void addDefaults(Params instance, Map<String, String> defaults) {
        own(instance).forEach((name, param) -> {
            if (instance.getDefault(param).isDefined()) {
                defaults.put(name, literal(instance.getDefault(param).get()));
            }
        });
    }

    private static String literal(Object value) {
        if (value instanceof int[] wholes) {
            return Arrays.toString(wholes);
        } else if (value instanceof double[] numbers) {
            return Arrays.toString(numbers);
        } else if (value instanceof String[] texts) {
            return Arrays.stream(texts).map(PythonParams::quoted).collect(Collectors.joining(", ", "[", "]"));
        } else if (value instanceof Boolean flag) {
            return flag ? "True" : "False";
        }
        return value instanceof String text ? quoted(text) : value.toString();
    }

    private static String type(Param<?> param) {
        if (param instanceof DoubleParam) {
            return "float";
        } else if (param instanceof IntParam || param instanceof LongParam) {
            return "int";
        } else if (param instanceof BooleanParam) {
            return "bool";
        } else if (param instanceof DoubleArrayParam) {
            return "list[float]";
        } else if (param instanceof IntArrayParam) {
            return "list[int]";
        }
        return param instanceof StringArrayParam ? "list[str]" : "str";
    }

    /** Returns the type of an argument: a list may be given as one value. */
    private static String argumentType(Param<?> param) {
        String type = type(param);
        String each = type.startsWith("list[") ? type.substring(5, type.length() - 1) : null;
        return each == null ? type : each.equals("str") ? "str | Sequence[str]" : each + " | Sequence[" + each + "]";
    }

    private static String converter(Param<?> param) {
        return switch (type(param)) {
            case "float" -> "TypeConverters.toFloat";
            case "int" -> "TypeConverters.toInt";
            case "bool" -> "TypeConverters.toBoolean";
            case "list[float]" -> "one_or_more(TypeConverters.toListFloat)";
            case "list[int]" -> "one_or_more(TypeConverters.toListInt)";
            case "list[str]" -> "one_or_more(TypeConverters.toListString)";
            default -> "TypeConverters.toString";
        };
    }

    private static String doc(String text) {
        return "\"\"\"" + text(text) + "\"\"\"";
    }

    private static String text(String text) {
        return text.replace("\\", "\\\\");
    }

    private static String quoted(String text) {
        return '"' + text(text).replace("\"", "\\\"") + '"';
    }

    private static String capitalized(String name) {
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }

    private void line(String text) {
        out.append(text).append('\n');
    }
}
