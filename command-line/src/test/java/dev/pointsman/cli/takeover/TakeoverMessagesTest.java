package dev.pointsman.cli.takeover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pointsman.balancer.config.ListenAddress;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes by the socket of a takeover, from whomever. */
class TakeoverMessagesTest {
    private static final ListenAddress PORT = new ListenAddress("0.0.0.0", 8080);
    private static final ListenAddress OTHER = new ListenAddress("0.0.0.0", 5432);
    private static final ListenAddress ADMIN = new ListenAddress("127.0.0.1", 9901);

    @Test
    void a_process_asks_by_its_number_and_says_how_it_went() throws IOException {
        assertThat(TakeoverMessages.asking("{\"take\":4711,\"new\":1}")).isEqualTo(4711);
        assertThat(TakeoverMessages.outcome("{\"ready\":true}").failure()).isNull();
        assertThat(TakeoverMessages.outcome("{\"failed\":\"no port\"}").failure())
                .isEqualTo("no port");
    }

    @Test
    void a_process_that_is_ready_says_which_ports_it_has_and_an_older_one_has_all() throws IOException {
        String ready = TakeoverMessages.ready(List.of(PORT));

        assertThat(TakeoverMessages.outcome(ready).isTaken(PORT)).isTrue();
        assertThat(TakeoverMessages.outcome(ready).isTaken(OTHER)).isFalse();
        assertThat(TakeoverMessages.outcome("{\"ready\":true}").isTaken(OTHER)).isTrue();
    }

    @Test
    void an_offer_names_all_ports_and_one_of_an_older_process_its_only_one() throws IOException {
        String offer = TakeoverMessages.offer(List.of(PORT, OTHER), ADMIN, new JsonObject());

        assertThat(TakeoverMessages.offered(new JsonObject(offer))).containsExactly(PORT, OTHER);
        assertThat(TakeoverMessages.offered(
                        new JsonObject("{\"clients\":{\"host\":\"0.0.0.0\",\"port\":8080},\"admin\":{}}")))
                .containsExactly(PORT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"clients\":1}", "{\"clients\":{\"host\":\"a\",\"port\":1},\"others\":[1]}"})
    void an_offer_without_addresses_is_told_by_a_sentence(String offer) {
        assertThatThrownBy(() -> TakeoverMessages.offered(new JsonObject(offer)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("(expected: {\"host\":HOST,\"port\":PORT}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[1]", "\"x\"", "{", "GET / HTTP/1.1"})
    void what_is_no_object_is_told_by_a_sentence(String text) {
        assertThatThrownBy(() -> TakeoverMessages.asking(text))
                .isInstanceOf(IOException.class)
                .hasMessage("a message that is no JSON object");
    }

    /** With a process 0 another one could ask meanwhile, and both would have the sockets. */
    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "{\"take\":null}", "{\"take\":0}", "{\"take\":-5}", "{\"take\":1.5}", "{\"take\":\"1\"}"})
    void who_does_not_say_which_process_it_is_gets_no_sockets(String text) {
        assertThatThrownBy(() -> TakeoverMessages.asking(text))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith("(expected: {\"take\":PID})");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"ready\":null}", "{\"ready\":\"yes\"}", "{\"ready\":false}", "{\"failed\":null}"})
    void what_is_neither_ready_nor_failed_is_told_by_a_sentence(String text) {
        assertThatThrownBy(() -> TakeoverMessages.outcome(text))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("(expected: {\"ready\":true}");
    }
}
