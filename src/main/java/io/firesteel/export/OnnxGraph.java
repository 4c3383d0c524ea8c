package io.firesteel.export;

import io.firesteel.base.Protobuf;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * An ONNX graph that is being built: named values, each of them an input, a constant or what a node computes from others.
 * The methods return the name of the value that they add. Nodes are in the order in which they can be computed.
 *
 * <p>A name that is taken is lengthened by underscores, since those of inputs are a table's and may be any.
 *
 * <p>The numbers of fields are those of <a href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">onnx.proto</a>.
 */
final class OnnxGraph {
    /** The domain of the operators for tables, such as LabelEncoder; the others' has no name. */
    static final String TABLES = "ai.onnx.ml";

    /** The name of the dimension of rows, of which there may be any number. */
    static final String ROWS = "N";

    private static final int ATTRIBUTE_INT = 2;
    private static final int ATTRIBUTE_INTS = 7;
    private static final int ATTRIBUTE_STRINGS = 8;

    /** The elements of a tensor. */
    enum Element {
        FLOAT(1),
        INT64(7),
        STRING(8),
        DOUBLE(11);

        final int number;

        Element(int number) {
            this.number = number;
        }
    }

    /** A setting of a node: an AttributeProto. */
    record Attribute(Protobuf message) {
        static Attribute of(String name, long value) {
            return new Attribute(new Protobuf().add(1, name).add(3, value).add(20, ATTRIBUTE_INT));
        }

        static Attribute ofInts(String name, List<Integer> values) {
            Protobuf message = new Protobuf().add(1, name);
            values.forEach(value -> message.add(8, value));
            return new Attribute(message.add(20, ATTRIBUTE_INTS));
        }

        static Attribute ofTexts(String name, List<String> values) {
            Protobuf message = new Protobuf().add(1, name);
            values.forEach(value -> message.add(9, value));
            return new Attribute(message.add(20, ATTRIBUTE_STRINGS));
        }
    }

    /** An input or an output (N, columns), or (N) where there are 0 columns. */
    private record Port(String name, Element type, int columns, String description) {
        /** Returns a ValueInfoProto. */
        Protobuf toProtobuf() {
            Protobuf shape = new Protobuf().add(1, new Protobuf().add(2, ROWS));
            if (columns > 0) {
                shape.add(1, new Protobuf().add(1, columns));
            }
            Protobuf tensor = new Protobuf().add(1, type.number).add(2, shape);
            return new Protobuf()
                    .add(1, name)
                    .add(2, new Protobuf().add(1, tensor))
                    .add(3, description);
        }

        @Override
        public String toString() {
            String shape = columns > 0 ? "[" + ROWS + ", " + columns + "]" : "[" + ROWS + "]";
            return name + " " + type.name().toLowerCase(Locale.ROOT) + " " + shape;
        }
    }

    private final Set<String> names = new HashSet<>();
    private final List<Protobuf> nodes = new ArrayList<>();
    private final List<Protobuf> constants = new ArrayList<>();
    private final List<Port> inputs = new ArrayList<>();
    private final List<Port> outputs = new ArrayList<>();

    /** Creates a graph that keeps these names for its outputs. */
    OnnxGraph(List<String> outputNames) {
        names.addAll(outputNames);
        names.add(""); // which means to ONNX that there is no value
    }

    /** Adds an input (N, columns), and returns its name. */
    String input(String name, Element type, int columns, String description) {
        String own = unused(name);
        inputs.add(new Port(own, type, columns, description));
        return own;
    }

    /** Makes a value (N, columns), or (N) where there are 0 columns, an output; its name is one of those that are kept. */
    void output(String name, Element type, int columns, String description, String value) {
        nodes.add(node("Identity", name, List.of(value)));
        outputs.add(new Port(name, type, columns, description));
    }

    /** Returns a constant of these numbers, row after row. */
    String constant(String name, double[] values, int... dimensions) {
        return constant(name, Element.DOUBLE, dimensions, tensor -> tensor.add(9, values));
    }

    /** Returns a constant of these integers, row after row. */
    String constant(String name, long[] values, int... dimensions) {
        return constant(name, Element.INT64, dimensions, tensor -> {
            for (long value : values) {
                tensor.add(7, value);
            }
        });
    }

    /** Returns a constant of these texts, row after row. */
    String constant(String name, List<String> values, int... dimensions) {
        return constant(name, Element.STRING, dimensions, tensor -> values.forEach(value -> tensor.add(6, value)));
    }

    /** Returns columns start .. end - 1 of a value. */
    String columns(String value, int start, int end) {
        String from = constant("from", new long[] {start}, 1);
        String to = constant("to", new long[] {end}, 1);
        String axis = constant("columns", new long[] {1}, 1);
        return add("Slice", "numbers", List.of(value, from, to, axis));
    }

    private interface Content {
        void addTo(Protobuf tensor);
    }

    private String constant(String name, Element type, int[] dimensions, Content content) {
        String own = unused(name);
        Protobuf tensor = new Protobuf();
        for (int dimension : dimensions) {
            tensor.add(1, dimension);
        }
        tensor.add(2, type.number).add(8, own);
        content.addTo(tensor);
        constants.add(tensor);
        return own;
    }

    /** Returns what a node of this operator computes. */
    String add(String operator, String name, List<String> of, Attribute... attributes) {
        String own = unused(name);
        nodes.add(node(operator, own, of, attributes));
        return own;
    }

    /** Returns the numbers of each row of a value (N, columns), in ascending order. */
    String ascending(String value, int columns) {
        String own = unused("ascending");
        nodes.add(node(
                        "TopK",
                        own,
                        List.of(value, constant("all", new long[] {columns}, 1)),
                        Attribute.of("axis", 1),
                        Attribute.of("largest", 0),
                        Attribute.of("sorted", 1))
                .add(2, unused("places"))); // the second output, which nobody reads
        return own;
    }

    /** Returns what a node of an operator for tables computes. */
    String addForTables(String operator, String name, List<String> of, Attribute... attributes) {
        String own = unused(name);
        nodes.add(node(operator, own, of, attributes).add(7, TABLES));
        return own;
    }

    /** Returns the inputs in order, as {@code features double [N, 64]}. */
    List<String> inputs() {
        return inputs.stream().map(Port::toString).toList();
    }

    /** Returns the outputs in order, likewise. */
    List<String> outputs() {
        return outputs.stream().map(Port::toString).toList();
    }

    /** Returns the graph as a GraphProto. */
    Protobuf toProtobuf(String name) {
        Protobuf graph = new Protobuf();
        nodes.forEach(node -> graph.add(1, node));
        graph.add(2, name);
        constants.forEach(constant -> graph.add(5, constant));
        inputs.forEach(input -> graph.add(11, input.toProtobuf()));
        outputs.forEach(output -> graph.add(12, output.toProtobuf()));
        return graph;
    }

    private static Protobuf node(String operator, String output, List<String> inputs, Attribute... attributes) {
        Protobuf node = new Protobuf();
        inputs.forEach(input -> node.add(1, input));
        node.add(2, output).add(3, output).add(4, operator); // a node is named as what it computes
        for (Attribute attribute : attributes) {
            node.add(5, attribute.message);
        }
        return node;
    }

    private String unused(String name) {
        String own = name;
        while (!names.add(own)) {
            own += "_";
        }
        return own;
    }
}
