package dev.pointsman.system.console;

import dev.pointsman.testkit.FreePorts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The ports and addresses that the documentation names, and those that stand for them while it is run: somebody may have a
 * balancer on 8080, and three machines are three addresses of loopback here. Immutable.
 */
final class DocumentedPorts {
    private static final List<String> PORTS = List.of(
            "8080", "8081", "8082", "9901", "9902", "8500", "8600", "8300", "8301", "3000", "3001", "3002", "8443");

    private static final Map<String, String> MACHINES = Map.of(
            "10.0.0.1", "127.0.10.1",
            "10.0.0.2", "127.0.10.2",
            "10.0.0.3", "127.0.10.3");

    private static final Pattern DOCUMENTED = pattern(MACHINES.keySet(), PORTS);

    private final Map<String, String> actual;
    private final Map<String, String> documented;
    private final Pattern actualPattern;

    private DocumentedPorts(Map<String, String> ports) {
        actual = ports;
        documented = ports.entrySet().stream().collect(Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey));
        actualPattern = pattern(MACHINES.values(), ports.values());
    }

    private static Pattern pattern(Iterable<String> machines, Iterable<String> ports) {
        List<String> all = new ArrayList<>();
        machines.forEach(machine -> all.add("(?<![\\d.])" + Pattern.quote(machine) + "(?!\\d)"));
        ports.forEach(port -> all.add("(?<![\\w.])" + port + "(?![\\w.]\\d|\\w)"));
        return Pattern.compile(String.join("|", all));
    }

    /** With ports that are free now. */
    static DocumentedPorts onFreePorts() {
        Map<String, String> ports = new LinkedHashMap<>();
        List<Integer> free = FreePorts.take(PORTS.size());
        for (String port : PORTS) {
            ports.put(port, Integer.toString(free.get(ports.size())));
        }
        return new DocumentedPorts(ports);
    }

    /** The port that stands for a documented one. */
    String of(String port) {
        return Objects.requireNonNull(actual.get(port), port);
    }

    /** A command or a file as it is run here. */
    String toActual(String text) {
        return DOCUMENTED
                .matcher(text)
                .replaceAll(found ->
                        MACHINES.getOrDefault(found.group(), actual.getOrDefault(found.group(), found.group())));
    }

    /** What was printed here as the documentation has it. */
    String toDocumented(String text) {
        return actualPattern.matcher(text).replaceAll(found -> MACHINES.entrySet().stream()
                .filter(machine -> machine.getValue().equals(found.group()))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseGet(() -> documented.getOrDefault(found.group(), found.group())));
    }
}
