package dev.pointsman.agent;

import dev.pointsman.registry.HttpCheck;
import dev.pointsman.registry.ServiceRegistration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Makes of the options and of what is known once the port is open what the registry is told. */
final class ServiceFacts {
    private ServiceFacts() {}

    /**
     * The id is {@code <type>-<host>-<port>}: a service that starts again on its port replaces its own registration
     * instead of leaving a ghost. Host is the advertised address, with a dash for what has no place in a URL's path.
     *
     * @param address the address to advertise, an IPv6 one without brackets
     */
    static ServiceRegistration of(AgentOptions options, String address, int port, long pid, Instant started) {
        String id = options.type() + "-" + address.replaceAll("[^A-Za-z0-9._-]", "-") + "-" + port;
        Map<String, String> meta = new HashMap<>(options.meta());
        meta.put("version", options.version());
        meta.put("pid", Long.toString(pid));
        meta.put("started", started.toString());
        String authority = (address.indexOf(':') >= 0 ? "[" + address + "]" : address) + ":" + port;
        HttpCheck check = new HttpCheck(
                "http://" + authority + options.healthPath(),
                options.checkInterval(),
                options.checkTimeout(),
                options.deregisterAfter());
        return new ServiceRegistration(id, options.type(), address, port, options.allTags(), meta, check);
    }
}
