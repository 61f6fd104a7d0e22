package dev.pointsman.balancer.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pointsman.balancer.accesslog.LogDestination;
import dev.pointsman.balancer.observe.MaskedNames;
import dev.pointsman.settings.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessLogConfigTest {
    @TempDir
    private Path folder = Path.of(".");

    private static AccessLogConfig read(String... settings) throws ConfigException {
        List<Setting> given = new ArrayList<>();
        for (int i = 0; i < settings.length; i += 2) {
            given.add(Setting.flag(settings[i], settings[i + 1]));
        }
        return ConfigReader.read(given, Map.of()).observation().accessLog();
    }

    private static void assertRefused(String key, String value, String sentence) {
        assertThatThrownBy(() -> read(key, value))
                .isInstanceOfSatisfying(ConfigException.class, refused -> assertThat(refused.problems())
                        .singleElement()
                        .asString()
                        .startsWith("--" + key + ": ")
                        .contains(sentence));
    }

    @Test
    void nothing_is_logged_unless_it_is_asked_for() throws Exception {
        assertThat(read().destination()).isNull();
        assertThat(read("access-log", "off").destination()).isNull();
        assertThat(read("access-log", "-").destination()).isEqualTo(LogDestination.STANDARD_OUTPUT);
    }

    @Test
    void a_file_may_be_there_or_be_made_in_its_folder() throws Exception {
        Path file = folder.resolve("access.log");
        assertThat(read("access-log", file.toString()).destination()).isEqualTo(new LogDestination(file));
        Files.createFile(file);
        assertThat(read("access-log", file.toString()).destination()).isEqualTo(new LogDestination(file));
        assertThat(Files.size(file)).isZero();
    }

    @Test
    void what_cannot_be_written_is_refused_before_anything_is_served() throws IOException {
        assertRefused("access-log", folder.toString(), "\" is a folder (expected: a file that can be written");
        assertRefused("access-log", folder.resolve("no/a").toString(), "no/a\" is in a folder that does not exist (");
        assertRefused("access-log", "/dev/null", "\"/dev/null\" is a pipe or a device (expected:");
        assertRefused("access-log", " ", "expected: something other than blanks");
    }

    @Test
    void an_unknown_placeholder_is_a_problem_with_the_nearest_known_name() {
        assertRefused(
                "access-log-format",
                "{method} {statsu}",
                "a template with the unknown placeholder {statsu} (expected:");
        assertRefused("access-log-format", "jason", ": \"jason\" is a template without a placeholder (expected:");
        assertRefused("access-log-format", "{statsu}", "Did you mean status?");
        assertRefused("access-log-format", "{first_byte}", "Did you mean first-byte?");
        assertRefused("access-log-format", "combind", "Did you mean combined?");
        assertRefused("access-log-format", "{method", "a { that has no }");
    }

    @Test
    void names_to_mask_replace_the_usual_ones_or_come_beside_them() {
        assertThat(AccessLogConfig.names("ssn, X-Y")).containsExactlyInAnyOrder("ssn", "x-y");
        assertThat(AccessLogConfig.names("default,ssn"))
                .containsAll(MaskedNames.DEFAULT)
                .contains("ssn");
        assertThat(AccessLogConfig.names("none")).isEmpty();
        assertThat(AccessLogConfig.names("a,,b")).isNull();
        assertThat(AccessLogConfig.names("a b")).isNull();
        assertThat(writtenAgain("default,ssn")).isEqualTo("default,ssn");
        assertThat(writtenAgain("none")).isEqualTo("none");
        assertThat(writtenAgain("b,a")).isEqualTo("a,b");
    }

    private static String writtenAgain(String list) {
        return AccessLogConfig.joined(Objects.requireNonNull(AccessLogConfig.names(list)));
    }

    @Test
    void a_list_that_is_none_is_refused() {
        assertRefused("mask", "a,,b", "expected: names of query parameters and header fields");
    }
}
