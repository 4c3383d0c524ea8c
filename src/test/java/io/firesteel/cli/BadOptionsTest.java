package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.fit.Setting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Options that cannot be meant get one line that says what was expected; and what the command line itself prints. */
@Tag("spark")
class BadOptionsTest {
    @TempDir
    private Path dir;

    private Path data;

    @BeforeEach
    void data() {
        data = Cli.write(dir.resolve("t.csv"), "a,b,y", "1,2,3", "2,1,1", "3,3,2", "5,1,4");
    }

    private Object[] train(Object... more) {
        Object[] args = {"train", "--data", data, "--label", "y", "--model", dir.resolve("new/parent/model")};
        return Cli.plus(args, more);
    }

    // Values.

    @ParameterizedTest
    @CsvSource({
        "--hidden, 0, positive",
        "--hidden, '4,-1', positive",
        "--hidden, abc, positive",
        "--hidden, '4,,4', positive",
        "--hidden, '', positive",
        "--activation, softmax, 'sigmoid, tanh, relu, leaky-relu, elu, gelu, identity'",
        "--activation, 'tanh,relu', one for each of the 1 hidden layers",
        "--init, xavier, 'normal, glorot, he, lecun, zero'",
        "--optimizer, sgd, 'gd, momentum, nesterov, adam, adamw, lbfgs'",
        "--momentum, 0.9, '--optimizer momentum or nesterov (--optimizer gd has no such setting)'",
        "--beta1, 0.9, expected --optimizer adam or adamw (--optimizer gd",
        "--beta2, 0.9, expected --optimizer adam or adamw (--optimizer gd",
        "--epsilon, 1.0E-8, expected --optimizer adam or adamw (--optimizer gd",
        "--weight-decay, 0.1, expected --optimizer adamw",
        "--weight-decay, lots, a number",
        "--schedule, linear, 'expected constant, step:EVERY[,FACTOR]'",
        "--schedule, 'step:0', steps 0: expected a positive whole number",
        "--warm-up, -1, 0 or more",
        "--warm-up, 200, fewer steps than --iterations 200",
        "--loss, cross-entropy, 'squared, absolute, huber, poisson'",
        "--task, clustering, 'classification, regression, multilabel'",
        "--missing, median, 'error, mean'",
        "--unseen, other, 'error, ignore'",
        "--format, xls, 'csv, libsvm, parquet, orc, json, avro, delta, jdbc'",
        "--precision, half, 'single, double'",
        "--learning-rate, -1, a positive number",
        "--learning-rate, 0, a positive number",
        "--learning-rate, NaN, a positive number",
        "--learning-rate, Infinity, a positive number",
        "--learning-rate, abc, a number",
        "--l2, -1, a number of 0 or more",
        "--l2, NaN, a number of 0 or more",
        "--l1, -1, a number of 0 or more",
        "--dropout, 1, less than 1",
        "--dropout, '0.1,0.2', one for each of the 1 hidden layers",
        "--dropout, half, a number",
        "--input-dropout, -0.1, 0 or more",
        "--class-weight, even, 'balanced, or weights of classes'",
        "--class-weight, 7=2.0, 'a class of the data, which has 1, 2, 3, 4'",
        "--class-weight, 1=-2.0, a weight of 0 or more",
        "--tolerance, -1, 0 (off) or more",
        "--tolerance, NaN, 0 (off) or more",
        "--init-scale, -1, a number of 0 or more",
        "--init-scale, NaN, a number of 0 or more",
        "--validation-fraction, 1, less than 1",
        "--validation-fraction, -0.1, 0 or more",
        "--validation-fraction, NaN, 0 or more",
        "--validation-fraction, 1.0E-9, none are left to validate on",
        "--iterations, -1, 0 or more",
        "--iterations, 1.5, a whole number",
        "--epochs, -1, 0 or more",
        "--batch-size, 0, 1 or more",
        "--batch-fraction, 0, above 0",
        "--batch-fraction, 2, at most 1",
        "--seed, x, a whole number",
        "--standardize, maybe, true or false",
        "--sparse, maybe, 'auto, true, false'"
    })
    void value_bad(String option, String value, String expected) {
        Cli.refuse(dir, train(option, value), option, value, expected);
    }

