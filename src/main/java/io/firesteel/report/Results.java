package io.firesteel.report;

import io.firesteel.model.Metrics;
import io.firesteel.model.ModelDescription;
import java.util.List;

/** How good a model is, in tables and charts that fit its task. */
final class Results {
    private Results() {}

    static String html(ModelDescription description, Measured measured) {
        Metrics metrics = measured.metrics();
        if (metrics.tables() instanceof Metrics.Classes classes) {
            return new ClassResults(description.targets(), classes).html();
        }
        if (metrics.tables() instanceof Metrics.Targets targets) {
            return TargetResults.html(targets, measured.closeup());
        }
        return labels((Metrics.Labels) metrics.tables());
    }

    private static String labels(Metrics.Labels labels) {
        int most = 200;
        List<List<String>> rows = labels.perLabel().stream()
                .limit(most)
                .map(one -> List.of(
                        Html.name(one.label(), Html.LONG_NAME),
                        Html.count(one.support()),
                        Html.number(one.precision()),
                        Html.number(one.recall()),
                        Html.share(one.f1()),
                        Html.number(one.rocAuc()),
                        Html.number(one.prAuc())))
                .toList();
        String caption = labels.perLabel().size() > most ? "The first " + most + " labels" : "Each label";
        return Html.section(
                "Labels",
                Html.table(caption, List.of("label", "rows", "precision", "recall", "F1", "ROC-AUC", "PR-AUC"), rows));
    }
}
