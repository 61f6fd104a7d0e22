package dev.pointsman.balancer.tls;

import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The certificates in force, from which each client gets one by the name that it asks for. Their files are read again when that is asked
 * for: what can be used is in force at once for connections to come, and what cannot leaves the one that was read from the same file
 * before. Connections that there are go on with what they have. Thread-safe; picking never blocks.
 */
public final class CertificateStore implements AutoCloseable {
    private final ServerContexts contexts;
    private final InstantSource clock;
    private volatile InForce inForce;
    private volatile TicketSecrets tickets;
    private boolean closed;
    private volatile boolean complete = true;

    /** A certificate with the context made of it. */
    private record LoadedCertificate(ServerCertificate certificate, SslContext context) {}

    /** All at one moment. */
    private record InForce(
            TlsSource source,
            List<X509Certificate> authorities,
            List<LoadedCertificate> loaded,
            SniTable<LoadedCertificate> table,
            /** Of the change before: a client may just have been given one of them. */
            List<SslContext> retired) {}

    /**
     * What came of reading the files again.
     *
     * @param changes what is in force by now, a sentence each
     * @param problems what is not, and why, a sentence each
     */
    public record StoreReload(List<String> changes, List<String> problems) {
        public StoreReload {
            changes = List.copyOf(changes);
            problems = List.copyOf(problems);
        }
    }

    private CertificateStore(ServerContexts contexts, InstantSource clock, TicketSecrets tickets, InForce inForce) {
        this.contexts = contexts;
        this.clock = clock;
        this.tickets = tickets;
        this.inForce = inForce;
    }

    /**
     * Reads the certificates for the first time. Blocks on the disk.
     *
     * @param tickets of which keys of session tickets are made
     * @throws BadTlsFileException if one of them cannot be used, or there is none
     */
    public static CertificateStore open(
            TlsSource source, ServerContexts contexts, InstantSource clock, TicketSecrets tickets)
            throws BadTlsFileException {
        List<String> problems = new ArrayList<>();
        TicketSecrets secrets = tickets.renewed(clock.instant());
        InForce first = new Loading(contexts, secrets, clock.instant(), null, source, problems).load();
        if (first == null || !problems.isEmpty()) {
            throw new BadTlsFileException(problems.get(0));
        }
        return new CertificateStore(contexts, clock, secrets, first);
    }

    /** Where the certificates in force come from. */
    public TlsSource source() {
        return inForce.source();
    }

    /** Reads the files again. Blocks on the disk. */
    public StoreReload reload() {
        return reload(source());
    }

    /** Reads other files, or the same under other rules. Blocks on the disk. */
    public synchronized StoreReload reload(TlsSource next) {
        InForce before = inForce;
        List<String> problems = new ArrayList<>();
        InForce now = new Loading(contexts, tickets, clock.instant(), before, next, problems).load();
        if (now == null) {
            return new StoreReload(List.of(), problems);
        }
        before.retired().forEach(ReferenceCountUtil::release);
        inForce = now;
        complete = problems.isEmpty();
        return new StoreReload(changes(before, now), problems);
    }

    private static List<String> changes(InForce before, InForce now) {
        List<String> changes = new ArrayList<>();
        for (LoadedCertificate each : now.loaded()) {
            if (!before.loaded().contains(each)) {
                changes.add("certificate " + each.certificate() + " is in force, valid until "
                        + each.certificate().expiry());
            }
        }
        for (LoadedCertificate each : before.loaded()) {
            if (now.loaded().stream().noneMatch(other -> other.certificate()
                    .files()
                    .equals(each.certificate().files()))) {
                changes.add("certificate " + each.certificate() + " is not used any more");
            }
        }
        return changes;
    }

    /** The certificates in force, the default one first. */
    public List<ServerCertificate> certificates() {
        return inForce.loaded().stream().map(LoadedCertificate::certificate).toList();
    }

    /** What their users should know of them, a sentence each. */
    public List<String> warnings() {
        Instant now = clock.instant();
        return certificates().stream()
                .flatMap(each -> each.warnings(now).stream())
                .toList();
    }

    /** Whether all that the files held when they were read last is in force, and not something before it. */
    public boolean isComplete() {
        return complete;
    }

    /** The secrets of which keys of session tickets are made now. */
    public TicketSecrets tickets() {
        return tickets;
    }

    /** Has new tickets be issued by another secret, if the one in force has had its time. To be called now and then. */
    public synchronized void renewTickets() {
        TicketSecrets next = tickets.renewed(clock.instant());
        if (closed || next == tickets) {
            return;
        }
        tickets = next;
        InForce now = inForce;
        now.loaded()
                .forEach(each -> contexts.putTicketKeys(
                        each.context(),
                        each.certificate(),
                        now.authorities(),
                        now.source().clientCertRequired(),
                        next));
    }

