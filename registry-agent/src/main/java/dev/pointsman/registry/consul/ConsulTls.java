package dev.pointsman.registry.consul;

import com.orbitz.consul.Consul;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The TLS settings of both HTTP clients to Consul, from the PEM files of a {@link ConsulAddress}. Vert.x reads such files
 * itself, with keys of any PEM form, and not before it connects; orbitz has to be given what is in them, so they are read
 * here for it, with keys in PKCS #8 alone.
 */
public final class ConsulTls {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final char[] NO_PASSWORD = {};

    private ConsulTls() {}

    /** Sets up Vert.x; a file that cannot be used shows when it connects. */
    static void configure(HttpClientOptions options, ConsulAddress address) {
        options.setSsl(true).setTrustAll(!address.verifyTls()).setVerifyHost(address.verifyTls());
        if (address.caCert() != null) {
            options.setTrustOptions(
                    new PemTrustOptions().addCertPath(address.caCert().toString()));
        }
        if (address.clientCert() != null && address.clientKey() != null) {
            options.setKeyCertOptions(new PemKeyCertOptions()
                    .addCertPath(address.clientCert().toString())
                    .addKeyPath(address.clientKey().toString()));
        }
    }

    /**
     * Sets up the orbitz client.
     *
     * @throws BadAddressException when a file cannot be used
     */
    static void configure(Consul.Builder client, ConsulAddress address) {
        try {
            X509TrustManager trust = trusted(address);
            client.withSslContext(context(address, trust)).withTrustManager(trust);
            if (!address.verifyTls()) {
                client.withHostnameVerifier((name, session) -> true);
            }
        } catch (GeneralSecurityException | IOException e) {
            throw unusable(address, e);
        }
    }

    /**
     * TLS for another client of this Consul.
     *
     * @throws BadAddressException when a file cannot be used
     */
    public static SSLContext context(ConsulAddress address) {
        try {
            return context(address, trusted(address));
        } catch (GeneralSecurityException | IOException e) {
            throw unusable(address, e);
        }
    }

    private static SSLContext context(ConsulAddress address, X509TrustManager trust)
            throws GeneralSecurityException, IOException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys(address), new TrustManager[] {trust}, null);
        return context;
    }

    private static X509TrustManager trusted(ConsulAddress address) throws GeneralSecurityException, IOException {
        return address.verifyTls() ? trust(address.caCert()) : new TrustAll();
    }

    private static BadAddressException unusable(ConsulAddress address, Exception why) {
        return new BadAddressException(List.of("TLS for Consul at " + address.url() + ": " + why.getMessage()));
    }

    private static X509TrustManager trust(@Nullable Path caCert) throws GeneralSecurityException, IOException {
        KeyStore store = null;
        if (caCert != null) {
            store = emptyStore();
            int number = 0;
            for (Certificate certificate : certificates(caCert)) {
                store.setCertificateEntry("ca-" + number++, certificate);
            }
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager trust) {
                return trust;
            }
        }
        throw new GeneralSecurityException("this JVM has no X.509 trust manager");
    }

    private static KeyManager @Nullable [] keys(ConsulAddress address) throws GeneralSecurityException, IOException {
        if (address.clientCert() == null || address.clientKey() == null) {
            return null;
        }
        KeyStore store = emptyStore();
        Certificate[] chain = certificates(address.clientCert()).toArray(new Certificate[0]);
        String algorithm = chain[0].getPublicKey().getAlgorithm();
        store.setKeyEntry("client", key(address.clientKey(), algorithm), NO_PASSWORD, chain);
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static PrivateKey key(Path file, String algorithm) throws GeneralSecurityException, IOException {
        Matcher pem = KEY.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
        if (!pem.find()) {
            throw new GeneralSecurityException(file + " (expected: a PEM file with a PKCS #8 key, which begins with"
                    + " BEGIN PRIVATE KEY; `openssl pkcs8 -topk8 -nocrypt -in OLD -out NEW` makes one)");
        }
        byte[] der = Base64.getMimeDecoder().decode(pem.group(1));
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
    }

    private static Collection<? extends Certificate> certificates(Path file)
            throws GeneralSecurityException, IOException {
        try (InputStream in = Files.newInputStream(file)) {
            Collection<? extends Certificate> all =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (all.isEmpty()) {
                throw new GeneralSecurityException(file + " (expected: a PEM file with a certificate)");
            }
            return all;
        }
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    /**
     * A trust manager that accepts every certificate, for {@code CONSUL_HTTP_SSL_VERIFY=false}. An extended one, or the
     * JDK adds its own check of the host name.
     */
    private static final class TrustAll extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
