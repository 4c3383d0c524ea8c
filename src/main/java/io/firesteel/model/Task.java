package io.firesteel.model;

import java.util.Locale;

/** What a network is trained to do. */
public enum Task {
    CLASSIFICATION,
    REGRESSION;

    /** The name as settings and model files write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
