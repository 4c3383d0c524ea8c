package io.firesteel.base;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProtobufTest {
    private static byte[] bytes(Protobuf message) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        message.writeTo(out);
        assertEquals(message.length(), out.size());
        return out.toByteArray();
    }

    private static String hex(Protobuf message) throws IOException {
        return HexFormat.of().formatHex(bytes(message));
    }

    /** The examples of protobuf.dev's page on encoding: 150, -2, "testing", and a message in a message. */
    @Test
    void add_asTheSpecificationHasIt() throws IOException {
        assertEquals("089601", hex(new Protobuf().add(1, 150)));
        assertEquals("08feffffffffffffffff01", hex(new Protobuf().add(1, -2)));
        assertEquals("120774657374696e67", hex(new Protobuf().add(2, "testing")));
        assertEquals("1a03089601", hex(new Protobuf().add(3, new Protobuf().add(1, 150))));
    }

    /** 1.0 and -2.0 by IEEE 754; a field of 64 bits has the wire type 1, one of 32 bits 5. */
    @Test
    void add_numbersOfFixedWidth() throws IOException {
        assertEquals("09000000000000f03f", hex(new Protobuf().addDouble(1, 1)));
        assertEquals("15000000c0", hex(new Protobuf().addFloat(2, -2)));
    }

    /** A field above 15 takes two bytes: 20 << 3 = 160 = 0b1_0100000. */
    @ParameterizedTest
    @CsvSource({"1, 0, 0800", "1, 127, 087f", "1, 128, 088001", "20, 2, a00102"})
    void add_varints(int field, long value, String expected) throws IOException {
        assertEquals(expected, hex(new Protobuf().add(field, value)));
    }

    @Test
    void add_textIsInUtf8() throws IOException {
        assertEquals("0a06c3bce282ac21", hex(new Protobuf().add(1, "ü€!")));
        assertEquals("0a00", hex(new Protobuf().add(1, "")));
    }

    @Test
    void add_numbersPieceByPiece() throws IOException {
        double[] values = new double[20_000];
        ByteBuffer expected = ByteBuffer.allocate(4 + 8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        expected.put(new byte[] {0x4a, (byte) 0x80, (byte) 0xe2, 0x09}); // field 9; 160,000 = 9 * 2^14 + 0x62 * 2^7
        for (int i = 0; i < values.length; i++) {
            values[i] = 1 / (i + 1.0);
            expected.putDouble(values[i]);
        }
        assertArrayEquals(expected.array(), bytes(new Protobuf().add(9, values)));
    }
}
