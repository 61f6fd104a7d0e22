package dev.pointsman.balancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import at.favre.lib.crypto.bcrypt.BCrypt;
import dev.pointsman.balancer.config.ConfigException;
import dev.pointsman.balancer.testkit.ScriptedUpstream;
import dev.pointsman.balancer.testkit.TestBalancer;
import dev.pointsman.testkit.TestHttp.Reply;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Users that a tag in fabio's language names. */
class FabioAuthTest {
    @RegisterExtension
    private final TestBalancer balancer = new TestBalancer();

    private static Path users(Path folder) throws Exception {
        String hash = BCrypt.with(BCrypt.Version.VERSION_2Y).hashToString(4, "secret".toCharArray());
        return Files.writeString(folder.resolve("users"), "ann:" + hash + "\n");
    }

    private ScriptedUpstream announced(String tag) throws Exception {
        ScriptedUpstream upstream = balancer.instance("a", (request, wire) -> wire.respond(200, "served"));
        balancer.consul().tag("a", tag);
        return upstream;
    }

    private Reply get(String path, String credentials) throws Exception {
        String basic = Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
        return balancer.client().send("GET", path, null, Map.of("Authorization", "Basic " + basic));
    }

    @Test
    void a_user_of_the_named_file_is_let_in_and_nobody_else(@TempDir Path folder) throws Exception {
        ScriptedUpstream upstream = announced("urlprefix-/inner auth=staff");
        balancer.start("fabio-tags=true", "fabio-auth=staff=" + users(folder), "route=/outer=svc");

        Reply unasked = balancer.client().get("/inner/x");

        assertThat(unasked.status()).isEqualTo(401);
        assertThat(unasked.header("WWW-Authenticate")).startsWith("Basic realm=\"staff\"");
        assertThat(get("/inner/x", "ann:wrong").status()).isEqualTo(401);
        assertThat(upstream.received()).isEmpty();
        assertThat(get("/inner/x", "ann:secret").body()).isEqualTo("served");
        assertThat(upstream.onlyRequest().head().has("authorization")).isTrue();
    }

    @Test
    void a_realm_may_stand_behind_the_file(@TempDir Path folder) throws Exception {
        announced("urlprefix-/inner auth=staff");
        balancer.start(
                "fabio-tags=true", "fabio-auth=staff=" + users(folder) + ";realm=Staff only", "route=/outer=svc");

        assertThat(balancer.client().get("/inner").header("WWW-Authenticate")).startsWith("Basic realm=\"Staff only\"");
    }

    @Test
    void a_route_of_users_that_there_are_not_is_open_to_nobody(@TempDir Path folder) throws Exception {
        ScriptedUpstream upstream = announced("urlprefix-/inner auth=stuff");
        balancer.start("fabio-tags=true", "fabio-auth=staff=" + users(folder), "route=/outer=svc");

        assertThat(balancer.client().get("/inner").status()).isEqualTo(401);
        assertThat(get("/inner", "ann:secret").status()).isEqualTo(401);
        assertThat(upstream.received()).isEmpty();
        assertThat(balancer.admin().get("/api/claims").body()).contains("auth=stuff", "which has staff");
    }

    @Test
    void a_file_that_is_missing_or_no_list_of_users_keeps_the_balancer_from_starting(@TempDir Path folder)
            throws Exception {
        Path clear = Files.writeString(folder.resolve("clear"), "ann:secret\n");

        assertThatThrownBy(() -> balancer.start("fabio-auth=staff=" + folder.resolve("none")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("--fabio-auth")
                .hasMessageContaining("an htpasswd file that can be read");
        assertThatThrownBy(() -> balancer.start("fabio-auth=staff=" + clear))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("clear:1: ")
                .hasMessageContaining("a bcrypt hash");
        assertThatThrownBy(() -> balancer.start("fabio-auth=staff"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("NAME=VALUE");
        assertThatThrownBy(() -> balancer.start("fabio-auth=staff=" + users(folder) + ";realm=a\"b"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("a realm without quotes");
    }
}
