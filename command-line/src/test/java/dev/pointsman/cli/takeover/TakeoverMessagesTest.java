package dev.pointsman.cli.takeover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes by the socket of a takeover, from whomever. */
class TakeoverMessagesTest {
    @Test
    void a_process_asks_by_its_number_and_says_how_it_went() throws IOException {
        assertThat(TakeoverMessages.asking("{\"take\":4711,\"new\":1}")).isEqualTo(4711);
        assertThat(TakeoverMessages.failure("{\"ready\":true}")).isNull();
        assertThat(TakeoverMessages.failure("{\"failed\":\"no port\"}")).isEqualTo("no port");
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
        assertThatThrownBy(() -> TakeoverMessages.failure(text))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("(expected: {\"ready\":true}");
    }
}
