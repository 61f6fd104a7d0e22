package dev.pointsman.agent;

import dev.pointsman.registry.HttpCheck;
import dev.pointsman.registry.ServiceRegistration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** The form in which a service is registered: its id, address, tags, metadata and health check. */
public final class RegistrationFormat {
    private RegistrationFormat() {}

    /**
     * The id is {@code <type>-<host>-<port>}: a service that starts again on its port replaces its own registration
     * instead of leaving a stale one. Host is the advertised address, with a dash for what is not allowed in a URL's path.
     *
     * @param address the address to advertise, an IPv6 one without brackets
     */
    static ServiceRegistration of(AgentOptions options, String address, int port, long pid, Instant started) {
        String id = id(options.type(), address, port);
        Map<String, String> meta = new HashMap<>(options.meta());
        meta.put("version", options.version());
        meta.put("pid", Long.toString(pid));
        meta.put("started", started.toString());
        HttpCheck check = new HttpCheck(
                "http://" + authority(address, port) + options.healthPath(),
                options.checkInterval(),
                options.checkTimeout(),
                options.deregisterAfter());
        return new ServiceRegistration(id, options.type(), address, port, options.allTags(), meta, check);
    }

    /** The id of a type's instance at this address, as {@link #of} says. */
    public static String id(String type, String address, int port) {
        return type + "-" + address.replaceAll("[^A-Za-z0-9._-]", "-") + "-" + port;
    }

    /** Address and port as they stand in a URL, IPv6 literals in brackets. */
    public static String authority(String address, int port) {
        return (address.indexOf(':') >= 0 ? "[" + address + "]" : address) + ":" + port;
    }
}
