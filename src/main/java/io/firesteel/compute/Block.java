package io.firesteel.compute;

import io.firesteel.nn.Examples;
import java.io.Serializable;

/**
 * A run of consecutive examples that are computed together.
 *
 * @param number 0 .. n-1 in the one canonical order of the data set's n blocks
 */
public record Block(int number, Examples examples) implements Numbered, Serializable {}
