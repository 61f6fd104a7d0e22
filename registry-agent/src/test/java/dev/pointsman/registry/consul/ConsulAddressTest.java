package dev.pointsman.registry.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConsulAddressTest {
    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "10.1.2.3:9500,             http://10.1.2.3:9500",
        "consul.example.com:9500,   http://consul.example.com:9500",
        "consul.example.com,        http://consul.example.com:8500",
        ":9500,                     http://127.0.0.1:9500",
        "http://h:9500,             http://h:9500",
        "http://h:9500/,            http://h:9500",
        "HTTPS://h:8501,            https://h:8501",
        "http://h,                  http://h:80",
        "https://h,                 https://h:443",
        "[::1]:9500,                http://[::1]:9500",
        "[::1],                     http://[::1]:8500",
        "https://[fd00::7]:8501,    https://[fd00::7]:8501",
        "'  h:9500 ',               http://h:9500",
    })
    void every_form_of_an_address_is_understood_from_the_flag_and_from_the_environment(String text, String url) {
        assertThat(ConsulAddress.from(text, Map.of()).url()).isEqualTo(url);
        assertThat(from(Map.of("CONSUL_HTTP_ADDR", text)).url()).isEqualTo(url);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "unix:///run/consul.sock,   Unix sockets are not supported",
        "/run/consul.sock,          Unix sockets are not supported",
        "ftp://h:1,                 http:// or https://",
        "://h:1,                    http:// or https://",
        "h:0,                       1 to 65535",
        "h:65536,                   1 to 65535",
        "h:99999999999,             1 to 65535",
        "h:,                        1 to 65535",
        "h:http,                    1 to 65535",
        "h:-1,                      1 to 65535",
        "::1,                       in brackets",
        "::1:8500,                  in brackets",
        "http://::1,                in brackets",
        "[::1,                      in brackets",
        "[nope]:8500,               in brackets",
        "[::1]8500,                 in brackets",
        "[fe80::1%eth0]:8500,       in brackets",
        "a b:8500,                  a host name",
        "http://,                   a host name",
        "http://:8500,              a host name",
        "http://h:8500/consul,      no path",
        "h:8500/v1,                 no path",
        "http://h:8500?dc=x,        no path",
        "http://h:8500#x,           no path",
    })
    void an_address_that_cannot_be_used_gets_one_sentence_with_its_value(String text, String expected) {
        assertThatExceptionOfType(BadAddressException.class)
                .isThrownBy(() -> ConsulAddress.from(text, Map.of()))
                .satisfies(e -> assertThat(e.problems())
                        .singleElement()
                        .asString()
                        .startsWith("--consul: " + text)
                        .contains(expected));
    }

    @Test
    void an_empty_flag_is_refused_although_an_empty_variable_counts_as_not_set() {
        assertThatExceptionOfType(BadAddressException.class).isThrownBy(() -> ConsulAddress.from("", Map.of()));
        assertThat(from(Map.of("CONSUL_HTTP_ADDR", " ")).url()).isEqualTo("http://127.0.0.1:8500");
    }

    @Test
    void a_password_in_the_address_is_refused_and_not_repeated() {
        assertThatExceptionOfType(BadAddressException.class)
                .isThrownBy(() -> ConsulAddress.from("http://joe:hush@h:8500", Map.of()))
                .withMessageContaining("password")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("hush"));
    }

    @Test
    void with_nothing_said_it_is_the_agent_on_this_machine() {
        assertThat(from(Map.of())).isEqualTo(ConsulAddress.of("127.0.0.1", 8500));
    }

    @Test
    void the_flag_wins_over_the_address_variable_and_the_other_variables_still_count() {
        ConsulAddress address = ConsulAddress.from(
                "h:1",
                Map.of("CONSUL_HTTP_ADDR", "nonsense:nonsense", "CONSUL_HTTP_TOKEN", "t", "CONSUL_HTTP_SSL", "1"));
        assertThat(address.url()).isEqualTo("https://h:1");
        assertThat(address.token()).isEqualTo("t");
    }

    @Test
    void tls_is_not_given_up_for_an_address_that_says_http() {
        assertThat(from(Map.of("CONSUL_HTTP_ADDR", "http://h:1", "CONSUL_HTTP_SSL", "true"))
                        .tls())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "f", "F", "false", "FALSE", "False"})
    void verification_can_be_turned_off_in_each_way_that_consul_knows(String no) {
        assertThat(from(Map.of("CONSUL_HTTP_SSL_VERIFY", no)).verifyTls()).isFalse();
        assertThat(from(Map.of()).verifyTls()).isTrue();
    }

    @Test
    void files_namespace_and_partition_are_taken_over(@TempDir Path directory) throws IOException {
        Path pem = Files.writeString(directory.resolve("some.pem"), "x");
        ConsulAddress address = from(Map.of(
                "CONSUL_CACERT", pem.toString(),
                "CONSUL_CLIENT_CERT", pem.toString(),
                "CONSUL_CLIENT_KEY", pem.toString(),
                "CONSUL_NAMESPACE", "team",
                "CONSUL_PARTITION", "east"));
        assertThat(address.caCert()).isEqualTo(pem);
        assertThat(address.clientCert()).isEqualTo(pem);
        assertThat(address.clientKey()).isEqualTo(pem);
        assertThat(address.namespace()).isEqualTo("team");
        assertThat(address.partition()).isEqualTo("east");
    }

    @Test
    void the_token_of_a_file_wins_over_the_one_of_the_environment(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("token"), "from-file\n");
        assertThat(from(Map.of("CONSUL_HTTP_TOKEN_FILE", file.toString(), "CONSUL_HTTP_TOKEN", "other"))
                        .token())
                .isEqualTo("from-file");
    }

    @Test
    void every_problem_is_listed_at_once_and_none_shows_a_secret(@TempDir Path directory) throws IOException {
        Path empty = Files.writeString(directory.resolve("empty"), "\n");
        Map<String, String> environment = new HashMap<>();
        environment.put("CONSUL_HTTP_ADDR", "h:x");
        environment.put("CONSUL_HTTP_SSL", "yes");
        environment.put("CONSUL_HTTP_SSL_VERIFY", "maybe");
        environment.put("CONSUL_HTTP_TOKEN_FILE", empty.toString());
        environment.put("CONSUL_HTTP_AUTH", "joe:hush");
        environment.put("CONSUL_CACERT", directory.resolve("missing.pem").toString());
        environment.put("CONSUL_CAPATH", directory.toString());
        environment.put("CONSUL_CLIENT_CERT", empty.toString());
        environment.put("CONSUL_TLS_SERVER_NAME", "server.dc1.consul");
        environment.put("CONSUL_NAMESPACE", "two words");

        BadAddressException bad = catchThrowableOfType(BadAddressException.class, () -> from(environment));

        assertThat(bad.problems())
                .extracting(problem -> problem.substring(0, problem.indexOf(problem.contains(": ") ? ": " : " is")))
                .hasSize(10);
        assertThat(bad.getMessage())
                .contains(environment.keySet())
                .contains("CONSUL_CLIENT_KEY (expected: both or none)")
                .doesNotContain("hush");
    }

    @Test
    void a_token_with_a_line_break_is_refused_and_not_repeated() {
        assertThatExceptionOfType(BadAddressException.class)
                .isThrownBy(() -> from(Map.of("CONSUL_HTTP_TOKEN", "hush\nhush")))
                .satisfies(e -> assertThat(e.getMessage())
                        .startsWith("CONSUL_HTTP_TOKEN:")
                        .doesNotContain("hush"));
    }

    @Test
    void the_token_does_not_show_in_the_text_form() {
        ConsulAddress address = from(Map.of("CONSUL_HTTP_TOKEN", "hush-hush", "CONSUL_NAMESPACE", "team"));
        assertThat(address).hasToString("http://127.0.0.1:8500 with a token namespace team");
    }

    @Test
    void a_datacenter_is_part_of_what_the_data_are_about_and_of_every_text() {
        ConsulAddress here = from(Map.of("CONSUL_HTTP_TOKEN", "hush-hush", "CONSUL_NAMESPACE", "team"));
        ConsulAddress there = here.withDatacenter("DC_2-b");
        assertThat(here.datacenter()).isNull();
        assertThat(there.datacenter()).as("in small letters, as Consul has it").isEqualTo("dc_2-b");
        assertThat(there.url()).isEqualTo("http://127.0.0.1:8500");
        assertThat(there.place()).isEqualTo("http://127.0.0.1:8500 (datacenter dc_2-b)");
        assertThat(there.scope()).isEqualTo("http://127.0.0.1:8500 datacenter dc_2-b namespace team");
        assertThat(there).hasToString("http://127.0.0.1:8500 with a token datacenter dc_2-b namespace team");
        assertThat(there.withDatacenter(null)).isEqualTo(here);
        assertThat(here.place()).isEqualTo(here.url());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "dc 2", "dc2&stale", "dc.2", "d\u00fcsseldorf", "dc2\n"})
    void a_datacenter_that_consul_cannot_have_is_refused_with_one_sentence(String name) {
        assertThatExceptionOfType(BadAddressException.class)
                .isThrownBy(() -> ConsulAddress.of("h", 1).withDatacenter(name))
                .satisfies(e -> assertThat(e.problems())
                        .singleElement()
                        .asString()
                        .startsWith("datacenter: '")
                        .endsWith("(expected: letters, digits, dashes and underscores)")
                        .doesNotContain("\n"));
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, true",
        "127.9.9.9, true",
        "localhost, true",
        "[::1], true",
        "10.0.0.1, false",
        "[fe80::1], false",
        "127.0.0.1.example.com, false",
        "[::127.0.0.1], false",
    })
    void loopback_is_told_from_the_rest(String host, boolean loopback) {
        assertThat(ConsulAddress.from(host, Map.of()).isLoopback()).isEqualTo(loopback);
    }

    private static ConsulAddress from(Map<String, String> environment) {
        return ConsulAddress.from(null, environment);
    }
}
