package io.firesteel.base;

import java.util.regex.Pattern;

/** Addresses in texts that people see. */
public final class Addresses {
    /** The user and password in an address such as s3a://KEY:SECRET@bucket/table; either may have a slash. */
    private static final Pattern USER = Pattern.compile("://\\S*@");

    private Addresses() {}

    /** Returns a text with addresses in which *** stands for user and password: for all up to the last @ before a blank. */
    public static String withoutUser(String text) {
        return USER.matcher(text).replaceAll("://***@");
    }
}
