package dev.pointsman.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.TestBalancer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Routes of the configuration that let only some in, beside tags for the same paths. */
class ProtectedByTheFileTest {
    private static final String ADMIN = "route=/admin=svc;allow=10.0.0.0/8";

    @RegisterExtension
    private final TestBalancer balancer = new TestBalancer();

    private void announced(String tag) throws Exception {
        balancer.instances("a");
        balancer.consul().tag("a", tag);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pointsman.route=/admin",
                "pointsman.route=/admin/",
                "pointsman.route=/admin;match;method=GET",
                "urlprefix-/admin",
                "urlprefix-/admin/"
            })
    void a_tag_does_not_open_them(String tag) throws Exception {
        announced(tag);
        balancer.start("fabio-tags=true", ADMIN);

        assertThat(balancer.client().get("/admin").status()).isEqualTo(403);
        assertThat(balancer.admin().get("/api/claims").json().path("overruled"))
                .hasSize(1)
                .first()
                .asString()
                .contains("allow or deny")
                .contains("allow-prefixes: /admin");
    }

    @Test
    void a_tag_replaces_them_where_that_is_allowed_by_name() throws Exception {
        announced("pointsman.route=/admin");
        balancer.start("tag-routes=true;allow-prefixes=/admin", ADMIN);

        assertThat(balancer.client().get("/admin").body()).isEqualTo("a");
        assertThat(balancer.admin().get("/api/claims").json().path("overruled")).isEmpty();
    }

    @Test
    void a_tag_replaces_a_route_that_lets_everybody_in() throws Exception {
        announced("pointsman.route=/open");
        balancer.start("route=/open=nobody");

        assertThat(balancer.client().get("/open").body()).isEqualTo("a");
    }
}
