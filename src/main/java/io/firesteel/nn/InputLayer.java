package io.firesteel.nn;

/** A layer below the first affine one, which knows its number of inputs. */
public sealed interface InputLayer extends Layer permits Piecewise, Periodic, CategoryEmbedding {
    /** Returns the rows of its input. */
    int inputs();
}
