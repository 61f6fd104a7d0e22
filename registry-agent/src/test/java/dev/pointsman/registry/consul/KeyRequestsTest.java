package dev.pointsman.registry.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.pointsman.registry.KeyValueStore;
import dev.pointsman.registry.RegistryException;
import dev.pointsman.registry.RegistryException.Kind;
import dev.pointsman.registry.consul.ScriptedConsul.Trouble;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.AbstractObjectAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Single reads and writes that fail; those that succeed are in the contract of registries. */
@Timeout(60)
class KeyRequestsTest {
    private static final byte[] VALUE = {1, 2};

    private final Vertx vertx = Vertx.vertx();
    private final ScriptedConsul consul = new ScriptedConsul();
    private final ConsulRegistry registry = new ConsulRegistry(
            vertx,
            ConsulAddress.from(consul.address().url(), Map.of("CONSUL_HTTP_TOKEN", "s3cret")),
            ConsulWatchOptions.DEFAULT);
    private final KeyValueStore store = registry.keyValues();

    @AfterEach
    void close() {
        registry.close();
        vertx.close().await();
        consul.close();
    }

    private static AbstractObjectAssert<?, RegistryException> failureOf(CompletionStage<?> stage) {
        return assertThat(stage.toCompletableFuture())
                .failsWithin(Duration.ofSeconds(30))
                .withThrowableOfType(ExecutionException.class)
                .extracting(Throwable::getCause, type(RegistryException.class));
    }

    private static void fails(CompletionStage<?> stage, Kind kind, String... sentence) {
        failureOf(stage).satisfies(failure -> {
            assertThat(failure.kind()).isEqualTo(kind);
            assertThat(failure).hasMessageContainingAll(sentence);
        });
    }

    @Test
    void a_token_that_may_not_is_told_which_rule_it_needs() {
        consul.begin(Trouble.STATUS_403);
        fails(
                store.put("app/x", VALUE),
                Kind.REJECTED,
                "was asked to write the key app/x",
                "403 Permission denied",
                "key \"app/x\" { policy = \"write\" }");
        fails(store.putIf("app/x", VALUE, 0), Kind.REJECTED, "key \"app/x\" { policy = \"write\" }");
        fails(store.deleteIf("app/x", 7), Kind.REJECTED, "asked to delete", "key \"app/x\" { policy = \"write\" }");
        fails(store.get("app/x"), Kind.REJECTED, "asked to read", "key \"app/x\" { policy = \"read\" }");
        assertThat(consul.tokens()).hasSize(4).containsOnly("s3cret");
    }

    @Test
    void without_a_leader_nothing_is_written_and_the_sentence_says_so() {
        consul.begin(Trouble.STATUS_500);
        fails(store.putIf("app/x", VALUE, 0), Kind.UNAVAILABLE, "500 No cluster leader");
        fails(store.get("app/x"), Kind.UNAVAILABLE, "500 No cluster leader");
    }

    @Test
    void a_consul_that_is_not_there_is_named_with_its_address() {
        consul.begin(Trouble.REFUSED);
        fails(store.put("app/x", VALUE), Kind.UNREACHABLE, consul.address().url());
    }

    @Test
    void a_response_that_consul_would_not_give_is_none() {
        consul.begin(Trouble.HTML);
        fails(store.put("app/x", VALUE), Kind.MALFORMED, "<html>It works!</html> (expected: true or false)");
        fails(store.get("app/x"), Kind.MALFORMED, "the response is not whole JSON");
        consul.list("/v1/kv/app/x", 5, "[{'Key':'app/x','Value':'no base64!','ModifyIndex':5}]");
        consul.endTrouble();
        fails(store.get("app/x"), Kind.MALFORMED, "the value of app/x is not base64");
    }

    @Test
    void after_the_end_of_the_registry_a_request_fails_at_once() {
        registry.close();
        fails(store.put("app/x", VALUE), Kind.UNREACHABLE, "the registry client is closed");
    }

    @Test
    void where_the_agent_does_not_tell_its_datacenter_it_is_the_nearest() throws Exception {
        consul.refuse(true, "/v1/agent/self");
        consul.list("/v1/catalog/datacenters", 1, "['ams','lon']");
        assertThat(registry.datacenter().toCompletableFuture().get(10, TimeUnit.SECONDS))
                .isEqualTo("ams");
    }

    @Test
    void services_that_may_not_be_listed_are_named() {
        consul.list("/v1/agent/self", 1, "{'Config':{'Datacenter':'ams'}}");
        consul.refuse(true, "/v1/catalog/services");
        fails(registry.services(), Kind.REJECTED, "asked to list its services", "service:read");
    }
}
