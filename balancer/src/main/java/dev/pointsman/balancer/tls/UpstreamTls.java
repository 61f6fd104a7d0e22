package dev.pointsman.balancer.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;

/**
 * What connections to instances are secured by: whom they trust, and who the balancer is itself. TLS 1.2 and 1.3; sessions are resumed
 * among all connections that are made by the same object. What it needs of the disk it reads when it is made, but for the JDK's own
 * authorities: {@link #prepare} reads those before the first connection waits for them. Immutable but for what it keeps; thread-safe.
 */
public final class UpstreamTls {
    /** What is offered by ALPN to instances of HTTP/1.1. */
    public static final List<String> HTTP_1 = List.of("http/1.1");

    /** What is offered where HTTP/2 is to be spoken. */
    public static final List<String> HTTP_2 = List.of("h2");

    /** Trusts the authorities of the JDK, and shows no certificate. */
    public static final UpstreamTls OF_JDK = new UpstreamTls(null, null);

    private static final char[] NO_PASSWORD = {};
    private static final List<String> VERSIONS = List.of("TLSv1.3", "TLSv1.2");

    private final @Nullable List<X509Certificate> authorities;
    private final @Nullable ServerCertificate own;
    private final Map<ContextKind, SslContext> contexts = new ConcurrentHashMap<>();
    private volatile @Nullable InstanceTrust trust;

    /**
     * A kind of connections that share their settings.
     *
     * @param alpn the protocols that are offered, the best first; none for no offer
     */
    private record ContextKind(boolean verifies, List<String> alpn) {}

    /**
     * The means for new connections.
     *
     * @param authorities those that are trusted, or certificates of instances; null for the JDK's
     * @param own the certificate that is shown to instances that ask for one; null for none
     */
    public UpstreamTls(@Nullable List<X509Certificate> authorities, @Nullable ServerCertificate own) {
        this.authorities = authorities == null ? null : List.copyOf(authorities);
        this.own = own;
    }

    /** Whether another one trusts the same, and is the same to instances. */
    public boolean isAs(UpstreamTls other) {
        return Objects.equals(authorities, other.authorities) && isAs(own, other.own);
    }

    private static boolean isAs(@Nullable ServerCertificate one, @Nullable ServerCertificate other) {
        if (one == null || other == null) {
            return one == null && other == null;
        }
        return one.chain().equals(other.chain()) && one.key().equals(other.key());
    }

    /** Reads what the first connection would have to wait for. Blocks on the disk. */
    public void prepare() {
        try {
            SSLEngine engine = engine(ByteBufAllocator.DEFAULT, "localhost", 0, true, HTTP_1);
            // Loads what a handshake needs of the JDK.
            engine.beginHandshake();
            engine.closeOutbound();
        } catch (SSLException impossible) {
            throw new IllegalStateException("this JVM can begin no TLS handshake", impossible);
        }
    }

    /**
     * One side of a connection that is to be made.
     *
     * @param name that the instance's certificate has to be for; it is sent to it unless it is an IP address
     * @param peer a number by which its sessions are found again: the same for the same instance
     * @param verifies whether its certificate matters
     * @param alpn the protocols that are offered, the best first; none for no offer
     */
    public SSLEngine engine(ByteBufAllocator buffers, String name, int peer, boolean verifies, List<String> alpn) {
        SSLEngine engine = context(verifies, alpn).newEngine(buffers, name, peer);
        SSLParameters parameters = engine.getSSLParameters();
        SNIHostName sent = sent(name);
        parameters.setServerNames(sent == null ? List.of() : List.of(sent));
        parameters.setEndpointIdentificationAlgorithm(verifies ? "HTTPS" : "");
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** A name as it may be sent; null if it may not (RFC 6066, 3). */
    private static @Nullable SNIHostName sent(String name) {
        if (NetUtil.isValidIpV4Address(name) || NetUtil.isValidIpV6Address(name)) {
            return null;
        }
        try {
            return new SNIHostName(name.endsWith(".") ? name.substring(0, name.length() - 1) : name);
        } catch (IllegalArgumentException noName) {
            // Such as one with an underscore, which resolves in some networks.
            return null;
        }
    }

    private SslContext context(boolean verifies, List<String> alpn) {
        return contexts.computeIfAbsent(new ContextKind(verifies, List.copyOf(alpn)), this::make);
    }

    private SslContext make(ContextKind kind) {
        try {
            SslContextBuilder builder = SslContextBuilder.forClient()
                    .sslProvider(SslProvider.JDK)
                    .protocols(VERSIONS)
                    .endpointIdentificationAlgorithm(null)
                    .trustManager(trust(kind.verifies()));
            ServerCertificate shown = own;
            if (shown != null) {
                builder.keyManager(keys(shown));
            }
            if (!kind.alpn().isEmpty()) {
                builder.applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        kind.alpn()));
            }
            return builder.build();
        } catch (SSLException impossible) {
            throw new IllegalStateException("TLS to instances cannot be set up", impossible);
        }
    }

    /** The judge of what instances show. */
    public X509ExtendedTrustManager trust(boolean verifies) {
        if (!verifies) {
            return AnyCertificate.TRUST;
        }
        InstanceTrust known = trust;
        if (known == null) {
            known = new InstanceTrust(authorities());
            trust = known;
        }
        return known;
    }

    /** What shows a certificate to instances that ask for one. */
    public X509KeyManager keys(ServerCertificate shown) {
        try {
            KeyStore store = emptyStore();
            store.setKeyEntry("own", shown.key(), NO_PASSWORD, shown.chain().toArray(new X509Certificate[0]));
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, NO_PASSWORD);
            for (KeyManager each : factory.getKeyManagers()) {
                if (each instanceof X509KeyManager manager) {
                    return manager;
                }
            }
            throw new IllegalStateException("this JVM has no key manager for X.509");
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("the certificate for instances cannot be used", impossible);
        }
    }

    private X509ExtendedTrustManager authorities() {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(authorities == null ? null : storeOf(authorities));
            for (TrustManager each : factory.getTrustManagers()) {
                if (each instanceof X509ExtendedTrustManager manager) {
                    return manager;
                }
            }
            throw new IllegalStateException("this JVM has no trust manager for X.509");
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("the authorities for instances cannot be used", impossible);
        }
    }

    private static KeyStore storeOf(List<X509Certificate> certificates) throws GeneralSecurityException {
        KeyStore store = emptyStore();
        for (int i = 0; i < certificates.size(); i++) {
            store.setCertificateEntry("ca-" + i, certificates.get(i));
        }
        return store;
    }

    private static KeyStore emptyStore() throws GeneralSecurityException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            return store;
        } catch (IOException impossible) {
            throw new GeneralSecurityException(impossible);
        }
    }

    /** The certificate that is shown to instances that ask for one; null for none. */
    public @Nullable ServerCertificate own() {
        return own;
    }

    /** The authorities that are trusted; null for the JDK's. */
    public @Nullable List<X509Certificate> trusted() {
        return authorities;
    }
}
