package dev.pointsman.balancer.tcp;

import java.util.Locale;

/** The reasons for which a connection ends before its sides have ended it. */
public enum TcpFailure {
    /** The limit of client connections is reached. */
    TOO_MANY_CONNECTIONS,
    /** No route takes the port, or the name that the client asks for. */
    NO_ROUTE,
    /** The first bytes were no ClientHello of TLS, or none came in time. */
    BAD_CLIENT_HELLO,
    /** A header of the PROXY protocol was malformed, or did not come in time. */
    BAD_PROXY_HEADER,
    /** A header of the PROXY protocol had to come first, and the peer is no trusted proxy. */
    UNTRUSTED_PROXY,
    /** The route is not for the client's address. */
    FORBIDDEN,
    /** No instance takes traffic. */
    NO_INSTANCE,
    /** The instances have as many connections as they may, and as many wait for them. */
    QUEUE_FULL,
    /** None of the connections of the instances ended while this one waited. */
    QUEUE_TIMEOUT,
    /** No instance could be reached. */
    CONNECT_FAILED,
    /** This process is short of descriptors, ports or memory. */
    OWN_SHORTAGE,
    /** The client reset the connection. */
    CLIENT_RESET,
    /** The instance reset the connection. */
    INSTANCE_RESET,
    /** Nothing was sent by either side for too long. */
    IDLE,
    /** The port is not configured any more, and the drain time is over. */
    PORT_REMOVED,
    /** The balancer stopped. */
    STOPPED;

    /** The kind's name as metrics have it: {@code no-route}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
