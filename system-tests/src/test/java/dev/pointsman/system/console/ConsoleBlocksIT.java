package dev.pointsman.system.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.pointsman.testkit.NeedsPrograms;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each console block of the README, of the tutorial, and of the pages that say they are run, typed as it stands there. What is
 * not run is printed, with the reason.
 */
@Timeout(300)
class ConsoleBlocksIT {
    private static final String CONSUL = "consul";
    private static final Path REPOSITORY = Path.of("..");

    private static List<ConsolePage> pages() throws IOException {
        List<Path> files = new ArrayList<>(List.of(REPOSITORY.resolve("README.md")));
        try (Stream<Path> docs = Files.walk(REPOSITORY.resolve("docs"))) {
            docs.filter(file -> file.toString().endsWith(".md"))
                    .filter(file -> file.toString().contains("/tutorial/") || saysThatItIsRun(file))
                    .sorted()
                    .forEach(files::add);
        }
        List<ConsolePage> pages = new ArrayList<>();
        for (Path file : files) {
            pages.add(ConsolePage.read(REPOSITORY.relativize(file).toString(), file));
        }
        return pages;
    }

    private static boolean saysThatItIsRun(Path file) {
        try {
            return Files.readAllLines(file).stream().anyMatch(line -> line.startsWith("<!-- console: afresh"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<ConsoleAct> acts() throws IOException {
        return pages().stream().map(ConsolePage::acts).flatMap(Collection::stream);
    }

    static Stream<ConsoleAct> actsWithoutConsul() throws IOException {
        return acts().filter(act -> !act.needs().contains(CONSUL));
    }

    static Stream<ConsoleAct> actsWithConsul() throws IOException {
        return acts().filter(act -> act.needs().contains(CONSUL));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("actsWithoutConsul")
    void what_is_typed_prints_what_stands_there(ConsoleAct act, @TempDir Path folder) throws Exception {
        assumeThat(act.needs())
                .allSatisfy(program -> assertThat(System.getenv("PATH").split(File.pathSeparator, -1))
                        .as("folders with " + program)
                        .anyMatch(bin -> Files.isExecutable(Path.of(bin, program))));
        ConsoleRun.of(act, folder);
    }

    @NeedsPrograms(value = CONSUL, debianPackage = "consul (bullseye)")
    @ParameterizedTest(name = "{0}")
    @MethodSource("actsWithConsul")
    void what_is_typed_where_consul_is_prints_what_stands_there(ConsoleAct act, @TempDir Path folder) throws Exception {
        ConsoleRun.of(act, folder);
    }

    @Test
    void what_is_not_run_has_a_reason() throws IOException {
        List<String> notRun = pages().stream()
                .map(ConsolePage::notRun)
                .flatMap(Collection::stream)
                .toList();

        assertThat(notRun).allSatisfy(place -> assertThat(place).contains(": "));
        notRun.forEach(place -> System.out.println("not run: " + place));
    }
}
