package io.firesteel.track;

import java.io.IOException;
import java.util.List;

/** Records runs in one place, such as a file or a server. It is called by one thread, which its {@link EventQueue} owns. */
interface Tracker extends AutoCloseable {
    /** Returns the option that asks for it, with its value, as messages mention it. */
    String name();

    /**
     * Writes events, so that readers see them at once.
     *
     * @param events in order; may be empty
     * @param isLast whether there are no more events
     * @throws IOException when the place cannot be written to; the tracker gets no more events
     */
    void write(List<RunEvent> events, boolean isLast) throws IOException;

    /**
     * Returns what could not be written so far, which {@link #write} tries again; null for nothing.
     *
     * @param others events that {@link #write} has not been given
     */
    default Unsent unsent(List<RunEvent> others) {
        return null;
    }

    /** Returns the number of points that were dropped because too many were waiting. */
    default int dropped() {
        return 0;
    }

    /**
     * Events that could not be sent.
     *
     * @param points how many of them are points
     * @param to the server
     * @param reason why they could not be sent
     */
    record Unsent(int points, String to, String reason) {}

    @Override
    void close() throws IOException;
}
