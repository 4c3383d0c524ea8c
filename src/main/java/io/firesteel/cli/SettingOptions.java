package io.firesteel.cli;

import io.firesteel.base.SettingNames;
import io.firesteel.fit.Setting;
import io.firesteel.fit.Settings;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The options of a command that come from the table of settings: one for each setting that the command does not declare
 * itself.
 */
final class SettingOptions implements IModelTransformer {
    @Override
    public CommandSpec transform(CommandSpec command) {
        for (Setting<?> setting : Setting.all()) {
            if (!command.optionsMap().containsKey(name(setting))) {
                command.addOption(option(setting));
            }
        }
        return command;
    }

    private static String name(Setting<?> setting) {
        return "--" + setting.key();
    }

    private static OptionSpec option(Setting<?> setting) {
        String text = setting.help()
                + (setting.defaultInWords().isEmpty() ? "" : " Default: " + setting.defaultInWords() + ".");
        OptionSpec.Builder option = OptionSpec.builder(name(setting))
                .paramLabel(setting.placeholder())
                .description(SettingNames.OPTIONS.render(text).replace("%", "%%"))
                .arity("1");
        return setting.type().kind().isList()
                ? option.type(List.class).auxiliaryTypes(String.class).build()
                : option.type(String.class).build();
    }

    /**
     * Returns what was given of the settings, on the command line or in its properties file, and notes the command's other
     * options, but for readers' options, which may be secrets.
     *
     * @param unnoted other options that are not noted
     * @throws io.firesteel.base.SettingError when a value cannot be meant
     */
    static Settings.Builder given(CommandSpec command, Set<String> unnoted) {
        Settings.Builder given = Settings.builder();
        for (OptionSpec option : command.options()) {
            String key = option.longestName().substring(2);
            if (option.getValue() == null || option.usageHelp() || option.versionHelp() || key.equals("option")) {
                continue;
            }
            if (Setting.find(key).isPresent()) {
                given.set(key, text(option));
            } else if (!unnoted.contains(key)) {
                given.note(key, text(option));
            }
        }
        return given;
    }

    private static String text(OptionSpec option) {
        Object value = option.getValue();
        return value instanceof List<?> list
                ? String.join(",", list.stream().map(Object::toString).toList())
                : value.toString();
    }
}
