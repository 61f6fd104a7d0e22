package dev.pointsman.balancer.exposition;

import dev.pointsman.balancer.admin.AdminPart;
import dev.pointsman.balancer.admin.StateView.Followed;
import dev.pointsman.balancer.metrics.TrafficMeters;
import dev.pointsman.balancer.tcp.TcpTraffic;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The page {@code /metrics} of the admin API: everything that is counted, in the text format of Prometheus, or in that of
 * OpenMetrics or Prometheus's protobuf, which has the native histograms, where the Accept field asks for it. Made on a
 * thread of its own, one scrape after the other.
 */
public final class MetricsPage implements AdminPart {
    private static final Logger log = LoggerFactory.getLogger(MetricsPage.class);

    private final WorkerExecutor worker;
    private final List<MetricSource> sources;
    /** By the worker alone, at the first scrape: what it has to do for that would take a seventh of a start. */
    private @Nullable Exposition exposition;

    /** What Prometheus's own library does: its formats, and what it knows of the JVM. */
    private record Exposition(ExpositionFormats formats, PrometheusRegistry jvm) {
        static Exposition begin() {
            PrometheusRegistry jvm = new PrometheusRegistry();
            JvmMetrics.builder().register(jvm);
            return new Exposition(ExpositionFormats.init(), jvm);
        }
    }

    private record Page(String contentType, Buffer body) {}

    /** A page of what these say at each scrape. */
    public MetricsPage(
            Vertx vertx,
            Supplier<TrafficMeters> traffic,
            Supplier<List<Followed>> followed,
            BalancerFacts facts,
            TcpTraffic tcp,
            Clock clock) {
        this.worker = vertx.createSharedWorkerExecutor("metrics", 1);
        this.sources = List.of(
                new BalancerSource(facts, clock),
                new ServiceSource(followed, clock),
                new TrafficSource(traffic),
                new TcpSource(tcp));
    }

    @Override
    public void mount(Router router) {
        router.get("/metrics").handler(this::respond);
    }

    private void respond(RoutingContext rc) {
        HttpServerRequest request = rc.request();
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        boolean gzip = acceptsGzip(request.getHeader(HttpHeaders.ACCEPT_ENCODING));
        Future<Page> page = worker.executeBlocking(() -> page(accept, gzip), false);
        page.onSuccess(made -> {
            if (!rc.response().ended() && !rc.response().closed()) {
                if (gzip) {
                    rc.response().putHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
                }
                rc.response()
                        .putHeader(HttpHeaders.CONTENT_TYPE, made.contentType())
                        .putHeader(HttpHeaders.VARY, "Accept, Accept-Encoding")
                        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                        .end(made.body());
            }
        });
        page.onFailure(failed -> {
            log.error("the metrics could not be read; Prometheus misses this scrape", failed);
            rc.fail(500);
        });
    }

    private static boolean acceptsGzip(@Nullable String codings) {
        String all = codings == null ? "" : codings.toLowerCase(Locale.ROOT).replace(" ", "");
        // Who likes it so little that the weight begins with 0 is not worse off without it.
        return all.contains("gzip") && !all.contains("gzip;q=0");
    }

    private Page page(@Nullable String accept, boolean gzip) throws IOException {
        Exposition begun = exposition == null ? Exposition.begin() : exposition;
        exposition = begun;
        ExpositionFormatWriter writer = begun.formats().findWriter(accept);
        EscapingScheme escaping = EscapingScheme.fromAcceptHeader(accept);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(64 * 1024);
        try (OutputStream out = gzip ? new GZIPOutputStream(bytes) : bytes) {
            writer.write(out, snapshots(begun.jvm()), escaping);
        }
        return new Page(writer.getContentType() + escaping.toHeaderFormat(), Buffer.buffer(bytes.toByteArray()));
    }

    private MetricSnapshots snapshots(PrometheusRegistry jvm) {
        Families families = new Families();
        sources.forEach(source -> source.addTo(families));
        List<MetricSnapshot> all = new ArrayList<>(families.snapshots());
        jvm.scrape().forEach(all::add);
        return new MetricSnapshots(all);
    }
}
