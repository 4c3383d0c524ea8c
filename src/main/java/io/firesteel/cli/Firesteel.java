package io.firesteel.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.firesteel.base.SettingNames;
import io.firesteel.base.Suggestion;
import io.firesteel.base.UserError;
import io.firesteel.base.Version;
import io.firesteel.model.InvalidModelException;
import io.firesteel.table.WorldFault;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.hadoop.util.ShutdownHookManager;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line. Exit codes: 0 done, 2 a user's mistake or a fault of the world, 1 anything else. */
@Command(
        name = "firesteel",
        description = "Feed-forward neural networks by synchronous gradient descent on Apache Spark.",
        mixinStandardHelpOptions = true,
        versionProvider = Firesteel.Versions.class,
        synopsisSubcommandLabel = "COMMAND")
public final class Firesteel {
    /** The commands by their names, in the order of the help. */
    static final Map<String, Class<?>> COMMANDS = Stream.of(
                    TrainCommand.class,
                    EvaluateCommand.class,
                    ReportCommand.class,
                    PredictCommand.class,
                    SearchCommand.class,
                    PlanCommand.class,
                    CheckCommand.class,
                    InspectCommand.class,
                    ExportCommand.class,
                    GenerateCommand.class)
            .collect(Collectors.toMap(
                    type -> type.getAnnotation(Command.class).name(), type -> type, (a, b) -> a, LinkedHashMap::new));

    private static final int USERS_MISTAKE = 2;
    private static final int FAILURE = 1;

    private Firesteel() {}

    /** Runs one command and ends the process. */
    public static void main(String[] args) {
        Screen.of(new PrintWriter(System.err, false, US_ASCII)).eraseIncubatorWarning();
        int code = run(args);
        if (code != 0 || !inYarnsApplicationMaster()) {
            System.exit(code);
        }
    }

    /**
     * Returns whether YARN runs the driver, and would take {@code System.exit(0)} for a failure: there, {@code main}
     * returns.
     */
    private static boolean inYarnsApplicationMaster() {
        return "yarn".equals(System.getProperty("spark.master"))
                && "cluster".equals(System.getProperty("spark.submit.deployMode"));
    }

    /** Runs one command; returns the exit code. */
    public static int run(String... args) {
        return run(commandLine(args), args);
    }

    /**
     * Runs one command; returns the exit code.
     *
     * @param out where results go
     * @param err where errors, warnings and progress go
     */
    public static int run(PrintWriter out, PrintWriter err, String... args) {
        return run(commandLine(args).setOut(out).setErr(err), args);
    }

    /**
     * Returns a command line with the command that the arguments name, or with all commands where they name none: a command has
     * many options, and takes time to make.
     */
    static CommandLine commandLine(String... args) {
        CommandLine commandLine = new CommandLine(new Firesteel());
        String name = args.length == 0 ? null : args[0];
        Set<String> made = COMMANDS.containsKey(name) ? Set.of(name) : COMMANDS.keySet();
        made.forEach(each -> commandLine.addSubcommand(each, new CommandLine(COMMANDS.get(each))));
        commandLine
                .setOverwrittenOptionsAllowed(false)
                .setParameterExceptionHandler(Firesteel::onBadArguments)
                .setExecutionExceptionHandler(Firesteel::onFailure);
        OptionHelp.install(commandLine);
        return commandLine;
    }

    private static int run(CommandLine commandLine, String... args) {
        Values.register(commandLine);
        String[] all;
        try {
            String[] checked = Arguments.checked(args);
            Optional<ConfigFile> file = ConfigFile.find(checked);
            file.ifPresent(found -> found.applyTo(commandLine));
            all = file.map(found -> found.withReaderOptions(checked)).orElse(checked);
        } catch (UserError e) {
            return usersMistake(commandLine, e.render(SettingNames.OPTIONS));
        }
        if (args.length == 0) {
            commandLine.usage(commandLine.getErr());
            return USERS_MISTAKE;
        }
        try {
            return commandLine.execute(all);
        } catch (OutOfMemoryError e) {
            return usersMistake(
                    commandLine, WorldFault.of(null, e).orElseThrow().render(SettingNames.OPTIONS));
        }
    }

    private static int onBadArguments(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        boolean top = command.getParent() == null;
        String message = isReaderOption(e)
                ? "--option: expected K=V, such as sep=;"
                : e instanceof UnmatchedArgumentException unmatched
                        ? unknown(command, unmatched.getUnmatched().get(0))
                        : e.getMessage().replaceAll("\\s*\\R\\s*", " ");
        return usersMistake(
                command,
                message + "; " + command.getCommandSpec().qualifiedName() + " --help lists the "
                        + (top ? "commands" : "options"));
    }

    /** Returns whether an error is about a reader's option, whose value may be a secret and is not repeated. */
    private static boolean isReaderOption(ParameterException e) {
        return e.getArgSpec() instanceof OptionSpec option
                && option.longestName().equals("--option");
    }

    private static String unknown(CommandLine command, String argument) {
        if (argument.startsWith("-")) {
            return "unknown option " + argument
                    + Synonyms.suggestion(
                            argument, command.getCommandSpec().optionsMap().keySet());
        }
        return command.getParent() == null
                ? "unknown command " + argument
                        + Suggestion.of(argument, command.getSubcommands().keySet())
                : "unexpected argument " + argument;
    }

    private static int onFailure(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
        if (e instanceof UserError mistake) {
            int code = usersMistake(command, mistake.render(SettingNames.OPTIONS));
            if (e instanceof SurveyedError surveyed) {
                surveyed.lines().forEach(command.getErr()::println);
            }
            return code;
        }
        if (e instanceof InvalidModelException) {
            return usersMistake(command, e.getMessage());
        }
        if (ShutdownHookManager.get().isShutdownInProgress()) {
            return FAILURE; // the session was taken away: nothing has gone wrong
        }
        Optional<UserError> fault = WorldFault.of(null, e);
        if (fault.isPresent()) {
            return usersMistake(command, fault.get().render(SettingNames.OPTIONS));
        }
        PrintWriter err = command.getErr();
        err.println("firesteel failed: " + e);
        err.println(ExceptionUtils.getStackTrace(e));
        return FAILURE;
    }

    private static int usersMistake(CommandLine command, String message) {
        command.getErr().println("error: " + message);
        return USERS_MISTAKE;
    }

    /** Returns the versions of Firesteel and Spark. */
    static final class Versions implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {
                "Firesteel " + Version.number() + ", Spark " + org.apache.spark.package$.MODULE$.SPARK_VERSION()
            };
        }
    }
}
