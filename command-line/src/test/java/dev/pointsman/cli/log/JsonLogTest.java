package dev.pointsman.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pointsman.balancer.config.LogFormat;
import dev.pointsman.balancer.observe.LogField;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** The log as it is printed, as JSON and as text. */
class JsonLogTest {
    private final PrintStream before = System.err;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final Logger log = logger();

    private static Logger logger() {
        LogProvider provider = new LogProvider();
        provider.initialize();
        return provider.getLoggerFactory().getLogger("dev.pointsman.some.Place");
    }

    @BeforeEach
    void capture() {
        System.setErr(new LogStream(printed));
        LogOutput.use(LogFormat.JSON);
    }

    @AfterEach
    void give_back() {
        System.setErr(before);
        LogOutput.use(LogFormat.TEXT);
    }

    @Test
    void an_event_has_its_time_level_logger_message_and_thread() throws Exception {
        log.warn("{} of {} failed", 2, 3);

        JsonNode event = onlyEvent();
        assertThat(event.path("level").asText()).isEqualTo("WARN");
        assertThat(event.path("logger").asText()).isEqualTo("dev.pointsman.some.Place");
        assertThat(event.path("message").asText()).isEqualTo("2 of 3 failed");
        assertThat(event.path("thread").asText())
                .isEqualTo(Thread.currentThread().getName());
        assertThat(event.path("time").asText()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
        assertThat(Duration.between(Instant.parse(event.path("time").asText()), Instant.now()))
                .isBetween(Duration.ZERO, Duration.ofMinutes(1));
        assertThat(event.has("exception")).isFalse();
    }

    @Test
    void the_id_of_a_request_is_a_field_and_still_in_the_sentence() throws Exception {
        log.warn("GET /x (request {}): {}", LogField.requestId("abc-7"), "it could not be reached");

        JsonNode event = onlyEvent();
        assertThat(event.path("requestId").asText()).isEqualTo("abc-7");
        assertThat(event.path("message").asText()).isEqualTo("GET /x (request abc-7): it could not be reached");
    }

    @Test
    void no_field_takes_the_place_of_an_own_one() throws Exception {
        log.warn("{}", new LogField("level", "forged"));

        assertThat(onlyEvent().path("level").asText()).isEqualTo("WARN");
    }

    @Test
    void an_exception_is_text_with_its_causes() throws Exception {
        log.error("it broke", new IllegalStateException("a\n\tat forged", new RuntimeException("why")));

        String exception = onlyEvent().path("exception").asText();
        assertThat(exception.lines()).first().asString().endsWith("IllegalStateException: a at forged");
        assertThat(exception).contains("Caused by: java.lang.RuntimeException: why");
    }

    @Test
    void whatever_is_quoted_an_event_is_one_line_of_printable_ascii() throws Exception {
        log.warn(
                "quoted: {} {}",
                "\"}\n{\"level\":\"ERROR\"}\r\u001b[2J\u0085\u2028\u202e\u007f\u0000\ud800 \u00fc",
                LogField.requestId("x\n{\"forged\":1}\u2028"));

        String line = text();
        assertThat(line).endsWith("}\n").matches("[ -~]+\n");
        JsonNode event = onlyEvent();
        assertThat(event.path("level").asText()).isEqualTo("WARN");
        assertThat(event.path("message").asText()).startsWith("quoted: \"} {\"level\":\"ERROR\"} \\u001b[2J");
        assertThat(event.path("message").asText()).contains("\u00fc");
    }

    @Test
    void a_long_event_is_cut_and_still_json() throws Exception {
        log.warn("{}", "x".repeat(100_000), deepException());

        assertThat(text().length()).isLessThan(40_000);
        assertThat(onlyEvent().path("message").asText()).hasSizeLessThan(4_100);
    }

    private static Throwable deepException() {
        Throwable cause = new IllegalStateException("first");
        for (int i = 0; i < 500; i++) {
            cause = new IllegalStateException("y".repeat(1_000), cause);
        }
        return cause;
    }

    @Test
    void what_libraries_print_is_an_event_too() throws Exception {
        System.err.println("SLF4J says something\nin two lines");

        assertThat(onlyEvent().path("message").asText()).isEqualTo("SLF4J says something in two lines");
        assertThat(onlyEvent().path("logger").asText()).isEqualTo("stderr");
    }

    @Test
    void what_a_command_says_at_its_end_is_an_event_for_each_line() throws Exception {
        PrintWriter err = new PrintWriter(new ErrorLines(System.err), false, StandardCharsets.UTF_8);

        err.println("pointsman balancer: --port: \"banana\"");
        err.println("Try 'pointsman balancer --help'.");
        err.flush();

        List<String> lines = text().lines().toList();
        assertThat(lines).hasSize(2);
        assertThat(json(lines.get(0)).path("message").asText()).isEqualTo("pointsman balancer: --port: \"banana\"");
        assertThat(json(lines.get(1)).path("level").asText()).isEqualTo("ERROR");
    }

    @Test
    void as_text_a_sentence_is_as_it_was_before_there_was_json() {
        LogOutput.use(LogFormat.TEXT);

        log.warn("GET /x (request {}): {}", LogField.requestId("abc-7"), "a\nforged", new IllegalStateException("b"));

        assertThat(text().lines()).element(0).asString().endsWith("WARN Place - GET /x (request abc-7): a forged");
        assertThat(text().lines()).element(1).asString().isEqualTo("java.lang.IllegalStateException: b");
        assertThat(text()).doesNotContain("requestId");
    }

    private JsonNode onlyEvent() throws Exception {
        assertThat(text().lines()).hasSize(1);
        return json(text());
    }

    private static JsonNode json(String line) throws Exception {
        return new ObjectMapper().readTree(line);
    }

    private String text() {
        return printed.toString(StandardCharsets.UTF_8);
    }
}
