package dev.pointsman.balancer.tls;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * A certificate with its chain and its private key, which belong together. Immutable, thread-safe.
 *
 * @param files where it was read
 * @param chain the certificate, then those that issued it
 * @param key of the first of the chain
 * @param names the DNS names that it is for, in lower case, some of them perhaps {@code *.example.com}
 */
public record ServerCertificate(
        CertificateFiles files, List<X509Certificate> chain, PrivateKey key, Set<String> names) {
    /** From then on its end is near enough to be said. */
    public static final Duration SOON = Duration.ofDays(14);

    /** CA/Browser Forum, Baseline Requirements, 6.1.5; OpenSSL's default, since 3.2, is the same. */
    private static final int SHORTEST_RSA = 2048;

    private static final int DNS_NAME = 2;
    private static final byte[] PROBE = "pointsman".getBytes(StandardCharsets.US_ASCII);

    public ServerCertificate {
        chain = List.copyOf(chain);
        names = Set.copyOf(names);
    }

    /**
     * Reads a certificate and its key. Blocks on the disk.
     *
     * @throws BadTlsFileException if either cannot be used, or they do not belong together
     */
    public static ServerCertificate read(CertificateFiles files) throws BadTlsFileException {
        PemFile certificates = PemFile.read(files.cert());
        List<X509Certificate> chain = certificates.certificates();
        PemFile keys = files.cert().equals(files.key()) ? certificates : PemFile.read(files.key());
        PrivateKey key = keys.privateKey();
        if (!belong(chain.get(0), key)) {
            boolean later = chain.stream().anyMatch(each -> belong(each, key));
            throw new BadTlsFileException(
                    files.cert(),
                    later
                            ? "its first certificate is not that of the key (expected: it first, then those that issued it)"
                            : "not the certificate of the key in " + files.key()
                                    + " (expected: two that belong together)");
        }
        refuseShortKey(files.cert(), chain.get(0));
        return new ServerCertificate(files, chain, key, namesOf(chain.get(0)));
    }

    /** Browsers and OpenSSL refuse such a one, and so every handshake fails. */
    private static void refuseShortKey(Path file, X509Certificate certificate) throws BadTlsFileException {
        if (certificate.getPublicKey() instanceof RSAPublicKey key
                && key.getModulus().bitLength() < SHORTEST_RSA) {
            throw new BadTlsFileException(
                    file,
                    "an RSA key of " + key.getModulus().bitLength() + " bits, which clients refuse (expected: one of "
                            + SHORTEST_RSA + " bits or more, or an EC key)");
        }
    }

    private static boolean belong(X509Certificate certificate, PrivateKey key) {
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> throw new IllegalArgumentException("a key of " + key.getAlgorithm());
                };
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(PROBE);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(PROBE);
            return signature.verify(signed);
        } catch (GeneralSecurityException other) {
            return false;
        }
    }

    /** The DNS names of a certificate (RFC 6125, 6.4); its common name counts where it has none. */
    private static Set<String> namesOf(X509Certificate certificate) {
        Set<String> names = new LinkedHashSet<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives != null) {
                for (List<?> each : alternatives) {
                    if (each.get(0) instanceof Integer kind && kind == DNS_NAME && each.get(1) instanceof String name) {
                        names.add(name.toLowerCase(Locale.ROOT));
                    }
                }
            }
        } catch (CertificateParsingException unreadable) {
            // It has no names then, and can be the default one.
        }
        if (names.isEmpty()) {
            names.addAll(commonName(certificate));
        }
        return names;
    }

    private static Set<String> commonName(X509Certificate certificate) {
        Set<String> names = new LinkedHashSet<>();
        try {
            for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                if (part.getType().equalsIgnoreCase("CN") && part.getValue() instanceof String name) {
                    names.add(name.toLowerCase(Locale.ROOT));
                }
            }
        } catch (InvalidNameException unreadable) {
            // as above
        }
        return names;
    }

    /** When it is not valid any more. */
    public Instant expiry() {
        Instant first = Instant.MAX;
        for (X509Certificate each : chain) {
            Instant end = each.getNotAfter().toInstant();
            first = end.isBefore(first) ? end : first;
        }
        return first;
    }

    /** Whether clients can take it now, as far as its time goes. */
    boolean isValid(Instant now) {
        return !chain.get(0).getNotBefore().toInstant().isAfter(now) && expiry().isAfter(now);
    }

    /** What keeps clients from taking it now, a sentence without its end. */
    String validity(Instant now) {
        Instant from = chain.get(0).getNotBefore().toInstant();
        return files.cert()
                + (from.isAfter(now) ? ": not valid before " + from : ": expired at " + expiry())
                + " (expected: one that is valid now)";
    }

    /** What its user should know of it though it can be used, a sentence each. */
    public List<String> warnings(Instant now) {
        List<String> warnings = new ArrayList<>();
        Path file = files.cert();
        Instant from = chain.get(0).getNotBefore().toInstant();
        if (from.isAfter(now)) {
            warnings.add(file + ": not valid before " + from + "; until then clients refuse it");
        }
        Instant end = expiry();
        if (end.isBefore(now)) {
            warnings.add(file + ": expired at " + end + "; clients refuse it");
        } else if (end.isBefore(now.plus(SOON))) {
            warnings.add(file + ": expires at " + end + "; from then on clients refuse it");
        }
        for (int i = 0; i + 1 < chain.size(); i++) {
            if (!chain.get(i).getIssuerX500Principal().equals(chain.get(i + 1).getSubjectX500Principal())) {
                warnings.add(file + ": certificate " + (i + 2) + " in it did not issue the one before it; some clients"
                        + " refuse such a chain");
                break;
            }
        }
        if (names.isEmpty()) {
            warnings.add(file + ": for no DNS name; no client gets it unless it is the first");
        }
        return warnings;
    }

    /** Without the key. */
    @Override
    public String toString() {
        return files.cert() + " " + names;
    }
}
