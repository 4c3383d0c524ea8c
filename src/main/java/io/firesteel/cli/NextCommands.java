package io.firesteel.cli;

import java.util.List;

/** The commands that one may want after a training, so that they can be pasted into a shell. */
final class NextCommands {
    /** How the program was started, as the script that did it says. */
    private static final String PROGRAM = System.getenv().getOrDefault("FIRESTEEL_COMMAND", "firesteel");

    /** Stands for a table of rows that the model was not trained on. */
    private static final String NEW_ROWS = "NEW_ROWS.csv";

    private NextCommands() {}

    /** Returns the commands for a model and the table that it was trained on. */
    static List<String> of(String model, String data) {
        String stem = model.replaceFirst("/+$", "");
        return List.of(
                line("evaluate", "--model", model, "--data", NEW_ROWS),
                line("predict", "--model", model, "--data", NEW_ROWS, "--output", stem + "-predictions.csv"),
                line("report", "--model", model, "--data", data));
    }

    private static String line(String... words) {
        return line(List.of(words));
    }

    /** Returns the line of a command with these words. */
    static String line(List<String> words) {
        return PROGRAM + " " + quoted(words);
    }

    /** Returns words as a shell reads them back. */
    static String quoted(List<String> words) {
        return String.join(" ", words.stream().map(NextCommands::quoted).toList());
    }

    /** Returns a word as a shell reads it back. */
    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9_./:=,+@%-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
