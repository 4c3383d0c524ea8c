package io.firesteel.table;

import io.firesteel.base.SettingNames;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.Path;
import org.apache.orc.TypeDescription;
import org.apache.parquet.hadoop.Footer;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.parquet.schema.Type;
import org.apache.spark.sql.execution.datasources.orc.OrcUtils;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat$;
import org.apache.spark.sql.execution.datasources.parquet.ParquetToSparkSchemaConverter;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The columns of Parquet or ORC files, of all files together.
 *
 * @param schema the columns that can be read, and {@code void} for the others
 * @param problems of the columns that cannot be read, to be read after the column's name
 */
record FileColumns(StructType schema, Map<String, String> problems) {
    /** The key of a field's metadata that marks whole numbers which are nanoseconds since the beginning of 1970. */
    private static final String NANOS = "firesteel.nanoseconds";

    /** The key of a field's metadata that marks times which Spark reads by the time zone of the process that reads them. */
    private static final String LOCAL = "firesteel.local";

    /** The setting by which Spark reads nanoseconds as whole numbers; else it does not read them. */
    static final Map<String, String> READING_NANOS = Map.of("spark.sql.legacy.parquet.nanosAsLong", "true");

    private static final List<DataType> WHOLE =
            List.of(DataTypes.ByteType, DataTypes.ShortType, DataTypes.IntegerType, DataTypes.LongType);

    /** The types whose numbers are all doubles. */
    private static final Set<DataType> WITHIN_DOUBLE = Set.of(
            DataTypes.ByteType, DataTypes.ShortType, DataTypes.IntegerType, DataTypes.FloatType, DataTypes.DoubleType);

    /** A column's type, or why it cannot be read. */
    private record Cell(String file, DataType type, StructField field, String problem) {
        /** Returns the type in which a column may be read that has this one here and another there. */
        Optional<DataType> widened(Cell other) {
            boolean isTimeAlike = isNanos(field) == isNanos(other.field) && isLocal(field) == isLocal(other.field);
            return isTimeAlike ? FileColumns.widened(type, other.type) : Optional.empty();
        }

        String typeName() {
            return isNanos(field)
                    ? "timestamp in nanoseconds"
                    : type.catalogString() + (isLocal(field) ? " without time zone" : "");
        }
    }

    /** Returns whether a field holds nanoseconds. */
    static boolean isNanos(StructField field) {
        return field.metadata().contains(NANOS);
    }

    /** Returns whether a field holds times as clocks show them, which are those of the process's time zone. */
    static boolean isLocal(StructField field) {
        return field.metadata().contains(LOCAL);
    }

    /** Returns a field without marks, which mean nothing in another file. */
    static StructField unmarked(StructField field) {
        Metadata metadata = new MetadataBuilder()
                .withMetadata(field.metadata())
                .remove(NANOS)
                .remove(LOCAL)
                .build();
        return new StructField(field.name(), field.dataType(), true, metadata);
    }

    private static StructField marked(String name, DataType type, String key) {
        return new StructField(
                name, type, true, new MetadataBuilder().putBoolean(key, true).build());
    }

    /** Returns the columns of an ORC file; its plain timestamps are of no time zone. */
    static StructType ofOrc(TypeDescription type) {
        StructType schema = OrcUtils.toCatalystSchema(type);
        StructField[] fields = schema.fields();
        for (int i = 0; i < fields.length; i++) {
            boolean isPlain = type.getChildren().get(i).getCategory() == TypeDescription.Category.TIMESTAMP;
            fields[i] = isPlain ? marked(fields[i].name(), fields[i].dataType(), LOCAL) : fields[i];
        }
        return new StructType(fields);
    }

    /** Returns whether a column holds nanoseconds. */
    boolean haveNanos() {
        return Arrays.stream(schema.fields()).anyMatch(FileColumns::isNanos);
    }

    /**
     * Compares the schemas of files.
     *
     * @param mayLack whether a file may lack a column, whose cells are then missing
     */
    static FileColumns of(List<FileFacts> files, boolean mayLack) {
        Map<String, FileFacts> kinds = new LinkedHashMap<>();
        files.forEach(file -> kinds.putIfAbsent(file.schema() + '\n' + file.rowType(), file));
        List<Map<String, Cell>> schemas =
                kinds.values().stream().map(FileColumns::columns).toList();
        Set<String> names = new LinkedHashSet<>();
        schemas.forEach(schema -> names.addAll(schema.keySet()));
        StructType all = new StructType();
        Map<String, String> problems = new LinkedHashMap<>();
        for (String name : names) {
            Cell merged = merged(
                    name,
                    schemas,
                    mayLack,
                    kinds.values().stream().map(FileFacts::file).toList());
            if (merged.problem != null) {
                problems.put(name, merged.problem);
                all = all.add(name, DataTypes.NullType);
            } else {
                all = all.add(new StructField(name, merged.type, true, merged.field.metadata()));
            }
        }
        return new FileColumns(all, problems);
    }

