package dev.pointsman.balancer.overview;

import dev.pointsman.balancer.admin.AdminPart;
import dev.pointsman.balancer.admin.Replies;
import dev.pointsman.balancer.admin.StateChanges;
import dev.pointsman.balancer.admin.StateView;
import dev.pointsman.balancer.admin.StateView.Followed;
import dev.pointsman.balancer.metrics.ConnectionSource;
import dev.pointsman.balancer.metrics.MeterSource;
import dev.pointsman.balancer.overview.OverviewQuery.BadQueryException;
import dev.pointsman.balancer.route.RoutesInForce;
import dev.pointsman.balancer.traffic.TrafficHistory;
import dev.pointsman.pool.PoolTime;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The paths of the live view: {@code /api/overview}, {@code /api/traffic} and the stream {@code /api/live}. Meters are read, and
 * JSON is written, on a thread of its own; handlers run on the event loop of the admin API.
 */
public final class OverviewPages implements AdminPart {
    private static final Logger log = LoggerFactory.getLogger(OverviewPages.class);
    private static final long TICK = 1_000;

    /** For so long after a question it is looked each second. */
    private static final Duration INTEREST = Duration.ofSeconds(10);

    private static final long SLACK = Duration.ofMillis(100).toNanos();
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    private final Vertx vertx;
    private final WorkerExecutor worker;
    private final LiveTraffic traffic;
    private final LiveStreams streams;
    private final StateChanges changes;
    private final PoolTime time;
    private final AtomicBoolean changed = new AtomicBoolean();
    private volatile @Nullable Context context;
    private boolean looking;
    private long lastLook;
    private long lastQuestion;

    /**
     * The pages of one balancer.
     *
     * @param meters null while nothing is counted
     * @param tcp counts the connections of TCP routes
     */
    public OverviewPages(
            Vertx vertx,
            Supplier<@Nullable MeterSource> meters,
            ConnectionSource tcp,
            Supplier<List<Followed>> followed,
            Supplier<? extends RoutesInForce> routes,
            StateView view,
            StateChanges changes,
            Supplier<BalancerState> balancer,
            PoolTime time) {
        this.vertx = vertx;
        this.worker = vertx.createSharedWorkerExecutor("live-view", 1);
        this.traffic = new LiveTraffic(meters, tcp, followed, routes, view, balancer, time);
        this.streams = new LiveStreams(view);
        this.changes = changes;
        this.time = time;
        this.lastLook = time.nanos().getAsLong() - TrafficHistory.STEP.toNanos();
        this.lastQuestion = time.nanos().getAsLong() - INTEREST.toNanos();
    }

    @Override
    public void mount(Router router) {
        router.get("/api/overview").handler(this::overview);
        router.get("/api/traffic").handler(this::history);
        router.get("/api/live").handler(this::live);
    }

    /** Begins to keep the history and to serve streams; on the event loop of the admin API. */
    public void begin() {
        context = vertx.getOrCreateContext();
        changes.listen(this::changed);
        tick();
        vertx.setPeriodic(TICK, timer -> tick());
    }

    private void tick() {
        long now = time.nanos().getAsLong();
        boolean asked = !streams.isEmpty() || now - lastQuestion < INTEREST.toNanos();
        if (looking || (!asked && now - lastLook < TrafficHistory.STEP.toNanos() - SLACK)) {
            return;
        }
        looking = true;
        lastLook = now;
        Set<OverviewQuery> queries = streams.queries();
        Future<Map<OverviewQuery, String>> made = worker.executeBlocking(() -> overviews(queries), false);
        made.onComplete(over -> looking = false)
                .onSuccess(streams::overviews)
                .onFailure(failed -> log.error("the live view could not be made; the next one comes", failed));
    }

    private Map<OverviewQuery, String> overviews(Set<OverviewQuery> queries) {
        traffic.look();
        Map<OverviewQuery, String> made = new HashMap<>();
        if (!queries.isEmpty()) {
            Overview now = traffic.overview();
            queries.forEach(query -> made.put(query, now.json(query).encode()));
        }
        return made;
    }

    private void overview(RoutingContext rc) {
        OverviewQuery query = query(rc);
        if (query == null) {
            return;
        }
        lastQuestion = time.nanos().getAsLong();
        respond(rc, () -> traffic.overview().json(query), "");
    }

    private void history(RoutingContext rc) {
        String service = rc.request().getParam("service");
        respond(rc, () -> traffic.history(service), "no service of this name (see /api/services)");
    }

    /** What is asked; null if that was no sense, which has been said then. */
    private static @Nullable OverviewQuery query(RoutingContext rc) {
        try {
            return OverviewQuery.of(rc.request());
        } catch (BadQueryException senseless) {
            Replies.refuse(rc, 400, String.valueOf(senseless.getMessage()));
            return null;
        }
    }

    private void respond(RoutingContext rc, Supplier<@Nullable JsonObject> answer, String otherwise) {
        Future<@Nullable Buffer> made = worker.executeBlocking(
                () -> {
                    JsonObject json = answer.get();
                    return json == null ? null : json.toBuffer().appendString("\n");
                },
                false);
        made.onSuccess(body -> {
            if (body == null) {
                Replies.refuse(rc, 404, otherwise);
            } else {
                Replies.respond(rc, 200, "application/json", body);
            }
        });
        made.onFailure(failed -> {
            log.error("{} failed", rc.request().path(), failed);
            Replies.refuse(rc, 500, "it failed; the log says why");
        });
    }

    private void live(RoutingContext rc) {
        OverviewQuery query = query(rc);
        if (query == null) {
            return;
        }
        HttpServerResponse response = rc.response();
        String refusal = streams.refusal();
        if (refusal != null) {
            response.putHeader("Retry-After", "5");
            Replies.refuse(rc, 503, refusal);
            return;
        }
        LiveStream stream = new LiveStream(response, query, known(rc.request().getHeader("Last-Event-ID")));
        response.closeHandler(gone -> streams.remove(stream));
        response.exceptionHandler(broken -> streams.remove(stream));
        response.drainHandler(room -> streams.changes());
        streams.add(stream);
        stream.begin();
        Future<Map<OverviewQuery, String>> first = worker.executeBlocking(() -> overviews(Set.of(query)), false);
        first.onSuccess(made -> {
            stream.overview(made.getOrDefault(query, "{}"));
            streams.changes();
        });
        first.onFailure(failed -> log.error("the live view could not be made; the next one comes", failed));
    }

    /** The last change that a client knows of: what it says if it comes back, else all that there were. */
    private long known(@Nullable String lastEventId) {
        return lastEventId != null && NUMBER.matcher(lastEventId).matches()
                ? Long.parseLong(lastEventId)
                : changes.lastNumber();
    }

    /** Any thread: many changes at a time are one task for the loop. */
    private void changed() {
        Context loop = context;
        if (loop != null && !streams.isEmpty() && changed.compareAndSet(false, true)) {
            loop.runOnContext(onLoop -> {
                changed.set(false);
                streams.changes();
            });
        }
    }

    /** How many streams are open. For the event loop of the admin API. */
    int openStreams() {
        return streams.size();
    }

    /** Ends all streams; on the event loop of the admin API. */
    public void close() {
        streams.close();
    }
}