    @Test
    void hidden_tooLarge() {
        Cli.refuse(dir, train("--hidden", "60000,60000"), "--hidden", "60000, 60000", "parameters");
    }

    @Test
    void lbfgs_withWhatItFindsItself() {
        Cli.refuse(
                dir,
                train("--optimizer", "lbfgs", "--learning-rate", "1"),
                "--learning-rate 1.0: expected --optimizer gd or momentum");
        Cli.refuse(dir, train("--optimizer", "lbfgs", "--schedule", "cosine"), "--schedule", "lbfgs");
        Cli.refuse(dir, train("--optimizer", "lbfgs", "--warm-up", "5"), "--warm-up", "lbfgs");
        Cli.refuse(dir, train("--optimizer", "lbfgs", "--l1", "0.1"), "--l1 0.1: expected none with", "jump");
        Cli.refuse(dir, train("--optimizer", "lbfgs", "--dropout", "0.1"), "--dropout 0.1: expected none with");
    }

    @Test
    void batches_twoWays() {
        Cli.refuse(
                dir,
                train("--epochs", "3", "--iterations", "5"),
                "--epochs 3: expected only one of --epochs and --iterations");
        Object[] both = train("--batch-size", "2", "--batch-fraction", "0.5");
        Cli.refuse(dir, both, "--batch-fraction 0.5: expected only one of --batch-size and --batch-fraction");
        Cli.refuse(dir, train("--optimizer", "lbfgs", "--batch-size", "2"), "--batch-size 2: expected none", "lbfgs");
        // 4 rows: 2 steps an epoch
        Object[] short4 = train("--batch-size", "2", "--epochs", "3", "--warm-up", "6");
        Cli.refuse(dir, short4, "--warm-up 6: expected fewer steps than the 6 steps of --epochs 3");
    }

    @Test
    void classWeight_ofARegression() {
        Cli.refuse(
                dir,
                train("--task", "regression", "--class-weight", "balanced"),
                "--class-weight balanced: expected --task classification",
                "a regression has no classes");
        Cli.refuse(
                dir,
                train("--task", "multilabel", "--class-weight", "1=2"),
                "--class-weight 1=2: expected --task classification",
                "multilabel has no classes");
    }

    @Test
    void loss_withMultilabel() {
        Cli.refuse(
                dir,
                train("--task", "multilabel", "--loss", "huber"),
                "--loss huber",
                "expected --task regression, since a multilabel has its own loss");
    }

    @Test
    void option_twice() {
        Cli.refuse(dir, train("--data", "other.csv"), "--data", "only once");
    }

    @Test
    void validation_twoWays() {
        Object[] both = train("--validation-fraction", "0.5", "--validation-data", data);
        Cli.refuse(dir, both, "--validation-fraction", "--validation-data", "only one of them");
    }

    /** What needs rows that are held out, what comes without what it belongs to, and what cannot be meant. */
    @ParameterizedTest
    @CsvSource({
        "--patience 3, '--patience 3: expected validation rows with it (add --validation-fraction 0.2)'",
        "--metric accuracy, '--metric accuracy: expected validation rows with it'",
        "--validate-every 2, '--validate-every 2: expected validation rows with it'",
        "--keep-best true, '--keep-best true: expected validation rows with it'",
        "--validation-fraction 0.5 --patience -1, '--patience -1: expected 0 (off) or more'",
        "--validation-fraction 0.5 --min-delta 1, '--min-delta 1.0: expected --patience with it'",
        "--validation-fraction 0.5 --patience 1 --min-delta -1, '--min-delta -1.0: expected a number of 0 or more'",
        "--validation-fraction 0.5 --validate-every 0, '--validate-every 0: expected 1 or more'",
        "--validation-fraction 0.5 --task classification --metric rmse, '--metric rmse: expected a metric of a classification: loss, accuracy'",
        "--validation-fraction 0.5 --metric best, 'expected loss, accuracy'",
        "--validation-fraction 0.5 --validation-column a, '--validation-fraction and --validation-column: expected only one'",
        "--validation-fraction 0.5 --folds 2, '--validation-fraction and --folds: expected only one'",
        "--stratify false, '--stratify false: expected --validation-fraction or --folds with it'",
        "--folds 1, '--folds 1: expected 2 or more'",
        "--refit true, '--refit true: expected rows held out with it (add --validation-fraction 0.2)'",
        "--folds 2 --refit true, '--refit true: expected false with --folds, which trains the model on all rows anyway'",
        "--validation-data x.csv --refit true, '--refit true: expected false with --validation-data, since rows of'",
        "--validation-fraction 0.5 --refit maybe, '--refit maybe: expected true or false'",
        "--folds 2 --patience 3, '--patience 3: expected validation rows with it'",
        "--folds 2 --checkpoint c, '--checkpoint c: expected none with --folds'",
        "--folds 2 --resume c, '--resume c: expected none with --folds'",
        "--task regression --folds 2 --stratify true, '--stratify true: expected --task classification with it'"
    })
    void validation_bad(String options, String expected) {
        Cli.refuse(dir, train((Object[]) options.split(" ")), expected);
    }

