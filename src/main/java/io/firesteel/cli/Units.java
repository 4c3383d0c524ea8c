package io.firesteel.cli;

import java.util.Locale;

/** Times and sizes as people read them. */
final class Units {
    private Units() {}

    /** Returns a time in readable form: 3.2 ms, 4.1 s, 2 min 5 s, 3 h 20 min. */
    static String duration(double seconds) {
        if (seconds < 1) {
            return String.format(Locale.ROOT, "%.1f ms", seconds * 1000);
        }
        long whole = Math.round(seconds);
        if (whole < 60) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        return whole < 3600
                ? whole / 60 + " min " + whole % 60 + " s"
                : whole / 3600 + " h " + whole % 3600 / 60 + " min";
    }

    /** Returns a size in the unit that suits it: 912.5 KiB. */
    static String bytes(long bytes) {
        String[] units = {"bytes", "KiB", "MiB", "GiB", "TiB"};
        double size = bytes;
        int unit = 0;
        for (; size >= 1024 && unit < units.length - 1; unit++) {
            size /= 1024;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", size, units[unit]);
    }

    /** Returns a time that is estimated: 4 s, 2 min, 3 h 20 min. */
    static String rough(double seconds) {
        long whole = (long) Math.ceil(seconds);
        return whole < 90 ? whole + " s" : whole < 5400 ? Math.round(seconds / 60) + " min" : duration(seconds);
    }
}
