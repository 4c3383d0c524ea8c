package io.firesteel.fit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.base.SettingNames;
import io.firesteel.base.UserError;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SearchSpaceTest {
    private static SearchSpace parse(String text) {
        return SearchSpace.parse(text);
    }

    @Test
    void grid_isEachCombinationOnce() {
        assertEquals(
                List.of(
                        Map.of("hidden", "32,16", "l2", "0"),
                        Map.of("hidden", "32,16", "l2", "0.1"),
                        Map.of("hidden", "64", "l2", "0"),
                        Map.of("hidden", "64", "l2", "0.1")),
                parse("hidden=32,16|64 ; --l2= 0|0.1|0").grid());
    }

    @Test
    void random_isSeeded_andInItsRange() {
        SearchSpace space = parse("learning-rate=0.001..0.1;iterations=10..1000;hidden=4|8");
        List<Map<String, String>> drawn = space.random(200, 3);
        assertEquals(drawn, space.random(200, 3));
        assertNotEquals(drawn, space.random(200, 4));
        int[] below = new int[2]; // the middle of the logarithms: 0.01, and 100
        for (Map<String, String> one : drawn) {
            double rate = Double.parseDouble(one.get("learning-rate"));
            int iterations = Integer.parseInt(one.get("iterations"));
            assertTrue(rate >= 0.001 && rate <= 0.1, one.toString());
            assertTrue(iterations >= 10 && iterations <= 1000, one.toString());
            assertTrue(Set.of("4", "8").contains(one.get("hidden")), one.toString());
            below[0] += rate < 0.01 ? 1 : 0;
            below[1] += iterations < 100 ? 1 : 0;
        }
        // Half of 200, give or take four deviations of 7.
        assertTrue(Math.abs(below[0] - 100) < 28 && Math.abs(below[1] - 100) < 28, below[0] + ", " + below[1]);
    }

    @Test
    void random_leavesOutWhatComesAgain() {
        assertEquals(2, parse("hidden=4|8").random(50, 1).size());
    }

    @ParameterizedTest
    @CsvSource({
        "hidden, 'found \"hidden\"'",
        "'hidden=4;', 'found \"\"'",
        "hiden=4, 'hiden is no option that can be searched (did you mean hidden?)'",
        "seed=1|2, seed is no option that can be searched",
        "'l2=0|1;l2=2', l2 is there twice",
        "l2=0..1, two numbers above 0 in ascending order",
        "l2=1..0.1, two numbers above 0 in ascending order",
        "l2=a..b, two numbers above 0 in ascending order",
        "l2=0.1..1, 'the interval of l2 has infinitely many values: expected --random N'"
    })
    void parse_bad(String text, String expected) {
        UserError e = assertThrows(UserError.class, () -> parse(text).grid());
        String message = e.render(SettingNames.OPTIONS);
        assertTrue(message.startsWith("--grid " + text + ": "), message);
        assertTrue(message.contains(expected), message);
    }

    @Test
    void grid_tooLarge() {
        String many = "1|2|3|4|5|6|7|8|9|10|11";
        String text = "hidden=" + many + ";l2=" + many + ";iterations=" + many + ";learning-rate=" + many;
        assertTrue(assertThrows(UserError.class, () -> parse(text).grid())
                .getMessage()
                .contains("at most 10000 combinations"));
    }
}
