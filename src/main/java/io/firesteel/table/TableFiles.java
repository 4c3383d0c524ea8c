package io.firesteel.table;

import io.firesteel.base.SettingNames;
import io.firesteel.base.UserError;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.util.CaseInsensitiveMap$;
import org.apache.spark.sql.execution.datasources.FileFormat;
import org.apache.spark.sql.execution.datasources.FileIndex;
import org.apache.spark.sql.execution.datasources.FileStatusCache;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.InMemoryFileIndex;
import org.apache.spark.sql.execution.datasources.PartitionDirectory;
import org.apache.spark.sql.execution.datasources.csv.CSVFileFormat;
import org.apache.spark.sql.execution.datasources.json.JsonFileFormat;
import org.apache.spark.sql.execution.datasources.text.TextFileFormat;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The files of a table: the one that its path names, or all those below a directory that are not hidden. They are listed
 * here, and Spark reads just these: its own listing would leave out subdirectories, and take characters of names for
 * patterns.
 */
final class TableFiles {
    /** Matches names of files that people put beside the parts of a table. */
    private static final String NOTE =
            "(?i)(readme|licen[cs]e|notice|changelog|copying|authors|citation)([._-].*)?|.*\\.(md|rst|pdf|crc|md5|sha\\d*|asc)";

    private static final Set<String> FILE_SYSTEMS_WITH_BLOCKS = Set.of("hdfs", "viewfs");

    /** Options of Spark's reader that choose files, for which Spark lists them. */
    private static final Set<String> CHOICES = Set.of("basepath", "pathglobfilter", "modifiedbefore", "modifiedafter");

    /** The canonical order of files. */
    private static final Comparator<FileStatus> BY_NAME =
            Comparator.comparing(file -> file.getPath().toUri().toString());

    private static final String DELTA_LOG = "_delta_log";
    private static final String HUDI = ".hoodie";
    private static final String RECURSIVE = "recursiveFileLookup";

    private final String path;
    private final List<FileStatus> files;
    private final List<Path> roots; // for Spark's listing; none where the files are those listed here
    private final Map<String, String> listing; // options of Spark's listing
    private final List<String> notes;

    private TableFiles(
            String path, List<FileStatus> files, List<Path> roots, Map<String, String> listing, List<String> notes) {
        this.path = path;
        this.files = files;
        this.roots = roots;
        this.listing = listing;
        this.notes = notes;
    }

    /**
     * Lists the files of a table.
     *
     * @param path of a file, of a directory, or a pattern of such
     * @param options of Spark's reader, some of which choose files
     * @throws UserError when there are none, or when only some of them are in partitions
     */
    static TableFiles of(SparkSession spark, String path, Map<String, String> options) {
        Found found = found(path, spark.sparkContext().hadoopConfiguration());
        try {
            return of(spark, path, found.files, found.roots, options, found.notes);
        } catch (UserError e) {
            throw e; // which says it already
        } catch (RuntimeException e) {
            throw SparkFailure.unreadable(path, e);
        }
    }

    /**
     * Lists the files of a table on this machine before there is a session; none where they are elsewhere, in partitions, chosen by
     * options, or those of a table of Delta or Hudi.
     *
     * @throws UserError when there are none
     */
    static List<FileStatus> beforeSpark(String path, Map<String, String> options, Configuration hadoop) {
        if (options.keySet().stream().anyMatch(TableFiles::isOfListing)) {
            return List.of();
        }
        try {
            Path given = new Path(path);
            expectNoWeb(given, path);
            FileSystem fileSystem = given.getFileSystem(hadoop);
            if (!"file".equals(fileSystem.getUri().getScheme())
                    || fileSystem.exists(new Path(given, DELTA_LOG))
                    || fileSystem.exists(new Path(given, HUDI))) {
                return List.of();
            }
            Found found = found(path, hadoop);
            return arePartitioned(path, found.roots, found.files)
                    ? List.of()
                    : found.files.stream().sorted(BY_NAME).toList();
        } catch (UserError e) {
            throw e; // which says it already
        } catch (IOException | RuntimeException e) {
            throw SparkFailure.unreadable(path, e);
        }
    }

    /** Returns whether an option of Spark's reader decides how files are listed. */
    private static boolean isOfListing(String option) {
        return CHOICES.contains(option.toLowerCase(Locale.ROOT)) || option.equalsIgnoreCase(RECURSIVE);
    }

    /**
     * What is there by a path.
     *
     * @param files those with content, in no order
     * @param roots the files and directories that the path names
     */
    private record Found(List<FileStatus> files, List<Path> roots, List<String> notes) {}

