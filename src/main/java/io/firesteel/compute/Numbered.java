package io.firesteel.compute;

/** A block of a data set that knows its place in the data set's one canonical order. */
public interface Numbered {
    /** Returns its number, 0 .. n-1 in the canonical order of the data set's n blocks. */
    int number();
}
