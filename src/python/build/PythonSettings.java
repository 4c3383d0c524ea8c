import io.firesteel.base.SettingNames;
import io.firesteel.fit.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Writes the Python module {@code firesteel._settings}: the settings of a training as keyword parameters of scikit-learn's
 * estimators, with types, defaults and descriptions, so that they cannot differ from the table in Java. The build runs it, with
 * the path of the module: {@code java PythonSettings.java PATH}.
 */
public final class PythonSettings {
    /** Settings that name columns or tables, or say what fit and scikit-learn say already. */
    private static final Set<String> NOT_FOR_ARRAYS =
            Set.of("task", "label", "features", "weight", "exclude", "validation-column", "validation-data", "folds");

    private static final Set<String> OF_CLASSIFIERS =
            Set.of("class-weight", "label-smoothing", "stratify", "threshold");
    private static final Set<String> OF_REGRESSORS = Set.of("loss", "quantiles");

    private final StringBuilder out = new StringBuilder();

    private PythonSettings() {}

    public static void main(String[] args) throws IOException {
        Files.writeString(Path.of(args[0]), new PythonSettings().module());
    }

    private String module() {
        line(
                "\"\"\"The parameters of scikit-learn's estimators, written by the build from Firesteel's table of settings.\"\"\"");
        line("");
        line("from __future__ import annotations");
        line("");
        line("from collections.abc import Mapping, Sequence");
        line("");
        line("from sklearn.base import BaseEstimator");
        estimator("ClassifierSettings", "classifier", setting -> !OF_REGRESSORS.contains(setting.key()));
        estimator("RegressorSettings", "regressor", setting -> !OF_CLASSIFIERS.contains(setting.key()));
        return out.toString();
    }

    private void estimator(String name, String kind, Predicate<Setting<?>> has) {
        List<Setting<?>> settings = Setting.all().stream()
                .filter(has.and(setting -> !NOT_FOR_ARRAYS.contains(setting.key())))
                .toList();
        line("");
        line("");
        line("class " + name + "(BaseEstimator):");
        line("    \"\"\"The parameters of a " + kind + ".\"\"\"");
        line("");
        line("    def __init__(");
        line("        self,");
        line("        *,");
        settings.forEach(setting -> line("        " + parameter(setting) + ": " + type(setting) + " | None = None,"));
        line("        verbose: bool = False,");
        line("    ) -> None:");
        line("        \"\"\"Creates a " + kind + ". Parameters that are None are as the preset has them.");
        line("");
        line("        Parameters");
        line("        ----------");
        settings.forEach(setting -> {
            line("        " + parameter(setting) + " : " + type(setting) + ", optional");
            line("            " + text(setting.help()) + defaultOf(setting));
        });
        line("        verbose : bool");
        line("            Draw a bar that shows the progress of fit.");
        line("        \"\"\"");
        settings.forEach(setting -> line("        self." + parameter(setting) + " = " + parameter(setting)));
        line("        self.verbose = verbose");
    }

    private static String defaultOf(Setting<?> setting) {
        String words = setting.defaultInWords();
        return words.isEmpty() ? "" : " Default: " + text(words) + ".";
    }

    private static String text(String withMentions) {
        return SettingNames.KEYWORDS.render(withMentions).replace("\\", "\\\\").replace("\"\"\"", "'''");
    }

    private static String parameter(Setting<?> setting) {
        return SettingNames.KEYWORDS.name(setting.key());
    }

    private static String type(Setting<?> setting) {
        if (setting.key().equals("class-weight")) {
            return "str | Mapping[object, float]";
        }
        if (setting.key().equals("threshold")) {
            return "float | str";
        }
        return switch (setting.type().kind()) {
            case NUMBER -> "float";
            case WHOLE, LONG -> "int";
            case FLAG -> "bool";
            case TEXT -> "str";
            case NUMBERS -> "float | Sequence[float]";
            case WHOLES -> "int | Sequence[int]";
            case TEXTS -> "str | Sequence[str]";
        };
    }

    private void line(String text) {
        out.append(text).append('\n');
    }
}
