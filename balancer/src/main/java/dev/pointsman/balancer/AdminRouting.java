package dev.pointsman.balancer;

import dev.pointsman.balancer.RoutingControl.SourceRoutes;
import dev.pointsman.balancer.admin.RoutingAccess;
import dev.pointsman.balancer.admin.WriteRefusedException;
import dev.pointsman.balancer.config.AdminAccess;
import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.balancer.config.ConfigException;
import dev.pointsman.balancer.config.RouteDocuments;
import dev.pointsman.balancer.config.RouteDocuments.DocumentEntry;
import dev.pointsman.balancer.history.ChangeCause;
import dev.pointsman.balancer.history.PinnedTable;
import dev.pointsman.balancer.history.RouteDiff;
import dev.pointsman.balancer.history.RoutingState;
import dev.pointsman.balancer.history.TableChange;
import dev.pointsman.balancer.proxy.RoutingSnapshot;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteOrigin.RouteSource;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The routes of the admin API: one of the sources of {@link RoutingControl}, which keeps what was given, reads it again under
 * each configuration, and writes it down where there is a file for it. One change at a time. For the control plane's context.
 */
final class AdminRouting implements RoutingAccess {
    /** How a document that was sent here is called in problems. */
    private static final String NAME = "admin API";

    private final Vertx control;
    private final RoutingControl routing;
    private final Supplier<BalancerConfig> config;

    private Map<String, DocumentEntry> given = Map.of();
    private Future<?> last = Future.succeededFuture();

    /** Entries with the routes that they are. */
    private record ReadEntries(Map<String, DocumentEntry> entries, List<Route> routes) {
        SourceRoutes source() {
            return new SourceRoutes(RouteSource.ADMIN, routes, !routes.isEmpty());
        }
    }

    /** @param config the one in force */
    AdminRouting(Vertx control, RoutingControl routing, Supplier<BalancerConfig> config) {
        this.control = control;
        this.routing = routing;
        this.config = config;
    }

    /** The routes that were given, for {@link #open} of another process. */
    String legacy() {
        return AdminRoutesFile.text(given);
    }

    /**
     * Reads what an earlier process has written down; fails with {@link StartException} if it cannot be used.
     *
     * @param inherited what another process was given and has not written down, as {@link #legacy}; null for none
     */
    Future<List<SourceRoutes>> open(@Nullable String inherited) {
        Path file = config.get().adminAccess().routesFile();
        if (file == null && inherited == null) {
            return Future.succeededFuture(List.of());
        }
        RouteDocuments documents = config.get().routeDocuments();
        return control.executeBlocking(() -> {
                    try {
                        Map<String, DocumentEntry> entries = file == null
                                ? RouteDocuments.entries(
                                        NAME, String.valueOf(inherited).getBytes(StandardCharsets.UTF_8))
                                : AdminRoutesFile.read(file);
                        return new ReadEntries(entries, documents.read(entries.values(), RouteSource.ADMIN));
                    } catch (ConfigException wrong) {
                        throw new StartException(
                                (file == null ? "" : "admin-routes-file: ") + String.join("; ", wrong.problems()));
                    }
                })
                .map(read -> {
                    given = read.entries();
                    return List.of(read.source());
                });
    }

    /**
     * Puts another configuration in force, under which the routes of the admin API are read again.
     *
     * @param taken takes it over elsewhere, and gives what other places say under it
     */
    Future<RoutingSnapshot> reconfigure(
            BalancerConfig next, Supplier<Future<List<SourceRoutes>>> taken, ChangeCause cause) {
        return inTurn(() -> read(next.routeDocuments(), given)
                .compose(read -> taken.get().compose(others -> {
                    List<SourceRoutes> all = new ArrayList<>(others);
                    all.add(read.source());
                    return routing.reconfigure(next, all, cause);
                })));
    }

    @Override
    public RoutingState state() {
        return routing.state();
    }

    @Override
    public Future<RouteChange> put(byte[] document, WriteRequest request) {
        return inTurn(() -> control.executeBlocking(() -> entries(document)).compose(entries -> {
            Map<String, DocumentEntry> next = new LinkedHashMap<>(given);
            next.putAll(entries);
            return change(next, request);
        }));
    }

    private static Map<String, DocumentEntry> entries(byte[] document) throws WriteRefusedException {
        try {
            return RouteDocuments.entries(NAME, document);
        } catch (ConfigException wrong) {
            throw new WriteRefusedException(400, wrong.problems());
        }
    }

