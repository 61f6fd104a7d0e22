package dev.pointsman.balancer.http;

import java.util.Locale;

/** The versions of the PROXY protocol, by which an instance is told of its client before the first byte. */
public enum ProxyVersion {
    /** It is not told. */
    OFF,
    /** A line of text. */
    V1,
    /** Bytes. */
    V2;

    /** As it is written in the configuration. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
