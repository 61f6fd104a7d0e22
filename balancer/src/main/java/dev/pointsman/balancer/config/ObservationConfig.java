package dev.pointsman.balancer.config;

import dev.pointsman.settings.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * What the balancer lets one see of what it does.
 *
 * @param metrics whether requests are counted and timed
 * @param buckets the upper bounds of the buckets of times, ascending
 * @param accessLog the access log that is to be written
 * @param tracing how requests are traced
 * @param logFormat the form of the process's own log; null for what the environment says
 */
public record ObservationConfig(
        boolean metrics,
        List<Duration> buckets,
        AccessLogConfig accessLog,
        TracingConfig tracing,
        @Nullable LogFormat logFormat) {
    /** The bounds that OpenTelemetry's conventions advise for HTTP, and one below them, since a balancer is faster. */
    public static final List<Duration> DEFAULT_BUCKETS = LongStream.of(
                    1, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10_000)
            .mapToObj(Duration::ofMillis)
            .toList();

    public ObservationConfig {
        buckets = List.copyOf(buckets);
    }

    static ObservationConfig read(Settings settings, Map<String, String> environment, boolean looksAtFiles) {
        return new ObservationConfig(
                settings.get(ObservationSettings.METRICS),
                settings.get(ObservationSettings.METRICS_BUCKETS),
                AccessLogConfig.read(settings, looksAtFiles),
                TracingConfig.read(settings, environment, looksAtFiles),
                settings.find(ObservationSettings.LOG_FORMAT));
    }
}
