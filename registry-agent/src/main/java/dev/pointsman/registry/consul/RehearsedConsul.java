package dev.pointsman.registry.consul;

import dev.pointsman.registry.RegistryException;
import dev.pointsman.registry.RegistryException.Kind;
import dev.pointsman.registry.consul.internal.query.ConsulTransport;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The transport to a Consul that is made up: it lists one service of a few instances, of which one comes and goes until there were
 * so many changes; then it is over. Responds as Consul does: without an index at once, else with the next change. Lives on one Vert.x
 * context, but for {@link #close()}.
 */
final class RehearsedConsul implements ConsulTransport {
    static final String SERVICE = "rehearsal";

    private static final int INSTANCES = 3;
    /** The catalog, and the service's. */
    private static final int LISTS = 2;

    private final Vertx vertx;
    private final int changes;
    private final Duration pause;
    private final Map<Promise<ListResponse>, String> waiting = new LinkedHashMap<>();
    private Runnable whenOver = () -> {};
    private int changed;
    private volatile boolean closed;

    RehearsedConsul(Vertx vertx, int changes, Duration pause) {
        this.vertx = vertx;
        this.changes = changes;
        this.pause = pause;
    }

    /** Begins; once it is over, this is run. */
    void whenOver(Runnable action) {
        whenOver = action;
        awaitChange();
    }

    private void awaitChange() {
        vertx.setTimer(pause.toMillis(), fired -> {
            if (closed) {
                return;
            }
            if (changed == changes) {
                whenOver.run();
                return;
            }
            // Else nobody would notice.
            if (waiting.size() == LISTS) {
                change();
            }
            awaitChange();
        });
    }

    private void change() {
        changed++;
        Map<Promise<ListResponse>, String> asked = new LinkedHashMap<>(waiting);
        waiting.clear();
        asked.forEach((query, path) -> query.tryComplete(response(path)));
    }

    private ListResponse response(String path) {
        String body = path.startsWith("/v1/catalog/services")
                ? "{\"consul\":[],\"" + SERVICE + "\":[\"" + SERVICE + "\",\"v1\"]}"
                : IntStream.range(0, INSTANCES - changed % 2)
                        .mapToObj(RehearsedConsul::instance)
                        .collect(Collectors.joining(",", "[", "]"));
        return new ListResponse(200, Integer.toString(1 + changed), false, false, Buffer.buffer(body));
    }

    private static String instance(int number) {
        return """
                {"Node":{"ID":"","Node":"n%1$d","Address":"127.0.0.1","Datacenter":"dc1","Meta":{"consul-network-segment":""}},
                "Service":{"ID":"%2$s-%1$d","Service":"%2$s","Tags":["%2$s","v1"],"Address":"127.0.0.1","Meta":{"version":"1"},
                "Port":%3$d,"Weights":{"Passing":1,"Warning":1},"EnableTagOverride":false,"CreateIndex":7,"ModifyIndex":7},
                "Checks":[{"Node":"n%1$d","CheckID":"serfHealth","Name":"Serf Health Status","Status":"passing","Notes":"",
                "Output":"Agent alive and reachable","ServiceID":"","ServiceName":"","ServiceTags":[],"Type":""},
                {"Node":"n%1$d","CheckID":"service:%2$s-%1$d","Name":"Service check","Status":"passing","Notes":"",
                "Output":"HTTP GET: 200 OK","ServiceID":"%2$s-%1$d","ServiceName":"%2$s","ServiceTags":["%2$s","v1"],"Type":"http"}]}
                """.formatted(number, SERVICE, 1024 + number);
    }

    @Override
    public @Nullable String datacenter() {
        return null;
    }

    @Override
    public ConsulCall get(String pathAndQuery, Duration timeout) {
        Promise<ListResponse> response = Promise.promise();
        if (List.of(pathAndQuery.split("[?&]")).contains("index=0")) {
            // Not before the caller has what it is to wait for.
            vertx.runOnContext(soon -> response.tryComplete(response(pathAndQuery)));
        } else {
            waiting.put(response, pathAndQuery);
        }
        return new ConsulCall() {
            @Override
            public Future<ListResponse> response() {
                return response.future();
            }

            @Override
            public void cancel() {
                waiting.remove(response);
                response.tryFail(new RegistryException(Kind.UNREACHABLE, "cancelled"));
            }
        };
    }

    @Override
    public ConsulCall put(String pathAndQuery, Buffer content, Duration timeout) {
        throw new UnsupportedOperationException("a rehearsal only reads");
    }

    @Override
    public ConsulCall delete(String pathAndQuery, Duration timeout) {
        throw new UnsupportedOperationException("a rehearsal only reads");
    }

    @Override
    public Future<Void> knock(Duration timeout) {
        return Future.succeededFuture();
    }

    @Override
    public void reconnect() {
        // There are no connections.
    }

    @Override
    public void close() {
        closed = true;
    }
}
