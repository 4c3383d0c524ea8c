package io.firesteel;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.dependOnClassesThat;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaParameterizedType;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.firesteel.compute.Runner;
import io.firesteel.optim.Objective;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
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
        USES.put("report", List.of("base", "linalg", "nn", "model"));
        USES.put("compute", List.of("base", "linalg", "nn", "model"));
        USES.put("train", List.of("base", "linalg", "nn", "optim", "model", "compute"));
        USES.put("track", List.of("base", "model", "report", "train"));
        USES.put("store", List.of("base", "linalg", "nn", "model", "train"));
        USES.put("engine", List.of("base", "linalg", "nn", "optim", "model", "compute", "train"));
        USES.put("table", List.of("base", "nn", "model", "store"));
        USES.put("data", List.of("base", "linalg", "nn", "model", "compute", "engine", "table"));
        USES.put("ui", List.of("base", "linalg", "nn", "model", "report", "compute", "train"));
        USES.put(
                "fit",
                List.of(
                        "base", "linalg", "nn", "optim", "model", "report", "compute", "train", "track", "store",
                        "engine", "table", "data", "ui"));
        USES.put("check", List.of("base", "linalg", "nn", "model", "compute", "engine", "table", "data", "fit"));
        USES.put(
                "ml",
                List.of(
                        "base", "linalg", "nn", "optim", "model", "compute", "train", "store", "engine", "table",
                        "data", "fit"));
        USES.put(
                "cli",
                List.of(
                        "base", "linalg", "nn", "optim", "model", "export", "report", "compute", "train", "track",
                        "store", "engine", "table", "data", "fit", "check"));
    }

    /** The packages above the Spark line. */
    private static final List<String> WITHOUT_SPARK =
            List.of("base", "linalg", "nn", "optim", "model", "export", "report", "compute", "train", "track");

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
                .map(name -> DynamicTest.dynamicTest(
                        name,
                        () -> expectUsesNone(
                                name,
                                USES.keySet().stream()
                                        .filter(other -> !other.equals(name)
                                                && !USES.get(name).contains(other)),
                                firesteel)));
    }

    private static void expectUsesNone(String name, Stream<String> forbidden, JavaClasses types) {
        noClasses()
                .that()
                .resideInAPackage(ROOT + name + "..")
                .should(dependOnClassesThat(resideInAnyPackage(packages(forbidden))))
                .allowEmptyShould(true)
                .check(types);
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

    /**
     * A reader can take the classes of a package one at a time, or two that need each other. A sealed type and its kinds count as
     * one class.
     */
    @Test
    void classesOfAPackage_goInNoCircleOfMoreThanTwo() {
        Map<String, Set<String>> uses = new TreeMap<>();
        for (JavaClass type : firesteel) {
            Set<String> used = uses.computeIfAbsent(file(type), absent -> new TreeSet<>());
            type.getDirectDependenciesFromSelf().stream()
                    .map(Dependency::getTargetClass)
                    .filter(other -> other.getPackageName().equals(type.getPackageName()))
                    .forEach(other -> used.add(file(other)));
        }
        Map<String, Set<String>> reached = new TreeMap<>();
        uses.forEach((start, used) -> {
            Set<String> all = new TreeSet<>();
            Deque<String> next = new ArrayDeque<>(used);
            while (!next.isEmpty()) {
                String name = next.pop();
                if (all.add(name)) {
                    next.addAll(uses.getOrDefault(name, Set.of()));
                }
            }
            reached.put(start, all);
        });
        assertTrue(uses.size() > 150, uses.size() + " files were read");
        uses.keySet().forEach(name -> {
            List<String> circle = reached.get(name).stream()
                    .filter(other -> reached.getOrDefault(other, Set.of()).contains(name))
                    .toList();
            assertTrue(circle.size() <= 2, () -> "these need each other: " + circle);
        });
    }

    /** The file of a class, or where that is one of the kinds of a sealed type, of the type. */
    private static String file(JavaClass type) {
        JavaClass outer = type;
        while (outer.getEnclosingClass().isPresent()) {
            outer = outer.getEnclosingClass().get();
        }
        Class<?> sealed = outer.reflect();
        while (parent(sealed).isPresent()) {
            sealed = parent(sealed).get();
        }
        return sealed.getName();
    }

    private static Optional<Class<?>> parent(Class<?> type) {
        return Stream.concat(Stream.ofNullable(type.getSuperclass()), Arrays.stream(type.getInterfaces()))
                .filter(above -> above.isSealed() && !above.isMemberClass())
                .findFirst();
    }

    /** Whoever asks which runner or objective it has should ask it for what differs. */
    @Test
    void nobodyAsks_whichRunnerOrObjectiveItIs() {
        List<String> asked = firesteel.stream()
                .flatMap(type -> type.getInstanceofChecks().stream())
                .filter(check -> check.getRawType().isAssignableTo(Runner.class)
                        || check.getRawType().isAssignableTo(Objective.class))
                .map(Object::toString)
                .toList();
        assertEquals(List.of(), asked);
    }

    /** A value between packages has a type that says what is in it. */
    @Test
    void publicMethods_neitherTakeNorReturnMapsOfObjects() {
        List<String> untyped = firesteel.stream()
                .flatMap(type -> type.getMethods().stream())
                .filter(method -> method.getModifiers().contains(JavaModifier.PUBLIC))
                .filter(method -> Stream.concat(Stream.of(method.getReturnType()), method.getParameterTypes().stream())
                        .anyMatch(ArchitectureTest::isMapOfObjects))
                .map(JavaMethod::getFullName)
                .toList();
        assertEquals(List.of(), untyped);
    }

    private static boolean isMapOfObjects(JavaType type) {
        return type instanceof JavaParameterizedType map
                && map.toErasure().isAssignableTo(Map.class)
                && map.getActualTypeArguments().get(1).getName().equals("java.lang.Object");
    }

    /** Tests of a package use none that comes after it in the table. */
    @TestFactory
    Stream<DynamicTest> testsOfAPackage_useNoneFurtherDown() {
        JavaClasses tests = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
                .importPackages("io.firesteel");
        assertTrue(tests.size() > 50, tests.size() + " classes were read");
        List<String> order = List.copyOf(USES.keySet());
        return order.stream()
                .map(name -> DynamicTest.dynamicTest(
                        name, () -> expectUsesNone(name, order.stream().skip(order.indexOf(name) + 1L), tests)));
    }
}
