package io.firesteel.base;

import java.util.Collection;
import java.util.stream.Collectors;

/** A setting with a value that it cannot have. */
public final class SettingError extends UserError {
    private static final long serialVersionUID = 1;

    private final String setting;
    private final String expected;

    /** Creates the error of a wrong setting, without a hint. */
    public SettingError(String setting, Object value, String expected) {
        this(setting, value, expected, "");
    }

    /**
     * Creates the error of a wrong setting.
     *
     * @param setting its key, such as {@code learning-rate}
     * @param value what it is; a list is written with commas
     * @param expected what it should be
     * @param hint the way out; empty for none
     */
    public SettingError(String setting, Object value, String expected, String hint) {
        super(SettingNames.mention(setting, text(value)) + ": expected " + expected, hint, null);
        this.setting = setting;
        this.expected = expected;
    }

    /** Fails unless {@code holds}. */
    public static void expect(boolean holds, String setting, Object value, String expected) {
        if (!holds) {
            throw new SettingError(setting, value, expected);
        }
    }

    /** Returns the setting's key. */
    public String setting() {
        return setting;
    }

    /** Returns the expected value in words, with mentions of settings. */
    public String expected() {
        return expected;
    }

    private static String text(Object value) {
        return value instanceof Collection<?> list
                ? list.stream().map(Object::toString).collect(Collectors.joining(","))
                : String.valueOf(value);
    }
}
