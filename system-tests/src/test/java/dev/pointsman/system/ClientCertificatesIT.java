package dev.pointsman.system;

import static dev.pointsman.system.Cluster.API;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pointsman.testkit.FreePorts;
import dev.pointsman.testkit.NeedsPrograms;
import dev.pointsman.testkit.TestAuthority;
import dev.pointsman.testkit.TestAuthority.Issued;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates of clients: who gets in, and what instances are told, in both versions of HTTP and of TLS. */
@NeedsPrograms(value = "openssl", debianPackage = "openssl")
class ClientCertificatesIT {
    private static final String SUBJECT = "CN=alice,O=Shop";

    @TempDir
    static Path made = Path.of(".");

    private static Issued shown = new Issued(made, made);
    private static Issued good = shown;
    private static Issued ofOther = shown;
    private static Issued expired = shown;

    @RegisterExtension
    final Cluster cluster = new Cluster();

    private final int tls = FreePorts.take();
    private int clear;

    /** How a client speaks. */
    private record Speech(Version http, String tls) {
        static List<Speech> all() {
            return Stream.of(Version.HTTP_1_1, Version.HTTP_2)
                    .flatMap(http -> Stream.of("TLSv1.2", "TLSv1.3").map(tls -> new Speech(http, tls)))
                    .toList();
        }
    }

    @BeforeAll
    static void issue() {
        TestAuthority authority = TestAuthority.in(made, "ca");
        shown = authority.issue("balancer", "/CN=balancer", "localhost");
        good = authority.issue("good", "/O=Shop/CN=alice");
        expired = authority.issueUntilYesterday("expired", "/O=Shop/CN=alice");
        ofOther = TestAuthority.in(made, "other").issue("of-other", "/O=Shop/CN=alice");
    }

    private void start(String auth) {
        Program unused = cluster.startRegistry(0);
        BalancerProcess balancer = BalancerProcess.awaitReady(cluster.pointsman(
                "balancer",
                "--consul",
                cluster.registry(),
                "--admin",
                "127.0.0.1:0",
                "--listen",
                "127.0.0.1:0",
                "--listen",
                "127.0.0.1:" + tls + ";tls",
                "--tls",
                shown.cert() + ";key=" + shown.key(),
                "--client-ca",
                made.resolve("ca.crt").toString(),
                "--client-auth",
                auth));
        clear = balancer.port();
        cluster.service(API);
        balancer.awaitReadyInstances(API, 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"required", "asked"})
    void a_valid_certificate_is_told_to_instances_and_none_but_a_valid_one_is_taken(String auth) throws Exception {
        start(auth);

        for (Speech speech : Speech.all()) {
            assertThat(echoed(speech, good))
                    .as("%s", speech)
                    .contains(told(SUBJECT))
                    .doesNotContain("CN=root");
            for (Issued bad : List.of(ofOther, expired)) {
                assertThatThrownBy(() -> echoed(speech, bad))
                        .as("%s %s", speech, bad)
                        .isInstanceOf(IOException.class);
            }
            if (auth.equals("required")) {
                assertThatThrownBy(() -> echoed(speech, null)).as("%s", speech).isInstanceOf(IOException.class);
            } else {
                assertNothingIsTold(echoed(speech, null));
            }
        }
        assertNothingIsTold(sent(HttpClient.newHttpClient(), "http://localhost:" + clear, Version.HTTP_1_1));
        assertNothingIsTold(sent(HttpClient.newHttpClient(), "http://localhost:" + clear, Version.HTTP_2));
    }

    @Test
    void a_session_that_is_resumed_has_the_subject_of_the_one_that_began_it() {
        start("required");
        for (String version : List.of("-tls1_2", "-tls1_3")) {
            Path session = made.resolve("session" + version);
            String first = openssl(
                    version,
                    "-sess_out",
                    session.toString(),
                    "-cert",
                    good.cert().toString(),
                    "-key",
                    good.key().toString());
            // Without the certificate: what the balancer knows is in the session.
            String second = openssl(version, "-sess_in", session.toString());

            assertThat(first).contains("New, TLS").contains(told(SUBJECT));
            assertThat(second).contains("Reused, TLS").contains(told(SUBJECT));
        }
    }

    private static String told(String subject) {
        return "[ \"X-Client-Cert-Subject\", \"" + subject + "\" ]";
    }

    private static void assertNothingIsTold(String echo) {
        assertThat(echo).contains("\"headers\"").doesNotContain("CN=root");
        assertThat(echo.toLowerCase(Locale.ROOT)).doesNotContain("cert-subject", "cert_subject");
    }

    /** What an instance got of a request by TLS that claims to be somebody else's, in each spelling that a framework might read. */
    private String echoed(Speech speech, @Nullable Issued certificate) throws Exception {
        SSLContext context = ClientTls.context(made.resolve("ca.crt"), certificate);
        SSLParameters parameters = context.getDefaultSSLParameters();
        parameters.setProtocols(new String[] {speech.tls()});
        HttpClient client = HttpClient.newBuilder()
                .sslContext(context)
                .sslParameters(parameters)
                .connectTimeout(Duration.ofSeconds(30))
                .build();
        return sent(client, "https://localhost:" + tls, speech.http());
    }

    private static String sent(HttpClient client, String to, Version http) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(to + "/api/echo"))
                .version(http)
                .timeout(Duration.ofSeconds(30))
                .header("X-Client-Cert-Subject", "CN=root")
                .header("x_client_cert_subject", "CN=root")
                .header("X-Client_Cert-Subject", "CN=root")
                .build();
        HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        if (to.startsWith("https:")) {
            assertThat(response.version()).isEqualTo(http);
        }
        return response.body();
    }

    /** What openssl says of a connection on which one request is sent, response included. */
    private String openssl(String... more) {
        List<String> command = Stream.concat(
                        Stream.of("openssl", "s_client", "-connect", "127.0.0.1:" + tls, "-ign_eof"), Stream.of(more))
                .toList();
        String request = "GET /api/echo HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n";
        Program program = cluster.start(
                "openssl", Map.of(), List.of("sh", "-c", "printf '" + request + "' | " + String.join(" ", command)));
        int unused = program.awaitExit();
        return program.output();
    }
}
