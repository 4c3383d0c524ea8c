package io.firesteel.cli;

import io.firesteel.base.SettingNames;
import io.firesteel.fit.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The pages of the website that are made from something else: README, the list of data sets, and the reference of all options, which
 * comes from the commands themselves. The build of the site runs it, with the directory of what is made, and it copies the pictures there:
 * they lie beside the pages, so that links to them lead somewhere in the repository, too.
 */
final class SitePages {
    private static final Pattern MARKUP = Pattern.compile("[\\\\`*_|<>\\[\\]]");
    private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--[a-z][a-z0-9-]*");
    private static final int WIDTH = 200;

    /** The names of options, as code. */
    private static final SettingNames CODE = new SettingNames() {
        @Override
        public String name(String key) {
            return "`" + OPTIONS.name(key) + "`";
        }

        @Override
        public String assignment(String key, String value) {
            return "`" + OPTIONS.assignment(key, value) + "`";
        }
    };

    private SitePages() {}

    public static void main(String[] args) throws IOException {
        Path markdown = Files.createDirectories(Path.of(args[0], "markdown"));
        for (Map.Entry<String, String> page : pages().entrySet()) {
            Files.writeString(markdown.resolve(page.getKey()), page.getValue());
        }
        Path images = Files.createDirectories(Path.of(args[0], "resources", "images"));
        try (Stream<Path> pictures = Files.list(Documentation.PAGES.resolve("images"))) {
            for (Path picture : pictures.toList()) {
                Files.copy(picture, images.resolve(picture.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /** Returns the pages as Markdown, by the names of their files. */
    static Map<String, String> pages() throws IOException {
        return new TreeMap<>(Map.of(
                "index.md", ofReadme(Files.readString(Path.of("README.md"))),
                "data.md", Files.readString(Path.of("data/README.md")),
                "options.md", options()));
    }

    /** Returns README with the links of a page of the site. */
    private static String ofReadme(String readme) {
        return readme.replace("(src/site/markdown/", "(").replace("(data/README.md)", "(data.md)");
    }

    private static String options() {
        Map<String, CommandLine> commands = Firesteel.commandLine().getSubcommands();
        StringBuilder page = new StringBuilder("# Options\n\n"
                + "Every option of every command, as the program itself has them. `COMMAND --help` prints the same.\n\n"
                + "## Settings of a training\n\n"
                + "These commands take them: " + trainers(commands)
                + ". Python has them as keywords (`learning_rate` for `--learning-rate`), and "
                + "the estimators of Spark ML have those that concern the model as Params (`learningRate`). "
                + "[Presets](presets.md) tells which defaults belong together.\n");
        for (Setting.Group group : Setting.Group.values()) {
            page.append("\n### ").append(group).append("\n\n| option | default | meaning |\n|---|---|---|\n");
            Setting.all().stream().filter(setting -> setting.group() == group).forEach(setting -> page.append("| `--")
                    .append(setting.key())
                    .append(' ')
                    .append(setting.placeholder())
                    .append("` | ")
                    .append(CODE.render(escaped(setting.defaultInWords())))
                    .append(" | ")
                    .append(CODE.render(escaped(setting.help())))
                    .append(" |\n"));
        }
        commands.values().forEach(command -> page.append(command(command)));
        return page.toString();
    }

    private static String trainers(Map<String, CommandLine> commands) {
        return commands.entrySet().stream()
                .filter(command -> trains(command.getValue().getCommandSpec()))
                .map(command -> "`" + command.getKey() + "`")
                .collect(Collectors.joining(", "));
    }

    private static boolean trains(CommandSpec command) {
        return command.findOption("--" + Setting.HIDDEN) != null;
    }

    private static String command(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        Help help = new Help(spec, Help.defaultColorScheme(Help.Ansi.OFF));
        spec.usageMessage().width(WIDTH);
        StringBuilder section = new StringBuilder(
                "\n## " + spec.name() + "\n\n" + text(help.description().strip()) + "\n\n```\n"
                        + help.synopsis(0).strip() + "\n\n" + help.footer().stripTrailing() + "\n```\n\n");
        if (trains(spec)) {
            section.append("Besides the settings of a training:\n\n");
        }
        section.append("| option | meaning |\n|---|---|\n");
        spec.positionalParameters().forEach(parameter -> row(section, parameter.paramLabel(), parameter));
        for (OptionSpec option : spec.options()) {
            if (!option.usageHelp() && !option.versionHelp() && !(trains(spec) && isSetting(option))) {
                String value = option.arity().min() == 0 ? "" : " " + option.paramLabel();
                row(section, option.longestName() + value, option);
            }
        }
        return section.toString();
    }

    private static boolean isSetting(OptionSpec option) {
        return Setting.all().stream().anyMatch(setting -> option.longestName().equals("--" + setting.key()));
    }

    private static void row(StringBuilder table, String name, ArgSpec arg) {
        String meaning = String.join(" ", arg.description()).replace("%%", "%").replace("%n", " ");
        boolean hasDefault = arg.defaultValue() != null && arg.arity().min() > 0 && !meaning.contains("Default:");
        table.append("| `")
                .append(name.replace("|", "\\|"))
                .append("` | ")
                .append(text(hasDefault ? meaning + " Default: " + arg.defaultValue() + "." : meaning))
                .append(" |\n");
    }

    /** Returns plain text as Markdown, with names of options as code. */
    private static String text(String plain) {
        StringBuilder text = new StringBuilder();
        int end = 0;
        for (MatchResult option : OPTION.matcher(plain).results().toList()) {
            text.append(escaped(plain.substring(end, option.start())))
                    .append('`')
                    .append(option.group())
                    .append('`');
            end = option.end();
        }
        return text.append(escaped(plain.substring(end))).toString();
    }

    private static String escaped(String plain) {
        return MARKUP.matcher(plain).replaceAll("\\\\$0");
    }
}
