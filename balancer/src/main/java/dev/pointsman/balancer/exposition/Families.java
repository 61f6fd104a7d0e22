package dev.pointsman.balancer.exposition;

import dev.pointsman.balancer.metrics.Buckets;
import dev.pointsman.balancer.metrics.DurationCounts;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.NativeHistogramBuckets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The metric families of one scrape, in the order in which they were named first. A series that is added twice is added up:
 * several pools may have the same name. For one thread.
 */
final class Families {
    private final Map<String, Family> families = new LinkedHashMap<>();

    private sealed interface Family {
        List<MetricSnapshot> snapshot();
    }

    private record Counter(String name, String help, Map<Labels, Double> values) implements Family {
        @Override
        public List<MetricSnapshot> snapshot() {
            List<CounterDataPointSnapshot> points = new ArrayList<>();
            values.forEach((labels, value) -> points.add(CounterDataPointSnapshot.builder()
                    .labels(labels)
                    .value(value)
                    .build()));
            CounterSnapshot.Builder family =
                    CounterSnapshot.builder().name(name).help(help);
            points.forEach(family::dataPoint);
            return List.of(family.build());
        }
    }

    private record Gauge(String name, String help, Map<Labels, Double> values) implements Family {
        @Override
        public List<MetricSnapshot> snapshot() {
            GaugeSnapshot.Builder family = GaugeSnapshot.builder().name(name).help(help);
            values.forEach((labels, value) -> family.dataPoint(
                    GaugeDataPointSnapshot.builder().labels(labels).value(value).build()));
            return List.of(family.build());
        }
    }

    private record Histogram(String name, String help, List<HistogramDataPointSnapshot> points) implements Family {
        @Override
        public List<MetricSnapshot> snapshot() {
            HistogramSnapshot.Builder family =
                    HistogramSnapshot.builder().name(name).help(help);
            points.forEach(family::dataPoint);
            return List.of(family.build());
        }
    }

    /** Adds to a counter, whose name is without {@code _total}; it is there even where nothing is added. */
    MetricSeries counter(String name, String help) {
        Counter counter = (Counter) of(name, () -> new Counter(name, help, new LinkedHashMap<>()));
        return (labels, value) -> counter.values().merge(labels, value, Double::sum);
    }

    /** Adds to a gauge. */
    MetricSeries gauge(String name, String help) {
        Gauge gauge = (Gauge) of(name, () -> new Gauge(name, help, new LinkedHashMap<>()));
        return (labels, value) -> gauge.values().merge(labels, value, Double::sum);
    }

    /** Adds a series to a histogram of times, once each. */
    void histogram(String name, String help, Labels labels, DurationCounts counts) {
        Histogram histogram = (Histogram) of(name, () -> new Histogram(name, help, new ArrayList<>()));
        histogram.points().add(point(labels, counts));
    }

    private Family of(String name, Supplier<Family> made) {
        return families.computeIfAbsent(name, first -> made.get());
    }

    private static HistogramDataPointSnapshot point(Labels labels, DurationCounts counts) {
        ClassicHistogramBuckets.Builder classic = ClassicHistogramBuckets.builder();
        for (int i = 0; i < counts.buckets().size(); i++) {
            classic.bucket(counts.buckets().upperSeconds(i), counts.inBucket(i));
        }
        NativeHistogramBuckets.Builder exponential = NativeHistogramBuckets.builder();
        for (int i = 0; i < counts.exponentialSize(); i++) {
            if (counts.inExponential(i) > 0) {
                exponential.bucket(Buckets.exponentialIndex(i), counts.inExponential(i));
            }
        }
        return HistogramDataPointSnapshot.builder()
                .labels(labels)
                .classicHistogramBuckets(classic.build())
                .nativeSchema(Buckets.SCHEMA)
                .nativeBucketsForPositiveValues(exponential.build())
                .sum(counts.sumSeconds())
                .build();
    }

    /** All of them. */
    List<MetricSnapshot> snapshots() {
        return families.values().stream()
                .flatMap(family -> family.snapshot().stream())
                .toList();
    }

    /** The series of one family. */
    @FunctionalInterface
    interface MetricSeries {
        void add(Labels labels, double value);

        /** Adds a count, which is exact up to 2^53. */
        default void add(Labels labels, long value) {
            add(labels, (double) value);
        }

        default void add(double value) {
            add(Labels.EMPTY, value);
        }

        default void add(long value) {
            add(Labels.EMPTY, value);
        }
    }
}
