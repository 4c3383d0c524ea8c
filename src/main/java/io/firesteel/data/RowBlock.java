package io.firesteel.data;

import io.firesteel.compute.Numbered;
import io.firesteel.table.Rows;
import java.io.Serializable;

/** The rows of a block, before they are scaled and encoded. */
record RowBlock(int number, Rows rows) implements Numbered, Serializable {}
