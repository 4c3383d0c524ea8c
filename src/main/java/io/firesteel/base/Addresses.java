package io.firesteel.base;

import java.util.regex.Pattern;

/** Addresses in texts that people see. */
public final class Addresses {
    /**
     * The user and password in an address such as s3a://KEY:SECRET@bucket/table. A password may have a slash; what follows a port, as in
     * hdfs://name:8020/user/me@home, is none.
     */
    private static final Pattern USER = Pattern.compile("://(?:[^/\\s]*@|[^/@:\\s,]+:(?!\\d+/)[^\\s,]*@)");

    private Addresses() {}

    /** Returns a text with addresses in which *** stands for user and password. */
    public static String withoutUser(String text) {
        return USER.matcher(text).replaceAll("://***@");
    }
}
