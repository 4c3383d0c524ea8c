package io.firesteel.cli;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.apache.spark.util.SignalUtils;

/**
 * Where progress is shown: a terminal, on which one line moves below those that stay, or anything else, which gets lines that stay
 * alone, without any control code.
 */
final class Screen {
    private static final int USUAL_WIDTH = 80;
    private static final String CLEAR_TO_END = "\033[K";
    private static final String UP_AND_CLEAR = "\033[A\033[2K";
    private static final String INCUBATOR_WARNING = "WARNING: Using incubator modules: jdk.incubator.vector";

    /** Shows nothing. */
    static final Screen NONE = new Screen(new PrintWriter(Writer.nullWriter()), false, () -> USUAL_WIDTH);

    private final PrintWriter out; // shared by screens, and locked while one prints
    private final boolean terminal;
    private final IntSupplier width;

    /**
     * @param terminal whether lines can be drawn again
     * @param width the number of columns of the terminal
     */
    Screen(PrintWriter out, boolean terminal, IntSupplier width) {
        this.out = out;
        this.terminal = terminal;
        this.width = width;
    }

    /** Returns the screen of stderr, to which a writer leads. */
    static Screen of(PrintWriter stderr) {
        return new Screen(stderr, isTerminal(System.getenv()), TerminalWidth::columns);
    }

    /**
     * Erases the JVM's warning that it was started with an incubator module, the one of vector instructions. The warning tells a user
     * nothing, and no option turns it off. It is the last line on the terminal when {@code main} begins, unless Spark's launcher has
     * started this program: then it stays.
     */
    void eraseIncubatorWarning() {
        boolean warned = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        if (terminal && warned && System.getProperty("SPARK_SUBMIT") == null) {
            int columns = width.getAsInt();
            int lines = (INCUBATOR_WARNING.length() + columns - 1) / columns; // a narrow terminal breaks it
            synchronized (out) {
                out.print(UP_AND_CLEAR.repeat(lines));
                out.flush();
            }
        }
    }

    /**
     * Returns whether stderr is a terminal, which the scripts find out, that may be sent control codes.
     *
     * @param environment the process's variables
     */
    static boolean isTerminal(Map<String, String> environment) {
        return environment.containsKey("FIRESTEEL_TTY") && !isPlain(environment);
    }

    /** Returns whether the user, or the terminal, wants neither colours nor other control codes. */
    static boolean isPlain(Map<String, String> environment) {
        return !environment.getOrDefault("NO_COLOR", "").isEmpty()
                || environment.getOrDefault("TERM", "").equals("dumb");
    }

    /** Returns whether lines can be drawn again. */
    boolean isTerminal() {
        return terminal;
    }

    /** Returns the number of columns that a line may have: the last one stays free, since terminals differ in what follows it. */
    int columns() {
        return Math.max(1, width.getAsInt() - 1);
    }

    /** Draws the line that moves, or as much of it as there is room for. The next line that anybody prints takes its place. */
    void draw(String line) {
        String shown = TextWidth.start(line, columns()) + CLEAR_TO_END + "\r";
        synchronized (out) {
            out.print(shown);
            out.flush();
        }
    }

    /** Clears the line that moves. */
    void clear() {
        synchronized (out) {
            out.print(CLEAR_TO_END);
            out.flush();
        }
    }

    /** Prints a line that stays. */
    void println(String line) {
        synchronized (out) {
            out.println(terminal ? line + CLEAR_TO_END : line);
            out.flush();
        }
    }

    /** The width of the process's terminal, asked for once, and again when the window has changed. */
    private static final class TerminalWidth {
        private static volatile int columns; // 0 where it has to be asked for

        static {
            try {
                SignalUtils.register("WINCH", () -> {
                    columns = 0;
                    return true;
                });
            } catch (IllegalArgumentException e) {
                // A system without this signal: the width stays that of the beginning.
            }
        }

        static int columns() {
            if (columns == 0) {
                columns = asked();
            }
            return columns;
        }

        /** Returns what stty says: "ROWS COLUMNS". */
        private static int asked() {
            try {
                Process stty = new ProcessBuilder("stty", "size")
                        .redirectInput(new File("/dev/tty"))
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
                String[] size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                        .strip()
                        .split(" ");
                boolean ended = stty.waitFor(1, TimeUnit.SECONDS);
                int found = ended && size.length == 2 ? Integer.parseInt(size[1]) : 0;
                return found > 0 ? found : USUAL_WIDTH;
            } catch (IOException | NumberFormatException e) {
                return USUAL_WIDTH;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return USUAL_WIDTH;
            }
        }
    }
}
