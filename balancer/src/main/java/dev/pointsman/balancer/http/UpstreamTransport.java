package dev.pointsman.balancer.http;

/**
 * How instances are spoken to. Routes that speak to an instance in different ways share neither its pool nor its connections.
 * Immutable.
 *
 * @param protocol the version of HTTP, and whether it goes over TLS
 * @param serverName the name that is sent to the instance (SNI, RFC 6066, 3) and that its certificate has to be for; empty (the
 *     default) for the address that it registered
 * @param skipVerify whether any certificate will do, so that whoever is in between can read and change everything; not by default
 * @param sendProxy the header of the PROXY protocol that comes before all else, on TCP routes; off by default
 */
public record UpstreamTransport(
        UpstreamProtocol protocol, String serverName, boolean skipVerify, ProxyVersion sendProxy) {
    /** HTTP/1.1 in clear text. */
    public static final UpstreamTransport PLAIN = new UpstreamTransport(UpstreamProtocol.HTTP, "", false);

    /** Without the PROXY protocol. */
    public UpstreamTransport(UpstreamProtocol protocol, String serverName, boolean skipVerify) {
        this(protocol, serverName, skipVerify, ProxyVersion.OFF);
    }

    /** The same with this header of the PROXY protocol. */
    public UpstreamTransport with(ProxyVersion header) {
        return new UpstreamTransport(protocol, serverName, skipVerify, header);
    }

    /** The name that the certificate of an instance at this address has to be for. */
    public String nameFor(String address) {
        return serverName.isEmpty() ? address : serverName;
    }

    /** The same over TLS; this one if it is already. */
    public UpstreamTransport overTls() {
        UpstreamProtocol secured = protocol.overTls();
        return secured == protocol ? this : new UpstreamTransport(secured, serverName, skipVerify, sendProxy);
    }

    /** By hand: a start waits for the one that the JVM generates. */
    @Override
    public int hashCode() {
        return 31 * protocol.name().hashCode() + serverName.hashCode() + (skipVerify ? 1 : 0);
    }

    @Override
    public String toString() {
        return protocol
                + (serverName.isEmpty() ? "" : ", server-name " + serverName)
                + (skipVerify ? ", tls-skip-verify" : "")
                + (sendProxy == ProxyVersion.OFF ? "" : ", send-proxy " + sendProxy);
    }
}
