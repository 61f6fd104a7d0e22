package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.cli.TopFrame.Away;
import dev.pointsman.cli.TopLine.Tone;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopPainterTest {
    private static final TerminalSize SIZE = new TerminalSize(true, 60, 20);
    private static final String COLOUR = "\u001b\\[[0-9;]+m";

    private static String painted(Map<String, String> environment, String... services) {
        return new TopPainter(environment)
                .frame(new TopFrame(Overviews.of(services), "there", null, "q quits").lines(SIZE), SIZE, false);
    }

    @Test
    void what_is_wrong_is_red_an_instance_that_is_not_ready_yellow_and_what_is_well_has_no_colour() {
        String frame = painted(Map.of(), Overviews.inTrouble("api"), Overviews.well("web", 1));

        assertThat(frame.split("\r\n"))
                .anySatisfy(
                        line -> assertThat(line).startsWith("\u001b[31mapi ").contains("\u001b[0m"))
                .anySatisfy(line -> assertThat(line)
                        .startsWith("\u001b[33m\u2514 127.0.0.1:8001")
                        .contains("\u001b[0m"))
                .anySatisfy(line -> assertThat(line).startsWith("web ").doesNotContainPattern(COLOUR));
    }

    @Test
    void what_is_old_is_faint() {
        Away away = new Away(Duration.ofSeconds(3), "gone");
        List<TopLine> lines = new TopFrame(Overviews.of(Overviews.inTrouble("api")), "there", away, "").lines(SIZE);

        assertThat(new TopPainter(Map.of()).frame(lines, SIZE, false)).contains("\u001b[2mapi ");
    }

    @ParameterizedTest
    @CsvSource({"1,false", "0,false", "'',true"})
    void with_no_color_that_is_not_empty_there_are_no_colours_and_the_text_is_the_same(String value, boolean coloured) {
        String frame = painted(Map.of("NO_COLOR", value), Overviews.inTrouble("api"));

        assertThat(frame.matches("(?s).*" + COLOUR + ".*")).isEqualTo(coloured);
        assertThat(frame.replaceAll(COLOUR, ""))
                .isEqualTo(painted(Map.of(), Overviews.inTrouble("api")).replaceAll(COLOUR, ""))
                .contains("TROUBLE 1/2");
    }

    @Test
    void after_another_size_nothing_of_the_last_frame_stays() {
        List<TopLine> lines = List.of(new TopLine("a", Tone.PLAIN));
        TopPainter painter = new TopPainter(Map.of());

        assertThat(painter.frame(lines, SIZE, true)).startsWith("\u001b[2J\u001b[H");
        assertThat(painter.frame(lines, SIZE, false)).startsWith("\u001b[Ha").endsWith("\u001b[J");
    }
}
