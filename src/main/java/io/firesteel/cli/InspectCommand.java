package io.firesteel.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.firesteel.model.Encoding;
import io.firesteel.model.ModelDescription;
import io.firesteel.model.ModelDescription.Provenance;
import io.firesteel.model.ModelDescription.Software;
import io.firesteel.model.ModelDescription.Step;
import io.firesteel.model.ModelFormat;
import io.firesteel.model.TrainedModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code inspect}: describes a model and its training. */
@Command(
        name = "inspect",
        description = "Shows a model's network, settings, provenance and training history.",
        customSynopsis = "firesteel inspect --model DIR [OPTIONS]",
        footerHeading = OptionHelp.EXAMPLES,
        footer = {
            "  " + OptionHelp.PROGRAM + " inspect --model out/price",
            "  " + OptionHelp.PROGRAM + " inspect --model out/price --json"
        })
final class InspectCommand extends ModelCommand {
    @Mixin
    private JsonOption output;

    @Override
    void run(TrainedModel model, PrintWriter out) throws IOException {
        ModelDescription description = model.description();
        if (output.json) {
            ObjectNode object = ModelFormat.toFlatJson(model);
            object.put("columns", description.inputs().columns().size());
            object.put("parameters", description.network().parameterCount());
            ModelDescription.Validation validation = description.provenance().validation();
            if (validation != null && validation.metric() != null) {
                ((ObjectNode) object.get("validation"))
                        .put("metric", validation.metric().key());
            }
            out.println(Json.text(object));
        } else {
            print(description, out);
        }
    }

    /** Returns the first of many categories. */
    private static String some(List<String> values) {
        int most = 12;
        return values.stream().limit(most).collect(Collectors.joining(", "))
                + (values.size() > most ? String.format(Locale.ROOT, ", ... (%,d in all)", values.size()) : "");
    }

    /** Returns why the first training kept the weights that it kept: the last ones need not be the best. */
    private static String kept(Provenance provenance) {
        ModelDescription.Validation validation = provenance.validation();
        List<Step> history = provenance.history();
        boolean isLast =
                validation.keptStep() == history.get(history.size() - 1).step();
        boolean isBest = provenance
                .best()
                .filter(step -> step.step() == validation.keptStep())
                .isPresent();
        return isBest || !isLast ? "which had the best " + validation.metric() + " on the rows held out" : "its last";
    }

    private static void print(ModelDescription model, PrintWriter out) {
        out.println("task        " + model.task() + " of "
                + String.join(", ", model.targets().labels()));
        if (!model.targets().classes().isEmpty()) {
            out.println("classes     " + String.join(", ", model.targets().classes()));
        }
        Quality.threshold(model).ifPresent(line -> out.println("threshold   " + line));
        out.println("features    " + String.join(", ", model.inputs().features()));
        Encoding encoding = model.inputs().encoding();
        encoding.categories().forEach((column, values) -> out.println("categories  " + column + ": " + some(values)));
        if (!encoding.dates().isEmpty()) {
            out.println("dates       " + TrainingSummary.dates(encoding));
        }
        if (!encoding.categories().isEmpty()) {
            out.println("unseen      " + encoding.unseen());
        }
        out.println("missing     " + encoding.missing()
                + (encoding.indicators().isEmpty() ? "" : ", with indicator inputs: " + some(encoding.indicators())));
        out.println("network     " + model.network().summary() + ", "
                + model.network().lossSummary());
        Provenance provenance = model.provenance();
        out.println(String.format(
                Locale.ROOT,
                provenance.isRefit()
                        ? "trained     on %,d rows, after a first training with %,d of them held out, seed %d, %s precision"
                        : "trained     on %,d rows, %,d held out, seed %d, %s precision",
                provenance.rows(),
                provenance.validationRows(),
                provenance.seed(),
                provenance.precision()));
        Software software = provenance.software();
        out.println("with        Firesteel " + software.firesteel() + ", Spark " + software.spark() + ", Java "
                + software.java() + ", " + software.blas());
        out.println("settings    "
                + provenance.settings().entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining(" ")));
        List<Step> history = provenance.history();
        ModelDescription.Validation validation = provenance.validation();
        int last = history.isEmpty() ? 0 : history.get(history.size() - 1).step();
        if (provenance.isRefit()) {
            Step end = validation.refit().get(validation.refit().size() - 1);
            out.println(String.format(
                    Locale.ROOT,
                    "refit       %,d steps on all rows, as long as the first training took to step %,d, %s; loss %s",
                    end.step(),
                    validation.keptStep(),
                    kept(provenance),
                    number(end.loss())));
        } else if (validation != null && validation.keptStep() < last) {
            out.println("kept        the weights after step " + validation.keptStep() + ", " + kept(provenance));
        }
        if (validation != null && !validation.folds().isEmpty()) {
            out.println("folds       " + MetricsText.folds(validation.folds()));
        }
        boolean measured = history.stream().anyMatch(step -> step.validationLoss() != null);
        boolean metric = history.stream().anyMatch(step -> step.validationMetric() != null);
        out.println("history     step  loss" + (measured ? "        validation" : "")
                + (metric && validation != null ? "  " + validation.metric() : ""));
        int every = Math.max(1, (history.size() - 1) / 10);
        for (int i = 0; i < history.size(); i++) {
            if (i % every == 0 || i == history.size() - 1) {
                Step step = history.get(i);
                String line = String.format(
                        Locale.ROOT,
                        "%16d  %-10s  %-10s  %s",
                        step.step(),
                        number(step.loss()),
                        number(step.validationLoss()),
                        number(step.validationMetric()));
                out.println(line.stripTrailing());
            }
        }
    }

    private static String number(Double value) {
        return value == null ? "" : String.format(Locale.ROOT, "%.6g", value);
    }
}
