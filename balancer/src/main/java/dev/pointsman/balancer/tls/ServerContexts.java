package dev.pointsman.balancer.tls;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLException;

/**
 * The maker of contexts for connections that clients open: one for each certificate, so that a session of one certificate, or under
 * one rule for clients' certificates, is resumed under no other. Versions and suites are those that Mozilla's guideline calls
 * intermediate, without the Diffie-Hellman of finite fields. Immutable, thread-safe.
 */
public final class ServerContexts {
    /** For so long a session may be resumed. */
    private static final Duration SESSION = Duration.ofHours(2);

    /** Sessions of clients that take no ticket, for each certificate; all others keep theirs themselves. */
    private static final int SESSIONS = 1024;

    private static final String TLS_12 = "TLSv1.2";
    private static final String TLS_13 = "TLSv1.3";

    private static final List<String> SUITES = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    static {
        // Read once, by the first TLS of the JVM: a client that negotiates anew and anew costs a handshake each time.
        if (System.getProperty("jdk.tls.rejectClientInitiatedRenegotiation") == null) {
            System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
        }
    }

    private final SslProvider provider;
    private final boolean http2;

    private ServerContexts(SslProvider provider, boolean http2) {
        this.provider = provider;
        this.http2 = http2;
    }

    /** Those of the JDK. */
    public static ServerContexts ofJdk(boolean http2) {
        return new ServerContexts(SslProvider.JDK, http2);
    }

    /**
     * Those of BoringSSL.
     *
     * @param http2 whether HTTP/2 is offered, before HTTP/1.1
     * @throws IllegalStateException where it cannot be loaded, see {@link #whyNoBoringSsl}
     */
    public static ServerContexts ofBoringSsl(boolean http2) {
        if (!OpenSsl.isAvailable()) {
            throw new IllegalStateException(whyNoBoringSsl());
        }
        return new ServerContexts(SslProvider.OPENSSL_REFCNT, http2);
    }

    /** Whether BoringSSL can be loaded. Loads it. */
    public static boolean hasBoringSsl() {
        return OpenSsl.isAvailable();
    }

    /** Why BoringSSL cannot be loaded, in a few words; empty where it can. */
    public static String whyNoBoringSsl() {
        Throwable cause = OpenSsl.unavailabilityCause();
        if (cause == null) {
            return "";
        }
        return String.valueOf(cause.getMessage()).lines().findFirst().orElse("it cannot be loaded");
    }

    /** What does the cryptography, for people. */
    public String engine() {
        return provider == SslProvider.JDK ? "the JDK" : OpenSsl.versionString();
    }

    /**
     * Makes a context; of BoringSSL it has to be released.
     *
     * @param authorities whose certificates clients may show; none for clients that are not asked for any
     * @param secrets of which its keys of tickets are made, see {@link #putTicketKeys}
     */
    SslContext context(
            ServerCertificate certificate, List<X509Certificate> authorities, TlsSource source, TicketSecrets secrets)
            throws SSLException {
        SslContextBuilder builder = SslContextBuilder.forServer(certificate.key(), certificate.chain())
                .sslProvider(provider)
                .protocols(source.fromTls13() ? List.of(TLS_13) : List.of(TLS_13, TLS_12))
                .ciphers(SUITES, SupportedCipherSuiteFilter.INSTANCE)
                .sessionTimeout(SESSION.toSeconds())
                .sessionCacheSize(SESSIONS)
                .applicationProtocolConfig(alpn());
        if (!authorities.isEmpty()) {
            builder.trustManager(authorities)
                    .clientAuth(source.clientCertRequired() ? ClientAuth.REQUIRE : ClientAuth.OPTIONAL);
        }
        SslContext context = builder.build();
        putTicketKeys(context, certificate, authorities, source.clientCertRequired(), secrets);
        return context;
    }

    /**
     * Gives a context its keys of tickets. They are made for its certificate and its rule for clients, so that a session that began under
     * others is not resumed, and one that began in another process, or in an earlier context of the same kind, is. The JDK makes keys of its
     * own and takes none.
     */
    void putTicketKeys(
            SslContext context,
            ServerCertificate certificate,
            List<X509Certificate> authorities,
            boolean clientCertRequired,
            TicketSecrets secrets) {
        if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
            sessions.setTicketKeys(secrets.keys(purpose(certificate, authorities, clientCertRequired)));
        }
    }

    private static byte[] purpose(
            ServerCertificate certificate, List<X509Certificate> authorities, boolean clientCertRequired) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (X509Certificate each : certificate.chain()) {
                digest.update(each.getEncoded());
            }
            digest.update((byte) (clientCertRequired ? 1 : 0));
            for (X509Certificate each : authorities) {
                digest.update(each.getEncoded());
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException | CertificateEncodingException impossible) {
            throw new IllegalStateException("a certificate has no digest", impossible);
        }
    }

    /** The protocols that are spoken, by their names in ALPN, the best first. */
    List<String> protocols() {
        return http2
                ? List.of(ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1)
                : List.of(ApplicationProtocolNames.HTTP_1_1);
    }

    private ApplicationProtocolConfig alpn() {
        return new ApplicationProtocolConfig(
                ApplicationProtocolConfig.Protocol.ALPN,
                // The one behaviour that both engines know. Who offers others alone does not come so far.
                ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                protocols());
    }
}