    @ParameterizedTest
    @CsvSource({"--rows, 0", "--features, 0", "--classes, 1", "--noise, NaN", "--noise, -1"})
    void generate_bad(String option, String value) {
        Object[] args = {"generate", "blobs", "--output", dir.resolve("new/g.csv"), option, value};
        Cli.refuse(dir, args, option, "expected");
    }

    @Test
    void generate_unknownKind() {
        Object[] args = {"generate", "moons", "--output", dir.resolve("new/g.csv")};
        Cli.refuse(dir, args, "moons", "flower, blobs, spirals, regression");
    }

    // The command line itself.

    @Test
    void run_unknownOption() {
        Cli.refuse(dir, train("--learningrate", "1"), "--learningrate", "did you mean --learning-rate?", "--help");
    }

    /** What other libraries call an option. */
    @ParameterizedTest
    @CsvSource({
        "--lr, --learning-rate",
        "--target, --label",
        "--layers, --hidden",
        "--hidden_layer_sizes, --hidden",
        "--max-iter, --iterations or --epochs",
        "--batch, --batch-size",
        "--random-state, --seed",
        "--early-stopping, --patience",
        "--test-size, --validation-fraction",
        "--input, --data",
        "--output, --model",
        "--silent, --quiet"
    })
    void run_optionOfOtherLibraries(String option, String meant) {
        Cli.refuse(
                dir,
                train(option, "1"),
                "error: unknown option " + option + " (did you mean " + meant
                        + "?); firesteel train --help lists the options");
    }

    @Test
    void run_unknownCommand() {
        Cli.refuse(dir, new Object[] {"trian", "--data", data}, "trian", "did you mean train?", "--help");
    }

    @Test
    void run_strayArgument() {
        Cli.refuse(dir, train("stray"), "stray", "firesteel train --help");
    }

    @Test
    void run_requiredOptionMissing() {
        Object[] args = {"train", "--data", data};
        Cli.refuse(dir, args, "--model", "firesteel train --help");
        Cli.refuse(dir, new Object[] {"evaluate"}, "--model", "--data", "firesteel evaluate --help");
        Cli.refuse(dir, Arrays.copyOf(train(), 6), "--model");
    }

    @Test
    void run_nothing() {
        Cli.Outcome outcome = Cli.run();
        assertEquals(2, outcome.code());
        assertEquals("", outcome.out());
        for (String command : new String[] {
            "Usage", "train", "evaluate", "report", "predict", "search", "plan", "inspect", "export", "generate"
        }) {
            assertTrue(outcome.err().contains(command), outcome.err());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"train", "evaluate", "report", "predict", "search", "plan", "inspect", "export", "generate"})
    void run_help(String command) {
        String help = Cli.succeed(command, "--help");
        assertTrue(help.startsWith("Usage: firesteel " + command), help);
        assertTrue(help.contains("--help"), help);
        assertFalse(help.contains("null") || help.contains("Default: {}") || help.contains("\033"), help);
        assertTrue(help.matches("(?s).*\nExamples:\n  \\S+ " + command + " .*"), help);
        assertTrue(help.indexOf("\nMost used:\n") < help.indexOf("\nOther:\n"), help);
        List<String> options = help.lines()
                .filter(line -> line.matches(" {2,6}(-[a-zA-Z], )?--[a-z].*"))
                .map(line -> line.replaceFirst("^.*?(--[a-z0-9-]+).*", "$1"))
                .toList();
        assertEquals(Set.copyOf(options).size(), options.size(), options.toString());
        assertTrue(options.contains("--quiet"), help);
        assertTrue(help.lines().allMatch(line -> line.length() <= 80), help);
    }

