package dev.pointsman.sample;

import dev.pointsman.agent.AgentOptions;
import dev.pointsman.agent.PortRange;
import dev.pointsman.client.ClientOptions;
import dev.pointsman.client.Locality;
import dev.pointsman.client.ServiceAddress;
import dev.pointsman.registry.consul.ConsulAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A reader of the agent's options from the command line, which collects every problem to list them all at once. */
final class SampleOptions {
    private final Map<String, String> environment;
    private final List<String> problems = new ArrayList<>();
    private AgentOptions agent = AgentOptions.of("sample", null, Map.of()).withVersion(SampleVersion.text());
    private long busy;
    private @Nullable ServiceAddress calls;
    private Locality locality = Locality.NONE;

    SampleOptions(Map<String, String> environment) {
        this.environment = environment;
    }

    AgentOptions agent() {
        return agent;
    }

    long busy() {
        return busy;
    }

    /** The service that it calls; null for none. */
    @Nullable
    ServiceAddress calls() {
        return calls;
    }

    /** What it calls is in the registry that it registers in itself. */
    ClientOptions client() {
        return ClientOptions.from(Map.of()).withConsul(agent.consul()).withLocality(locality);
    }

    List<String> problems() {
        return List.copyOf(problems);
    }

    void type(String type) {
        change(options -> options.withType(type));
    }

    void ports(@Nullable String port, @Nullable String range) {
        if (port != null && range != null) {
            problems.add("--port and --ports: both are given (expected: one of them)");
        } else if (port != null) {
            change(options -> options.withPort(number("--port", port, 65_535)));
        } else if (range != null) {
            change(options -> options.withPorts(PortRange.parse(range)));
        }
    }

    void host(@Nullable String host) {
        change(options -> options.withHost(host));
    }

    void advertise(@Nullable String flag) {
        String variable =
                environment.getOrDefault(AgentOptions.ADVERTISE_VARIABLE, "").strip();
        @Nullable String address = flag != null || variable.isEmpty() ? flag : variable;
        change(options -> options.withAdvertise(address));
    }

    void consul(@Nullable String flag) {
        change(options -> options.withConsul(ConsulAddress.from(flag, environment)));
    }

    void unregistered(boolean flag) {
        if (flag) {
            change(AgentOptions::withoutRegistration);
        }
    }

    void tags(List<String> tags) {
        change(options -> options.withTags(tags));
    }

    void busy(@Nullable String turns) {
        if (turns != null) {
            change(options -> {
                busy = number("--busy", turns, Integer.MAX_VALUE);
                return options;
            });
        }
    }

    void calls(@Nullable String tag) {
        if (tag == null) {
            return;
        }
        try {
            calls = ServiceAddress.of(tag.strip());
        } catch (IllegalArgumentException e) {
            problems.add("--calls: " + e.getMessage());
        }
        locality = Locality.from(environment);
    }

    private void change(UnaryOperator<AgentOptions> change) {
        try {
            agent = change.apply(agent);
        } catch (IllegalArgumentException e) {
            problems.add(e.getMessage());
        }
    }

    private static int number(String name, String text, int most) {
        if (text.matches("[0-9]{1,10}") && Long.parseLong(text) <= most) {
            return Integer.parseInt(text);
        }
        throw new IllegalArgumentException(name + ": " + text + " (expected: a whole number from 0 to " + most + ")");
    }
}
