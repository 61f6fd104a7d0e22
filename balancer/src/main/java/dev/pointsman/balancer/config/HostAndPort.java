package dev.pointsman.balancer.config;

/**
 * Where to listen.
 *
 * @param host a name or an IP literal, an IPv6 one without brackets
 * @param port 0 to 65535; 0 takes any free one
 */
public record HostAndPort(String host, int port) {
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
