package dev.pointsman.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.balancer.testkit.ReloadableBalancer;
import dev.pointsman.testkit.TestHttp.Reply;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A configuration that is read again because the admin API was asked to. */
class ReloadOverHttpTest {
    private static final String TOKEN = "a-token-of-the-operator";
    private static final String SETTINGS = "admin-token: " + TOKEN + "\n";

    @TempDir
    private Path folder = Path.of(".");

    @RegisterExtension
    private final ReloadableBalancer balancer = new ReloadableBalancer(() -> folder, "/a", SETTINGS);

    private Reply reload(Map<String, String> fields) {
        return balancer.admin().send("POST", "/api/reload", null, fields);
    }

    private int status(String path) {
        return balancer.client().get(path).status();
    }

    @Test
    void what_changed_is_in_force_when_the_response_comes() throws Exception {
        for (String path : List.of("/b", "/c", "/d")) {
            balancer.write(path, SETTINGS);

            Reply reply = reload(Map.of("Authorization", "Bearer " + TOKEN));

            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.json().path("result").asText()).isEqualTo("applied");
            assertThat(status(path)).isEqualTo(200);
            assertThat(status("/a")).isEqualTo(404);
        }
        assertThat(balancer.admin().get("/api/history").body()).contains("POST /api/reload by 127.0.0.1");
        assertThat(reload(Map.of("Authorization", "Bearer " + TOKEN))
                        .json()
                        .path("result")
                        .asText())
                .isEqualTo("unchanged");
    }

    @Test
    void a_file_with_mistakes_is_refused_with_all_of_them() throws Exception {
        Path file = balancer.file();
        Files.writeString(file, Files.readString(file).replace("/a:", "a:").replace("200ms", "soon"));

        Reply reply = reload(Map.of("Authorization", "Bearer " + TOKEN));

        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.json().path("refused").path("problems")).hasSize(2);
        assertThat(status("/a")).isEqualTo(200);
    }

    @Test
    void nobody_without_the_token_has_it_read() throws Exception {
        balancer.write("/b", SETTINGS);

        assertThat(reload(Map.of()).status()).isEqualTo(401);
        assertThat(reload(Map.of("Authorization", "Bearer another-token-16")).status())
                .isIn(401, 403);
        assertThat(status("/a")).isEqualTo(200);
    }

    @Test
    void secrets_are_told_by_fingerprints_which_change_with_them_and_do_not_show_them() throws Exception {
        assertThat(explainFingerprint().isNull()).isTrue();
        List<String> seen = new ArrayList<>();
        for (String secret : List.of("explained-by-this-1", "explained-by-this-2")) {
            balancer.write("/a", SETTINGS + "explain-secret: " + secret + "\n");
            assertThat(reload(Map.of("Authorization", "Bearer " + TOKEN)).status())
                    .isEqualTo(200);

            assertThat(explainFingerprint().asText()).matches("[0-9a-f]{4}").isNotIn(seen);
            assertThat(balancer.admin().get("/api/config").body()).doesNotContain(secret);
            seen.add(explainFingerprint().asText());
        }
    }

    private JsonNode explainFingerprint() {
        return balancer.admin().get("/api/config").json().path("fingerprints").path("explainSecret");
    }
}
