package dev.pointsman.balancer.accesslog;

import dev.pointsman.balancer.observe.MaskedNames;
import dev.pointsman.balancer.observe.ObservedConnection;
import dev.pointsman.balancer.observe.ObservedRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Lines that are one JSON object each, with the same keys in the same order: docs/access-log.md. */
final class JsonFormat extends LineFormat {
    /** Key and placeholder, in the order in which they are written. */
    static final List<Map.Entry<String, String>> KEYS = List.of(
            Map.entry("time", "time"),
            Map.entry("client", "client"),
            Map.entry("peer", "peer"),
            Map.entry("method", "method"),
            Map.entry("scheme", "scheme"),
            Map.entry("host", "host"),
            Map.entry("uri", "uri"),
            Map.entry("protocol", "protocol"),
            Map.entry("status", "status"),
            Map.entry("route", "route"),
            Map.entry("service", "service"),
            Map.entry("instance", "instance"),
            Map.entry("address", "address"),
            Map.entry("attempts", "attempts"),
            Map.entry("ending", "ending"),
            Map.entry("failure", "failure"),
            Map.entry("duration", "duration"),
            Map.entry("waited", "waited"),
            Map.entry("connect", "connect"),
            Map.entry("firstByte", "first-byte"),
            Map.entry("body", "body"),
            Map.entry("requestBytes", "request-bytes"),
            Map.entry("responseBytes", "response-bytes"),
            Map.entry("referer", ">Referer"),
            Map.entry("userAgent", ">User-Agent"),
            Map.entry("id", "id"),
            Map.entry("trace", "trace"));

    private final List<Member> members = new ArrayList<>();

    /** A member with all that stands before its value. */
    private static final class Member {
        private final byte[] before;
        private final LineField field;
        private final TcpLineField ofConnection;

        Member(String before, LineField field, TcpLineField ofConnection) {
            this.before = before.getBytes(StandardCharsets.UTF_8);
            this.field = field;
            this.ofConnection = ofConnection;
        }
    }

    /** @param masked whose values are not written */
    JsonFormat(MaskedNames masked) {
        LineFields fields = new LineFields(masked);
        for (Map.Entry<String, String> key : KEYS) {
            String before = (members.isEmpty() ? "{\"" : ",\"") + key.getKey() + "\":";
            members.add(new Member(
                    before, Objects.requireNonNull(fields.find(key.getValue())), TcpLineFields.find(key.getValue())));
        }
    }

    @Override
    void write(Line line, ObservedRequest request) {
        for (int i = 0; i < members.size(); i++) {
            Member member = members.get(i);
            line.put(member.before);
            member.field.write(line, ValueStyle.JSON, request);
        }
        line.put('}');
    }

    @Override
    void write(Line line, ObservedConnection connection) {
        for (Member member : members) {
            line.put(member.before);
            member.ofConnection.write(line, ValueStyle.JSON, connection);
        }
        line.put('}');
    }
}
