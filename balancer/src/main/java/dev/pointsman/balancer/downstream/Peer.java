package dev.pointsman.balancer.downstream;

import dev.pointsman.balancer.config.TrustedProxies;
import dev.pointsman.balancer.tls.ClientSubject;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The client at the other end of a connection: its address, whether it is a trusted proxy, and the Host by which it
 * calls this balancer. For one event loop.
 */
public final class Peer {
    private static final String FOR = "X-Forwarded-For";
    private static final String PROTO = "X-Forwarded-Proto";

    private final boolean secure;
    private final int port;
    private final DownstreamContext shared;
    private final boolean known;

    /** Whether it is behind a proxy that does not say who it is. */
    private final boolean hidden;

    private final String address;
    private int generation;
    private boolean trusted;
    private final String localPort;
    private final @Nullable String certificateSubject;
    private String validHost = "";

    /**
     * The client of a connection.
     *
     * @param channel the connection
     * @param secure whether it is by TLS
     */
    public Peer(Channel channel, boolean secure, DownstreamContext shared) {
        this.secure = secure;
        this.certificateSubject = secure ? subjectOf(channel) : null;
        this.shared = shared;
        SocketAddress client = ClientAddress.of(channel);
        boolean connected = client instanceof InetSocketAddress;
        this.address = client instanceof InetSocketAddress ? addressOf(client) : "unknown";
        this.port = portOf(client);
        this.known = connected;
        this.hidden = ClientAddress.isUnknown(channel);
        this.generation = shared.generation();
        this.trusted = judge();
        this.localPort = channel.localAddress() == null ? "" : Integer.toString(portOf(channel.localAddress()));
    }

    private static @Nullable String subjectOf(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        return tls == null ? null : ClientSubject.of(tls.engine().getSession());
    }

    private static String addressOf(SocketAddress address) {
        return address instanceof InetSocketAddress inet ? inet.getAddress().getHostAddress() : String.valueOf(address);
    }

    private static int portOf(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress inet ? inet.getPort() : 0;
    }

    /** The client's address, without a port. */
    public String address() {
        return address;
    }

    /** The client's port; 0 where it is not known. */
    public int port() {
        return port;
    }

    /** Whether the client is a trusted proxy, whose X-Forwarded-* and Forwarded fields are believed. */
    public boolean isTrusted() {
        if (generation != shared.generation()) {
            generation = shared.generation();
            trusted = judge();
        }
        return trusted;
    }

    private boolean judge() {
        return known && !hidden && trustedProxies().trusts(address);
    }

    private TrustedProxies trustedProxies() {
        return shared.rules().trustedProxies();
    }

    /** The scheme of this connection, {@code http} or {@code https}. */
    public String scheme() {
        return secure ? "https" : "http";
    }

    /** The subject of the valid certificate that the client has shown, as {@link ClientSubject} writes it; null for none. */
    public @Nullable String certificateSubject() {
        return certificateSubject;
    }

    /** Whether the connection is by TLS. */
    public boolean isSecure() {
        return secure;
    }

    /** The port that the client has connected to. */
    public String localPort() {
        return localPort;
    }

    /** Whether this Host was found to be valid before; most clients name the same one in all their requests. */
    public boolean isKnownHost(String host) {
        return host.equals(validHost);
    }

    /** Remembers a Host that was found to be valid, see {@link #isKnownHost}. */
    public void rememberHost(String host) {
        validHost = host;
    }

    /** The address where a request with these fields came from first, as far as that is believed. */
    public String originOf(HttpHeaders fields) {
        return isTrusted() ? trustedProxies().originOf(address, fields.getAll(FOR)) : address;
    }

    /** Whether a request with these fields came by TLS, to us or to a trusted proxy before us. */
    public boolean isByTls(HttpHeaders fields) {
        return secure || (isTrusted() && "https".equalsIgnoreCase(fields.get(PROTO)));
    }
}
