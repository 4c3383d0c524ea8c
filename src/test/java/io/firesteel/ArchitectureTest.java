package io.firesteel;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.dependOnClassesThat;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The table of packages: what each may use. A new package has to be entered here. */
class ArchitectureTest {
    private static final String ROOT = "io.firesteel.";

    /** Each package and those of Firesteel's that it may use besides itself. */
    private static final Map<String, List<String>> USES = new LinkedHashMap<>();

    static {
        USES.put("base", List.of());
        USES.put("linalg", List.of("base"));
        USES.put("nn", List.of("base", "linalg"));
        USES.put("optim", List.of("base", "linalg"));
        USES.put("model", List.of("base", "linalg", "nn"));
        USES.put("export", List.of("base", "linalg", "nn", "model"));
        USES.put("compute", List.of("base", "linalg", "nn", "model"));
        USES.put("train", List.of("base", "linalg", "nn", "optim", "model", "compute"));
        USES.put("store", List.of("base", "linalg", "nn", "model", "train"));
        USES.put("engine", List.of("base", "linalg", "nn", "optim", "model", "compute", "train"));
        USES.put("data", List.of("base", "linalg", "nn", "optim", "model", "compute", "train", "store", "engine"));
        USES.put(
                "fit",
                List.of("base", "linalg", "nn", "optim", "model", "compute", "train", "store", "engine", "data"));
        USES.put(
                "ml",
                List.of(
                        "base", "linalg", "nn", "optim", "model", "compute", "train", "store", "engine", "data",
                        "fit"));
        USES.put(
                "cli",
                List.of(
                        "base", "linalg", "nn", "optim", "model", "export", "compute", "train", "store", "engine",
                        "data", "fit"));
    }

    /** The packages above the Spark line. */
    private static final List<String> WITHOUT_SPARK =
            List.of("base", "linalg", "nn", "optim", "model", "export", "compute", "train");

    private static JavaClasses firesteel;

    @BeforeAll
    static void read() {
        // Package names are all that the rules ask of the classes of others: they need not be read (3 s).
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
        firesteel = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.firesteel");
    }

    private static String[] packages(Stream<String> names) {
        return names.map(name -> ROOT + name + "..").toArray(String[]::new);
    }

    @TestFactory
    Stream<DynamicTest> aPackage_usesOnlyThoseItMay() {
        return USES.keySet().stream()
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    String[] forbidden = packages(USES.keySet().stream()
                            .filter(other ->
                                    !other.equals(name) && !USES.get(name).contains(other)));
                    noClasses()
                            .that()
                            .resideInAPackage(ROOT + name + "..")
                            .should(dependOnClassesThat(resideInAnyPackage(forbidden)))
                            .check(firesteel);
                }));
    }

    @Test
    void everyClass_isInAPackageOfTheTable() {
        assertTrue(firesteel.size() > 50, firesteel.size() + " classes were read");
        classes().should().resideInAnyPackage(packages(USES.keySet().stream())).check(firesteel);
    }

    @Test
    void sparkAndHadoop_areBelowTheLineOnly() {
        noClasses()
                .that()
                .resideInAnyPackage(packages(WITHOUT_SPARK.stream()))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.spark..", "org.apache.hadoop..")
                .check(firesteel);
    }

    @Test
    void breezeAndNativeLibraries_areInLinalgOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "linalg..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("breeze..", "dev.ludovic..", "org.bytedeco..", "jdk.incubator..")
                .check(firesteel);
    }

    @Test
    void packages_haveNoCycles() {
        slices().matching(ROOT + "(*)..").should().beFreeOfCycles().check(firesteel);
    }
}
