package dev.pointsman.balancer.exposition;

import dev.pointsman.balancer.metrics.DurationCounts;
import dev.pointsman.registry.RegistryRequests;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What there is to say of the balancer as a whole, at the moment of asking. Thread-safe. */
public interface BalancerFacts {
    /** The version of the program; {@code unknown} where it does not run from a jar. */
    String version();

    /** Whether it should get traffic. */
    boolean isReady();

    ConnectionCounts connections();

    ConfigFacts config();

    /** TLS with clients; null where none is spoken. */
    @Nullable
    TlsFacts tls();

    /** The number of routes in force. */
    int routes();

    /** The version of the route table in force. */
    long tableVersion();

    /** The times in which changes of the registry were followed. */
    DurationCounts followTimes();

    /** What the registry was asked for since the start, every kind of request once; empty before it is connected to. */
    List<RegistryRequests> registryRequests();

    /** How much of what there was to be said was dropped since the start, by the kind. */
    Map<String, Long> dropped();

    /** How many times a write of the access log has failed since the start; what it was to write is tried again. */
    long failedAccessLogWrites();

    /**
     * Connections now, and since the start.
     *
     * @param upstreamsOpened those that were tried included
     */
    record ConnectionCounts(
            long clientsOpen, long clientsAccepted, long clientsRejected, long upstreamsOpen, long upstreamsOpened) {
        /** Before there are any. */
        public static final ConnectionCounts NONE = new ConnectionCounts(0, 0, 0, 0, 0);
    }

    /**
     * TLS with clients.
     *
     * @param handshakes that were completed since the start
     * @param failures by the reason
     * @param certificates in force
     */
    record TlsFacts(long handshakes, Map<String, Long> failures, List<CertificateFacts> certificates) {
        /**
         * A certificate in force.
         *
         * @param file where it was read
         * @param expiry when it, or one that it rests on, ends
         */
        public record CertificateFacts(String file, Instant expiry) {}

        public TlsFacts {
            failures = Map.copyOf(failures);
            certificates = List.copyOf(certificates);
        }
    }

    /**
     * The configuration.
     *
     * @param since null where that is not known
     * @param isRefused whether a later one was read and refused
     * @param reloads by the outcome
     */
    record ConfigFacts(long version, @Nullable Instant since, boolean isRefused, Map<String, Long> reloads) {
        /** A configuration that is never read again. */
        public static final ConfigFacts FIXED = new ConfigFacts(1, null, false, Map.of());

        public ConfigFacts {
            reloads = Map.copyOf(reloads);
        }
    }
}
