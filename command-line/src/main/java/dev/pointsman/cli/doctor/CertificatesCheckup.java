package dev.pointsman.cli.doctor;

import dev.pointsman.balancer.tls.ServerCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * Whether the certificates towards Consul and towards instances can be read and are valid for a while. Source: a certificate that expires looks like a registry that is
 * down, on every machine in the same second.
 */
final class CertificatesCheckup implements Checkup {
    private static final Use TO_CONSUL =
            new Use("Consul", "put a new one there, and start the balancer anew: it reads certificates at its start");
    private static final Use TO_INSTANCES = new Use("instances over TLS", "put a new one there: the balancer notices");
    private static final String NO_CLIENT = "clients refuse it, or some of them do";

    /** The extension with the address of the issuer's certificate (RFC 5280, 4.2.2.1). */
    private static final String AUTHORITY_ACCESS = "1.3.6.1.5.5.7.1.1";

    private static final Duration SOON = Duration.ofDays(14);

    /**
     * What certificates are for.
     *
     * @param to whom
     * @param todo what to do where one ends
     */
    private record Use(String to, String todo) {}

    private final Map<String, Path> files;
    private final Map<String, Path> upstream;
    private final List<ServerCertificate> own;
    private final InstantSource clock;

    /**
     * A look at files.
     *
     * @param files PEM files towards Consul, by the variables that name them
     * @param upstream the same towards instances, by the settings
     * @param own those that clients are shown
     */
    CertificatesCheckup(
            Map<String, Path> files, Map<String, Path> upstream, List<ServerCertificate> own, InstantSource clock) {
        this.own = List.copyOf(own);
        this.files = new LinkedHashMap<>(files);
        this.upstream = new LinkedHashMap<>(upstream);
        this.clock = clock;
    }

    @Override
    public List<Finding> findings() {
        List<Finding> found = new ArrayList<>();
        files.forEach((name, file) -> found.add(look(name + "=" + file, file, TO_CONSUL)));
        upstream.forEach((name, file) -> found.add(look(name + ": " + file, file, TO_INSTANCES)));
        Map<String, Path> names = new HashMap<>();
        for (ServerCertificate each : own) {
            found.addAll(shown(each, names));
        }
        return found;
    }

    /** What clients are shown; {@code names} are those that certificates before it are for. */
    private List<Finding> shown(ServerCertificate certificate, Map<String, Path> names) {
        List<Finding> found = new ArrayList<>();
        String where = "tls: " + certificate.files().cert();
        Instant now = clock.instant();
        for (String warning : certificate.warnings(now)) {
            String what = warning.substring(warning.indexOf(": ") + 2);
            String todo = "put another one there: the balancer notices";
            found.add(
                    certificate.expiry().isBefore(now)
                            ? Finding.error(DoctorCheck.CERTIFICATES, where, what, NO_CLIENT, todo)
                            : Finding.warning(DoctorCheck.CERTIFICATES, where, what, NO_CLIENT, todo));
        }
        Finding incomplete = incomplete(certificate, where);
        if (incomplete != null) {
            found.add(incomplete);
        }
        for (String name : certificate.names()) {
            Path first = names.putIfAbsent(name, certificate.files().cert());
            if (first != null) {
                found.add(Finding.note(
                        DoctorCheck.CERTIFICATES,
                        where,
                        "is for " + name + ", and so is " + first + ", which counts",
                        "no client gets this one for that name",
                        "take one of them away"));
            }
        }
        return found.isEmpty()
                ? List.of(Finding.ok(
                        DoctorCheck.CERTIFICATES,
                        where,
                        "for " + String.join(", ", certificate.names()) + ", is valid until " + certificate.expiry()))
                : found;
    }

    /** An authority that tells where its own certificate is to be had is hardly ever one that clients know. */
    private static @Nullable Finding incomplete(ServerCertificate certificate, String where) {
        X509Certificate last = certificate.chain().get(certificate.chain().size() - 1);
        boolean isWhole = last.getIssuerX500Principal().equals(last.getSubjectX500Principal())
                || last.getExtensionValue(AUTHORITY_ACCESS) == null
                || isRoot(last.getIssuerX500Principal());
        return isWhole
                ? null
                : Finding.warning(
                        DoctorCheck.CERTIFICATES,
                        where,
                        "is issued by " + last.getIssuerX500Principal() + ", which the JDK does not know and whose"
                                + " certificate is not in the file",
                        "clients other than browsers refuse a chain in which one is missing",
                        "put the intermediate certificate behind it, as in fullchain.pem");
    }

    private static boolean isRoot(X500Principal issuer) {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            for (TrustManager each : factory.getTrustManagers()) {
                if (each instanceof X509TrustManager manager) {
                    return Arrays.stream(manager.getAcceptedIssuers())
                            .anyMatch(root -> root.getSubjectX500Principal().equals(issuer));
                }
            }
            return false;
        } catch (GeneralSecurityException noRoots) {
            // Nothing can be said then.
            return true;
        }
    }

    private Finding look(String where, Path file, Use use) {
        try (InputStream in = Files.newInputStream(file)) {
            Instant first = Instant.MAX;
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                if (each instanceof X509Certificate certificate
                        && certificate.getNotAfter().toInstant().isBefore(first)) {
                    first = certificate.getNotAfter().toInstant();
                }
            }
            if (first.equals(Instant.MAX)) {
                return unreadable(where, "there is no certificate in it", use);
            }
            Instant now = clock.instant();
            String why = "from then on no connection to " + use.to() + " stands";
            String todo = use.todo();
            if (first.isBefore(now)) {
                return Finding.error(DoctorCheck.CERTIFICATES, where, "expired at " + first, why, todo);
            }
            return first.isBefore(now.plus(SOON))
                    ? Finding.warning(DoctorCheck.CERTIFICATES, where, "expires at " + first, why, todo)
                    : Finding.ok(DoctorCheck.CERTIFICATES, where, "is valid until " + first);
        } catch (IOException | GeneralSecurityException failed) {
            return unreadable(where, String.valueOf(failed.getMessage()), use);
        }
    }

    private static Finding unreadable(String where, String why, Use use) {
        return Finding.error(
                DoctorCheck.CERTIFICATES,
                where,
                "cannot be read as a certificate: " + why,
                "no connection to " + use.to() + " stands",
                "name a PEM file that this user can read");
    }
}
