package dev.pointsman.agent;

import dev.pointsman.registry.consul.ConsulAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A mutable copy of {@link AgentOptions}, for as long as one {@code with} method runs. */
final class OptionsDraft {
    String type;

    @Nullable
    String host;

    PortRange ports;

    @Nullable
    String advertise;

    final List<String> tags;
    final Map<String, String> meta;
    String version;
    String healthPath;
    Duration checkInterval;
    Duration checkTimeout;
    Duration deregisterAfter;
    Duration linger;
    Duration drain;
    ConsulAddress consul;
    boolean registers;

    OptionsDraft(AgentOptions options) {
        type = options.type();
        host = options.host();
        ports = options.ports();
        advertise = options.advertise();
        tags = new ArrayList<>(options.tags());
        meta = new HashMap<>(options.meta());
        version = options.version();
        healthPath = options.healthPath();
        checkInterval = options.checkInterval();
        checkTimeout = options.checkTimeout();
        deregisterAfter = options.deregisterAfter();
        linger = options.linger();
        drain = options.drain();
        consul = options.consul();
        registers = options.registers();
    }

    AgentOptions options() {
        return new AgentOptions(
                type,
                host,
                ports,
                advertise,
                tags,
                meta,
                version,
                healthPath,
                checkInterval,
                checkTimeout,
                deregisterAfter,
                linger,
                drain,
                consul,
                registers);
    }
}