    private static Found found(String path, Configuration hadoop) {
        try {
            Path given = new Path(path);
            expectNoWeb(given, path);
            FileSystem fileSystem = given.getFileSystem(hadoop);
            expectNoPipe(fileSystem.makeQualified(given), path);
            List<FileStatus> all = new ArrayList<>();
            List<Path> roots = new ArrayList<>();
            for (FileStatus found : found(fileSystem, given, path)) {
                roots.add(found.getPath());
                if (found.isDirectory()) {
                    list(fileSystem, found.getPath(), all);
                } else {
                    all.add(found);
                }
            }
            if (all.isEmpty()) {
                throw new UserError(path + ": the directory holds no data files");
            }
            List<String> notes = new ArrayList<>();
            List<FileStatus> files = new ArrayList<>();
            for (FileStatus file : all) {
                expectNoColon(fileSystem, file);
                if (all.size() > 1 && file.getPath().getName().matches(NOTE)) {
                    notes.add(readable(file) + " is not read: its name is that of a note beside a table");
                } else if (file.getLen() > 0) {
                    files.add(file);
                }
            }
            if (files.isEmpty()) {
                throw new UserError(path + " is empty: expected a header and rows");
            }
            return new Found(files, roots, notes);
        } catch (UserError e) {
            throw e; // which says it already
        } catch (IOException | RuntimeException e) {
            throw SparkFailure.unreadable(path, e);
        }
    }

    private static TableFiles of(
            SparkSession spark,
            String path,
            List<FileStatus> files,
            List<Path> roots,
            Map<String, String> options,
            List<String> notes) {
        Map<String, String> given = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        given.putAll(options);
        boolean isRecursive = "true".equalsIgnoreCase(given.get(RECURSIVE));
        boolean isPartitioned = !isRecursive && arePartitioned(path, roots, files);
        if (given.keySet().stream().anyMatch(option -> CHOICES.contains(option.toLowerCase(Locale.ROOT)))) {
            given.putIfAbsent(RECURSIVE, Boolean.toString(!isPartitioned && !given.containsKey("basePath")));
            List<FileStatus> chosen =
                    CollectionConverters.asJava(index(spark, roots, given, null).allFiles());
            if (chosen.isEmpty()) {
                throw new UserError(path + ": the reader's options leave no files");
            }
            return new TableFiles(
                    path, chosen.stream().sorted(BY_NAME).toList(), List.copyOf(roots), given, List.copyOf(notes));
        }
        List<FileStatus> sorted = files.stream().sorted(BY_NAME).toList();
        if (!isPartitioned) {
            return new TableFiles(path, sorted, List.of(), Map.of(), List.copyOf(notes));
        }
        given.put("basePath", roots.get(0).toString());
        List<Path> paths = notes.isEmpty()
                ? List.copyOf(roots)
                : sorted.stream().map(FileStatus::getPath).toList();
        return new TableFiles(path, sorted, paths, given, List.copyOf(notes));
    }

    /**
     * Returns whether a directory is a table of Delta, which holds files of rows that are deleted, too.
     *
     * @throws UserError when it is one of Hudi, which does so as well
     */
    static boolean areDelta(SparkSession spark, String path) {
        try {
            Path given = new Path(path);
            expectNoWeb(given, path);
            FileSystem fileSystem = given.getFileSystem(spark.sparkContext().hadoopConfiguration());
            if (fileSystem.exists(new Path(given, HUDI))) {
                throw new UserError(
                        path + " is a table of Hudi, whose files hold deleted rows, too", "save it as Parquet", null);
            }
            return fileSystem.exists(new Path(given, DELTA_LOG));
        } catch (UserError e) {
            throw e; // which says it already
        } catch (IOException | RuntimeException e) {
            throw SparkFailure.unreadable(path, e);
        }
    }

    /** Returns what is there by a name, or else by a pattern. */
    private static FileStatus[] found(FileSystem fileSystem, Path given, String path) throws IOException {
        try {
            return new FileStatus[] {fileSystem.getFileStatus(given)};
        } catch (FileNotFoundException e) {
            FileStatus[] matches = fileSystem.globStatus(given);
            if (matches == null || matches.length == 0) {
                throw new UserError(path + ": no such file or directory", e);
            }
            return Arrays.stream(matches)
                    .filter(match -> !isHidden(match.getPath()))
                    .toArray(FileStatus[]::new);
        }
    }

    /** Makes sure that a path is not one of the web, for which Hadoop finds an empty file. */
    private static void expectNoWeb(Path given, String path) {
        String scheme = given.toUri().getScheme();
        if (scheme != null && scheme.matches("(?i)https?|ftp|sftp")) {
            throw new UserError(
                    path + " cannot be read: it is an address of the web",
                    "download the file first, or put it where hdfs:// or s3a:// finds it",
                    null);
        }
    }

