package dev.pointsman.balancer.testkit;

import dev.pointsman.balancer.tls.CertificateFiles;
import dev.pointsman.balancer.tls.PemFile;
import dev.pointsman.balancer.tls.ServerCertificate;
import dev.pointsman.testkit.TestAuthority.Issued;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** The TLS of an instance, by the JDK: with a certificate, and perhaps the wish for one of the balancer's. */
public final class TlsInstance implements ScriptedUpstream.Security {
    private static final char[] NO_PASSWORD = {};

    private final SSLContext context;
    private final boolean asksForCertificate;
    private final List<SSLSocket> sockets = new CopyOnWriteArrayList<>();
    private final List<Socket> accepted = new CopyOnWriteArrayList<>();
    private final AtomicInteger signed;
    private volatile String[] versions = {"TLSv1.3", "TLSv1.2"};

    private TlsInstance(SSLContext context, boolean asksForCertificate, AtomicInteger signed) {
        this.context = context;
        this.asksForCertificate = asksForCertificate;
        this.signed = signed;
    }

    /** One that shows this certificate. */
    public static TlsInstance showing(Issued issued) throws Exception {
        return of(issued, null);
    }

    /** One that shows this certificate, and wants one that this authority has issued. */
    public static TlsInstance asking(Issued issued, Path authority) throws Exception {
        return of(issued, authority);
    }

    private static TlsInstance of(Issued issued, @Nullable Path authority) throws Exception {
        AtomicInteger signed = new AtomicInteger();
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                new KeyManager[] {new CountingKeys(keys(issued), signed)},
                authority == null ? null : trust(authority),
                null);
        return new TlsInstance(context, authority != null, signed);
    }

    private static X509ExtendedKeyManager keys(Issued issued) throws Exception {
        ServerCertificate read = ServerCertificate.read(new CertificateFiles(issued.cert(), issued.key()));
        KeyStore store = emptyStore();
        store.setKeyEntry("own", read.key(), NO_PASSWORD, read.chain().toArray(new X509Certificate[0]));
        KeyManagerFactory factory = KeyManagerFactory.getInstance("SunX509");
        factory.init(store, NO_PASSWORD);
        return (X509ExtendedKeyManager) factory.getKeyManagers()[0];
    }

    private static TrustManager[] trust(Path authority) throws Exception {
        KeyStore store = emptyStore();
        store.setCertificateEntry("ca", PemFile.read(authority).certificates().get(0));
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyStore emptyStore() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    /** Speaks this version alone. */
    public TlsInstance speaking(String version) {
        versions = new String[] {version};
        return this;
    }

    @Override
    public Socket around(Socket plain) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, null, plain.getPort(), true);
        socket.setUseClientMode(false);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setProtocols(versions);
        parameters.setApplicationProtocols(new String[] {"http/1.1"});
        socket.setSSLParameters(parameters);
        socket.setNeedClientAuth(asksForCertificate);
        accepted.add(plain);
        sockets.add(socket);
        return socket;
    }

    /** The connections there have been, the oldest first. */
    public List<SSLSocket> sockets() {
        return sockets;
    }

    /** What is below the newest of them. */
    public Socket newestTransport() {
        return accepted.get(accepted.size() - 1);
    }

    /** How often its key was needed: once for each handshake that did not go on with a session that was known. */
    public int fullHandshakes() {
        return signed.get();
    }

    private static final class CountingKeys extends X509ExtendedKeyManager {
        private final X509ExtendedKeyManager keys;
        private final AtomicInteger signed;

        CountingKeys(X509ExtendedKeyManager keys, AtomicInteger signed) {
            this.keys = keys;
            this.signed = signed;
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            signed.incrementAndGet();
            return keys.getPrivateKey(alias);
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return keys.getCertificateChain(alias);
        }

        @Override
        public String[] getClientAliases(String type, Principal[] issuers) {
            return keys.getClientAliases(type, issuers);
        }

        @Override
        public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
            return keys.chooseClientAlias(types, issuers, socket);
        }

        @Override
        public String[] getServerAliases(String type, Principal[] issuers) {
            return keys.getServerAliases(type, issuers);
        }

        @Override
        public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
            return keys.chooseServerAlias(type, issuers, socket);
        }

        @Override
        public String chooseEngineServerAlias(String type, Principal[] issuers, SSLEngine engine) {
            return keys.chooseEngineServerAlias(type, issuers, engine);
        }
    }
}
