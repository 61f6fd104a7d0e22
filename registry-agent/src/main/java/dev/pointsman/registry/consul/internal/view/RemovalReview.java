package dev.pointsman.registry.consul.internal.view;

import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.RegistryException;
import dev.pointsman.registry.RegistryException.Kind;
import dev.pointsman.registry.consul.internal.json.CatalogNode;
import dev.pointsman.registry.consul.internal.json.InstancesReader;
import dev.pointsman.registry.consul.internal.json.ServiceTag;
import dev.pointsman.registry.consul.internal.query.ConsulTransport;
import dev.pointsman.registry.consul.internal.query.ConsulTransport.ListResponse;
import dev.pointsman.registry.consul.internal.query.Doubt;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The questions to Consul after a response that misses much of what was known, or is empty from the start. A token that may
 * not read gets an empty list and no word about it, so what the list does not say is asked for where Consul does say it:
 *
 * <ul>
 *   <li>{@code /v1/agent/health/service/name/:service} responds 403 to a token without {@code service:read}. The agent speaks for its
 *       own datacenter only, and a token may be worth less in another one: there it is {@code /v1/discovery-chain/:service}. Where
 *       Connect is not enabled it responds 500, and nothing that is gone all at once is confirmed;
 *   <li>{@code /v1/catalog/node/:node} shows whether the node may be read, and what is still registered on it;
 *   <li>{@code /v1/catalog/services}, for an empty first list, whether there is such a service at all.
 * </ul>
 */
final class RemovalReview {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final int MOST_NODES = 8;
    private static final String NEEDS = " It needs service:read and node:read";

    private final ConsulTransport transport;

    RemovalReview(ConsulTransport transport) {
        this.transport = transport;
    }

    /**
     * Asks about a service.
     *
     * @param missing what the response misses, or nothing for a first response that is empty
     * @return completes with what speaks against believing the response, if anything; fails with a {@link RegistryException} of
     *     kind REJECTED if the token may not read
     */
    Future<Optional<Doubt>> review(String service, Set<InstanceKey> missing) {
        Future<Boolean> readable = isReadable(service);
        Future<Boolean> gone = missing.isEmpty() ? isUnknown(service) : areGone(missing);
        return Future.join(readable.otherwise(false), gone.otherwise(false)).compose(both -> {
            if (readable.failed()
                    && readable.cause() instanceof RegistryException refused
                    && refused.kind() == Kind.REJECTED) {
                return Future.failedFuture(refused(missing, String.valueOf(refused.getMessage())));
            }
            if (missing.isEmpty()) {
                return gone.succeeded() && !gone.result()
                        ? Future.failedFuture(refused(missing, "but the catalog lists the service"))
                        : Future.succeededFuture(Optional.empty());
            }
            boolean confirmed = readable.succeeded() && gone.succeeded() && gone.result();
            return Future.succeededFuture(confirmed ? Optional.empty() : Optional.of(Doubt.UNCONFIRMED));
        });
    }

    private static RegistryException refused(Set<InstanceKey> missing, String why) {
        return new RegistryException(
                Kind.REJECTED,
                (missing.isEmpty() ? "no instance" : "no instance any more") + " (" + why
                        + "): is the ACL token allowed to read?" + NEEDS);
    }

    /** Fails with kind REJECTED if the token may not read the service. */
    private Future<Boolean> isReadable(String service) {
        return transport.datacenter() == null ? isReadableByAgent(service) : isReadableElsewhere(service);
    }

    private Future<Boolean> isReadableElsewhere(String service) {
        return get("/v1/discovery-chain/" + ConsulTransport.encoded(service) + "?stale")
                .compose(response -> response.status() == 200
                        ? Future.succeededFuture(true)
                        : Future.failedFuture(unreadable(response.status())));
    }

    private Future<Boolean> isReadableByAgent(String service) {
        return get("/v1/agent/health/service/name/" + ConsulTransport.encoded(service) + "?format=text")
                .compose(response -> switch (response.status()) {
                    // The service's health on that agent: passing, none, warning, critical.
                    case 200, 404, 429, 503 -> Future.succeededFuture(true);
                    default -> Future.failedFuture(unreadable(response.status()));
                });
    }

    private static RegistryException unreadable(int status) {
        return status == 401 || status == 403
                ? new RegistryException(Kind.REJECTED, status + " for the service")
                : new RegistryException(Kind.UNAVAILABLE, "responded " + status);
    }

    /** Whether every one of them is gone from a node that can be read. */
    private Future<Boolean> areGone(Set<InstanceKey> missing) {
        Set<String> nodes = missing.stream().map(InstanceKey::node).collect(Collectors.toSet());
        if (nodes.size() > MOST_NODES) {
            return Future.succeededFuture(false);
        }
        List<Future<Boolean>> asked = new ArrayList<>();
        for (String node : nodes) {
            Set<String> ids = missing.stream()
                    .filter(key -> key.node().equals(node))
                    .map(InstanceKey::id)
                    .collect(Collectors.toSet());
            asked.add(get("/v1/catalog/node/" + ConsulTransport.encoded(node) + "?stale")
                    .compose(response -> {
                        try {
                            return Future.succeededFuture(
                                    response.status() == 200 && CatalogNode.listsNoneOf(response.body(), ids));
                        } catch (RegistryException unreadable) {
                            return Future.failedFuture(unreadable);
                        }
                    }));
        }
        return Future.all(asked).map(all -> asked.stream().allMatch(Future::result));
    }

    /** Whether the catalog does not know the service either, or knows it and its list is not empty any more. */
    private Future<Boolean> isUnknown(String service) {
        return get("/v1/catalog/services?stale").compose(response -> {
            try {
                boolean unknown = response.status() != 200
                        || !ServiceTag.read(response.body()).containsKey(new ServiceTag(service, ""));
                return unknown ? Future.succeededFuture(true) : hasInstances(service);
            } catch (RegistryException unreadable) {
                return Future.failedFuture(unreadable);
            }
        });
    }

    /** It may have been registered between one question and the other. */
    private Future<Boolean> hasInstances(String service) {
        return get("/v1/health/service/" + ConsulTransport.encoded(service) + "?stale")
                .compose(response -> {
                    try {
                        return Future.succeededFuture(response.status() != 200
                                || !new InstancesReader().read(response.body()).isEmpty());
                    } catch (RegistryException unreadable) {
                        return Future.failedFuture(unreadable);
                    }
                });
    }

    private Future<ListResponse> get(String path) {
        return transport.get(path, TIMEOUT).response();
    }
}
