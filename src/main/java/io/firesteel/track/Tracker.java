package io.firesteel.track;

import java.io.IOException;
import java.util.List;

/** Writes runs down somewhere, in a thread of its own. */
interface Tracker extends AutoCloseable {
    /** Returns the option that asks for it, with its value, as messages mention it. */
    String name();

    /**
     * Writes down what follows, so that readers see it.
     *
     * @param news in order; may be empty
     * @param isLast whether it is not called again
     * @throws IOException when it cannot go on; it is not called again
     */
    void take(List<News> news, boolean isLast) throws IOException;

    /**
     * Returns what could not be written yet, though it was told, and what {@link #take} tries again; null for nothing.
     *
     * @param more news that it was not told
     */
    default Unsent unsent(List<News> more) {
        return null;
    }

    /** Returns the number of points that were left out, since too many waited. */
    default int dropped() {
        return 0;
    }

    /**
     * What could not be written yet.
     *
     * @param points how many of it are points
     * @param to whom it was to be sent
     * @param reason why it could not
     */
    record Unsent(int points, String to, String reason) {}

    @Override
    void close() throws IOException;
}
