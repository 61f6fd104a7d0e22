package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code pointsman top} where there is no terminal, with an admin API that answers as told. */
class TopCommandTest {
    private static final String DOCUMENT = Overviews.text(Overviews.inTrouble("api"), Overviews.well("web", 1));

    private final AdminAnswers admin = new AdminAnswers();
    private final Terminal terminal;

    TopCommandTest(@TempDir Path home) throws IOException {
        terminal = new Terminal(home);
    }

    @AfterEach
    void close() {
        admin.close();
    }

    @Test
    void once_is_one_table_without_escape_codes() {
        admin.put("/api/overview?limit=50", DOCUMENT);

        assertThat(admin.type(terminal, "top", "--once")).isZero();

        assertThat(terminal.out())
                .startsWith("pointsman 1.2.3 at http://" + admin.address() + "  ready  up 4h0m\n")
                .doesNotContain("\u001b");
        assertThat(terminal.out().lines())
                .anySatisfy(line -> assertThat(line).startsWith("api ").contains("TROUBLE 1/2"))
                .anySatisfy(line -> assertThat(line).startsWith("web ").contains("ok 1/1"));
    }

    @Test
    void without_a_terminal_it_is_once_by_default() {
        admin.put("/api/overview?limit=50", DOCUMENT);

        assertThat(admin.type(terminal, "top")).isZero();

        assertThat(terminal.out()).contains("TROUBLE 1/2").doesNotContain("\u001b");
    }

    @Test
    void the_admin_api_is_asked_for_what_is_to_be_seen() {
        admin.put("/api/overview?limit=7&q=a%26b+c&only=trouble", DOCUMENT);

        assertThat(admin.type(terminal, "top", "--trouble", "-n", "7", "a&b c")).isZero();
    }

    @Test
    void as_json_it_is_the_document_that_the_admin_api_gave() {
        admin.put("/api/overview?limit=50", DOCUMENT);

        assertThat(admin.type(terminal, "top", "--json")).isZero();

        assertThat(Overviews.json(terminal.out())).isEqualTo(Overviews.json(DOCUMENT));
    }

    @Test
    void a_balancer_that_is_not_there_is_1() {
        admin.close();

        assertThat(admin.type(terminal, "top", "--once")).isEqualTo(1);

        assertThat(terminal.out()).isEmpty();
        assertThat(terminal.err()).contains("no response from the admin API");
    }

    @Test
    void something_else_that_responds_is_no_balancer() {
        admin.put("/api/overview?limit=50", "{}");

        assertThat(admin.type(terminal, "top", "--once")).isEqualTo(1);

        assertThat(terminal.err()).contains("not the admin API of a balancer");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"-n=0", "-n=201", "-n=many", "--interval=1", "--interval=99ms", "--interval=2d", "--frobnicate"})
    void what_makes_no_sense_is_2(String flag) {
        assertThat(admin.type(terminal, "top", flag)).isEqualTo(2);
        assertThat(admin.type(terminal, "top", "x".repeat(201))).isEqualTo(2);
    }
}
