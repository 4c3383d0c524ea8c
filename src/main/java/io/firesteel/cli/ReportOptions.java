package io.firesteel.cli;

import io.firesteel.base.UserError;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of commands that can also write a report. */
final class ReportOptions {
    /** Those that say nothing of a training, and are not noted with its settings. */
    static final String[] NAMES = {"report", "image"};

    @Option(
            names = "--report",
            paramLabel = "FILE.html",
            description = "Also write a report: one HTML file with charts and tables.")
    private String report;

    @Mixin
    private ImageOption image;

    /** Returns the report's path; null for none. */
    String path() {
        return report;
    }

    ImageOption image() {
        return image;
    }

    /**
     * Makes sure that they can be meant.
     *
     * @throws UserError when they cannot
     */
    void check() {
        image.size();
        if (image.given() != null && report == null) {
            throw new UserError("--image " + image.given() + ": expected --report with it");
        }
    }

    /** Makes sure that the report, if there is to be one, can be written. */
    void expectWritable(boolean overwrite, Configuration hadoop) throws IOException {
        FileOutput.expectWritable("--report", report, overwrite, hadoop);
    }

    /** Begins the report's file, so that a path that cannot be written is refused early; returns null for no report. */
    FileOutput open(boolean overwrite, Configuration hadoop) {
        return report == null ? null : FileOutput.open("--report", report, overwrite, hadoop);
    }
}
