package dev.pointsman.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archives of classes that the start script makes and uses; its Java is a script here, which says its options. */
class ClassArchivesTest {
    private static final Pattern USED = Pattern.compile("-XX:SharedArchiveFile=(\\S+)");
    private static final Instant DATE = Instant.parse("2026-11-21T00:00:00Z");

    private static final int SIGTERM = 15;

    /** Beyond the highest number of a process. */
    private static final String NOBODY = "99999999";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    @BeforeEach
    void an_installation() throws IOException {
        for (String name : new String[] {"bin", "lib", "java/bin"}) {
            Files.createDirectories(folder.resolve(name));
        }
        Files.copy(Path.of("..", "pointsman"), script());
        jar("one");
        java("echo classes >\"$made\"");
    }

    @Test
    void one_that_was_made_is_used_from_then_on() throws Exception {
        Path used = used(list());

        assertThat(used).hasContent("classes");
        java("echo made anew >\"$made\"");
        assertThat(used(list())).isEqualTo(used).hasContent("classes");
    }

    /** The JVM would end with SIGBUS. */
    @Test
    void one_that_was_cut_off_is_not_used() throws Exception {
        Path used = used(list());
        Files.writeString(used, "cla");

        assertThat(used(list())).hasContent("classes");
    }

    @Test
    void a_jar_of_the_same_date_and_size_gets_one_of_its_own() throws Exception {
        Path used = used(list());
        jar("two");

        assertThat(used(list())).isNotEqualTo(used);
    }

    @Test
    void where_none_can_be_made_all_works_without() throws Exception {
        java("exit 1");
        assertThat(list()).contains("-jar").doesNotContainPattern(USED);

        jar("two");
        java("mv \"${made%/*}\" \"${made%/*}.away\"; mkdir -p \"${made%/*}\"; rmdir \"${made%/*}\"");
        assertThat(list()).contains("-jar").doesNotContainPattern(USED);
    }

    @Test
    void what_is_stopped_while_it_makes_one_leaves_nothing_behind() throws Exception {
        java("echo half >\"$made\"; kill -TERM $PPID");

        assertThat(listing().waitFor()).isEqualTo(128 + SIGTERM);
        assertThat(inLib()).containsExactly("pointsman.jar");
    }

    @Test
    void what_others_were_killed_over_is_taken_away_and_what_others_are_making_is_not() throws Exception {
        long alive = ProcessHandle.current().pid();
        for (String name :
                List.of("short-1.jsa." + NOBODY, "short-1.jsa." + NOBODY + ".classes", "short-1.jsa." + alive)) {
            Files.writeString(folder.resolve("lib").resolve(name), "half");
        }
        list();

        assertThat(inLib()).contains("short-1.jsa." + alive).noneMatch(name -> name.contains(NOBODY));
    }

    private List<String> inLib() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("lib"))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private Path script() {
        return folder.resolve("bin/pointsman");
    }

    private void jar(String content) throws IOException {
        Path jar = folder.resolve("lib/pointsman.jar");
        Files.writeString(jar, content);
        Files.setLastModifiedTime(jar, FileTime.from(DATE));
    }

    /** @param making what it does to make the archive {@code $made} */
    private void java(String making) throws IOException {
        Path java = folder.resolve("java/bin/java");
        Files.writeString(java, """
                #!/bin/bash
                [ "$1" != -version ] || { echo 'openjdk version "17.0.1"' >&2; exit; }
                for each; do
                    case $each in
                        -XX:DumpLoadedClassList=*) echo list >"${each#*=}"; exit ;;
                        -Xshare:dump) dumps=yes ;;
                        -XX:SharedArchiveFile=*) made=${each#*=} ;;
                    esac
                done
                [ -z "$dumps" ] || { %s; exit; }
                echo "$@"
                """.formatted(making));
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private String list() throws Exception {
        Process process = listing();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    private Process listing() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(List.of("bash", script().toString(), "list"));
        builder.environment().put("JAVA_HOME", folder.resolve("java").toString());
        builder.environment().put("XDG_CACHE_HOME", folder.resolve("cache").toString());
        builder.environment().remove("CACHE_DIRECTORY");
        return builder.redirectErrorStream(true).start();
    }

    private static Path used(String output) {
        Matcher used = USED.matcher(output);
        assertThat(used.find()).as(output).isTrue();
        return Path.of(used.group(1));
    }
}
