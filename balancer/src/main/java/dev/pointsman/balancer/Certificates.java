package dev.pointsman.balancer;

import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.balancer.config.ClientAuth;
import dev.pointsman.balancer.config.ConfigReading.ConfigPlaces;
import dev.pointsman.balancer.config.IncludePattern;
import dev.pointsman.balancer.config.Listener;
import dev.pointsman.balancer.config.TlsConfig;
import dev.pointsman.balancer.config.TlsEngine;
import dev.pointsman.balancer.exposition.BalancerFacts.TlsFacts;
import dev.pointsman.balancer.live.ConfigWatcher;
import dev.pointsman.balancer.tls.BadTlsFileException;
import dev.pointsman.balancer.tls.CertificateFolder;
import dev.pointsman.balancer.tls.CertificateStore;
import dev.pointsman.balancer.tls.HandshakeCounts;
import dev.pointsman.balancer.tls.ServerContexts;
import dev.pointsman.balancer.tls.TicketSecrets;
import dev.pointsman.balancer.tls.TlsFront;
import dev.pointsman.balancer.tls.TlsSource;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The certificates of the ports that speak TLS, followed in their files while the balancer runs. Thread-safe. */
final class Certificates implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Certificates.class);

    private final CertificateStore store;
    private final HandshakeCounts counts = new HandshakeCounts();
    private final TlsFront front;
    private final ConfigWatcher watcher;
    /** Those that were told last. */
    private volatile List<String> known = List.of();

    private Certificates(CertificateStore store) {
        this.store = store;
        this.front = new TlsFront(store, counts);
        this.watcher = ConfigWatcher.start(
                () -> places(store.source()),
                () -> told(store.reload()),
                ConfigWatcher.QUIET,
                ConfigWatcher.LOOK,
                System::nanoTime);
    }

    /**
     * Reads the certificates that a configuration names, and follows them from now on. Blocks on the disk.
     *
     * @param inherited the secrets of tickets of the process before; null for none
     * @return null where no port speaks TLS
     */
    static @Nullable Certificates open(BalancerConfig config, @Nullable TicketSecrets inherited) throws StartException {
        if (config.listeners().stream().noneMatch(Listener::tls)) {
            return null;
        }
        ServerContexts contexts = contexts(config.tls().engine(), config.http2());
        try {
            Clock clock = Clock.systemUTC();
            CertificateStore store = CertificateStore.open(
                    source(config.tls()),
                    contexts,
                    clock,
                    inherited == null ? TicketSecrets.begin(clock.instant(), new SecureRandom()) : inherited);
            store.warnings().forEach(log::warn);
            log.info(
                    "TLS by {}, {} certificate(s)",
                    contexts.engine(),
                    store.certificates().size());
            return new Certificates(store);
        } catch (BadTlsFileException bad) {
            throw new StartException("TLS: " + bad.getMessage());
        }
    }

    private static ServerContexts contexts(TlsEngine engine, boolean http2) throws StartException {
        if (engine == TlsEngine.JDK) {
            return ServerContexts.ofJdk(http2);
        }
        if (ServerContexts.hasBoringSsl()) {
            return ServerContexts.ofBoringSsl(http2);
        }
        if (engine == TlsEngine.BORINGSSL) {
            throw new StartException("tls-engine: BoringSSL cannot be loaded: " + ServerContexts.whyNoBoringSsl()
                    + " (expected: auto or jdk here)");
        }
        log.info(
                "the JDK does TLS, with more CPU time: BoringSSL cannot be loaded: {}",
                ServerContexts.whyNoBoringSsl());
        return ServerContexts.ofJdk(http2);
    }

    private static TlsSource source(TlsConfig tls) {
        return new TlsSource(
                tls.certificates(),
                tls.folder(),
                tls.clientCa(),
                tls.clientAuth() == ClientAuth.REQUIRED,
                tls.fromTls13());
    }

    private static ConfigPlaces places(TlsSource source) {
        List<Path> files = new ArrayList<>();
        source.certificates().forEach(each -> {
            files.add(each.cert());
            files.add(each.key());
        });
        Path authorities = source.clientCa();
        if (authorities != null) {
            files.add(authorities);
        }
        CertificateFolder folder = source.folder();
        List<IncludePattern> patterns = folder == null
                ? List.of()
                : Stream.concat(CertificateFolder.ENDINGS.stream(), Stream.of(CertificateFolder.KEY_ENDING))
                        .map(ending -> new IncludePattern(folder.path(), "*" + ending))
                        .toList();
        return new ConfigPlaces(files, patterns, false, "");
    }

    /** The secrets of tickets, for a process that takes the place of this one. */
    TicketSecrets tickets() {
        return store.tickets();
    }

    /**
     * Does what is due by the time: keys of tickets are exchanged, and a certificate that was not valid yet when its file was read is read
     * again. To be called every now and then. Blocks on the disk.
     */
    void tick() {
        store.renewTickets();
        if (!store.isComplete()) {
            told(store.reload());
        }
    }

    /** What speaks TLS with them. */
    TlsFront front() {
        return front;
    }

    /** Reads those of another configuration. Blocks on the disk. */
    void apply(TlsConfig next) {
        TlsSource source = source(next);
        if (!source.equals(store.source())) {
            told(store.reload(source));
        }
    }

    private void told(CertificateStore.StoreReload reload) {
        reload.changes().forEach(log::info);
        if (!reload.problems().equals(known)) {
            reload.problems().forEach(problem -> log.warn("a certificate was refused: {}", problem));
        }
        known = reload.problems();
        if (!reload.changes().isEmpty()) {
            store.warnings().forEach(log::warn);
        }
    }

    /** What metrics tell of it. */
    TlsFacts facts() {
        return new TlsFacts(
                counts.completed(),
                counts.failures(),
                store.certificates().stream()
                        .map(each -> new TlsFacts.CertificateFacts(
                                each.files().cert().toString(), each.expiry()))
                        .toList());
    }

    /** Ends following the files. */
    @Override
    public void close() {
        watcher.close();
        store.close();
    }
}
