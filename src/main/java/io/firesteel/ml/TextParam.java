package io.firesteel.ml;

import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.util.Identifiable;
import scala.Function1;

/** A Param whose values are texts. Over Spark Connect a value is read by its Param's class, which Spark's own constructors do not set. */
final class TextParam extends Param<String> {
    private static final long serialVersionUID = 1;

    TextParam(Identifiable owner, String name, String doc) {
        super(owner, name, doc);
    }

    TextParam(Identifiable owner, String name, String doc, Function1<String, Object> check) {
        super(owner, name, doc, check);
    }

    /** Returns the class of the values. It overrides a method of Spark 4 that Spark 3.5 lacks. */
    @SuppressWarnings("MissingOverride")
    public Class<String> dataClass() {
        return String.class;
    }
}
