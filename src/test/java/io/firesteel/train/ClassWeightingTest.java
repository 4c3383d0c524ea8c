package io.firesteel.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.base.SettingError;
import io.firesteel.base.SettingNames;
import io.firesteel.nn.ClassWeights;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClassWeightingTest {
    private static final List<String> CLASSES = List.of("no", "perhaps", "yes");

    @Test
    void parse_good() {
        assertEquals(new ClassWeighting(true, Map.of()), ClassWeighting.parse("balanced"));
        assertEquals(new ClassWeighting(false, Map.of("yes", 2.0, "no", 0.5)), ClassWeighting.parse("yes=2, no=0.5"));
        assertEquals(new ClassWeighting(false, Map.of("a=b", 0.0)), ClassWeighting.parse("a=b=0"));
        assertEquals(
                new ClassWeighting(false, Map.of("yes, please", 2.0, "a \"b\"", 3.0, "5\"", 1.0)),
                ClassWeighting.parse("\"yes, please\"=2, \"a \"\"b\"\"\"=3,5\"=1"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "even | balanced, or weights of classes such as yes=2,no=0.5",
                "yes=two | balanced, or weights",
                "yes=NaN | balanced, or weights",
                "yes= | balanced, or weights",
                "=2 | balanced, or weights",
                "yes=2, | balanced, or weights",
                "yes, please=2 | balanced, or weights",
                "yes=1,yes=1 | each class once",
                "yes=-1 | a weight of 0 or more",
                "yes=Infinity | a weight of 0 or more"
            })
    void parse_bad(String text, String expected) {
        assertRefused(expected, () -> ClassWeighting.parse(text));
    }

    /*
     * Rows of weight 6, 1 and 3, of 10: balanced are 10 / (3 * 6), 10 / (3 * 1), 10 / (3 * 3). Without the second class they
     * are 9 / (2 * 6), 9 / (2 * 3), and what has no rows has no say.
     */
    @Test
    void of_balanced_byHand() {
        ClassWeighting balanced = new ClassWeighting(true, Map.of());
        assertEquals(
                new ClassWeights(List.of(10.0 / 18, 10.0 / 3, 10.0 / 9)), balanced.of(CLASSES, new double[] {6, 1, 3}));
        assertEquals(new ClassWeights(List.of(9.0 / 12, 1.0, 9.0 / 6)), balanced.of(CLASSES, new double[] {6, 0, 3}));
    }

    @Test
    void of_namedClasses() {
        assertEquals(
                new ClassWeights(List.of(0.0, 1.0, 2.0)),
                new ClassWeighting(false, Map.of("yes", 2.0, "no", 0.0)).of(CLASSES, new double[] {6, 1, 3}));
    }

    @Test
    void of_whatDoesNotFit_isRefused() {
        assertRefused(
                "a class of the data, which has no, perhaps, yes",
                () -> new ClassWeighting(false, Map.of("maybe", 2.0)).of(CLASSES, new double[] {6, 1, 3}));
        assertRefused(
                "a weight above 0 for a class that has rows",
                () -> new ClassWeighting(false, Map.of("yes", 0.0, "no", 0.0)).of(CLASSES, new double[] {6, 0, 3}));
    }

    private static void assertRefused(String expected, Runnable what) {
        String message = assertThrows(SettingError.class, what::run).render(SettingNames.OPTIONS);
        assertTrue(message.startsWith("--class-weight ") && message.contains(": expected " + expected), message);
        assertEquals(1, message.lines().count());
    }
}