    @Test
    void help_ofTrain_hasAllSettingsInTheirGroups() {
        String help = Cli.succeed("train", "--help");
        int before = 0;
        for (String heading :
                List.of("Most used", "Data", "Network", "Optimiser", "Regularisation", "Length", "Where", "Output")) {
            int at = help.indexOf("\n" + heading);
            assertTrue(at > before, heading + " in " + help);
            before = at;
        }
        for (Setting<?> setting : Setting.all()) {
            assertTrue(help.contains(" --" + setting.key() + "="), setting.key());
        }
        assertTrue(
                help.indexOf("--data=") < help.indexOf("--label=")
                        && help.indexOf("--label=") < help.indexOf("--hidden="),
                help);
    }

    @Test
    void run_helpAndVersion() {
        assertTrue(Cli.succeed("--help").contains("evaluate"));
        assertTrue(Cli.succeed("--version").matches("Firesteel \\d\\S*, Spark (4|3\\.5)\\.\\S+\\s+"));
    }

    // The file of options.

    @Test
    void config_missing() {
        Cli.refuse(dir, train("--config", "absent.properties"), "--config absent.properties", "no such file");
    }

    @Test
    void config_unknownKey() {
        Path file = Cli.write(dir.resolve("c.properties"), "hiden=4");
        Cli.refuse(dir, train("--config", file), "c.properties", "unknown option hiden", "did you mean hidden?");
    }

    @ParameterizedTest
    @CsvSource({"hidden=x, --hidden", "learning-rate=fast, --learning-rate", "activation=soft, --activation"})
    void config_badValue(String line, String option) {
        Path file = Cli.write(dir.resolve("c.properties"), line);
        Cli.refuse(dir, train("--config=" + file), option, line.split("=")[1], "expected");
    }

    @Test
    void config_writtenBySomeEditor() throws IOException {
        Path data = Cli.write(dir.resolve("umlaut.csv"), "a;gr\u00f6\u00dfe;y", "1;2;no", "2;1;yes");
        String lines =
                "data=" + data + "  \nlabel=y \nexclude=gr\u00f6\u00dfe\t\nhidden=2 \r\niterations=1\noption=sep=;\n"
                        + "option=header=true \nmodel=" + dir.resolve("run-10:30");
        for (byte[] bytes : new byte[][] {
            ("\ufeff" + lines).getBytes(StandardCharsets.UTF_8), lines.getBytes(StandardCharsets.ISO_8859_1)
        }) {
            Path file = Files.write(dir.resolve("c.properties"), bytes);
            Cli.succeed("train", "--config", file, "--overwrite");
        }
        assertTrue(Files.exists(dir.resolve("run-10:30/model.json")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"hidden=4\nhidden=3", "option=sep=;\noption=SEP=,"})
    void config_keyTwice(String lines) {
        Path file = Cli.write(dir.resolve("c.properties"), lines);
        Cli.refuse(dir, train("--config", file), "c.properties", "is there twice: expected it only once");
    }

    // Training that fails.

    @Test
    void train_diverges() {
        Path model = dir.resolve("model");
        Cli.succeed("train", "--data", data, "--label", "y", "--model", model, "--hidden", "2", "--iterations", "1");
        var before = Cli.content(dir);
        for (Object[] where : new Object[][] {{model, "--overwrite"}, {dir.resolve("new/model")}}) {
            Object[] args = {"train", "--data", data, "--label", "y", "--task", "regression"};
            Object[] rest = {"--learning-rate", "1e9", "--iterations", "100", "--model"};
            Cli.Outcome outcome = Cli.run(Cli.plus(Cli.plus(args, rest), where));
            assertEquals(2, outcome.code(), outcome.err());
            String error = outcome.err().lines().reduce((a, b) -> b).orElseThrow();
            assertTrue(
                    error.matches("error: .*after step \\d+ is \\S+ \\(try a smaller --learning-rate than 1.0E9\\)"),
                    error);
            assertFalse(outcome.err().contains("\tat "), outcome.err());
            assertEquals(before, Cli.content(dir));
        }
    }
}
