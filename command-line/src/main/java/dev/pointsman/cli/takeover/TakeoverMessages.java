package dev.pointsman.cli.takeover;

import dev.pointsman.balancer.config.ListenAddress;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the process that takes over says, as the other one reads it: see {@link TakeoverServer}. It may be of another version, or
 * anything that found the socket, so what is not understood is an {@link IOException} with a sentence.
 */
final class TakeoverMessages {
    private static final String TAKEN = "taken";

    private TakeoverMessages() {}

    /** The number of the process that asks for the sockets. */
    static long asking(String text) throws IOException {
        Object process = read(text).getValue("take");
        if (process instanceof Number number
                && (number instanceof Integer || number instanceof Long)
                && number.longValue() > 0) {
            return number.longValue();
        }
        throw unexpected("{\"take\":PID}");
    }

    /**
     * What became of it.
     *
     * @param failure why it does not take over; null if it is ready to
     * @param taken the ports for clients that it has; null where it does not say so, and has all
     */
    record TakeoverOutcome(
            @Nullable String failure, @Nullable Set<ListenAddress> taken) {
        /** Whether it has a port for clients. */
        boolean isTaken(ListenAddress port) {
            return taken == null || taken.contains(port);
        }
    }

    /** What became of it. */
    static TakeoverOutcome outcome(String text) throws IOException {
        JsonObject outcome = read(text);
        if (Boolean.TRUE.equals(outcome.getValue("ready"))) {
            return new TakeoverOutcome(
                    null, outcome.containsKey(TAKEN) ? Set.copyOf(addresses(outcome.getValue(TAKEN))) : null);
        }
        if (outcome.getValue("failed") instanceof String why) {
            return new TakeoverOutcome(why, null);
        }
        throw unexpected("{\"ready\":true} or {\"failed\":WHY}");
    }

    /** The message that says that a process has taken over, and which ports for clients it has. */
    static String ready(Collection<ListenAddress> taken) {
        return new JsonObject().put("ready", true).put(TAKEN, array(taken)).encode();
    }

    /**
     * The message that goes with the sockets: that of the first port for clients, that of the admin port, and those of the other ports for clients.
     *
     * @param clients at least one
     */
    static String offer(List<ListenAddress> clients, ListenAddress admin, JsonObject legacy) {
        return new JsonObject()
                .put("pid", ProcessHandle.current().pid())
                .put("clients", object(clients.get(0)))
                .put("admin", object(admin))
                .put("others", array(clients.subList(1, clients.size())))
                .put("legacy", legacy)
                .encode();
    }

    /** The ports for clients in a message that goes with the sockets; a process of an older version has one. */
    static List<ListenAddress> offered(JsonObject offer) throws IOException {
        List<ListenAddress> clients = new ArrayList<>();
        clients.add(address(offer.getValue("clients")));
        if (offer.containsKey("others")) {
            clients.addAll(addresses(offer.getValue("others")));
        }
        return clients;
    }

    private static JsonArray array(Collection<ListenAddress> addresses) {
        return new JsonArray(addresses.stream().map(TakeoverMessages::object).toList());
    }

    private static JsonObject object(ListenAddress address) {
        return new JsonObject().put("host", address.host()).put("port", address.port());
    }

    private static List<ListenAddress> addresses(@Nullable Object array) throws IOException {
        if (!(array instanceof JsonArray items)) {
            throw unexpected("[{\"host\":HOST,\"port\":PORT},...]");
        }
        List<ListenAddress> addresses = new ArrayList<>();
        for (Object item : items) {
            addresses.add(address(item));
        }
        return addresses;
    }

    /** An address in a message. */
    static ListenAddress address(@Nullable Object value) throws IOException {
        if (value instanceof JsonObject object
                && object.getValue("host") instanceof String host
                && object.getValue("port") instanceof Integer port) {
            return new ListenAddress(host, port);
        }
        throw unexpected("{\"host\":HOST,\"port\":PORT}");
    }

    private static JsonObject read(String text) throws IOException {
        try {
            return new JsonObject(text);
        } catch (DecodeException none) {
            throw new IOException("a message that is no JSON object", none);
        }
    }

    private static IOException unexpected(String expected) {
        return new IOException("a message that says nothing of the kind (expected: " + expected + ")");
    }
}
