package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.cli.TextTable.TableColumn;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextTableTest {
    private final TextTable table =
            new TextTable(List.of(TableColumn.text("NAME"), TableColumn.number("N"), TableColumn.text("WHY")));

    @Test
    void text_is_to_the_left_and_numbers_are_to_the_right() {
        assertThat(table.lines(List.of(List.of("a", "7", "x"), List.of("longer", "100", ""))))
                .containsExactly("NAME      N  WHY", "a         7  x", "longer  100");
    }

    @Test
    void wide_characters_take_two_columns_and_marks_none() {
        assertThat(table.lines(List.of(List.of("\u670d\u52a1", "1", "x"), List.of("e\u0301", "1", "y"))))
                .containsExactly("NAME  N  WHY", "\u670d\u52a1  1  x", "e\u0301     1  y");
    }

    @Test
    void no_cell_moves_the_cursor_or_makes_a_line_of_its_own() {
        List<String> lines = table.lines(List.of(List.of("a\nb\u001b[2J", "1", "\u202etxt")));

        assertThat(lines).containsExactly("NAME          N  WHY", "a b\\u001b[2J  1  \\u202etxt");
    }

    @Test
    void lines_are_cut_at_the_width_of_a_terminal_and_only_there() {
        List<List<String>> rows = List.of(List.of("name", "1", "because of \u670d\u52a1 and more"));

        assertThat(table.lines(rows)).last().isEqualTo("name  1  because of \u670d\u52a1 and more");
        assertThat(table.cutTo(22).lines(rows)).last().isEqualTo("name  1  because of \u2026");
        assertThat(table.cutTo(23).lines(rows)).last().isEqualTo("name  1  because of \u670d\u2026");
    }

    @Test
    void a_table_that_goes_on_keeps_its_columns() {
        table.lines(List.of(List.of("a-long-name", "1", "x")));

        assertThat(table.moreLines(List.of(List.of("b", "2", "y")))).containsExactly("b            2  y");
    }
}
