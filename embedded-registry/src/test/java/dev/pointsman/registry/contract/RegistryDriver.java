package dev.pointsman.registry.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.errorprone.annotations.FormatMethod;
import dev.pointsman.testkit.TestHttp;
import dev.pointsman.testkit.TestHttp.Reply;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** The client of the contract's tests: plain HTTP to one registry, in the words of the contract. One for all tests of a class. */
final class RegistryDriver {
    /** Far more than any registry takes for anything but a check's first run; nothing is measured against it. */
    static final Duration SOON = Duration.ofSeconds(20);

    private final String url;
    private final TestHttp http;
    private final Duration shortWait;
    private final Duration checkInterval;
    private final AtomicInteger names = new AtomicInteger();

    /** A driver for a Consul, which runs checks every second at most and takes its time from agent to catalog. */
    RegistryDriver(String url) {
        this(url, Duration.ofSeconds(1), Duration.ofSeconds(1));
    }

    /**
     * A driver for a registry with times of its own.
     *
     * @param shortWait how long a blocking query that must not wake waits
     * @param checkInterval the shortest interval at which it runs checks
     */
    RegistryDriver(String url, Duration shortWait, Duration checkInterval) {
        this.url = url;
        this.http = new TestHttp(url);
        this.shortWait = shortWait;
        this.checkInterval = checkInterval;
    }

    String url() {
        return url;
    }

    TestHttp http() {
        return http;
    }

    /** A name that no other test uses, so that the tests of a class can share one registry. */
    String fresh(String stem) {
        return stem + "-" + names.incrementAndGet();
    }

    /** JSON written with single quotes. */
    @FormatMethod
    static String json(String singleQuoted, Object... arguments) {
        return singleQuoted.formatted(arguments).replace('\'', '"');
    }

    /** Registers, which must work, and waits until it is visible to others. */
    void register(String body) {
        register(body, "");
    }

    /** As {@link #register(String)}, with a query ({@code ?...}). */
    void register(String body, String query) {
        Reply reply = http.put("/v1/agent/service/register" + query, body);
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        assertThat(reply.body()).isEmpty();
    }

    /** Registers an instance with the id {@code name} and one TTL check, and waits until others see it. */
    void registerWithTtl(String name, String status) {
        register(json("{'Name':'%s','Port':80,'Check':{'TTL':'10m','Status':'%s'}}", name, status));
        awaitHealth(name, list -> list.size() == 1);
    }

    void deregister(String id) {
        assertThat(http.put("/v1/agent/service/deregister/" + id).status()).isEqualTo(200);
    }

    void pass(String checkId) {
        assertThat(http.put("/v1/agent/check/pass/" + checkId).status()).isEqualTo(200);
    }

    void fail(String checkId) {
        assertThat(http.put("/v1/agent/check/fail/" + checkId).status()).isEqualTo(200);
    }

    void maintenance(String serviceId, boolean enable) {
        assertThat(http.put("/v1/agent/service/maintenance/" + serviceId + "?enable=" + enable)
                        .status())
                .isEqualTo(200);
    }

    /** The response to {@code GET} of the path, which must be 200 with JSON. */
    JsonNode read(String path) {
        Reply reply = http.get(path);
        assertThat(reply.status()).as(path + ": " + reply.body()).isEqualTo(200);
        return reply.json();
    }

    JsonNode health(String service) {
        return read("/v1/health/service/" + service);
    }

    /** Waits for the service's list in health, which follows the agent a moment later, and gives it. */
    JsonNode awaitHealth(String service, Predicate<JsonNode> expected) {
        return await(service)
                .atMost(SOON)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> health(service), expected);
    }

    /** The service's only instance, once it is there. */
    JsonNode awaitInstance(String service) {
        return awaitHealth(service, list -> list.size() == 1).get(0);
    }

    /** Waits until the service's only instance has this check in this status. */
    JsonNode awaitStatus(String service, String checkId, String status) {
        return awaitHealth(
                service,
                list -> list.size() == 1 && status.equals(statuses(list.get(0)).get(checkId)));
    }

    /** Check id to status, of an instance in the shape of {@code health/service}, without its node's checks. */
    static Map<String, String> statuses(JsonNode instance) {
        Map<String, String> statuses = new TreeMap<>();
        instance.get("Checks").forEach(check -> {
            if (!check.get("ServiceID").asText().isEmpty()) {
                statuses.put(check.get("CheckID").asText(), check.get("Status").asText());
            }
        });
        return statuses;
    }

    /** The statuses of the checks that the agent itself knows for a service id. */
    Map<String, String> agentStatuses(String serviceId) {
        Map<String, String> statuses = new TreeMap<>();
        read("/v1/agent/checks").forEach(check -> {
            if (check.get("ServiceID").asText().equals(serviceId)) {
                statuses.put(check.get("CheckID").asText(), check.get("Status").asText());
            }
        });
        return statuses;
    }

    /** The node that this registry's services stand on. */
    String nodeName() {
        return read("/v1/agent/self").at("/Config/NodeName").asText();
    }

    /** A blocking query that is to be woken: it has half a minute. */
    CompletableFuture<Reply> block(String path, long index) {
        return http.getLater(withIndex(path, index) + "&wait=30s");
    }

    /** A blocking query that is to last as long as it may, which is short. */
    CompletableFuture<Reply> blockShortly(String path, long index) {
        return http.getLater(withIndex(path, index) + "&wait=" + shortWait.toMillis() + "ms");
    }

    /** The shortest interval of a check, as it is registered. */
    String checkInterval() {
        return checkInterval.toMillis() + "ms";
    }

    private static String withIndex(String path, long index) {
        return path + (path.contains("?") ? "&" : "?") + "index=" + Long.toUnsignedString(index);
    }

    /** The response, well before the wait of {@link #block} is over. */
    static Reply woken(CompletableFuture<Reply> query) {
        return finish(query, 20, "the blocked query was not woken");
    }

    /** The response to {@link #blockShortly}, which must not have come before its time. */
    Reply notWoken(CompletableFuture<Reply> query) {
        Reply reply = finish(query, 20, "the wait was not honoured");
        assertThat(reply.took()).isGreaterThanOrEqualTo(shortWait);
        return reply;
    }

    private static Reply finish(CompletableFuture<Reply> query, long seconds, String otherwise) {
        try {
            return query.get(seconds, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(otherwise, e);
        }
    }
}
