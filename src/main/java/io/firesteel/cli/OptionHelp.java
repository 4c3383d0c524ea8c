package io.firesteel.cli;

import io.firesteel.fit.Setting;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The help of a command: what it is for, examples, and its options in groups, those that are used most first. */
final class OptionHelp {
    static final String EXAMPLES = "%nExamples:%n";

    /** How the program was started, as the script that did it says; the help puts it in. */
    static final String PROGRAM = "${env:FIRESTEEL_COMMAND:-firesteel}";

    private static final String MOST_USED = "Most used";
    private static final String OUTPUT = "Output";
    private static final String OTHER = "Other";
    private static final int OPTION_COLUMN = 26;

    /** The groups of options that are no settings; those of settings are in the table of these. */
    private static final Map<String, String> GROUPS = new LinkedHashMap<>();

    /** The options that most users give, in the order in which they read well. */
    private static final List<String> OFTEN = List.of(
            "--data",
            "--label",
            "--model",
            "--grid",
            "--output",
            "--onnx",
            "--preset",
            "--hidden",
            "--epochs",
            "--learning-rate",
            "--batch-size",
            "--validation-fraction",
            "--importance",
            "--random",
            "--results",
            "--report",
            "--overwrite",
            "--json",
            "--config");

    static {
        for (String option : List.of("--data", "--format", "--option", "--exclude", "--unseen", "--weight")) {
            GROUPS.put(option, Setting.Group.DATA.toString());
        }
        GROUPS.put("--warm-start", Setting.Group.NETWORK.toString());
        for (String option : List.of("--executors", "--cores", "--memory", "--bandwidth", "--round-trip")) {
            GROUPS.put(option, "Forecast for a cluster");
        }
        for (String option : List.of("--metric", "--repeats", "--seed")) {
            GROUPS.put(option, "Importance of columns"); // where they are no settings
        }
        for (String option : List.of(
                "--model",
                "--output",
                "--output-format",
                "--results",
                "--onnx",
                "--overwrite",
                "--report",
                "--image",
                "--curve",
                "--json",
                "--quiet",
                "--checkpoint",
                "--checkpoint-every",
                "--checkpoint-keep",
                "--resume",
                "--history",
                "--tensorboard",
                "--mlflow",
                "--mlflow-experiment")) {
            GROUPS.put(option, OUTPUT);
        }
    }

    private OptionHelp() {}

    /** Gives a command line and its commands this help. */
    static void install(CommandLine commandLine) {
        commandLine.setUsageHelpAutoWidth(true).setUsageHelpLongOptionsMaxWidth(OPTION_COLUMN);
        if (Screen.isPlain(System.getenv())) {
            commandLine.setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF));
        }
        for (CommandLine command : commandLine.getSubcommands().values()) {
            command.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, OptionHelp::options);
            List<String> sections = new ArrayList<>(command.getHelpSectionKeys());
            List<String> examples =
                    List.of(UsageMessageSpec.SECTION_KEY_FOOTER_HEADING, UsageMessageSpec.SECTION_KEY_FOOTER);
            sections.removeAll(examples);
            sections.addAll(sections.indexOf(UsageMessageSpec.SECTION_KEY_DESCRIPTION) + 1, examples);
            command.setHelpSectionKeys(sections);
        }
    }

    private static String options(Help help) {
        boolean trains = help.commandSpec().findOption("--hidden") != null;
        Map<String, List<OptionSpec>> groups = new LinkedHashMap<>();
        groups.put(MOST_USED, new ArrayList<>());
        for (Setting.Group group : Setting.Group.values()) {
            groups.put(group.toString(), new ArrayList<>());
        }
        for (OptionSpec option : help.commandSpec().options()) {
            groups.computeIfAbsent(group(option, trains), group -> new ArrayList<>())
                    .add(option);
        }
        for (String last : List.of(OUTPUT, OTHER)) {
            List<OptionSpec> options = groups.remove(last);
            groups.put(last, options == null ? List.of() : options);
        }
        groups.get(MOST_USED).sort(Comparator.comparing(option -> OFTEN.indexOf(option.longestName())));
        StringBuilder text = new StringBuilder();
        groups.forEach((group, options) -> {
            if (!options.isEmpty()) {
                Help.Layout layout = help.createDefaultLayout(options, List.of(), help.colorScheme());
                layout.addOptions(options, help.parameterLabelRenderer());
                text.append(String.format("%n%s:%n%s", group, layout));
            }
        });
        return text.toString();
    }

    /**
     * @param trains whether options may be settings of a training
     */
    private static String group(OptionSpec option, boolean trains) {
        String name = option.longestName();
        Optional<Setting<?>> setting = trains ? Setting.find(name.substring(2)) : Optional.empty();
        return OFTEN.contains(name)
                ? MOST_USED
                : setting.map(found -> found.group().toString()).orElse(GROUPS.getOrDefault(name, OTHER));
    }
}
