package io.firesteel.ml;

import io.firesteel.fit.FitOptions;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Params that are options of the command line by another name: {@code learningRate} is {@code --learning-rate}. */
final class FitParam {
    /** A Param that is named as Spark ML's are. */
    static final String MARK = "validationIndicatorCol";

    private static final String MARK_OPTION = "--validation-column";

    private static final CommandSpec OPTIONS = new CommandLine(new FitOptions()).getCommandSpec();
    private static final Pattern CAPITAL = Pattern.compile("[A-Z]");

    private FitParam() {}

    static Param<String> text(Params owner, String name) {
        return new Param<>(owner, name, description(name));
    }

    static DoubleParam number(Params owner, String name) {
        return new DoubleParam(owner, name, description(name));
    }

    static IntParam whole(Params owner, String name) {
        return new IntParam(owner, name, description(name));
    }

    static LongParam seed(Params owner) {
        return new LongParam(owner, "seed", description("seed"));
    }

    static IntArrayParam wholes(Params owner, String name) {
        return new IntArrayParam(owner, name, description(name));
    }

    static BooleanParam flag(Params owner, String name) {
        return new BooleanParam(owner, name, description(name));
    }

    /** The option that a Param is; null for one that is none. */
    static OptionSpec option(String param) {
        return OPTIONS.findOption(optionName(param));
    }

    private static String optionName(String param) {
        return param.equals(MARK)
                ? MARK_OPTION
                : "--"
                        + CAPITAL.matcher(param)
                                .replaceAll(capital -> "-" + capital.group().toLowerCase(Locale.ROOT));
    }

    private static String description(String param) {
        OptionSpec option = option(param);
        String text = String.join(" ", option.description())
                .replace("${COMPLETION-CANDIDATES}", String.join(", ", candidates(option)));
        return option.defaultValue() == null ? text : text + " By default " + option.defaultValue() + ".";
    }

    private static Iterable<String> candidates(OptionSpec option) {
        return option.completionCandidates() == null ? java.util.List.of() : option.completionCandidates();
    }
}