    /** Returns the columns without those that cannot be read. */
    StructType readable() {
        return new StructType(Arrays.stream(schema.fields())
                .filter(field -> !problems.containsKey(field.name()))
                .toArray(StructField[]::new));
    }

    private static Cell merged(String name, List<Map<String, Cell>> schemas, boolean mayLack, List<String> files) {
        Cell merged = null;
        for (int i = 0; i < schemas.size(); i++) {
            Cell cell = schemas.get(i).get(name);
            if (cell == null && !mayLack) {
                String with = schemas.stream()
                        .filter(schema -> schema.containsKey(name))
                        .findFirst()
                        .orElseThrow()
                        .get(name)
                        .file;
                return new Cell(files.get(i), null, null, lacks(with, files.get(i)));
            } else if (cell == null) {
                continue;
            } else if (cell.problem != null) {
                return cell;
            }
            Optional<DataType> type = merged == null ? Optional.of(cell.type) : merged.widened(cell);
            if (type.isEmpty()) {
                return new Cell(
                        cell.file,
                        null,
                        null,
                        "is " + merged.typeName() + " in " + merged.file + ", but " + cell.typeName() + " in "
                                + cell.file
                                + ": expected one type, or types that are all exact in the widest");
            }
            boolean isNew = merged == null || !type.get().equals(merged.type);
            merged = new Cell(
                    isNew ? cell.file : merged.file, type.get(), merged == null ? cell.field : merged.field, null);
        }
        return merged;
    }

    /** Returns the problem of a column that a file lacks. */
    static String lacks(String with, String without) {
        return "is in " + with + ", but not in " + without + ": expected the same columns in all files ("
                + SettingNames.mention("option", "mergeSchema=true") + " takes its cells for missing)";
    }

    /** Returns the type in which numbers of both types are exact; none where there is none. */
    private static Optional<DataType> widened(DataType one, DataType other) {
        if (one.asNullable().equals(other.asNullable())) {
            return Optional.of(one);
        }
        if (WHOLE.contains(one) && WHOLE.contains(other)) {
            return Optional.of(WHOLE.get(Math.max(WHOLE.indexOf(one), WHOLE.indexOf(other))));
        }
        return WITHIN_DOUBLE.contains(one) && WITHIN_DOUBLE.contains(other)
                ? Optional.of(DataTypes.DoubleType)
                : Optional.empty();
    }

    private static Map<String, Cell> columns(FileFacts file) {
        Map<String, Cell> columns = new LinkedHashMap<>();
        if (file.kind().format() == Format.ORC) {
            for (StructField field : ((StructType) DataType.fromJson(file.schema())).fields()) {
                columns.put(field.name(), new Cell(file.file(), field.dataType(), field, null));
            }
            return columns;
        }
        MessageType message = MessageTypeParser.parseMessageType(file.schema());
        Map<String, String> facts = file.rowType() == null ? Map.of() : Map.of(FileFacts.ROW_TYPE, file.rowType());
        List<MessageType> parts = new ArrayList<>();
        try {
            add(schema(message, facts), file, columns);
        } catch (Exception e) { // one of its columns cannot be read: column by column
            message.getFields().forEach(field -> parts.add(new MessageType(message.getName(), field)));
        }
        for (MessageType part : parts) {
            try {
                add(schema(part, Map.of()), file, columns);
            } catch (Exception e) {
                Type type = part.getType(0);
                if (isOfNanos(type)) {
                    StructField field = marked(type.getName(), DataTypes.LongType, NANOS);
                    columns.put(type.getName(), new Cell(file.file(), field.dataType(), field, null));
                    continue;
                }
                columns.put(
                        type.getName(),
                        new Cell(
                                file.file(),
                                null,
                                null,
                                "is of type " + text(type) + " in " + file.file() + ", which Spark does not read"));
            }
        }
        return columns;
    }

    private static boolean isOfNanos(Type type) {
        return type.getLogicalTypeAnnotation() instanceof TimestampLogicalTypeAnnotation time
                && time.getUnit() == TimeUnit.NANOS
                && !type.isRepetition(Type.Repetition.REPEATED);
    }

    private static String text(Type type) {
        String logical = type.getLogicalTypeAnnotation() == null ? "" : " (" + type.getLogicalTypeAnnotation() + ")";
        return (type.isPrimitive()
                        ? type.asPrimitiveType().getPrimitiveTypeName().toString()
                        : "group")
                + logical;
    }

    private static void add(StructType schema, FileFacts file, Map<String, Cell> into) {
        for (StructField field : schema.fields()) {
            into.put(field.name(), new Cell(file.file(), field.dataType(), field, null));
        }
    }

    private static StructType schema(MessageType message, Map<String, String> facts) {
        FileMetaData footer = new FileMetaData(message, facts, "");
        return ParquetFileFormat$.MODULE$.readSchemaFromFooter(
                new Footer(new Path("footer"), new ParquetMetadata(footer, List.of())),
                new ParquetToSparkSchemaConverter(SQLConf.get()));
    }
}
