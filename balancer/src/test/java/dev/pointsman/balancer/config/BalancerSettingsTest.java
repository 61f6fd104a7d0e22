package dev.pointsman.balancer.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.settings.Form.FormKind;
import dev.pointsman.settings.Option;
import dev.pointsman.settings.OptionTable;
import dev.pointsman.testkit.GeneratedSection;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Where it fails for a page: {@code mvn -pl balancer -am test -Dtest=BalancerSettingsTest -Dpointsman.docs=write}. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BalancerSettingsTest {
    private static final String PAGE = "configuration.md";

    @TempDir
    private Path folder = Path.of(".");

    static Stream<Arguments> sections() {
        return Stream.of(
                Arguments.of("balancer", BalancerSettings.OWN),
                Arguments.of("tls", TlsSettings.TABLE),
                Arguments.of("tcp", TcpSettings.TABLE),
                Arguments.of("upstream-tls", TransportSettings.TABLE),
                Arguments.of("observation", ObservationSettings.TABLE),
                Arguments.of("announcements", AnnouncementSettings.TABLE),
                Arguments.of("pick", PickSettings.TABLE),
                Arguments.of("route", RouteSettings.own()));
    }

    /** First, so that the page is up to date for the others where it is to be written. */
    @Order(1)
    @ParameterizedTest(name = "{0}")
    @MethodSource("sections")
    void the_page_is_what_the_table_says(String name, OptionTable table) throws IOException {
        assertThat(new GeneratedSection(PAGE, name).text(table.markdown())).isEqualTo(table.markdown());
    }

    static Stream<Option<?>> rows() {
        return Stream.concat(BalancerSettings.TABLE.options().stream(), RouteSettings.TABLE.options().stream())
                .flatMap(row -> Stream.concat(Stream.of(row), row.parts().stream()))
                .distinct();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void each_row_is_on_the_page_with_its_default(Option<?> row) throws IOException {
        assertThat(Files.readAllLines(Path.of("..", "docs", PAGE)))
                .anyMatch(line -> line.matches("\\| `([a-z-]+: )?" + row.key() + "` \\|.*")
                        && line.contains(row.defaultText())
                        && line.contains(row.meaning()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void a_default_that_is_written_is_read_as_the_same(Option<?> row) {
        assertThat(row.meaning()).isNotBlank();
        if (row.byDefault() != null) {
            assertThat(isInWords(row)
                            || row.byDefault().equals(row.form().parse().apply(row.defaultText())))
                    .as(row.defaultText())
                    .isTrue();
        }
        if (!row.example().isEmpty()) {
            assertThat((Object) row.form().parse().apply(row.example())).isNotNull();
        }
    }

    /** Whether the default is not shown as it would be written. */
    private static <T> boolean isInWords(Option<T> row) {
        return !row.form().write().apply(row.defaultValue()).equals(row.defaultText());
    }

    static Stream<Option<?>> keys() {
        return BalancerSettings.TABLE.options().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("keys")
    void each_row_is_a_key_of_the_file(Option<?> row) throws Exception {
        String value =
                switch (row.key()) {
                    case "route" -> "{/: x}";
                    case "include" -> "none/*.yaml";
                    case "fabio-auth" -> "{}";
                    default -> "\"" + row.defaultText() + "\"";
                };

        assertThat(read(row.fileKey() + ": " + value + "\n")).isEmpty();
    }

    static Stream<Option<?>> routeKeys() {
        return RouteSettings.TABLE.options().stream().filter(Option::isFlag);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("routeKeys")
    void each_row_of_a_route_is_one_of_its_options(Option<?> row) throws Exception {
        boolean needsParts = row.shape() == Option.Shape.PARTS && row.mainPart() == null;
        String value = needsParts ? "{}" : "\"" + row.defaultText() + "\"";

        assertThat(read("route: {/: {to: x, " + row.fileKey() + ": " + value + "}}\n"))
                .isEmpty();
    }

    /** A row that no table has would be a setting that can be given nowhere. */
    @Test
    void every_row_that_is_declared_is_in_a_table() throws IllegalAccessException {
        List<Option<?>> declared = new ArrayList<>();
        for (Class<?> table : List.of(
                BalancerSettings.class,
                TlsSettings.class,
                TcpSettings.class,
                TransportSettings.class,
                ObservationSettings.class,
                AnnouncementSettings.class,
                PickSettings.class,
                RouteSettings.class,
                CanarySettings.class,
                MatchSettings.class,
                UpstreamSettings.class,
                SplitSettings.class,
                HealthSettings.class,
                FilterSettings.class)) {
            for (Field field : table.getDeclaredFields()) {
                if (Option.class.equals(field.getType())) {
                    declared.add((Option<?>) field.get(null));
                }
            }
        }

        assertThat(rows()).containsExactlyInAnyOrderElementsOf(declared);
    }

    /** The tables there tell more than the declarations, but no other defaults. */
    @Test
    void the_defaults_in_policies_md_are_those_of_the_table() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("..", "docs", "policies.md"));

        for (Option<?> row : PickSettings.TABLE.options()) {
            assertThat(lines)
                    .filteredOn(line -> line.startsWith("| `" + row.key() + "` | `"))
                    .allMatch(line -> line.startsWith("| `" + row.key() + "` | `" + row.defaultText() + "` |"));
        }
    }

    @Test
    void the_page_names_what_a_reload_cannot_change() throws IOException {
        String named = BalancerSettings.TABLE.options().stream()
                .filter(row -> !row.reloadable())
                .map(row -> "`" + row.key() + "`")
                .collect(Collectors.joining(", "));

        assertThat(Files.readString(Path.of("..", "docs", PAGE)).replace('\n', ' '))
                .contains("At the next start only: " + named + ".");
    }

    @Test
    void the_schema_is_what_the_tables_say() throws IOException {
        Path schema = Path.of("..", "docs", "pointsman.schema.json");
        if ("write".equals(System.getProperty("pointsman.docs"))) {
            Files.writeString(schema, ConfigSchema.text());
        }
        assertThat(Files.readString(schema)).isEqualTo(ConfigSchema.text());
    }

    @Test
    void no_key_stands_twice() {
        assertThat(BalancerSettings.TABLE.options()).extracting(Option::key).doesNotHaveDuplicates();
        assertThat(RouteSettings.TABLE.options()).extracting(Option::key).doesNotHaveDuplicates();
    }

    @Test
    void numbers_times_and_sizes_say_their_range() {
        assertThat(BalancerSettings.TABLE.options())
                .filteredOn(row -> List.of(FormKind.NUMBER, FormKind.TIME, FormKind.SIZE)
                        .contains(row.form().kind()))
                .allMatch(row -> row.form().least() != null && row.form().most() != null);
    }

    private List<String> read(String text) throws Exception {
        List<String> problems = new ArrayList<>();
        ConfigFile.read(Files.writeString(folder.resolve("p.yaml"), text), Map.of(), problems);
        return problems;
    }
}
