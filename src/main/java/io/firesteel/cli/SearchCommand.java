package io.firesteel.cli;

import io.firesteel.base.SettingNames;
import io.firesteel.base.Version;
import io.firesteel.fit.Search;
import io.firesteel.fit.SearchSpace;
import io.firesteel.fit.Settings;
import io.firesteel.fit.Tracked;
import io.firesteel.report.SearchReport;
import io.firesteel.store.AtomicOutput;
import io.firesteel.store.ModelStore;
import io.firesteel.table.TableWriter;
import io.firesteel.track.Tracking;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.commons.lang3.ArrayUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code search}: trains with several settings, and sorts these by the metric on the validation rows. */
@Command(
        name = "search",
        description = "Trains with several settings and sorts them by the metric on the validation rows.",
        customSynopsis = "firesteel search --data PATH --label COL --grid SPACE [OPTIONS]",
        footerHeading = OptionHelp.EXAMPLES,
        footer = {
            "  " + OptionHelp.PROGRAM + " search --data sales.csv --label price --grid 'hidden=64|256;l2=0|0.001'",
            "  " + OptionHelp.PROGRAM
                    + " search --data sales.csv --label price --grid learning-rate=0.001..0.1 --random 9"
        })
final class SearchCommand extends SettingsCommand {
    private static final String NAME = "search"; // of its run

    @Option(
            names = "--grid",
            required = true,
            paramLabel = "SPACE",
            description =
                    "Values of options: hidden=32|64;learning-rate=0.1|0.01 tries every combination. An interval, "
                            + "learning-rate=0.001..0.1, needs --random.")
    private String grid;

    @Option(
            names = "--random",
            paramLabel = "N",
            description =
                    "Try N random combinations, drawn with --seed, instead of all. The logarithm of a number of an "
                            + "interval is uniform.")
    private Integer random;

    @Option(
            names = "--average",
            paramLabel = "K",
            description =
                    "Make the model the mean of the K best models that have the same network and inputs as the best one.")
    private int average = 1;

    @Option(names = "--results", paramLabel = "FILE", description = "Table of the results: NAME.csv or NAME.json.")
    private String results;

    @Option(names = "--model", paramLabel = "DIR", description = "Directory of the best model.")
    private String model;

    @Option(
            names = "--report",
            paramLabel = "FILE.html",
            description = "Also write a report: one HTML file with the trials as a chart and a table.")
    private String report;

    @Mixin
    private TrackingOptions tracking;

    @Mixin
    private OverwriteOption existing;

    private Search search;

    @Override
    void prepare() {
        expectBeside("--report", report, model);
        expectBeside("--history", tracking.history(), model);
        expectBeside("--tensorboard", tracking.tensorboard(), model);
        Map<String, String> others = new LinkedHashMap<>();
        others.put("--data", data());
        others.put("--report", report);
        others.put("--results", results);
        tracking.expectOwnHistory(others);
        search = new Search(
                given(ArrayUtils.addAll(TrackingOptions.NAMES, "grid", "random", "average", "results", "report")),
                SearchSpace.parse(grid),
                random,
                average);
    }

    @Override
    void checkFiles() throws IOException {
        super.checkFiles();
        if (model != null) {
            ModelOutput.open(model, existing.overwrite, hadoop()).close();
        }
        if (results != null) {
            TableWriter.expectWritable(results, null, existing.overwrite, hadoop());
        }
        FileOutput.expectWritable("--report", report, existing.overwrite, hadoop());
        tracking.check(NAME, null, null, existing.overwrite);
    }

    @Override
    Optional<Settings> settingsToCheck() {
        return Optional.empty(); // the trials' may name other columns
    }

    @Override
    void run(SparkSession spark) throws IOException {
        Configuration hadoop = spark.sparkContext().hadoopConfiguration();
        if (results != null) {
            TableWriter.expectWritable(results, null, existing.overwrite, hadoop);
        }
        try (AtomicOutput output = model == null ? null : ModelOutput.open(model, existing.overwrite, hadoop);
                FileOutput page =
                        report == null ? null : FileOutput.open("--report", report, existing.overwrite, hadoop);
                Tracking runs = tracking.open(NAME, null, null, existing.overwrite, this::warn)) {
            Shown shown = new Shown() {
                @Override
                public void onTrial(int trial, int trials, Map<String, String> settings) {
                    String text = settings.entrySet().stream()
                            .map(entry -> entry.getKey() + "=" + entry.getValue())
                            .collect(Collectors.joining(" "));
                    inform("trial " + (trial + 1) + "/" + trials + "  " + text);
                }
            };
            Tracked tracked = new Tracked(shown, runs);
            Search.Outcome outcome = search.run(source(spark), output != null, tracked);
            if (!isForPrograms()) {
                TrialTable.lines(outcome).forEach(this::print);
                if (average > 1) {
                    print(TrialTable.averaged(outcome));
                }
            }
            if (output != null) {
                ModelStore.save(outcome.best(), output);
            }
            if (results != null) {
                TableWriter.Rows trials = TableWriter.Rows.of(TrialTable.frame(spark, outcome));
                TableWriter.write(spark, trials, results, null, existing.overwrite, () -> {});
            }
            if (page != null) {
                page.write(report(outcome)::writeTo);
            }
            tracked.endSearch();
            if (isForPrograms()) {
                print(Json.text(TrialTable.json(outcome)
                        .put("model", model)
                        .put("results", results)
                        .put("report", report)
                        .put("history", tracking.history())
                        .put("tensorboard", tracking.tensorboard())
                        .put("mlflow", tracking.mlflow())));
            }
        }
    }

    private SearchReport report(Search.Outcome outcome) {
        List<SearchReport.Trial> trials = outcome.trials().stream()
                .map(trial -> new SearchReport.Trial(
                        trial.settings(),
                        trial.score(),
                        trial.deviation(),
                        trial.seconds(),
                        trial.history(),
                        trial.stepsPerEpoch(),
                        trial.failure() == null ? null : trial.failure().render(SettingNames.OPTIONS)))
                .toList();
        return new SearchReport(data(), outcome.metric(), trials, Version.number());
    }
}
