package dev.pointsman.balancer.accesslog;

import dev.pointsman.balancer.observe.ObservedConnection;
import dev.pointsman.pool.Upstream;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** What a line can say of a connection of TCP, by the names of the placeholders that lines of requests have. */
final class TcpLineFields {
    private static final Map<String, TcpLineField> BY_NAME = Map.ofEntries(
            entry("time", (line, style, connection) -> {
                style.quote(line);
                line.dates().iso(line, began(line, connection));
                style.quote(line);
            }),
            entry("time-common", (line, style, connection) -> {
                style.quote(line);
                line.dates().common(line, began(line, connection));
                style.quote(line);
            }),
            text("client", ObservedConnection::client),
            text("peer", ObservedConnection::peer),
            text("scheme", connection -> "tcp"),
            text("protocol", connection -> "TCP"),
            text("host", ObservedConnection::name),
            text("route", ObservedConnection::route),
            text("service", ObservedConnection::service),
            text("instance", connection -> {
                Upstream upstream = connection.upstream();
                return upstream == null ? null : upstream.key().id();
            }),
            text("address", connection -> {
                Upstream upstream = connection.upstream();
                return upstream == null ? null : upstream.instance().authority();
            }),
            number("attempts", ObservedConnection::attempts),
            text("ending", connection -> LineFields.ending(connection.ending())),
            text("failure", ObservedConnection::failure),
            seconds("duration", connection -> connection.times().duration()),
            seconds("waited", connection -> connection.times().waited()),
            seconds("connect", connection -> connection.times().connecting()),
            seconds("first-byte", connection -> connection.times().firstByte()),
            seconds("body", connection -> connection.times().afterFirstByte()),
            number("request-bytes", ObservedConnection::receivedBytes),
            number("response-bytes", ObservedConnection::sentBytes));

    private TcpLineFields() {}

    /** The field of that name; one without a value where a connection has nothing of the kind. */
    static TcpLineField find(String name) {
        return BY_NAME.getOrDefault(name, TcpLineField.NONE);
    }

    private static Map.Entry<String, TcpLineField> entry(String name, TcpLineField field) {
        return Map.entry(name, field);
    }

    private static Map.Entry<String, TcpLineField> text(
            String name, Function<ObservedConnection, @Nullable String> value) {
        return entry(name, (line, style, connection) -> style.text(line, value.apply(connection)));
    }

    private static Map.Entry<String, TcpLineField> number(String name, ToLongFunction<ObservedConnection> value) {
        return entry(name, (line, style, connection) -> style.number(line, value.applyAsLong(connection)));
    }

    private static Map.Entry<String, TcpLineField> seconds(String name, ToLongFunction<ObservedConnection> nanos) {
        return entry(name, (line, style, connection) -> style.seconds(line, nanos.applyAsLong(connection)));
    }

    private static long began(Line line, ObservedConnection connection) {
        return line.endedMillis() - connection.times().duration() / 1_000_000;
    }
}
