package dev.pointsman.registry.cache;

import static dev.pointsman.registry.cache.CachedInstances.instance;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pointsman.registry.Health;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CacheFileTest {
    private static final String CONSUL = "http://127.0.0.1:8500";
    private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");

    private static final Set<PosixFilePermission> FOR_ALL = PosixFilePermissions.fromString("rw-rw-rw-");

    private final Path folder;

    private final List<String> said = new ArrayList<>();

    CacheFileTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private CacheFile file() {
        return new CacheFile(folder.resolve("view.json"), CONSUL);
    }

    private Map<String, CachedService> read() {
        return file().read(NOW, said::add);
    }

    private static CachedService seen(Duration ago, Instance... instances) {
        return new CachedService(List.of(instances), 7, NOW.minus(ago));
    }

    @Test
    void what_is_written_is_read_again_to_the_last_fact() throws IOException {
        Instance all = new Instance(
                new InstanceKey("n\"1", "ä/1"),
                "api",
                "2001:db8::1",
                65535,
                List.of("b", "a"),
                Map.of("weight", "3", "", "\n"),
                new Weights(5, 0),
                Health.WARNING,
                "disk: \"full\"");
        CachedService cached = new CachedService(List.of(all, instance("b", 2)), -1, NOW.minusNanos(1));
        Map<String, CachedService> services = Map.of("api", cached, "none", seen(Duration.ZERO));
        file().write(services);
        assertThat(read()).isEqualTo(services);
        assertThat(said).isEmpty();
    }

    @Test
    void a_file_that_an_earlier_release_wrote_is_read() throws IOException {
        Files.writeString(folder.resolve("view.json"), """
                {"version":1,"registry":"http://127.0.0.1:8500","services":{"svc":{"seen":"2026-05-01T12:00:00Z","index":"7",
                "instances":[{"node":"n1","id":"a","service":"svc","address":"127.0.0.1","port":1,"tags":["svc"],"meta":{},
                "passingWeight":1,"warningWeight":1,"health":"PASSING","healthReason":""}]}}}""");
        assertThat(read()).isEqualTo(Map.of("svc", seen(Duration.ZERO, instance("a", 1))));
        assertThat(said).isEmpty();
    }

    @Test
    void a_file_that_is_not_there_yet_is_no_news() {
        assertThat(read()).isEmpty();
        assertThat(said).isEmpty();
    }

    @Test
    void a_file_is_replaced_and_nothing_is_left_beside_it() throws IOException {
        file().write(Map.of("api", seen(Duration.ZERO, instance("a", 1))));
        file().write(Map.of("web", seen(Duration.ZERO, instance("b", 2))));
        assertThat(read()).containsOnlyKeys("web");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(folder.resolve("view.json"));
        }
    }

    @Test
    void a_file_that_could_not_be_replaced_is_still_the_old_one() throws IOException {
        file().write(Map.of("api", seen(Duration.ZERO, instance("a", 1))));
        // In the way of the new content, as a full disk would be.
        Files.createDirectories(folder.resolve("view.json.new").resolve("in the way"));
        assertThatThrownBy(() -> file().write(Map.of())).isInstanceOf(IOException.class);
        assertThat(read()).containsOnlyKeys("api");
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "its file systems have no POSIX permissions")
    void only_its_user_may_read_a_file_also_where_an_earlier_one_or_its_leftover_was_for_all() throws IOException {
        Path path = folder.resolve("view.json");
        Path leftover = folder.resolve("view.json.new");
        Path elsewhere = Files.writeString(folder.resolve("elsewhere"), "untouched");
        for (Path open : List.of(path, elsewhere)) {
            Files.setPosixFilePermissions(Files.exists(open) ? open : Files.createFile(open), FOR_ALL);
        }
        Files.createSymbolicLink(leftover, elsewhere);
        file().write(Map.of("api", seen(Duration.ZERO, instance("a", 1))));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-------");
        assertThat(path).isRegularFile();
        assertThat(elsewhere).hasContent("untouched");

        Files.setPosixFilePermissions(Files.writeString(leftover, "half of a vi"), FOR_ALL);
        file().write(Map.of("web", seen(Duration.ZERO, instance("b", 2))));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-------");
        assertThat(read()).containsOnlyKeys("web");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.01, 0.3, 0.5, 0.9, 0.999})
    void a_file_that_was_cut_is_left_out_with_a_sentence(double part) throws IOException {
        file().write(Map.of("api", seen(Duration.ZERO, instance("a", 1), instance("b", 2))));
        byte[] whole = Files.readAllBytes(folder.resolve("view.json"));
        Files.write(folder.resolve("view.json"), Arrays.copyOf(whole, (int) (whole.length * part)));
        assertThat(read()).isEmpty();
        assertThat(said).singleElement().asString().contains("view.json", "is damaged", "starting without it");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"services\"",
                "\"instances\"",
                "\"seen\"",
                "\"index\"",
                "\"port\"",
                "\"id\"",
                "\"tags\"",
                "\"passingWeight\"",
                "\"PASSING\"",
                "2026-05-01T",
                ":4711,",
                "\"7\""
            })
    void a_file_with_anything_changed_in_its_structure_is_left_out_as_a_whole(String piece) throws IOException {
        file().write(Map.of("api", seen(Duration.ZERO, instance("a", 4711))));
        Path path = folder.resolve("view.json");
        String text = Files.readString(path);
        assertThat(text).contains(piece);
        Files.writeString(path, text.replace(piece, piece.startsWith(":") ? ":471100," : "\"x\""));
        assertThat(read()).isEmpty();
        assertThat(said).singleElement().asString().contains("is damaged");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"version\":2,\"services\":[]}", "{\"services\":{}}", "{}"})
    void a_file_of_another_version_is_left_out_with_a_sentence(String text) throws IOException {
        Files.writeString(folder.resolve("view.json"), text);
        assertThat(read()).isEmpty();
        assertThat(said).singleElement().asString().contains("is of another version", "expected: 1");
    }

    @Test
    void a_file_of_another_registry_is_left_out_with_a_sentence() throws IOException {
        new CacheFile(folder.resolve("view.json"), "http://staging:8500").write(Map.of());
        assertThat(read()).isEmpty();
        assertThat(said).singleElement().asString().contains("another registry", "http://staging:8500", CONSUL);
    }

    @Test
    void what_was_last_heard_of_more_than_a_day_ago_is_left_out_and_named() throws IOException {
        file().write(Map.of(
                "young", seen(Duration.ofHours(23), instance("a", 1)),
                "old", seen(Duration.ofHours(25), instance("b", 2)),
                "from a clock that was wrong", seen(Duration.ofHours(-25), instance("c", 3))));
        assertThat(read()).containsOnlyKeys("young");
        assertThat(said)
                .singleElement()
                .asString()
                .contains("is older than 24 h", "old", "wrong")
                .doesNotContain("young");
    }

    @Test
    void a_file_that_cannot_be_read_is_left_out_with_a_sentence() throws IOException {
        Files.createDirectory(folder.resolve("view.json"));
        assertThat(read()).isEmpty();
        assertThat(said).singleElement().asString().contains("cannot be read");
    }
}
