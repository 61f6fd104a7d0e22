package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.cli.MonitFrame.MonitView;
import dev.pointsman.cli.TopFrame.Away;
import dev.pointsman.cli.TopLine.Tone;
import dev.pointsman.launcher.api.InstanceStatus;
import dev.pointsman.launcher.api.InstanceStatus.InstanceState;
import dev.pointsman.launcher.log.LogLine;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MonitFrameTest {
    private static final List<LogLine> PRINTED = IntStream.range(0, 100)
            .mapToObj(i -> new LogLine(Instant.EPOCH, "api", "api-1", "line " + i))
            .toList();

    @Test
    void a_frame_is_never_higher_or_wider_than_the_terminal_and_ends_with_the_way_out() {
        for (int rows : List.of(3, 5, 8, 24, 60)) {
            for (int columns : List.of(20, 80, 200)) {
                List<TopLine> lines = lines(view(12), null, new TerminalSize(true, columns, rows));
                assertThat(lines).hasSizeLessThanOrEqualTo(rows);
                assertThat(lines).allMatch(line -> DisplayWidth.of(line.text()) <= columns);
                assertThat(lines.get(lines.size() - 1).text()).startsWith("q quits");
            }
        }
    }

    @Test
    void what_is_printed_has_its_part_however_many_instances_there_are() {
        List<TopLine> lines = lines(view(100), null, new TerminalSize(true, 120, 30));

        assertThat(lines).anyMatch(line -> line.text().equals("api-1 | line 99"));
        assertThat(lines).anyMatch(line -> line.text().startsWith("api "));
    }

    @Test
    void trouble_is_toned_and_what_moves_a_cursor_is_not_shown() {
        MonitView view = new MonitView(
                1,
                List.of(ScriptedLauncher.status("api", 1, InstanceState.FAILED, "given up")),
                List.of(new LogLine(Instant.EPOCH, "api", "api-1", "\u001b[2J gone")),
                List.of("launcher 7 does not respond (waited 3 s)"));

        List<TopLine> lines = lines(view, null, new TerminalSize(true, 120, 30));

        assertThat(lines).anyMatch(line -> line.text().contains("given up") && line.tone() == Tone.TROUBLE);
        assertThat(lines).anyMatch(line -> line.text().contains("launcher 7") && line.tone() == Tone.WARNING);
        assertThat(lines).noneMatch(line -> line.text().contains("\u001b"));
    }

    @Test
    void without_a_launcher_it_says_how_to_get_one() {
        assertThat(lines(new MonitView(0, List.of(), List.of(), List.of()), null, TerminalSize.NONE))
                .extracting(TopLine::text)
                .contains("no launcher runs here (pointsman run starts one)");
    }

    @Test
    void when_nobody_can_be_asked_what_was_known_stays() {
        List<TopLine> lines = lines(view(1), new Away(Duration.ofSeconds(3), "no folder"), TerminalSize.NONE);

        assertThat(lines.get(0).text()).isEqualTo("the launchers could not be asked: no folder");
        assertThat(lines).anyMatch(line -> line.text().startsWith("api "));
    }

    private static MonitView view(int instances) {
        List<InstanceStatus> all = IntStream.range(0, instances)
                .mapToObj(i -> ScriptedLauncher.running("api", 1000 + i))
                .toList();
        return new MonitView(1, all, PRINTED, List.of());
    }

    private static List<TopLine> lines(MonitView view, @Nullable Away away, TerminalSize size) {
        return new MonitFrame(view, away, "q quits", Instant.EPOCH, 500).lines(size);
    }
}
