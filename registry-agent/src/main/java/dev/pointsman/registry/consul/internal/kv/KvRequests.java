package dev.pointsman.registry.consul.internal.kv;

import dev.pointsman.registry.KvEntry;
import dev.pointsman.registry.OneLine;
import dev.pointsman.registry.RegistryException;
import dev.pointsman.registry.RegistryException.Kind;
import dev.pointsman.registry.consul.internal.json.KvJson;
import dev.pointsman.registry.consul.internal.query.ConsulTransport;
import dev.pointsman.registry.consul.internal.query.ConsulTransport.ConsulCall;
import dev.pointsman.registry.consul.internal.query.ConsulTransport.ListResponse;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Single reads and writes of Consul's keys, one attempt each. Each failure is one {@link RegistryException} that says what was asked
 * and why not. Lives on one Vert.x context.
 */
public final class KvRequests {
    /** A server without a leader says so after 7 s ({@code rpc_hold_timeout}). */
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    /** A request has a parameter, for others to be appended. */
    private static final String UNCONDITIONAL = "?flags=0";

    private final String place;
    private final ConsulTransport transport;

    /** @param place how Consul is called in the sentences */
    public KvRequests(String place, ConsulTransport transport) {
        this.place = place;
        this.transport = transport;
    }

    /**
     * The entry of a key, as the leader knows it after a quorum has confirmed that it leads: of those who write next, each has read the
     * newest one.
     */
    public Future<Optional<KvEntry>> get(KvPath path) {
        return get(path, path.rule("read"));
    }

    /** @param rights what a token needs, as words after "it needs" */
    Future<Optional<KvEntry>> get(KvPath path, String rights) {
        KeyQuestion request = new KeyQuestion("read", path, rights);
        return answer(request, transport.get(path.url() + "?consistent", TIMEOUT))
                .compose(response -> {
                    if (response.status() == 404 && response.index() != null) {
                        return Future.succeededFuture(Optional.empty());
                    }
                    try {
                        return Future.succeededFuture(Optional.ofNullable(
                                KvJson.read(ok(request, response).body()).get(path.key())));
                    } catch (RegistryException e) {
                        return Future.failedFuture(e);
                    }
                });
    }

    /** Writes a key; completes with whether it was at the given index, 0 for no such key, null for any. */
    public Future<Boolean> put(KvPath path, byte[] value, @Nullable Long modifyIndex) {
        KeyQuestion request = new KeyQuestion("write", path, path.rule("write"));
        return verdict(request, transport.put(path.url() + condition(modifyIndex), Buffer.buffer(value), TIMEOUT));
    }

    /** Deletes a key; completes with whether it was at the given index, or was not there. */
    public Future<Boolean> delete(KvPath path, long modifyIndex) {
        KeyQuestion request = new KeyQuestion("delete", path, path.rule("write"));
        return verdict(request, transport.delete(path.url() + condition(modifyIndex), TIMEOUT));
    }

    private static String condition(@Nullable Long modifyIndex) {
        return modifyIndex == null ? UNCONDITIONAL : "?cas=" + Long.toUnsignedString(modifyIndex);
    }

    private Future<Boolean> verdict(KeyQuestion request, ConsulCall call) {
        return answer(request, call).compose(response -> {
            try {
                String text = ok(request, response)
                        .body()
                        .toString(StandardCharsets.UTF_8)
                        .strip();
                return switch (text) {
                    case "true" -> Future.succeededFuture(true);
                    case "false" -> Future.succeededFuture(false);
                    default ->
                        throw request.failed(
                                Kind.MALFORMED, "it said " + OneLine.of(text, 40) + " (expected: true or false)");
                };
            } catch (RegistryException e) {
                return Future.failedFuture(e);
            }
        });
    }

    private static ListResponse ok(KeyQuestion request, ListResponse response) throws RegistryException {
        if (response.status() != 200) {
            RegistryException refusal = response.refusal(request.rights);
            throw request.failed(refusal.kind(), String.valueOf(refusal.getMessage()));
        }
        return response;
    }

    private Future<ListResponse> answer(KeyQuestion request, ConsulCall call) {
        return call.response()
                .recover(failure -> Future.failedFuture(
                        failure instanceof RegistryException known
                                ? request.failed(known.kind(), String.valueOf(known.getMessage()))
                                : request.failed(Kind.UNREACHABLE, String.valueOf(failure))));
    }

    /** What was asked, for sentences. */
    private final class KeyQuestion {
        private final String verb;
        private final KvPath path;
        private final String rights;

        KeyQuestion(String verb, KvPath path, String rights) {
            this.verb = verb;
            this.path = path;
            this.rights = rights;
        }

        RegistryException failed(Kind kind, String why) {
            return new RegistryException(
                    kind,
                    "Consul at " + place + " was asked to " + verb + " the key " + OneLine.of(path.key()) + ": " + why);
        }
    }
}
