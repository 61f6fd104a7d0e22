package dev.pointsman.balancer.accesslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pointsman.balancer.observe.MaskedNames;
import dev.pointsman.balancer.observe.ObservedAttempt;
import dev.pointsman.balancer.observe.ObservedRequest;
import dev.pointsman.balancer.observe.RequestObserver;
import dev.pointsman.balancer.resilience.FailureKind;
import dev.pointsman.balancer.testkit.MadeUpRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineFormatTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** 2026-03-01T12:00:00.250Z. */
    private static final long ENDED = 1_772_366_400_250L;

    private static final MaskedNames USUAL = new MaskedNames(MaskedNames.DEFAULT);

    private final MadeUpRequest request = new MadeUpRequest();

    private static String line(String format, ObservedRequest of) throws Exception {
        return line(LineFormat.of(format, USUAL), of);
    }

    private static String line(LineFormat format, ObservedRequest of) throws Exception {
        Line line = new Line();
        line.begin(ENDED);
        format.write(line, of);
        line.end();
        // Fails for what is no UTF-8, as readers of the file would.
        String text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(line.bytes(), 0, line.length()))
                .toString();
        assertThat(text).endsWith("\n");
        return text.substring(0, text.length() - 1);
    }

    private static JsonNode json(ObservedRequest of) throws Exception {
        String line = line(LineFormat.JSON, of);
        assertThat(line).doesNotContain("\n", "\r", "\u2028", "\u0085");
        return JSON.readTree(line);
    }

    @Test
    void a_combined_line_is_what_apache_and_nginx_write() throws Exception {
        request.fields.set("Referer", "https://example.com/");
        request.fields.set("User-Agent", "curl/8.5.0");

        assertThat(line("combined", request))
                .isEqualTo("192.0.2.7 - - [01/Mar/2026:12:00:00 +0000] \"GET /api/x?a=1 HTTP/1.1\" 200 3456"
                        + " \"https://example.com/\" \"curl/8.5.0\"");
    }

    @Test
    void what_there_is_not_is_a_hyphen_in_text_and_null_in_json() throws Exception {
        request.route = null;
        request.host = null;

        assertThat(line("combined", request)).endsWith(" \"-\" \"-\"");
        assertThat(line("{route} {host} {first-byte} {trace} {query}", request)).isEqualTo("- - - - a=1");
        JsonNode json = json(request);
        for (String key : List.of("route", "host", "instance", "failure", "firstByte", "body", "trace", "referer")) {
            assertThat(json.path(key).isNull()).as(key).isTrue();
        }
    }

    @Test
    void a_json_line_has_all_keys_with_their_units() throws Exception {
        long[] nanos = {0};
        List<String> lines = new ArrayList<>();
        MadeUpRequest timed = MadeUpRequest.traced(
                new RequestObserver() {
                    @Override
                    public void attemptEnded(ObservedAttempt attempt) {
                        // There is none.
                    }

                    @Override
                    public void requestEnded(ObservedRequest ended) {
                        try {
                            lines.add(line(LineFormat.JSON, ended));
                        } catch (Exception undecodable) {
                            throw new AssertionError(undecodable);
                        }
                    }
                },
                nanos);
        nanos[0] = 1_000_000;
        timed.noteWait();
        nanos[0] = 3_000_000;
        timed.noteWaitEnd();
        timed.noteFailure(FailureKind.QUEUE_FULL);
        timed.noteClientGone();
        nanos[0] = 250_001_234;
        timed.noteEnd();

        JsonNode json = JSON.readTree(lines.get(0));

        assertThat(json.path("time").asText()).isEqualTo("2026-03-01T12:00:00.000Z");
        assertThat(lines.get(0)).contains("\"duration\":0.250001,\"waited\":0.002000,");
        assertThat(json.path("trace").asText()).isEqualTo(MadeUpRequest.TRACE);
        assertThat(json.path("failure").asText()).isEqualTo("queue-full");
        assertThat(json.path("ending").asText()).isEqualTo("client-gone");
        assertThat(json.path("status").isInt()).isTrue();
        assertThat(json.path("requestBytes").asLong()).isEqualTo(12);
        assertThat(json.path("responseBytes").asLong()).isEqualTo(3456);
    }

    @Test
    void the_page_has_every_key_and_every_placeholder() throws Exception {
        String page = Files.readString(Path.of("..", "docs", "access-log.md"));
        List<String> keys = new ArrayList<>();
        json(request).fieldNames().forEachRemaining(keys::add);

        assertThat(keys).allSatisfy(key -> assertThat(page).contains("`" + key + "`"));
        assertThat(new LineFields(USUAL).names())
                .allSatisfy(name -> assertThat(page).contains("`{" + name + "}`"));
        assertThat(MaskedNames.DEFAULT).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"combined", "{client} {uri} {host} {>User-Agent} \"{>User-Agent}\" {<X-Y} {id} {route}"})
    void no_value_ends_its_line_or_its_quotes(String format) throws Exception {
        hostile(
                "\r\n192.0.2.9 - - \"GET /forged HTTP/1.1\" \\ \u0000\u001b[2J\u007f\u0085\u009b\u00a0\u00e9\u2028\u2029");

        String line = line(format, request);

        assertThat(line.chars()).allMatch(c -> c >= 0x20 && c < 0x7f);
        assertThat(line.chars().filter(c -> c == '"').count()).isEqualTo(format.equals("combined") ? 6 : 2);
        assertThat(line)
                .contains("\\x0d\\x0a192.0.2.9")
                .contains("\\x22GET")
                .contains("\\x5c")
                .contains("\\x85");
    }

    @Test
    void a_value_outside_of_quotes_has_no_blank_so_that_columns_cannot_be_forged() throws Exception {
        request.client = "unknown 10.0.0.1";
        request.fields.set("User-Agent", "a b");

        assertThat(line("{client} \"{>User-Agent}\" {>User-Agent}", request))
                .isEqualTo("unknown\\x2010.0.0.1 \"a b\" a\\x20b");
    }

    @Test
    void any_text_in_a_json_line_is_read_as_it_was() throws Exception {
        String all = IntStream.range(0, 0x2100)
                .mapToObj(Character::toString)
                .reduce("", String::concat)
                .substring(0, 600);
        request.uri = all;
        request.id = "\u2028\u2029\ud83d\ude00 \ud800 \udc00x";

        assertThat(json(request).path("uri").asText()).isEqualTo(all);
        assertThat(json(request).path("id").asText()).isEqualTo("\u2028\u2029\ud83d\ude00 \ufffd \ufffdx");
    }

    @Test
    void every_json_line_is_valid_whatever_a_request_holds() throws Exception {
        Random random = new Random(17);
        for (int i = 0; i < 3000; i++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(i % 50 == 0 ? 5000 : 60);
            for (int c = 0; c < length; c++) {
                text.append((char) random.nextInt(i % 3 == 0 ? 0x10000 : 0x100));
            }
            hostile(text.toString());

            JsonNode json = json(request);

            assertThat(json.size()).isEqualTo(JsonFormat.KEYS.size());
            assertThat(json.path("status").asInt()).isEqualTo(200);
        }
    }

    @Test
    void the_longest_json_line_is_whole() throws Exception {
        hostile("\u0001".repeat(20_000));

        String line = line(LineFormat.JSON, request);

        assertThat(line.getBytes(StandardCharsets.UTF_8).length).isLessThan(Line.LONGEST);
        JsonNode json = JSON.readTree(line);
        assertThat(json.path("uri").asText()).endsWith("\u2026");
        assertThat(json.path("trace").isNull()).isTrue();
    }

    @Test
    void a_long_value_is_cut_with_a_mark_that_no_request_can_write() throws Exception {
        request.uri = "/" + "x".repeat(3000);
        assertThat(line("{uri} {status}", request)).isEqualTo("/" + "x".repeat(Line.LONGEST_VALUE - 1) + "\u2026 200");

        request.uri = "/...\u00e2\u0080\u00a6";
        assertThat(line("{uri}", request)).isEqualTo("/...\\xe2\\x80\\xa6");
    }

    @Test
    void a_line_of_many_long_values_is_cut_as_a_whole() throws Exception {
        request.uri = "/" + "x".repeat(3000);

        String line = line("{uri}".repeat(100), request);

        assertThat(line.getBytes(StandardCharsets.UTF_8)).hasSize(Line.LONGEST - 1);
        assertThat(line).endsWith("x\u2026");
    }

    private void hostile(String text) {
        request.method = text;
        request.uri = text;
        request.host = text;
        request.client = text;
        request.route = text;
        request.service = text;
        request.id = text;
        request.fields.set("User-Agent", text);
        request.fields.set("Referer", text);
        request.responseFields.set("X-Y", text);
    }

    @Test
    void values_of_masked_parameters_and_fields_are_not_written() throws Exception {
        request.uri = "/cb?a=1&access_token=S1&TOKEN=S2;%74oken=S3&token[]=S4&token%5B0%5D=S5&tokens=6&b&sig=S7#x=1";
        request.fields.set("Authorization", "Bearer S8");
        request.fields.set("Referer", "https://x/?password=S9&q=10");
        request.responseFields.set("Location", "https://app/#access_token=S11&state=12");

        assertThat(line("{uri} {>authorization} {>cookie} {>Referer} {<Location}", request))
                .isEqualTo("/cb?a=1&access_token=***&TOKEN=***;%74oken=***&token[]=***&token%5B0%5D=***&tokens=6&b"
                        + "&sig=***#x=1 *** - https://x/?password=***&q=10 https://app/#access_token=***&state=12");
        assertThat(line("{query}", request)).startsWith("a=1&access_token=***").doesNotContain("S");
        assertThat(line("combined", request)).doesNotContain("S1", "S9");
        assertThat(json(request).toString()).doesNotContain("S1", "S9").contains("q=10");
    }

    @Test
    void passwords_in_urls_are_not_written() throws Exception {
        request.uri = "http://user:S1@shop.example.com/a?b=c@d:e";
        request.fields.set("Referer", "https://u:S2:S3@x/:y@z");
        request.responseFields.set("Location", "https://x:8080/u:p@y");

        assertThat(line("{uri} {>Referer} {<Location}", request))
                .isEqualTo("http://user:***@shop.example.com/a?b=c@d:e https://u:***@x/:y@z https://x:8080/u:p@y");
    }

    @Test
    void nothing_is_masked_where_nothing_is_to_be() throws Exception {
        request.fields.set("Cookie", "a=b");

        assertThat(line(LineFormat.of("{>Cookie} {uri}", MaskedNames.NONE), request))
                .isEqualTo("a=b /api/x?a=1");
    }

    @Test
    void path_and_query_are_parts_of_the_target() throws Exception {
        assertThat(line("{path} {query}", request)).isEqualTo("/api/x a=1");
        request.uri = "http://shop.example.com?x";
        assertThat(line("{path} {query}", request)).isEqualTo("/ x");
        request.uri = "http://shop.example.com/a/b";
        assertThat(line("{path} {query}", request)).isEqualTo("/a/b -");
        request.uri = "*";
        assertThat(line("{path}", request)).isEqualTo("*");
    }

    @Test
    void a_brace_of_a_template_is_written_twice() throws Exception {
        assertThat(line("{{status}={status}", request)).isEqualTo("{status}=200");
    }

    @Test
    void what_is_no_template_is_refused_in_a_sentence() {
        assertRefused("{statsu}", "a template with the unknown placeholder {statsu}");
        assertRefused("{>a b}", "a template with the unknown placeholder {>a b}");
        assertRefused("{}", "a template with the unknown placeholder {}");
        assertRefused("{status", "a template with a { that has no }");
        assertRefused("jason", "a template without a placeholder");
        assertRefused("{status}\n", "a template with a line end or another control character");
        assertRefused("{status}" + " ".repeat(5000), "a template of more than 4096 characters");
    }

    private static void assertRefused(String template, String sentence) {
        assertThatThrownBy(() -> LineFormat.of(template, USUAL))
                .isInstanceOf(BadTemplateException.class)
                .hasMessage(sentence);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 7, 10, 99, 100, 1234567890123456789L, -5, Long.MAX_VALUE, Long.MIN_VALUE})
    void a_number_is_written_in_its_digits(long number) {
        Line line = new Line();
        line.begin(0);
        line.number(number);

        assertThat(new String(line.bytes(), 0, line.length(), StandardCharsets.US_ASCII))
                .isEqualTo(Long.toString(number));
    }
}
