package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.model.Metric;
import io.firesteel.model.Metrics;
import io.firesteel.model.Metrics.Targets;
import io.firesteel.model.ModelDescription.Step;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The progress of trainings whose time is a number here, as a terminal shows it that is emulated here, and as a pipe gets it. */
class ProgressTest {
    private final StringWriter printed = new StringWriter();
    private long now;

    /**
     * Runs a training of epochs of ten steps each, of which the loss is 1 / (number of the step + 1), and whose metrics are measured
     * after every epoch.
     */
    private void train(boolean terminal, int width, int epochs, double secondsPerEpoch) {
        Screen screen = new Screen(new PrintWriter(printed), terminal, () -> width);
        Progress.Course course = new Progress.Course(0, 10 * epochs, 10, true, Metric.LOSS, false);
        Progress progress = new Progress(screen, course, () -> {}, () -> now);
        for (int step = 0; step <= 10 * epochs; step++) {
            if (step % 10 == 0) {
                Map<String, Double> numbers = Map.of("accuracy", 0.5 + step / 100_000.0);
                progress.onMeasured(
                        new Metrics(7, 0.25, numbers, new Targets(List.of(), List.of())), Math.min(step, 20));
            }
            progress.onStep(new Step(step, 1.0 / (step + 1)));
            now += (long) (secondsPerEpoch * 1e8);
        }
        progress.onOver();
    }

    private List<String> lines() {
        return printed.toString().lines().toList();
    }

    /** Returns what a terminal shows: of its control codes it knows \r, \n and the one that clears a line from the cursor on. */
    private List<String> shown(int width) {
        List<StringBuilder> rows = new ArrayList<>(List.of(new StringBuilder()));
        int row = 0;
        int column = 0;
        String text = printed.toString();
        for (int i = 0; i < text.length(); i++) {
            if (text.startsWith("\033[K", i)) {
                rows.get(row).setLength(Math.min(column, rows.get(row).length()));
                i += 2;
            } else if (text.charAt(i) == '\r') {
                column = 0;
            } else if (text.charAt(i) == '\n' || column == width) {
                i -= text.charAt(i) == '\n' ? 0 : 1;
                rows.add(new StringBuilder());
                row++;
                column = 0;
            } else {
                StringBuilder cells = rows.get(row);
                cells.replace(column, Math.min(column + 1, cells.length()), text.substring(i, i + 1));
                column++;
            }
        }
        return rows.stream()
                .map(cells -> cells.toString().stripTrailing())
                .filter(line -> !line.isEmpty())
                .toList();
    }

    /** A command that starts or reads says so within a second, and goes on to say it. */
    @Test
    @Timeout(10)
    void activity_onATerminal_isSaidWithinASecond() throws InterruptedException {
        StringWriter seen = new StringWriter();
        long start = System.nanoTime();
        List<Double> seconds = new ArrayList<>(); // at which something new was there
        try (Activity activity = new Activity(new Screen(new PrintWriter(seen), true, () -> 80))) {
            for (int length = 0; seconds.size() < 3; Thread.sleep(5)) {
                if (seen.getBuffer().length() > length) {
                    length = seen.getBuffer().length();
                    seconds.add((System.nanoTime() - start) / 1e9);
                }
            }
            activity.clear();
        }
        assertTrue(seen.toString().contains("starting Spark, "), seen.toString());
        assertTrue(seconds.get(0) < 1, seconds.toString());
        assertTrue(seconds.get(2) - seconds.get(0) < 4, seconds.toString());
    }

    @Test
    void activity_whatIsRead() {
        assertEquals("3 of 8 tasks", Activity.text("t.csv (2.0 MB)", 3, 8, 0, 0, 1));
        assertEquals(
                "reading t.csv (2.0 MB): 5,000 rows, 1.5 MB, 2,500 rows/s, 3 of 8 tasks",
                Activity.text("t.csv (2.0 MB)", 3, 8, 1_500_000, 5_000, 2));
    }

    /** Of 64 epochs of 1 s a tenth is 6.4 s: a line at the end of every seventh epoch, after one at once, and the last one. */
    @Test
    void pipe_getsSparsePlainLines() {
        train(false, 80, 64, 1);
        assertEquals(
                List.of("1", "8", "15", "22", "29", "36", "43", "50", "57", "64"),
                lines().stream()
                        .map(line -> line.replaceAll("epoch (\\d+)/64  .*", "$1"))
                        .toList());
        assertFalse(printed.toString().matches("(?s).*[\\r\\033].*"), printed.toString());
        // The second epoch's steps 11 .. 20 have the losses 1/11 .. 1/20; that of the whole is 1/641.
        assertEquals("epoch 64/64  loss 0.0016  held out 0.2500  accuracy 0.506  best @2", lines().get(9));
        double mean = 0;
        for (int step = 71; step <= 80; step++) {
            mean += 1.0 / step / 10;
        }
        assertEquals(
                String.format("epoch 8/64  loss %.4f  held out 0.2500  accuracy 0.501  56 s left", mean),
                lines().get(1));
    }

    @Test
    void pipe_ofAShortTraining_hasOneLine() {
        train(false, 80, 64, 0.01);
        assertEquals(1, lines().size(), lines().toString());
        assertTrue(lines().get(0).startsWith("epoch 64/64  loss 0.0016  "), lines().toString());
    }

