package dev.pointsman.balancer.accesslog;

import dev.pointsman.balancer.observe.ObservedConnection;

/** One thing that a line can say of a connection of TCP. Stateless. */
@FunctionalInterface
interface TcpLineField {
    /** What a connection has not. */
    TcpLineField NONE = (line, style, connection) -> style.none(line);

    /** Writes its value, of a connection that is over, to its line. */
    void write(Line line, ValueStyle style, ObservedConnection connection);
}
