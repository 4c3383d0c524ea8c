package io.firesteel.table;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.firesteel.base.SettingNames;
import io.firesteel.base.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.orc.OrcUtils;
import org.apache.spark.util.SerializableConfiguration;

/**
 * What a file says about itself before its rows are read.
 *
 * @param file its name for messages
 * @param kind what its first bytes are
 * @param schema its schema as the format writes it; empty for text
 * @param rowType Spark's own schema, which Spark writes beside it; null if it is not there
 * @param spansLines whether its first object of JSON is written over several lines
 * @param hasMore whether another object follows
 */
record FileFacts(String file, FileKind kind, String schema, String rowType, boolean spansLines, boolean hasMore)
        implements Serializable {
    /** The key by which Spark writes its schema to Parquet files. */
    static final String ROW_TYPE = "org.apache.spark.sql.parquet.row.metadata";

    /** More files than this are looked at by tasks. */
    private static final int MOST_HERE = 16;

    /** Of text files, whose rows are checked anyway, only this many are looked at. */
    private static final int MOST_TEXTS = 64;

    /** Looks at the files of a table if they are few; else at none. */
    static List<FileFacts> ofFew(List<FileStatus> files, Configuration hadoop) throws IOException {
        List<FileFacts> facts = new ArrayList<>();
        for (FileStatus file : files.size() > MOST_HERE ? List.<FileStatus>of() : files) {
            facts.add(of(file.getPath(), hadoop));
        }
        return facts;
    }

    /** Looks at the files of a table. */
    static List<FileFacts> of(SparkSession spark, List<FileStatus> files) throws IOException {
        Configuration hadoop = spark.sparkContext().hadoopConfiguration();
        FileFacts first = of(files.get(0).getPath(), hadoop);
        List<Path> others = files.stream()
                .skip(1)
                .limit(first.kind.isText() ? MOST_TEXTS : files.size())
                .map(FileStatus::getPath)
                .toList();
        List<FileFacts> facts = new ArrayList<>(List.of(first));
        if (others.size() <= MOST_HERE) {
            for (Path other : others) {
                facts.add(of(other, hadoop));
            }
            return facts;
        }
        JavaSparkContext tasks = JavaSparkContext.fromSparkContext(spark.sparkContext());
        List<String> names = others.stream().map(Path::toString).toList();
        int slices = Math.min(names.size(), 2 * tasks.defaultParallelism());
        facts.addAll(tasks.parallelize(names, slices)
                .map(new Look(new SerializableConfiguration(hadoop)))
                .collect());
        return facts;
    }

    /**
     * Returns the format of all files.
     *
     * @param path of the table
     * @param wanted the format that the user gave, or null
     * @throws UserError when a file cannot be read, is not of the format that was given, or of another than the first
     */
    static Format format(String path, List<FileFacts> files, Format wanted) {
        Format format = wanted != null ? wanted : files.get(0).kind.format();
        for (FileFacts file : files) {
            FileKind kind = file.kind;
            boolean asText = wanted != null && !wanted.isBinary();
            boolean fits = asText ? kind.isText() : (kind.format() != null && kind.format() == format);
            if (kind.format() == null && !fits) {
                throw new UserError(file.file + " cannot be read: it is " + kind.what(), kind.hint(), null);
            } else if (!fits && wanted != null) {
                throw new UserError(
                        file.file + " cannot be read as " + wanted + ": it is " + kind.what(),
                        SettingNames.mention("format", kind.format()) + " reads it",
                        null);
            } else if (!fits) {
                throw new UserError(
                        path + " holds files of several formats: " + files.get(0).file + " is "
                                + files.get(0).kind.what() + ", " + file.file + " is " + kind.what() + ": expected one",
                        kind.isText() && files.get(0).kind.isText()
                                ? SettingNames.mention("format", format) + " reads all of them as " + format
                                : "move the others elsewhere",
                        null);
            }
        }
        return format;
    }

    /**
     * Returns whether objects of JSON are written over several lines.
     *
     * @throws UserError when a file has several such objects, of which Spark reads the first one only
     */
    static boolean spansLines(String path, List<FileFacts> files) {
        if (files.stream().noneMatch(FileFacts::spansLines)) {
            return false;
        }
        for (FileFacts file : files) {
            if (file.hasMore) {
                throw new UserError(
                        file.file + " has several values of JSON, and "
                                + (file.spansLines ? "they are" : path + " has others")
                                + " written over several lines: expected one object a line, or one list of objects",
                        "jq -c . FILE writes one object a line",
                        null);
            }
        }
        return true;
    }

    /** Makes sure that all files have the schema of the first. */
    static void expectOneSchema(String path, List<FileFacts> files) {
        for (FileFacts file : files) {
            if (!file.schema.equals(files.get(0).schema)) {
                throw new UserError(path + ": " + files.get(0).file + " and " + file.file
                        + " have different Avro schemas: expected one for all files");
            }
        }
    }

    private record Look(SerializableConfiguration hadoop) implements Function<String, FileFacts> {
        @Override
        public FileFacts call(String file) throws IOException {
            return of(new Path(file), hadoop.value());
        }
    }

    private static FileFacts of(Path path, Configuration hadoop) throws IOException {
        String file = Origin.readable(path.toUri().toString());
        FileKind kind = FileKind.of(path, hadoop);
        if (kind.format() == null) {
            return new FileFacts(file, kind, "", null, false, false);
        }
        return switch (kind.format()) {
            case PARQUET -> {
                FileMetaData footer = footer(path, hadoop);
                yield new FileFacts(
                        file,
                        kind,
                        footer.getSchema().toString(),
                        footer.getKeyValueMetaData().get(ROW_TYPE),
                        false,
                        false);
            }
            case ORC ->
                new FileFacts(
                        file,
                        kind,
                        FileColumns.ofOrc(
                                        OrcUtils.readSchema(path, hadoop, false).getOrElse(() -> {
                                            throw new IllegalStateException("Malformed ORC file " + file);
                                        }))
                                .json(),
                        null,
                        false,
                        false);
            case AVRO -> new FileFacts(file, kind, avroSchema(path, hadoop), null, false, false);
            case JSON -> ofJson(file, kind, path, hadoop);
            case CSV, LIBSVM, DELTA, JDBC -> new FileFacts(file, kind, "", null, false, false);
        };
    }

    private static FileMetaData footer(Path path, Configuration hadoop) throws IOException {
        ParquetReadOptions options = HadoopReadOptions.builder(
                        hadoop, path) // by which the keys of encrypted files are found
                .withMetadataFilter(ParquetMetadataConverter.SKIP_ROW_GROUPS)
                .build();
        try (ParquetFileReader reader = ParquetFileReader.open(HadoopInputFile.fromPath(path, hadoop), options)) {
            return reader.getFileMetaData();
        }
    }

    private static String avroSchema(Path path, Configuration hadoop) throws IOException {
        try (InputStream in = path.getFileSystem(hadoop).open(path);
                DataFileStream<GenericRecord> records = new DataFileStream<>(in, new GenericDatumReader<>())) {
            return records.getSchema().toString();
        }
    }

    private static FileFacts ofJson(String file, FileKind kind, Path path, Configuration hadoop) throws IOException {
        boolean spansLines = false;
        boolean hasMore = false;
        try (InputStream in = TableFiles.open(path, hadoop);
                JsonParser parser = new JsonFactory().createParser(in)) {
            parser.nextToken();
            int line = parser.currentLocation().getLineNr();
            try {
                parser.skipChildren();
                spansLines = parser.currentLocation().getLineNr() > line;
                hasMore = parser.nextToken() != null;
            } catch (JsonProcessingException e) {
                spansLines = spansLines || e.getLocation().getLineNr() > line + 1;
            }
        }
        return new FileFacts(file, kind, "", null, spansLines, hasMore);
    }
}
