package dev.pointsman.registry.consul.internal.view;

import dev.pointsman.registry.CatalogSummary;
import dev.pointsman.registry.RegistryException;
import dev.pointsman.registry.RegistryException.Kind;
import dev.pointsman.registry.consul.internal.json.AgentJson;
import dev.pointsman.registry.consul.internal.json.ServiceTag;
import dev.pointsman.registry.consul.internal.query.ConsulTransport;
import dev.pointsman.registry.consul.internal.query.ConsulTransport.ListResponse;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;

/** The questions that are asked once: which services there are, and in which datacenter. Lives on one Vert.x context. */
public final class CatalogQuestions {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** A reader of a response's content. */
    @FunctionalInterface
    private interface BodyReader<T> {
        T read(Buffer body) throws RegistryException;
    }

    private final String place;
    private final ConsulTransport transport;

    /** @param place how Consul is called in the sentences */
    public CatalogQuestions(String place, ConsulTransport transport) {
        this.place = place;
        this.transport = transport;
    }

    /** Every service with the tags of its instances. */
    public Future<CatalogSummary> services() {
        return datacenter().compose(datacenter -> ask(
                        "list its services",
                        "/v1/catalog/services?stale",
                        "service:read and node:read",
                        body -> ServiceTag.byService(ServiceTag.read(body).keySet()))
                .map(services -> new CatalogSummary(datacenter, services)));
    }

    /**
     * The datacenter that is asked about. Where none was named it is the agent's: it says so itself, and where the token may not
     * ask it, its own is the nearest of all.
     */
    public Future<String> datacenter() {
        String named = transport.datacenter();
        if (named != null) {
            return Future.succeededFuture(named);
        }
        return ask("name its datacenter", "/v1/agent/self?stale", "agent:read", AgentJson::datacenter)
                .recover(failure -> failure instanceof RegistryException refused && refused.kind() == Kind.REJECTED
                        ? ask(
                                "list its datacenters",
                                "/v1/catalog/datacenters?stale",
                                "agent:read",
                                AgentJson::nearestDatacenter)
                        : Future.failedFuture(failure));
    }

    private <T> Future<T> ask(String what, String path, String rights, BodyReader<T> reader) {
        return transport
                .get(path, TIMEOUT)
                .response()
                .recover(failure -> Future.failedFuture(failed(what, failure)))
                .compose(response -> read(what, response, rights, reader));
    }

    private <T> Future<T> read(String what, ListResponse response, String rights, BodyReader<T> reader) {
        try {
            if (response.status() != 200) {
                throw response.refusal(rights);
            }
            return Future.succeededFuture(reader.read(response.body()));
        } catch (RegistryException e) {
            return Future.failedFuture(failed(what, e));
        }
    }

    private RegistryException failed(String what, Throwable failure) {
        Kind kind = failure instanceof RegistryException known ? known.kind() : Kind.UNREACHABLE;
        return new RegistryException(
                kind, "Consul at " + place + " was asked to " + what + ": " + failure.getMessage(), failure);
    }
}
