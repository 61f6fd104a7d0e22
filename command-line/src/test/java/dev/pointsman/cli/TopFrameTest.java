package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.cli.TopFrame.Away;
import dev.pointsman.cli.TopLine.Tone;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopFrameTest {
    private static final String CONNECTIONS = "{\"open\": 12, \"rate\": 0.5, \"received\": 300, \"sent\": 1572864}";

    private static final JsonNode TWO = Overviews.of(Overviews.inTrouble("api"), Overviews.well("web", 1));

    @Test
    void it_shows_the_balancer_and_the_services_with_their_instances_those_that_are_bad_first() {
        assertThat(texts(TWO, 0, 0))
                .containsExactly(
                        "pointsman 1.2.3 at http://127.0.0.1:9901  ready  up 4h0m",
                        "120 requests/s  <0.01 errors/s  p50 3.1 ms  p99 -  without a route 0.20/s",
                        "services: 1000, 1 in trouble  connections: 12 of clients, 30 to upstreams  configuration 3",
                        "registry: ok, oldest response 1s ago",
                        "",
                        "SERVICE           STATE        REQ/S  ERR/S  P50 MS  P99 MS  IN FLIGHT  WAITING  WHAT IS WRONG",
                        "api               TROUBLE 1/2    100      0     3.1     120          4        5  1 of 2 instances"
                                + " is ejected",
                        "\u2514 127.0.0.1:8001  ejected       50.0      0     3.1     120          2        -  ejected for"
                                + " 30 s: it could not be reached",
                        "\u2514 127.0.0.1:8000  ready         50.0      0     3.1     120          2        -",
                        "web               ok 1/1         100      0     3.1     120          4        5",
                        "\u2514 127.0.0.1:8000  ready         50.0      0     3.1     120          2        -");
    }

    @Test
    void connections_of_tcp_have_columns_where_there_is_a_tcp_route() {
        JsonNode overview = Overviews.json(Overviews.text(
                        Overviews.well("db", 1)
                                .replace("\"waiting\": 5,", "\"waiting\": 5, \"tcp\": " + CONNECTIONS + ","),
                        Overviews.well("web", 0))
                .replace("\"unrouted\"", "\"tcp\": " + CONNECTIONS + ", \"unrouted\""));

        assertThat(texts(overview, 0, 0))
                .contains(
                        "TCP: 12 connections  0.50 new/s  in 300 B/s  out 1.5m B/s",
                        "SERVICE           STATE   REQ/S  ERR/S  P50 MS  P99 MS  IN FLIGHT  WAITING  CONNS  CONN/S  IN B/S"
                                + "  OUT B/S  WHAT IS WRONG",
                        "db                ok 1/1    100      0     3.1     120          4        5     12    0.50     300"
                                + "     1.5m",
                        "\u2514 127.0.0.1:8000  ready    50.0      0     3.1     120          2        -      -       -"
                                + "       -        -");
        assertThat(texts(TWO, 0, 0)).noneMatch(line -> line.contains("CONN/S") || line.contains("TCP"));
    }

    @Test
    void on_a_narrow_terminal_what_is_wrong_has_a_line_of_its_own() {
        assertThat(texts(TWO, 90, 0))
                .contains("    1 of 2 instances is ejected", "    ejected for 30 s: it could not be reached")
                .noneMatch(line -> line.contains("WHAT IS WRONG"));
    }

    @ParameterizedTest
    @CsvSource({"20,24", "40,10", "80,24", "80,7", "119,50", "120,12", "300,1", "80,2"})
    void it_is_never_wider_or_higher_than_the_terminal_and_ends_with_the_way_out(int columns, int rows) {
        JsonNode many = Overviews.of(IntStream.range(0, 50)
                .mapToObj(i ->
                        i < 5 ? Overviews.inTrouble("bad-" + i) : Overviews.well("a-long-name-of-a-service-" + i, 3))
                .toArray(String[]::new));

        List<String> lines = new TopFrame(many, "there", new Away(Duration.ofSeconds(3), "gone"), "q quits")
                .lines(new TerminalSize(true, columns, rows)).stream()
                        .map(TopLine::text)
                        .toList();

        assertThat(lines).hasSizeLessThanOrEqualTo(rows);
        assertThat(lines).allSatisfy(line -> assertThat(DisplayWidth.of(line)).isLessThanOrEqualTo(columns));
        assertThat(lines).last().isEqualTo("q quits");
    }

    @Test
    void without_room_for_all_instances_that_are_ready_are_left_out_first_and_what_is_missing_is_counted() {
        JsonNode overview =
                Overviews.of(Overviews.inTrouble("api"), Overviews.well("web", 3), Overviews.well("shop", 2));

        assertThat(names(texts(overview, 150, 12)))
                .containsExactly(
                        "api", "\u2514 127.0.0.1:8001", "\u2514 127.0.0.1:8000", "web", "shop", "\u2026 5 more");
        assertThat(texts(overview, 150, 12)).last().isEqualTo("\u2026 5 more instances");
        assertThat(texts(overview, 150, 9)).last().isEqualTo("\u2026 2 more services, 6 more instances");
    }

    @Test
    void services_beyond_those_asked_for_are_counted_too() {
        JsonNode first = Overviews.json(
                Overviews.text(Overviews.well("web", 1)).replace("\"matching\": 1,", "\"matching\": 17,"));

        assertThat(texts(first, 0, 0)).last().isEqualTo("\u2026 16 more services");
    }

    @Test
    void where_nothing_matches_it_says_so() {
        assertThat(texts(Overviews.of(), 0, 0)).last().isEqualTo("no service matches");
    }

    @Test
    void names_and_reasons_cannot_move_the_cursor_or_begin_a_line() {
        JsonNode hostile = Overviews.json(Overviews.text(
                        Overviews.inTrouble("api\\u001b[2J\\n\\u202efake").replace("could not", "\\u001b]0;x\\u0007"))
                .replace("\"1.2.3\"", "\"1\\u001b[31m\"")
                .replace("\"refused\": null", "\"refused\": \"line 1\\u001b[H\"")
                .replace("\"127.0.0.1\"", "\"10.0.0.1\\r\\u009b\"")
                .replace("\"ejected\"", "\"ejec\\u001bted\""));

        List<TopLine> lines = new TopFrame(hostile, "the\u001b[Hre", new Away(Duration.ZERO, "no \u001b[H"), "q quits")
                .lines(new TerminalSize(true, 200, 50));

        assertThat(lines).extracting(TopLine::text).allSatisfy(line -> assertThat(line)
                .doesNotContainPattern("[\\p{Cc}\\p{Cf}]"));
        assertThat(lines).extracting(TopLine::text).anySatisfy(line -> assertThat(line)
                .startsWith("api\\u001b[2J \\u202efake"));
    }

    @Test
    void a_configuration_that_was_refused_and_a_registry_that_fails_are_said() {
        JsonNode overview = Overviews.json(Overviews.text()
                .replace("\"refused\": null", "\"refused\": \"pointsman.yaml:3: no such key\"")
                .replace("\"ok\": true", "\"ok\": false")
                .replace(
                        "\"failing\": 0, \"lastError\": null",
                        "\"failing\": 2, \"lastError\": \"refused by 10.0.0.1\""));

        assertThat(texts(overview, 0, 0))
                .contains(
                        "services: 1000, 0 in trouble  connections: 12 of clients, 30 to upstreams  configuration 3, a"
                                + " later one was refused: pointsman.yaml:3: no such key",
                        "registry: 2 failing, oldest response 1s ago: refused by 10.0.0.1");
    }

    @Test
    void what_a_balancer_said_that_is_away_is_marked_as_old() {
        List<TopLine> lines = new TopFrame(TWO, "there", new Away(Duration.ofSeconds(72), "no response"), "")
                .lines(TerminalSize.NONE);

        assertThat(lines.get(0).text())
                .isEqualTo("AWAY for 1m12s; what follows is old, of 2026-11-28T12:00:00.1Z (no response)");
        assertThat(lines.subList(1, lines.size())).extracting(TopLine::tone).containsOnly(Tone.OLD);
    }

    @Test
    void an_instance_that_is_ready_has_nothing_wrong_unless_there_is_more_to_say_of_it() {
        JsonNode well = Overviews.json(Overviews.text(Overviews.well("web", 1))
                .replace("\"reason\": \"\"", "\"reason\": \"all checks pass\""));
        JsonNode stale = Overviews.json(Overviews.text(Overviews.well("web", 1))
                .replace("\"reason\": \"\"", "\"reason\": \"known from the cache file\""));

        assertThat(texts(well, 90, 0)).noneMatch(line -> line.contains("all checks pass"));
        assertThat(texts(stale, 90, 0)).anyMatch(line -> line.contains("known from the cache file"));
    }

    @Test
    void before_the_first_answer_it_says_whom_it_asks() {
        assertThat(new TopFrame(null, "http://10.0.0.1:9901", null, "q quits").lines(new TerminalSize(true, 80, 24)))
                .extracting(TopLine::text)
                .containsExactly("asking http://10.0.0.1:9901", "q quits");
    }

    private static List<String> texts(JsonNode overview, int columns, int rows) {
        return new TopFrame(overview, "http://127.0.0.1:9901", null, "")
                .lines(new TerminalSize(true, columns, rows)).stream()
                        .map(TopLine::text)
                        .toList();
    }

    /** The first column below the head. */
    private static List<String> names(List<String> lines) {
        int head = IntStream.range(0, lines.size())
                .filter(i -> lines.get(i).startsWith("SERVICE"))
                .findFirst()
                .orElseThrow();
        return lines.subList(head + 1, lines.size()).stream()
                .map(line -> line.startsWith("\u2026") ? line.substring(0, 8) : line.split(" {2,}", 2)[0])
                .toList();
    }
}
