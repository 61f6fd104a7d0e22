package dev.pointsman.balancer.fabio;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A command of fabio's language, which changes a table of routes. Immutable. */
public sealed interface FabioCommand {
    /**
     * {@code route add}: one more destination for a source.
     *
     * @param service the service's name
     * @param source which requests, see {@link FabioSource}
     * @param destination a URL
     * @param weight the part of the requests, from 0 to 1; 0 and less for an equal part of what the others leave
     * @param tags by which other commands name the destination
     * @param options by their names; of an option without a value it is empty
     */
    record Add(
            String service,
            String source,
            String destination,
            double weight,
            List<String> tags,
            Map<String, String> options)
            implements FabioCommand {
        public Add {
            tags = List.copyOf(tags);
            options = Map.copyOf(options);
        }

        @Override
        public String toString() {
            String more = new TreeMap<>(options)
                    .entrySet().stream()
                            .map(each -> each.getKey() + "=" + each.getValue())
                            .collect(Collectors.joining(" "));
            return "route add " + service + " " + source + " " + destination
                    + (weight > 0 ? " weight " + weight : "")
                    + (tags.isEmpty() ? "" : " tags \"" + String.join(",", tags) + "\"")
                    + (more.isEmpty() ? "" : " opts \"" + more + "\"");
        }
    }

    /**
     * {@code route del}: removes the destinations that all given parts name.
     *
     * @param service the service's name; empty for any, if there are tags
     * @param source as written; empty for any
     * @param destination a URL; empty for any
     * @param tags all of them are to be among the destination's
     */
    record Del(String service, String source, String destination, List<String> tags) implements FabioCommand {
        public Del {
            tags = List.copyOf(tags);
        }
    }

    /**
     * {@code route weight}: the part of the requests that some destinations of a source get together.
     *
     * @param service the service's name; empty for any
     * @param source as written
     * @param weight the part, from 0 to 1
     * @param tags all of them are to be among the destination's
     */
    record Weight(String service, String source, double weight, List<String> tags) implements FabioCommand {
        public Weight {
            tags = List.copyOf(tags);
        }
    }
}
