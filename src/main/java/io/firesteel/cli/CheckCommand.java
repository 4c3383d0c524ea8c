package io.firesteel.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.firesteel.base.SettingNames;
import io.firesteel.check.Check;
import io.firesteel.check.Finding;
import io.firesteel.data.TrainingSet;
import io.firesteel.fit.Settings;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;

/** {@code check}: looks at a table and a network before they are trained. */
@Command(
        name = "check",
        description = {
            "Looks at a table and a network before they are trained, and tells what may be in the way of a good model.",
            "It looks for columns that give away the label, number the rows, are constant or duplicates; rare classes; validation rows that are also trained on;",
            "units that cannot learn. It also compares the network's gradient with differences of the loss. Nothing is saved."
        },
        customSynopsis = "firesteel check --data PATH --label COL [OPTIONS]",
        footerHeading = OptionHelp.EXAMPLES,
        footer = {
            "  " + OptionHelp.PROGRAM + " check --data sales.csv --label price",
            "  " + OptionHelp.PROGRAM
                    + " check --data mail.csv --label spam --hidden 256,256 --activation sigmoid --json"
        })
final class CheckCommand extends SettingsCommand {
    private Settings.Builder given;

    @Override
    void prepare() {
        given = given();
    }

    @Override
    Optional<Settings> settingsToCheck() {
        return Optional.of(given.build());
    }

    @Override
    void run(SparkSession spark) throws IOException {
        ObjectNode object = Json.object();
        Check check = Check.of(given, source(spark), new Shown() {
            @Override
            public void onData(Settings all, TrainingSet data) {
                super.onData(all, data);
                Json.putTrained(object, data(), all, data);
            }
        });
        if (isForPrograms()) {
            print(Json.text(json(check, object)));
            return;
        }
        print("gradient    " + gradient(check));
        print(
                check.sampledRows() == 0
                        ? "columns     not judged, since inputs are sparse"
                        : String.format(Locale.ROOT, "columns     judged by %,d rows", check.sampledRows()));
        if (check.findings().isEmpty()) {
            print("found       nothing that is in the way of a good model");
        }
        String name = "found       ";
        for (Finding finding : check.findings()) {
            print(name + text(finding));
            name = " ".repeat(name.length());
        }
    }

    private static String gradient(Check check) {
        if (check.gradient().parameters() == 0) {
            return "not checked: differences of the loss are too inexact here";
        }
        return String.format(
                Locale.ROOT,
                "%s: differs by at most %.0e from differences of the loss, %,d parameters on %,d rows, in double precision",
                check.gradient().isRight() ? "right" : "wrong",
                check.gradient().error(),
                check.gradient().parameters(),
                check.gradientRows());
    }

    private static String text(Finding finding) {
        String text = SettingNames.OPTIONS.render(finding.text());
        return finding.column() == null ? text : "column " + finding.column() + " " + text;
    }

    private static ObjectNode json(Check check, ObjectNode object) {
        object.put(
                "gradientError",
                check.gradient().isFinite() ? (Double) check.gradient().error() : null);
        object.put("gradientRight", check.gradient().isRight());
        object.put("sampledRows", check.sampledRows());
        ArrayNode findings = object.putArray("findings");
        for (Finding finding : check.findings()) {
            findings.addObject()
                    .put("kind", SettingNames.PROPERTIES.name(finding.kind().key()))
                    .put("column", finding.column())
                    .put("text", text(finding));
        }
        return object;
    }
}
