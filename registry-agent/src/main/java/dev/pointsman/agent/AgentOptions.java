package dev.pointsman.agent;

import dev.pointsman.registry.consul.ConsulAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The options of a {@link ServiceAgent}: how a service is served and registered. Immutable: {@link #of(String)} gives the defaults, each {@code with} method a
 * copy with one thing changed. Everything is checked when it is set; what is wrong gets one sentence in an
 * {@link IllegalArgumentException}.
 *
 * @param type the service's name in the registry and its first tag: letters, digits, dots, dashes and underscores, a
 *     letter or digit first; at most 64 characters
 * @param host the address or host name to listen on, or null: 127.0.0.1 when the registry is on this machine's loopback,
 *     0.0.0.0 otherwise. Default: null
 * @param ports the ports to try, in order; the first that is free is kept. Default: {@link PortRange#ANY}
 * @param advertise the address to register, for clients and the registry's check, or null: {@code host} when
 *     it is one certain address, else 127.0.0.1 when the registry is on loopback, else the IPv4 address from which this machine
 *     reaches it. Default: the environment variable {@code POINTSMAN_ADVERTISE}, else null
 * @param tags more tags beside the type. Default: none
 * @param meta more metadata beside {@code version}, {@code pid} and {@code started}; keys of letters, digits, {@code -}
 *     and {@code _}, values up to 512 characters, at most 61 pairs (Consul's limit is 64). Default: none
 * @param version the service's version, for its metadata. Default: {@code unknown}
 * @param healthPath the path that the agent itself serves for the registry's check. Default: {@code /health}
 * @param checkInterval time between two checks; Consul raises less than 1 s to 1 s. Default: 2 s
 * @param checkTimeout after which a check without a response has failed. Default: 2 s: a JVM that is
 *     just starting beside others on a small machine may need more than one
 * @param deregisterAfter how long the check may fail before the registry forgets the instance; Consul raises less than
 *     1 min to 1 min. Default: 1 min
 * @param linger how long to go on serving once deregistered, so that balancers know of it before the port closes.
 *     Default: 200 ms
 * @param drain how long requests in flight may take to finish before they are cut off. Default: 10 s
 * @param consul where the registry is. Default: Consul's own environment variables, see {@link ConsulAddress#from}
 * @param registers whether the service registers itself; false where the program that starts it does that, such as
 *     {@code pointsman run}. Default: true
 */
public record AgentOptions(
        String type,
        @Nullable String host,
        PortRange ports,
        @Nullable String advertise,
        List<String> tags,
        Map<String, String> meta,
        String version,
        String healthPath,
        Duration checkInterval,
        Duration checkTimeout,
        Duration deregisterAfter,
        Duration linger,
        Duration drain,
        ConsulAddress consul,
        boolean registers) {
    /** The environment variable with the address to register where {@link #advertise()} is null. */
    public static final String ADVERTISE_VARIABLE = "POINTSMAN_ADVERTISE";

    public AgentOptions {
        OptionRules.type(type);
        OptionRules.host("host", host);
        OptionRules.advertise(advertise);
        tags = List.copyOf(tags);
        tags.forEach(OptionRules::tag);
        meta = Map.copyOf(meta);
        OptionRules.meta(meta);
        OptionRules.metaValue("version", version);
        OptionRules.path(healthPath);
        OptionRules.positive("check interval", checkInterval);
        OptionRules.positive("check timeout", checkTimeout);
        OptionRules.positive("deregister after", deregisterAfter);
        OptionRules.notNegative("linger", linger);
        OptionRules.notNegative("drain", drain);
    }

    /**
     * The defaults for a service of this type, with this process's environment.
     *
     * @throws IllegalArgumentException also when an environment variable cannot be used, with every problem there is
     */
    public static AgentOptions of(String type) {
        return of(type, null, System.getenv());
    }

    /**
     * The defaults for a service of this type.
     *
     * @param consul the value of a {@code --consul} flag, or null when there is none
     * @param environment where {@code CONSUL_...} and {@value #ADVERTISE_VARIABLE} are looked up
     * @throws IllegalArgumentException also when one of these cannot be used, with every problem there is
     */
    public static AgentOptions of(String type, @Nullable String consul, Map<String, String> environment) {
        String advertise = environment.getOrDefault(ADVERTISE_VARIABLE, "").strip();
        return new AgentOptions(
                type,
                null,
                PortRange.ANY,
                advertise.isEmpty() ? null : advertise,
                List.of(),
                Map.of(),
                "unknown",
                "/health",
                Duration.ofSeconds(2),
                Duration.ofSeconds(2),
                Duration.ofMinutes(1),
                Duration.ofMillis(200),
                Duration.ofSeconds(10),
                ConsulAddress.from(consul, environment),
                true);
    }

    /** Type and tags as they are registered: the type first, no tag twice. */
    List<String> allTags() {
        LinkedHashSet<String> all = new LinkedHashSet<>();
        all.add(type);
        all.addAll(tags);
        return new ArrayList<>(all);
    }

    /** See {@link #type()}. */
    public AgentOptions withType(String newType) {
        return with(draft -> draft.type = newType);
    }

    /** See {@link #host()}. */
    public AgentOptions withHost(@Nullable String newHost) {
        return with(draft -> draft.host = newHost);
    }

    /** Listen on this one port; 0 for any that is free. */
    public AgentOptions withPort(int port) {
        return withPorts(PortRange.of(port));
    }

    /** See {@link #ports()}. */
    public AgentOptions withPorts(PortRange newPorts) {
        return with(draft -> draft.ports = newPorts);
    }

    /** See {@link #advertise()}. */
    public AgentOptions withAdvertise(@Nullable String address) {
        return with(draft -> draft.advertise = address);
    }

    /** Adds tags. */
    public AgentOptions withTags(List<String> more) {
        return with(draft -> draft.tags.addAll(more));
    }

    /** Adds one pair of metadata, or replaces the pair with this key. */
    public AgentOptions withMeta(String key, String value) {
        return with(draft -> draft.meta.put(key, value));
    }

    /** See {@link #version()}. */
    public AgentOptions withVersion(String newVersion) {
        return with(draft -> draft.version = newVersion);
    }

    /** See {@link #healthPath()}. */
    public AgentOptions withHealthPath(String path) {
        return with(draft -> draft.healthPath = path);
    }

    /** See {@link #checkInterval()} and {@link #checkTimeout()}. */
    public AgentOptions withCheck(Duration interval, Duration timeout) {
        return with(draft -> {
            draft.checkInterval = interval;
            draft.checkTimeout = timeout;
        });
    }

    /** See {@link #deregisterAfter()}. */
    public AgentOptions withDeregisterAfter(Duration after) {
        return with(draft -> draft.deregisterAfter = after);
    }

    /** See {@link #linger()}. */
    public AgentOptions withLinger(Duration newLinger) {
        return with(draft -> draft.linger = newLinger);
    }

    /** See {@link #drain()}. */
    public AgentOptions withDrain(Duration newDrain) {
        return with(draft -> draft.drain = newDrain);
    }

    /** See {@link #consul()}. */
    public AgentOptions withConsul(ConsulAddress newConsul) {
        return with(draft -> draft.consul = newConsul);
    }

    /** See {@link #registers()}. */
    public AgentOptions withoutRegistration() {
        return with(draft -> draft.registers = false);
    }

    private AgentOptions with(Consumer<OptionsDraft> change) {
        OptionsDraft draft = new OptionsDraft(this);
        change.accept(draft);
        return draft.options();
    }
}
