package dev.pointsman;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.pointsman.testkit.Rules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules for all modules, here because this module sees all of them. */
@AnalyzeClasses(packages = "dev.pointsman", importOptions = Rules.MainCode.class)
class HouseArchitectureTest {
    /** Tests run in their module's folder. */
    private static final Path REPOSITORY = Path.of("..");

    private static final Pattern TYPE_IN_BACKTICKS =
            Pattern.compile("`([A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*)(?:\\.[A-Za-z0-9.]+)?`");
    /** Beside what the bytecode shows: in tests, which are in no class path but their own. */
    private static final Pattern SLEEP = Pattern.compile(
            "\\bThread\\.sleep\\(|\\b(TimeUnit\\.)?(NANO|MICRO|MILLI)?SECONDS\\.sleep\\(|\\bMINUTES\\.sleep\\(|\\bparkNanos\\(|\\bparkUntil\\(|\\.timedWait\\(");

    /** But for the client's inner packages, which know the values of its API; ClientArchitectureTest has the rule for these. */
    @ArchTest
    static final ArchRule packages_are_free_of_cycles = slices().matching("dev.pointsman.(**)")
            .should()
            .beFreeOfCycles()
            .ignoreDependency(
                    resideInAPackage("dev.pointsman.client.internal.."), resideInAPackage("dev.pointsman.client"));

    @ArchTest
    static final ArchRule nothing_sleeps = noClasses().should().accessTargetWhere(Rules.sleeps());

    @ArchTest
    static final ArchRule only_the_command_line_and_the_sample_print = noClasses()
            .that()
            .resideOutsideOfPackages("dev.pointsman.cli..", "dev.pointsman.sample..")
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err");

    @ArchTest
    static final ArchRule random_sources_are_handed_in = noClasses()
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.util.concurrent.ThreadLocalRandom")
            .orShould()
            .callMethod(Math.class, "random");

    /** A reader who finds a name in a stack trace, or says one in a conversation, means one thing; nested types are no exception. */
    @ArchTest
    static void no_simple_name_stands_for_two_types(JavaClasses classes) {
        Map<String, SortedSet<String>> byName = classes.stream()
                .filter(type -> type.isTopLevelClass() || type.isMemberClass())
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .collect(groupingBy(
                        JavaClass::getSimpleName,
                        TreeMap::new,
                        mapping(JavaClass::getFullName, toCollection(TreeSet::new))));
        byName.values().removeIf(types -> types.size() == 1);
        assertThat(byName.values()).as("types that share their simple name").isEmpty();
    }

    @ArchTest
    static void architecture_md_names_types_that_exist(JavaClasses classes) throws IOException {
        Set<String> types = classes.stream().map(JavaClass::getSimpleName).collect(Collectors.toSet());
        SortedSet<String> named = TYPE_IN_BACKTICKS
                .matcher(Files.readString(REPOSITORY.resolve("ARCHITECTURE.md")))
                .results()
                .map(found -> found.group(1))
                .collect(toCollection(TreeSet::new));
        assertThat(named).as("types that ARCHITECTURE.md names").hasSizeGreaterThan(10);
        named.removeAll(types);
        assertThat(named)
                .as("types that ARCHITECTURE.md names and that are not in any module")
                .isEmpty();
    }

    @Test
    void tests_do_not_sleep() throws IOException {
        List<String> sleeping = new ArrayList<>();
        for (Path source : testSources()) {
            for (String line : Files.readAllLines(source)) {
                if (SLEEP.matcher(line).find()) {
                    sleeping.add(source + ": " + line.strip());
                }
            }
        }
        assertThat(sleeping)
                .as("tests that wait for a time instead of an event")
                .isEmpty();
    }

    private static List<Path> testSources() throws IOException {
        List<Path> sources = new ArrayList<>();
        try (Stream<Path> modules = Files.list(REPOSITORY)) {
            for (Path module : modules.toList()) {
                Path code =
                        module.endsWith("test-kit") ? module.resolve("src") : module.resolve(Path.of("src", "test"));
                if (Files.isDirectory(code)) {
                    try (Stream<Path> files = Files.walk(code)) {
                        files.filter(file -> file.toString().endsWith(".java")
                                        && !file.endsWith("HouseArchitectureTest.java")
                                        && !file.endsWith("Rules.java"))
                                .forEach(sources::add);
                    }
                }
            }
        }
        assertThat(sources).as("sources of tests").hasSizeGreaterThan(100);
        return sources;
    }
}
