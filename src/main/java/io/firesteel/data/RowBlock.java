package io.firesteel.data;

import io.firesteel.table.Rows;
import java.io.Serializable;

/** The rows of a block, before scaling and packing. */
record RowBlock(int number, Rows rows) implements Serializable {}