    @Override
    public Future<RouteChange> delete(String route, WriteRequest request) {
        return inTurn(() -> {
            String key = RouteDocuments.normal(route);
            if (!given.containsKey(key)) {
                return Future.failedFuture(new WriteRefusedException(
                        404, "the admin API was given no route " + key + " (expected: one whose source is admin)"));
            }
            Map<String, DocumentEntry> next = new LinkedHashMap<>(given);
            next.remove(key);
            return change(next, request);
        });
    }

    @Override
    public Future<RouteChange> rollback(long version, WriteRequest request) {
        return inTurn(() -> upToDate(request)
                .compose(before -> {
                    TableChange table = before.tableOf(version);
                    RouteDiff diff =
                            table == null ? RouteDiff.NONE : RouteDiff.between(before.routes(), table.routes());
                    return request.dryRun() && table != null
                            ? Future.succeededFuture(new RouteChange(before, diff))
                            : routing.rollback(version, cause(request)).map(inForce -> new RouteChange(state(), diff));
                })
                .recover(cause -> Future.failedFuture(
                        cause instanceof NoSuchTableException
                                ? new WriteRefusedException(404, String.valueOf(cause.getMessage()))
                                : cause)));
    }

    @Override
    public Future<RouteChange> release(WriteRequest request) {
        return inTurn(() -> upToDate(request).compose(before -> {
            RouteDiff diff = before.released();
            return request.dryRun()
                    ? Future.succeededFuture(new RouteChange(before, diff))
                    : routing.release(cause(request)).map(inForce -> new RouteChange(state(), diff));
        }));
    }

    private Future<RouteChange> change(Map<String, DocumentEntry> next, WriteRequest request) {
        return read(config.get().routeDocuments(), next)
                .compose(read -> upToDate(request).compose(before -> {
                    PinnedTable pinned = before.pinned();
                    if (pinned != null) {
                        return Future.failedFuture(new WriteRefusedException(
                                409,
                                "table " + pinned.version() + " is pinned by a rollback, and this would not come into"
                                        + " force (expected: DELETE /api/rollback before)"));
                    }
                    RouteDiff diff = RouteDiff.between(
                            before.routes(), routing.preview(read.source()).routes());
                    return request.dryRun()
                            ? Future.succeededFuture(new RouteChange(before, diff))
                            : put(read, diff, request);
                }));
    }

    private Future<RouteChange> put(ReadEntries read, RouteDiff diff, WriteRequest request) {
        return writeDown(read.entries())
                .compose(written -> {
                    given = read.entries();
                    SourceRoutes source = read.source();
                    return routing.put(source.source(), source.routes(), source.isInUse(), cause(request));
                })
                .map(inForce -> new RouteChange(state(), diff));
    }

    private Future<Void> writeDown(Map<String, DocumentEntry> entries) {
        AdminAccess access = config.get().adminAccess();
        Path file = access.routesFile();
        if (file == null) {
            return Future.succeededFuture();
        }
        return control.executeBlocking(() -> {
            try {
                AdminRoutesFile.write(file, entries);
                return null;
            } catch (IOException full) {
                throw new WriteRefusedException(
                        500, "nothing was changed: admin-routes-file " + file + " cannot be written (" + full + ")");
            }
        });
    }

    private Future<ReadEntries> read(RouteDocuments documents, Map<String, DocumentEntry> entries) {
        return control.executeBlocking(() -> {
            try {
                return new ReadEntries(entries, documents.read(entries.values(), RouteSource.ADMIN));
            } catch (ConfigException wrong) {
                throw new WriteRefusedException(400, wrong.problems());
            }
        });
    }

    /** The state when nothing is on its way any more, if it is the one that the request was made for. */
    private Future<RoutingState> upToDate(WriteRequest request) {
        Long version = request.version();
        if (!routing.isSettled()) {
            return routing.settled().compose(over -> upToDate(request));
        }
        RoutingState now = state();
        return version == null || now.isUnchangedSince(version)
                ? Future.succeededFuture(now)
                : Future.failedFuture(new WriteRefusedException(
                        409,
                        "the routes have changed: their version is " + now.version() + " (expected: " + version
                                + "; GET /api/routes says what they are)"));
    }

    private static ChangeCause cause(WriteRequest request) {
        return new ChangeCause(RouteSource.ADMIN, request.what(), request.who());
    }

    private <T extends @Nullable Object> Future<T> inTurn(Supplier<Future<T>> change) {
        Future<T> next = last.transform(over -> change.get());
        last = next;
        return next;
    }
}