    /** The protocols that are spoken over TLS, by their names in ALPN. */
    List<String> protocols() {
        return contexts.protocols();
    }

    /** The context for a client that asks for a name, or for none. It may be {@linkplain #reload replaced} at any time. */
    SslContext pick(@Nullable String name) {
        return inForce.table().get(name).context();
    }

    /** Frees what the engine holds of them, when no connection will ask for one any more. To be called once. */
    @Override
    public synchronized void close() {
        closed = true;
        inForce.retired().forEach(ReferenceCountUtil::release);
        inForce.loaded().forEach(each -> ReferenceCountUtil.release(each.context()));
    }

    /** Makes what is in force out of files, of what was before, and of rules. */
    private record Loading(
            ServerContexts contexts,
            TicketSecrets tickets,
            Instant now,
            @Nullable InForce before,
            TlsSource source,
            List<String> problems) {
        /** Null if nothing could be served. */
        @Nullable
        InForce load() {
            List<X509Certificate> authorities = authorities();
            if (authorities == null) {
                return null;
            }
            boolean sameRules = before != null
                    && before.authorities().equals(authorities)
                    && before.source().clientCertRequired() == source.clientCertRequired()
                    && before.source().fromTls13() == source.fromTls13();
            List<LoadedCertificate> loaded = new ArrayList<>();
            for (CertificateFiles files : files()) {
                ServerCertificate certificate = read(files);
                LoadedCertificate made = certificate == null ? null : context(certificate, authorities, sameRules);
                if (made != null) {
                    loaded.add(made);
                }
            }
            if (loaded.isEmpty()) {
                if (problems.isEmpty()) {
                    problems.add("no certificate (expected: one by tls or tls-dir)"
                            + (before == null ? "" : "; those before stay in force"));
                }
                return null;
            }
            return new InForce(
                    source,
                    authorities,
                    List.copyOf(loaded),
                    new SniTable<>(loaded, each -> each.certificate().names()),
                    retired(loaded));
        }

        private List<SslContext> retired(List<LoadedCertificate> loaded) {
            return before == null
                    ? List.of()
                    : before.loaded().stream()
                            .filter(each -> !loaded.contains(each))
                            .map(LoadedCertificate::context)
                            .toList();
        }

        private List<CertificateFiles> files() {
            List<CertificateFiles> files = new ArrayList<>(source.certificates());
            CertificateFolder folder = source.folder();
            if (folder != null) {
                try {
                    files.addAll(folder.files());
                } catch (BadTlsFileException unreadable) {
                    problems.add(unreadable.getMessage());
                    if (before != null) {
                        before.loaded().stream()
                                .map(each -> each.certificate().files())
                                .filter(each -> folder.path().equals(each.cert().getParent()) && !files.contains(each))
                                .forEach(files::add);
                    }
                }
            }
            return files;
        }

        private @Nullable ServerCertificate read(CertificateFiles files) {
            try {
                return ServerCertificate.read(files);
            } catch (BadTlsFileException bad) {
                LoadedCertificate old = old(files);
                problems.add(bad.getMessage() + (old == null ? "" : "; the one before stays in force"));
                return old == null ? null : old.certificate();
            }
        }

        private @Nullable LoadedCertificate old(CertificateFiles files) {
            InForce known = before;
            return known == null
                    ? null
                    : known.loaded().stream()
                            .filter(each -> each.certificate().files().cert().equals(files.cert()))
                            .findFirst()
                            .orElse(null);
        }

        private @Nullable List<X509Certificate> authorities() {
            if (source.clientCa() == null) {
                return List.of();
            }
            try {
                return List.copyOf(PemFile.read(source.clientCa()).certificates());
            } catch (BadTlsFileException bad) {
                InForce known = before;
                List<X509Certificate> old = known == null ? List.of() : known.authorities();
                problems.add(bad.getMessage() + (old.isEmpty() ? "" : "; the authorities before stay in force"));
                // None at all would be to ask clients for nothing.
                return old.isEmpty() ? null : old;
            }
        }

        private @Nullable LoadedCertificate context(
                ServerCertificate certificate, List<X509Certificate> authorities, boolean sameRules) {
            LoadedCertificate old = old(certificate.files());
            if (old != null && sameRules && old.certificate().chain().equals(certificate.chain())) {
                // Its sessions can be resumed.
                return old;
            }
            if (old != null && sameRules && old.certificate().isValid(now) && !certificate.isValid(now)) {
                // Clients would refuse what is new, and take what is there.
                problems.add(certificate.validity(now) + "; the one before stays in force");
                return old;
            }
            try {
                return new LoadedCertificate(certificate, contexts.context(certificate, authorities, source, tickets));
            } catch (SSLException | RuntimeException unusable) {
                problems.add(certificate.files().cert() + ": cannot be used: " + unusable.getMessage()
                        + (old == null ? "" : "; the one before stays in force"));
                return sameRules ? old : null;
            }
        }
    }
}
