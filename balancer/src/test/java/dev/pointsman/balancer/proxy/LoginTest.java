package dev.pointsman.balancer.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import at.favre.lib.crypto.bcrypt.BCrypt;
import dev.pointsman.balancer.testkit.Head;
import dev.pointsman.balancer.testkit.ScriptedUpstream;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Users and passwords by an htpasswd file. */
class LoginTest {
    private static final String USUAL = line("ann", "secret", 4) + line("slow", "secret", 12);
    private static final Path USERS = users();

    @RegisterExtension
    private final TestProxy proxy = new TestProxy(
            "explain-secret=0123456789abcdef",
            "route=/=svc;auth=" + USERS + ";realm=Staff only",
            "route=/pass=svc;auth=" + USERS + ";pass",
            "route=/limited=svc;auth=" + USERS + ";rate-limit=1/h");

    private static Path users() {
        try {
            Path file = Files.createTempFile("users", ".htpasswd");
            file.toFile().deleteOnExit();
            return Files.writeString(file, USUAL);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String line(String user, String password, int cost) {
        return user + ":" + BCrypt.with(BCrypt.Version.VERSION_2Y).hashToString(cost, password.toCharArray()) + "\n";
    }

    /** The next test's proxy reads the file before anything of that test runs. */
    @AfterEach
    void restoreTheFile() throws IOException {
        Files.writeString(USERS, USUAL);
    }

    private static String basic(String pair) {
        return "Authorization: Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private ScriptedUpstream ok() throws IOException {
        return proxy.upstream((request, wire) -> wire.respond(200, "ok"));
    }

    @Test
    void an_explained_401_names_the_filter() throws Exception {
        Head head = proxy.get("/", "X-Pointsman-Explain: 0123456789abcdef").head();

        assertThat(head.status()).isEqualTo(401);
        assertThat(head.one("x-pointsman-gates")).isEqualTo("auth;passed=?0");
    }

    @Test
    void a_user_of_the_file_is_let_in_and_the_instance_does_not_learn_the_password() throws Exception {
        ScriptedUpstream upstream = ok();

        assertThat(proxy.get("/", basic("ann:secret")).status()).isEqualTo(200);
        assertThat(proxy.get("/", basic("ann:secret")).status()).isEqualTo(200);

        assertThat(upstream.received()).hasSize(2).noneMatch(request -> request.head()
                .has("authorization"));
    }

    @Test
    void the_field_is_passed_on_where_the_route_says_so() throws Exception {
        ScriptedUpstream upstream = ok();

        assertThat(proxy.get("/pass", basic("ann:secret")).status()).isEqualTo(200);

        assertThat(upstream.onlyRequest().head().has("authorization")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ann:Secret", "ann:", "bob:secret", "ann:secret\0", "ann", ":secret", "Ann:secret"})
    void others_are_asked_for_a_user_and_a_password(String pair) throws Exception {
        ScriptedUpstream upstream = ok();

        Head refused = proxy.get("/", basic(pair)).head();

        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.one("www-authenticate")).isEqualTo("Basic realm=\"Staff only\", charset=\"UTF-8\"");
        assertThat(upstream.received()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic", "Basic !!!", "Bearer YW5uOnNlY3JldA==", "", "Basic YW5uOnNlY3JldA==, Basic x"})
    void what_is_no_user_and_password_is_refused(String value) throws Exception {
        ok();

        assertThat(proxy.get("/", "Authorization: " + value).status()).isEqualTo(401);
        assertThat(proxy.get("/").status()).isEqualTo(401);
    }

    @Test
    void of_two_fields_none_counts() throws Exception {
        ok();

        assertThat(proxy.get("/", basic("ann:secret"), basic("bob:x")).status()).isEqualTo(401);
    }

    @Test
    void a_changed_file_counts_at_once_for_those_who_were_let_in_before() throws Exception {
        ok();
        assertThat(proxy.get("/", basic("ann:secret")).status()).isEqualTo(200);

        Files.writeString(USERS, line("bobby", "other", 4));
        proxy.turnClock(Duration.ofSeconds(2));

        assertThat(proxy.get("/", basic("ann:secret")).status()).isEqualTo(401);
        assertThat(proxy.get("/", basic("bobby:other")).status()).isEqualTo(200);
    }

    @Test
    void nobody_is_let_in_while_the_file_is_gone() throws Exception {
        ok();
        Files.delete(USERS);
        proxy.turnClock(Duration.ofSeconds(2));

        assertThat(proxy.get("/", basic("ann:secret")).status()).isEqualTo(401);
    }

    @Test
    void a_body_waits_for_the_login_and_arrives_whole() throws Exception {
        ScriptedUpstream upstream = ok();
        String body = "x".repeat(200_000);

        assertThat(proxy.post("/", body, basic("ann:secret")).status()).isEqualTo(200);

        assertThat(upstream.onlyRequest().body()).isEqualTo(body);
    }

    @Test
    void many_first_requests_with_the_same_password_are_all_let_in() throws Exception {
        ok();
        List<Wire> clients = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            Wire client = proxy.connect();
            TestProxy.sendRequest(client, "GET", "/", basic("ann:secret"));
            clients.add(client);
        }

        for (Wire client : clients) {
            assertThat(client.readMessage().status()).isEqualTo(200);
        }
    }

    @Test
    void a_client_that_leaves_while_its_password_is_looked_at_costs_no_instance_anything() throws Exception {
        ScriptedUpstream upstream = ok();
        Wire leaving = proxy.connect();
        TestProxy.sendRequest(leaving, "GET", "/left", basic("slow:secret"));
        leaving.reset();

        // It waits for the same look at the same password, behind the one that left.
        assertThat(proxy.get("/stayed", basic("slow:secret")).status()).isEqualTo(200);

        assertThat(upstream.onlyRequest().head().uri()).isEqualTo("/stayed");
    }

    @Test
    void guesses_beyond_the_limit_are_not_even_looked_at() throws Exception {
        ok();

        assertThat(proxy.get("/limited", basic("ann:1")).status()).isEqualTo(401);
        assertThat(proxy.get("/limited", basic("ann:secret")).status()).isEqualTo(429);
    }
}