    private static void expectNoPipe(Path file, String path) {
        if ("file".equals(file.toUri().getScheme())
                && Files.exists(java.nio.file.Path.of(file.toUri().getPath()))
                && !Files.isRegularFile(java.nio.file.Path.of(file.toUri().getPath()))
                && !Files.isDirectory(java.nio.file.Path.of(file.toUri().getPath()))) {
            throw new UserError(
                    path + " is a pipe or a device: expected a file, since rows are read more than once",
                    "write it to a file first",
                    null);
        }
    }

    /** Makes sure that the name of a file has no colon, with which Hadoop cannot look for the file's checksum. */
    private static void expectNoColon(FileSystem fileSystem, FileStatus file) {
        if (fileSystem instanceof LocalFileSystem && file.getPath().getName().contains(":")) {
            throw new UserError(
                    readable(file) + " cannot be read: Hadoop reads no file with a colon in its name",
                    "rename it; the names of directories may have one",
                    null);
        }
    }

    private static void list(FileSystem fileSystem, Path directory, List<FileStatus> into) throws IOException {
        for (FileStatus child : children(fileSystem, directory)) {
            if (isHidden(child.getPath())) {
                continue;
            }
            if (child.isDirectory()) {
                list(fileSystem, child.getPath(), into);
            } else {
                into.add(child);
            }
        }
    }

    /** Returns what a directory holds, with the hosts of the files' blocks where there are such. */
    private static List<FileStatus> children(FileSystem fileSystem, Path directory) throws IOException {
        if (!FILE_SYSTEMS_WITH_BLOCKS.contains(fileSystem.getUri().getScheme())) {
            return List.of(fileSystem.listStatus(directory));
        }
        List<FileStatus> children = new ArrayList<>();
        for (RemoteIterator<LocatedFileStatus> listed = fileSystem.listLocatedStatus(directory); listed.hasNext(); ) {
            children.add(listed.next());
        }
        return children;
    }

    /** Returns whether a name hides what has it, as Spark does: by a leading dot, or an underscore if it is no partition. */
    private static boolean isHidden(Path path) {
        String name = path.getName();
        return name.startsWith(".") || (name.startsWith("_") && !name.contains("=")) || name.endsWith("._COPYING_");
    }

    /**
     * Returns whether the files are in partitions: directories {@code key=value}.
     *
     * @throws UserError when only some of the files are in partitions, or partitions have other keys
     */
    private static boolean arePartitioned(String path, List<Path> roots, List<FileStatus> files) {
        Map<String, FileStatus> kinds = new TreeMap<>();
        for (FileStatus file : files) {
            Path root = roots.stream()
                    .filter(above -> isBelow(file.getPath(), above))
                    .findFirst()
                    .orElse(file.getPath().getParent());
            kinds.putIfAbsent(partition(file.getPath().getParent(), root), file);
        }
        List<String> names = List.copyOf(kinds.keySet());
        if (names.size() > 1) {
            throw new UserError(
                    path + ": " + readable(kinds.get(names.get(0))) + " and " + readable(kinds.get(names.get(1)))
                            + " are not in partitions of the same keys: expected all files in directories key=value of "
                            + "the same keys, or none",
                    SettingNames.mention("option", "recursiveFileLookup=true")
                            + " reads all files without the columns of partitions",
                    null);
        }
        if (!names.get(0).isEmpty() && roots.size() > 1) {
            throw new UserError(path + " names several directories of partitions: expected one");
        }
        return !names.get(0).isEmpty();
    }

    private static boolean isBelow(Path file, Path root) {
        return file.toUri().getPath().startsWith(root.toUri().getPath() + (root.isRoot() ? "" : "/"));
    }

    /** Returns the directory above the partitions that a directory is in, and their keys; nothing where there are none. */
    private static String partition(Path directory, Path root) {
        String keys = "";
        String above = "";
        for (Path path = directory; path != null && !path.equals(root); path = path.getParent()) {
            int equals = path.getName().indexOf('=');
            if (equals > 0) {
                keys = path.getName().substring(0, equals) + "/" + keys;
                above = "";
            } else {
                above = path.getName() + "/" + above;
            }
        }
        return keys.isEmpty() ? "" : root + "/" + above + keys;
    }

    /** Returns the same files with a note more. */
    TableFiles noting(String note) {
        List<String> more = new ArrayList<>(notes);
        more.add(note);
        return new TableFiles(path, files, roots, listing, List.copyOf(more));
    }

