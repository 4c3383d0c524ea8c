package io.firesteel.fit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.firesteel.train.Pace;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The lengths that fit into a time. */
class TimeBudgetTest {
    private static final Pace EPOCHS = new Pace(null, 64, 100, null);

    /** Epochs of ten steps on 1,000 rows, and of 13 steps on 1,250. */
    @ParameterizedTest
    @CsvSource({
        "0, 100, 10", // ten epochs of ten steps
        "0, 109.9, 10",
        "0, 1e9, 64", // no more than were given
        "0, 3, 1", // at least one
        "1250, 230, 10", // each epoch is trained twice, with ten and 13 steps
    })
    void length_ofEpochs(long refitted, double steps, int epochs) {
        assertEquals(new TrainingLength(true, epochs), TrainingLength.of(EPOCHS, 1000, refitted, steps));
    }

    @Test
    void length_ofSteps() {
        Pace steps = Pace.of(200);
        assertEquals(new TrainingLength(false, 77), TrainingLength.of(steps, 1000, 0, 77.7));
        assertEquals(new TrainingLength(false, 38), TrainingLength.of(steps, 1000, 1250, 77.7));
        assertEquals(new TrainingLength(false, 200), TrainingLength.of(steps, 1000, 0, 1e6));
        assertEquals(new TrainingLength(false, 0), TrainingLength.of(Pace.of(0), 1000, 0, 1e6));
        assertEquals(
                new TrainingLength(false, 200),
                TrainingLength.of(steps, 1000, 0, Double.POSITIVE_INFINITY),
                "no step took any time");
    }

    @ParameterizedTest
    @CsvSource({"90s, PT90S", "10m, PT10M", "2h, PT2H", "1500ms, PT1.5S", "1d, PT24H"})
    void times(String text, Duration time) {
        assertEquals(time, SettingType.TIME.parse().apply(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"60", "0s", "-5s", "1.5h", "soon", "s", "99999999999999d"})
    void noTimes(String text) {
        assertThrows(
                IllegalArgumentException.class, () -> SettingType.TIME.parse().apply(text));
    }
}
