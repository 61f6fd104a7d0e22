package dev.pointsman.system;

import static dev.pointsman.system.Cluster.API;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.testkit.ConsulExtension;
import dev.pointsman.testkit.NeedsConsul;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code pointsman doctor} with a Consul whose access control is on: which right a token lacks, and what gives it. */
@NeedsConsul
class DoctorIT {
    private static final Map<String, String> ROOT = Map.of("X-Consul-Token", "root");
    private static final String READ =
            "node_prefix \"\" { policy = \"read\" } service_prefix \"\" { policy = \"read\" } agent_prefix"
                    + " \"\" { policy = \"read\" }";

    @RegisterExtension
    static final ConsulExtension consul = new ConsulExtension("acl { enabled = true default_policy = \"deny\" tokens {"
            + " master = \"root\" agent = \"root\" default = \"root\" } }");

    @RegisterExtension
    final Cluster cluster = new Cluster(consul::get);

    @TempDir
    private Path folder = Path.of(".");

    private Path file = Path.of(".");

    @BeforeEach
    void consul_is_ready_for_tokens() throws Exception {
        Soon.isTrue(
                "access control",
                () -> consul.get()
                                .http()
                                .send("GET", "/v1/acl/tokens", null, ROOT)
                                .status()
                        == 200);
        file = folder.resolve("p.yaml");
        Files.writeString(
                file, "consul: " + consul.get().url() + "\nport: 0\nadmin: 127.0.0.1:0\nroute: {/api: " + API + "}\n");
    }

    private String token(String name, String rules) {
        String policy = consul.get()
                .http()
                .send(
                        "PUT",
                        "/v1/acl/policy",
                        "{\"Name\":\"" + name + "\",\"Rules\":\"" + rules.replace("\"", "\\\"") + "\"}",
                        ROOT)
                .json()
                .path("ID")
                .asText();
        return consul.get()
                .http()
                .send("PUT", "/v1/acl/token", "{\"Policies\":[{\"ID\":\"" + policy + "\"}]}", ROOT)
                .json()
                .path("SecretID")
                .asText();
    }

    private Program doctor(String token) {
        return cluster.start("doctor", Map.of("CONSUL_HTTP_TOKEN", token), Jar.command("doctor", file.toString()));
    }

    @Test
    void a_right_that_lacks_is_named_and_with_it_all_is_well() {
        ServiceProcess unused = cluster.service(API);
        String token = token("reads", READ);

        Program lacking = doctor(token);

        assertThat(lacking.awaitExit()).isEqualTo(1);
        assertThat(lacking.output())
                .contains("error    consul-rights: " + consul.get().url()
                        + ": the token lacks service \"pointsman-balancer\" { policy = \"write\" }")
                .contains("do:  add to the token's policy: service \"pointsman-balancer\" { policy = \"write\" }")
                .contains("ok       routes: ")
                .contains("ok       instance-answer: instances: 1 of 1 respond")
                .contains("1 error")
                .doesNotContain(token);

        Program whole = doctor(token("all", READ + " service \"pointsman-balancer\" { policy = \"write\" }"));

        assertThat(whole.awaitExit()).as(whole.output()).isZero();
        assertThat(whole.output())
                .contains("ok       consul-rights: ", "ok       consul-wait: ", "ok       consul-leader: ");
    }

    @Test
    void a_token_that_sees_nothing_is_told_from_a_registry_that_has_nothing() {
        ServiceProcess unused = cluster.service(API);

        Program blind = doctor(token("blind", "agent_prefix \"\" { policy = \"read\" }"));

        assertThat(blind.awaitExit()).isEqualTo(1);
        assertThat(blind.output())
                .contains("the token lacks node_prefix \"\" { policy = \"read\" }")
                .contains("the token lacks service \"" + API + "\" { policy = \"read\" }")
                .contains(
                        "what lacks, as one policy: node_prefix \"\" { policy = \"read\" } service_prefix \"\" { policy ="
                                + " \"read\" } service \"pointsman-balancer\" { policy = \"write\" }");
    }

    @Test
    void a_token_that_consul_does_not_know_is_an_error() {
        Program wrong = doctor("00000000-0000-0000-0000-000000000000");

        assertThat(wrong.awaitExit()).isEqualTo(1);
        assertThat(wrong.output()).contains("error    consul-token: ", "does not know the ACL token");
    }
}
