package dev.pointsman.launcher.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandWordsTest {
    @Test
    void words_are_split_at_blanks() {
        assertThat(CommandWords.split("  node   app.js\t--port {port} "))
                .containsExactly("node", "app.js", "--port", "{port}");
    }

    @Test
    void quotes_keep_blanks_and_even_nothing_together() {
        assertThat(CommandWords.split("a 'b c' \"d e\" '' x'y z'w")).containsExactly("a", "b c", "d e", "", "xy zw");
    }

    @Test
    void a_backslash_takes_away_the_meaning_of_what_follows() {
        assertThat(CommandWords.split("a\\ b \"say \\\"hi\\\"\" 'c\\d' \"C:\\x\""))
                .containsExactly("a b", "say \"hi\"", "c\\d", "C:\\x");
    }

    @Test
    void the_port_of_procfiles_is_the_port_of_plans() {
        assertThat(CommandWords.split("serve -p $PORT --url \"http://localhost:${PORT}/\" '$PORT'"))
                .containsExactly("serve", "-p", "{port}", "--url", "http://localhost:{port}/", "$PORT");
    }

    @Test
    void a_price_is_no_variable() {
        assertThat(CommandWords.split("echo 5$ $1")).containsExactly("echo", "5$", "$1");
    }

    @Test
    void in_single_quotes_a_shell_may_be_given_all_it_wants() {
        assertThat(CommandWords.split("sh -c 'a | b && echo $HOME > c'"))
                .containsExactly("sh", "-c", "a | b && echo $HOME > c");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a | b",
                "a && b",
                "a > b",
                "a; b",
                "echo $HOME",
                "echo ${HOME}",
                "echo $(date)",
                "echo `date`",
                "$PORTS"
            })
    void what_only_a_shell_can_do_is_refused(String line) {
        assertThatThrownBy(() -> CommandWords.split(line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + line + "\"")
                .hasMessageContaining("shell");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a 'b", "a \"b", "a \\"})
    void a_line_that_does_not_end_is_refused(String line) {
        assertThatThrownBy(() -> CommandWords.split(line)).isInstanceOf(IllegalArgumentException.class);
    }
}
