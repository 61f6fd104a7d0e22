package dev.pointsman.registry.consul;

import static org.awaitility.Awaitility.await;

import dev.pointsman.testkit.ConsulUnderTest;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** The access control of a Consul under test: what is not allowed by a token's policies is denied. */
final class ConsulAccess {
    /** What a Consul is launched with. */
    static final String CONFIG =
            "acl { enabled = true default_policy = \"deny\" tokens { master = \"root\" agent = \"root\" default = \"root\" } }";

    /** The token that may do everything. */
    static final Map<String, String> ROOT = Map.of("X-Consul-Token", "root");

    private final ConsulUnderTest consul;

    private ConsulAccess(ConsulUnderTest consul) {
        this.consul = consul;
    }

    /** Of a Consul that was launched with {@link #CONFIG}, when it is ready for tokens. */
    static ConsulAccess of(ConsulUnderTest consul) {
        await().until(() ->
                consul.http().send("GET", "/v1/acl/tokens", null, ROOT).status() == 200);
        return new ConsulAccess(consul);
    }

    /** Makes a policy; gives its id. */
    String policy(String rules) {
        return write("/v1/acl/policy", rules);
    }

    /** Gives a policy other rules. */
    void policy(String id, String rules) {
        write("/v1/acl/policy/" + id, rules);
    }

    private String write(String path, String rules) {
        return consul.http()
                .send("PUT", path, "{\"Name\":\"tested\",\"Rules\":\"" + rules + "\"}", ROOT)
                .json()
                .path("ID")
                .asText();
    }

    /** Makes a token with these policies. */
    String token(String... policies) {
        String all =
                Arrays.stream(policies).map(id -> "{\"ID\":\"" + id + "\"}").collect(Collectors.joining(","));
        return consul.http()
                .send("PUT", "/v1/acl/token", "{\"Policies\":[" + all + "]}", ROOT)
                .json()
                .path("SecretID")
                .asText();
    }
}
