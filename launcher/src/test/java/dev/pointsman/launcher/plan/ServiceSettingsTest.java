package dev.pointsman.launcher.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.settings.Option;
import dev.pointsman.settings.Option.Shape;
import dev.pointsman.settings.OptionTable;
import dev.pointsman.testkit.GeneratedSection;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Where it fails for a page: {@code mvn -pl launcher -am test -Dtest=ServiceSettingsTest -Dpointsman.docs=write}. */
class ServiceSettingsTest {
    @TempDir
    private Path folder = Path.of(".");

    static Stream<Arguments> sections() {
        return Stream.of(
                Arguments.of("type", ServiceSettings.OF_TYPE), Arguments.of("launcher", ServiceSettings.OF_LAUNCHER));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sections")
    void the_page_is_what_the_table_says(String name, OptionTable table) throws IOException {
        String made = table.markdownWithFlags();

        assertThat(new GeneratedSection("run.md", name).text(made)).isEqualTo(made);
    }

    static Stream<Option<?>> rows() {
        return ServiceSettings.OF_TYPE.options().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void each_row_is_a_key_of_the_file(Option<?> row) throws IOException {
        String value = row.shape() == Shape.MAP ? "{A: b}" : "\"" + row.defaultText() + "\"";
        Path file = Files.writeString(
                folder.resolve("services.yaml"), "services: {api: {" + row.fileKey() + ": " + value + "}}");
        List<String> problems = new ArrayList<>();

        ServicesFile read = ServicesFile.read(file, folder, problems);

        assertThat(problems).isEmpty();
        assertThat(read.drafts().get(0).settings()).extracting("key").containsOnly(row.key());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void a_default_that_is_written_is_read_as_the_same(Option<?> row) {
        assertThat(row.meaning()).isNotBlank();
        if (row.byDefault() != null) {
            assertThat((Object) row.form().parse().apply(row.defaultText())).isEqualTo(row.byDefault());
        }
    }

    /** A row that no table has would be a setting that can be given nowhere. */
    @Test
    void every_row_that_is_declared_is_in_a_table() throws IllegalAccessException {
        List<Option<?>> tables = new ArrayList<>(ServiceSettings.OF_TYPE.options());
        tables.addAll(ServiceSettings.OF_LAUNCHER.options());
        tables.addAll(ServiceSettings.OF_FILE.options());

        for (Field field : ServiceSettings.class.getDeclaredFields()) {
            if (Option.class.equals(field.getType())) {
                field.setAccessible(true);
                assertThat(tables).contains((Option<?>) field.get(null));
            }
        }
    }
}
