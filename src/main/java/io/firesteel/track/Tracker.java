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

    @Override
    void close() throws IOException;
}