    /** Lines of every ten minutes, also inside of epochs of an hour. */
    @Test
    void pipe_ofLongEpochs_hasLinesInside() {
        train(false, 80, 30, 3600);
        assertTrue(
                lines().get(1).startsWith("epoch 1/30  loss ") && lines().get(1).contains("accuracy 0.500"),
                lines().get(1));
        assertTrue(lines().size() > 30 && lines().size() <= 30 * 6 + 2, "" + lines().size());
    }

    /** One line for each of seven epochs, and none of them wraps or is left over from the moving line. */
    @ParameterizedTest
    @ValueSource(ints = {30, 60, 80, 100, 200})
    void terminal_fewEpochs_keepsALineOfEach(int width) {
        train(true, width, 7, 5);
        List<String> shown = shown(Math.max(width, 80)); // the lines that stay may be wider than a narrow terminal
        assertEquals(7, shown.size(), shown.toString());
        for (int epoch = 1; epoch <= 7; epoch++) {
            assertTrue(shown.get(epoch - 1).startsWith("epoch " + epoch + "/7  loss 0."), shown.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {30, 60, 80, 100, 200})
    void terminal_movingLineFits(int width) {
        train(true, width, 64, 1);
        int moving = 0;
        for (String drawn : printed.toString().split("\\R|\\r")) {
            if (drawn.contains("[=") || drawn.contains("[ ")) {
                String line = drawn.replace("\033[K", "");
                moving++;
                assertTrue(line.length() < width, line);
                assertTrue(line.matches("epoch \\d+/64 \\[=* *\\] loss .*"), line);
                assertEquals(width >= 80, line.contains("accuracy"), line);
                assertTrue(width > 80 == line.contains("best @") || width == 80, line);
            }
        }
        assertEquals(width > 30, moving > 300, "" + moving);
        assertTrue(
                shown(width).size() >= 10 && shown(Math.max(width, 80)).size() <= 14,
                shown(width).toString());
    }

    @Test
    void steps_areCountedWhereEachSeesAllRows_ofARefit() {
        Screen screen = new Screen(new PrintWriter(printed), false, () -> 80);
        Progress progress =
                new Progress(screen, new Progress.Course(4, 1000, 1, false, null, true), () -> {}, () -> now);
        for (int step = 4; step <= 1000; step++) {
            progress.onStep(new Step(step, 12_345.678));
            now += 40_000_000;
        }
        progress.onOver();
        assertTrue(lines().get(0).matches("refit, step 29/1000  loss 12345.6780  39 s left"), lines().toString());
        assertEquals("refit, step 1000/1000  loss 12345.6780", lines().get(lines().size() - 1));
        assertTrue(lines().size() <= 12, lines().toString());
    }

    /** Epochs of ten steps of 0.1 s each, of which the first ten take 0.5 s: 5 s, and 0.1 s for each of the others. */
    @Test
    void forecast_isMadeOnce_andLeavesTheSlowStartOut() {
        List<String> said = new ArrayList<>();
        Progress.Course course = new Progress.Course(7, 1007, 10, true, Metric.LOSS, false);
        StepForecast forecast = new StepForecast(course, said::add, () -> now);
        for (int taken = 0; taken <= 300; taken++) { // the training ends early
            assertEquals(taken <= 40, said.isEmpty(), said.toString());
            assertEquals(taken <= 40, forecast.seconds(300) == null);
            forecast.onStep(new Step(7 + taken, 1));
            now += taken < 10 ? 500_000_000 : 100_000_000;
        }
        assertEquals(List.of("forecast    at most 1 min 44 s: 100 epochs of 1.0 s each"), said);
        assertEquals(5 + 290 * 0.1, forecast.seconds(300), 1e-9);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "1; 9; ", // so short that nobody would wait for a forecast
                "1; 11; forecast    at most 11.0 s: 100 steps of 110.0 ms each",
                "1; 2000; forecast    at most 33 min 20 s: 100 steps of 20.0 s each", // after four steps
                "50; 20; forecast    at most 20.0 s: 2 epochs of 10.0 s each"
            })
    void forecast_ofAHundredSteps(int stepsPerEpoch, int seconds, String expected) {
        List<String> said = new ArrayList<>();
        Progress.Course course = new Progress.Course(0, 100, stepsPerEpoch, stepsPerEpoch > 1, Metric.LOSS, false);
        StepForecast forecast = new StepForecast(course, said::add, () -> now);
        for (int step = 0; step <= 100; step++) {
            forecast.onStep(new Step(step, 1));
            now += seconds * 10_000_000L;
        }
        assertEquals(expected == null ? List.of() : List.of(expected), said);
    }

    @Test
    void screen_controlCodesOnTerminalsOnly() {
        assertTrue(Screen.isTerminal(Map.of("FIRESTEEL_TTY", "1", "TERM", "xterm")));
        assertTrue(Screen.isTerminal(Map.of("FIRESTEEL_TTY", "1", "NO_COLOR", "")));
        assertFalse(Screen.isTerminal(Map.of("TERM", "xterm")));
        assertFalse(Screen.isTerminal(Map.of("FIRESTEEL_TTY", "1", "TERM", "dumb")));
        assertFalse(Screen.isTerminal(Map.of("FIRESTEEL_TTY", "1", "NO_COLOR", "1")));
    }

    @ParameterizedTest
    @CsvSource({"true,80,1", "true,54,1", "true,53,2", "true,20,3", "false,80,0"})
    void jvmsWarning_isTakenFromTerminals(boolean terminal, int width, int lines) {
        StringWriter printed = new StringWriter();
        new Screen(new PrintWriter(printed), terminal, () -> width).eraseIncubatorWarning();
        assertEquals("\033[A\033[2K".repeat(lines), printed.toString());
    }
}
