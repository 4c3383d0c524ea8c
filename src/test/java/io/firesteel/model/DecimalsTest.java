package io.firesteel.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalsTest {
    private static void assertAsJava(String text) {
        long expected = Double.doubleToRawLongBits(Double.parseDouble(text));
        assertEquals(expected, Double.doubleToRawLongBits(Decimals.parse(text)), text);
        byte[] bytes = ("1" + text + "2").getBytes(StandardCharsets.US_ASCII);
        assertEquals(expected, Double.doubleToRawLongBits(Decimals.parse(bytes, 1, bytes.length - 1)), text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "0.0",
                "-0.000",
                "7",
                "-7",
                "007.50",
                ".5",
                "5.",
                "-.25",
                "+3",
                "1e5",
                "1.5E-7",
                " 2 ",
                "999999999999999",
                "9007199254740993",
                "123456789012345678",
                "0.1",
                "0.30000000000000004",
                "0.00000000000000000000001",
                "0.0000000000000000000000123",
                "0.000000000000000000000012345",
                "4.9e-324",
                "1.7976931348623157e308",
                "NaN",
                "-Infinity",
                "1e400",
                "2.2250738585072011e-308"
            })
    void parse_aNumber_isJavas(String text) {
        assertAsJava(text);
    }

    @Test
    void parse_randomNumbers_areJavas() {
        Random random = new Random(1);
        for (int i = 0; i < 200_000; i++) {
            String digits = Long.toString(random.nextLong() >> random.nextInt(63));
            assertAsJava(
                    new BigDecimal(digits).movePointLeft(random.nextInt(25)).toPlainString());
            assertAsJava(Float.toString((float) random.nextGaussian()));
            assertAsJava(Double.toString(random.nextGaussian()));
        }
    }

    /** Half way between two doubles, and as near to it as so many digits come. */
    @Test
    void parse_numbersBetweenTwo_areJavas() {
        Random random = new Random(2);
        for (int i = 0; i < 100_000; i++) {
            double x = random.nextInt(3) == 0 ? random.nextLong() >>> random.nextInt(60) : 1000 * random.nextDouble();
            BigDecimal half =
                    new BigDecimal(x).add(new BigDecimal(Math.nextUp(x))).divide(BigDecimal.valueOf(2));
            BigDecimal near = half.round(new MathContext(15 + random.nextInt(6), RoundingMode.FLOOR));
            assertAsJava(near.toPlainString());
            assertAsJava(near.add(near.ulp()).toPlainString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", ".", "-.", "1.2.3", "--1", "1-", "x", "1 2", "1d", "2f", "0x1p3"})
    void parse_noNumber_isRefused(String text) {
        assertThrows(NumberFormatException.class, () -> Decimals.parse(text));
    }
}
