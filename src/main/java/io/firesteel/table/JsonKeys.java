package io.firesteel.table;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import scala.Tuple2;

/** The keys of the objects in files of JSON, file by file: a key that no object of a file has is a column that it lacks. */
final class JsonKeys {
    private static final JsonFactory JSON = new JsonFactory();

    private JsonKeys() {}

    /**
     * Returns the problems of the columns that some files have and others lack.
     *
     * @param spansLines whether objects are written over several lines
     */
    static Map<String, String> problems(SparkSession spark, TableFiles files, boolean spansLines) {
        Map<String, String> options = spansLines ? Map.of("wholetext", "true") : Map.of();
        Dataset<Row> texts =
                files.lines(spark, options).select(functions.col(Schema.LINE), functions.col(Origin.COLUMNS.get(0)));
        Map<String, Set<String>> keys = new TreeMap<>();
        for (Tuple2<String, Set<String>> part :
                texts.toJavaRDD().mapPartitions(new OfFiles()).collect()) {
            keys.computeIfAbsent(part._1(), file -> new TreeSet<>()).addAll(part._2());
        }
        keys.values().removeIf(Set::isEmpty);
        Map<String, String> first = new LinkedHashMap<>(); // file with a key
        keys.forEach((file, names) -> names.forEach(name -> first.putIfAbsent(name, file)));
        Map<String, String> problems = new LinkedHashMap<>();
        first.forEach((name, with) -> keys.entrySet().stream()
                .filter(file -> !file.getValue().contains(name))
                .findFirst()
                .ifPresent(without -> problems.put(
                        name, FileColumns.lacks(Origin.readable(with), Origin.readable(without.getKey())))));
        return problems;
    }

    private record OfFiles() implements FlatMapFunction<Iterator<Row>, Tuple2<String, Set<String>>> {
        @Override
        public Iterator<Tuple2<String, Set<String>>> call(Iterator<Row> texts) {
            Map<String, Set<String>> keys = new HashMap<>();
            while (texts.hasNext()) {
                Row text = texts.next();
                addKeys(text.getString(0), keys.computeIfAbsent(text.getString(1), file -> new TreeSet<>()));
            }
            List<Tuple2<String, Set<String>>> parts = keys.entrySet().stream()
                    .map(file -> new Tuple2<>(file.getKey(), file.getValue()))
                    .toList();
            return parts.iterator();
        }
    }

    /** Adds the keys of an object, or of a list of objects. */
    private static void addKeys(String text, Set<String> keys) {
        try (JsonParser parser = JSON.createParser(text)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.FIELD_NAME) {
                    keys.add(parser.currentName());
                    parser.nextToken();
                    parser.skipChildren();
                }
            }
        } catch (IOException e) {
            // A row that is not JSON is reported when rows are read.
        }
    }
}