    /** Returns the path as it was given. */
    String path() {
        return path;
    }

    /** Returns the files, in the canonical order of rows. */
    List<FileStatus> files() {
        return files;
    }

    /** Returns what a user should know of the files, a sentence each. */
    List<String> notes() {
        return notes;
    }

    /** Opens a file, and decompresses it as its name says. */
    static InputStream open(Path file, Configuration hadoop) throws IOException {
        CompressionCodec codec = new CompressionCodecFactory(hadoop).getCodec(file);
        InputStream in = file.getFileSystem(hadoop).open(file);
        try {
            return codec == null ? in : codec.createInputStream(in);
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    /** Returns the first file that is not empty. */
    Path firstWithContent() {
        return files.stream()
                .filter(file -> file.getLen() > 0)
                .findFirst()
                .orElse(files.get(0))
                .getPath();
    }

    static String readable(FileStatus file) {
        return Origin.readable(file.getPath().toUri().toString());
    }

    /** Returns the lines of the files, in a column {@code value}, and the columns of partitions. */
    Dataset<Row> lines(SparkSession spark, Map<String, String> options) {
        return read(spark, new TextFileFormat(), options, new StructType().add(Schema.LINE, "string"));
    }

    /**
     * Returns the rows of the files.
     *
     * @param schema of the data; null to let Spark find it
     */
    Dataset<Row> read(SparkSession spark, FileFormat format, Map<String, String> options, StructType schema) {
        FileIndex index = roots.isEmpty() ? new Listed(seq(files)) : index(spark, roots, listing, schema);
        Set<String> partitions = Set.of(index.partitionSchema().fieldNames());
        StructType data = schema != null
                ? new StructType(Arrays.stream(schema.fields())
                        .filter(field -> !partitions.contains(field.name()))
                        .toArray(StructField[]::new))
                : inferred(spark, format, options);
        return spark.baseRelationToDataFrame(new HadoopFsRelation(
                index, index.partitionSchema(), data.asNullable(), Option.empty(), format, scala(options), spark));
    }

    private StructType inferred(SparkSession spark, FileFormat format, Map<String, String> options) {
        if (isHidden(files.get(0).getPath())) { // named itself; Spark would list it anew, and not find it
            Dataset<String> lines = lines(spark, options).as(Encoders.STRING());
            if (format instanceof CSVFileFormat) {
                return spark.read().options(options).csv(lines).schema();
            } else if (format instanceof JsonFileFormat) {
                return spark.read().options(options).json(lines).schema();
            }
        }
        return format.inferSchema(spark, scala(options), seq(files)).getOrElse(() -> {
            throw new UserError(path + ": its columns cannot be found");
        });
    }

    /** Returns the index of files that Spark makes: it has the columns of partitions and knows Spark's filters. */
    private static InMemoryFileIndex index(
            SparkSession spark, List<Path> roots, Map<String, String> options, StructType schema) {
        return new InMemoryFileIndex(
                spark,
                seq(roots),
                scala(options),
                Option.apply(schema),
                FileStatusCache.getOrCreate(spark),
                Option.empty(),
                Option.empty());
    }

    private static scala.collection.immutable.Map<String, String> scala(Map<String, String> options) {
        return CaseInsensitiveMap$.MODULE$.apply(
                scala.collection.immutable.Map.from(CollectionConverters.asScala(options)));
    }

    private static <T> Seq<T> seq(List<T> list) {
        return CollectionConverters.asScala(list).toSeq();
    }

    /** Files without partitions. */
    private record Listed(Seq<FileStatus> files) implements FileIndex {
        @Override
        public Seq<Path> rootPaths() {
            return seq(CollectionConverters.asJava(files).stream()
                    .map(FileStatus::getPath)
                    .toList());
        }

        @Override
        public Seq<PartitionDirectory> listFiles(Seq<Expression> partitionFilters, Seq<Expression> dataFilters) {
            FileStatus[] listed = CollectionConverters.asJava(files).toArray(FileStatus[]::new);
            return seq(List.of(PartitionDirectory.apply(InternalRow.empty(), listed)));
        }

        @Override
        public String[] inputFiles() {
            return CollectionConverters.asJava(files).stream()
                    .map(file -> file.getPath().toUri().toString())
                    .toArray(String[]::new);
        }

        @Override
        public void refresh() {
            // The files stay those that were listed.
        }

        @Override
        public long sizeInBytes() {
            return CollectionConverters.asJava(files).stream()
                    .mapToLong(FileStatus::getLen)
                    .sum();
        }

        @Override
        public StructType partitionSchema() {
            return new StructType();
        }
    }
}
