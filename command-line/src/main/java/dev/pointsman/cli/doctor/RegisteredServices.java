package dev.pointsman.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.cli.doctor.HttpQuestions.HttpReply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All services of the registry with their instances, as far as the token may see them; read once, by whoever comes first. Thread-safe. */
final class RegisteredServices {
    /** Consul's own entry, which is no service of anybody. */
    private static final String CONSUL = "consul";

    private static final int MOST_SERVICES = 300;
    private static final int AT_A_TIME = 8;

    private final ConsulQuestions consul;
    private final Set<String> first;
    private @Nullable CatalogRead read;

    /**
     * What was read.
     *
     * @param instances of all services
     * @param notRead how many services were too many
     * @param trouble why it is not all; empty if it is
     */
    record CatalogRead(List<RegisteredInstance> instances, int notRead, String trouble) {
        CatalogRead {
            instances = List.copyOf(instances);
        }

        /** The services' names. */
        Set<String> services() {
            Set<String> names = new TreeSet<>();
            instances.forEach(instance -> names.add(instance.service()));
            return names;
        }

        /** The services' names and the tags, all that a route can lead to. */
        Set<String> targets() {
            Set<String> all = services();
            instances.forEach(instance -> all.addAll(instance.tags()));
            return all;
        }
    }

    /** @param first the names that are read before all others, where there are too many */
    RegisteredServices(ConsulQuestions consul, Collection<String> first) {
        this.consul = consul;
        this.first = Set.copyOf(first);
    }

    /** Whether the registry responds at all. */
    boolean isReached() throws InterruptedException {
        return consul.isReached();
    }

    /** What there is. */
    synchronized CatalogRead read() throws InterruptedException {
        CatalogRead known = read;
        if (known == null) {
            known = ask();
            read = known;
        }
        return known;
    }

    private CatalogRead ask() throws InterruptedException {
        if (!consul.isReached()) {
            return new CatalogRead(List.of(), 0, "");
        }
        List<RegisteredInstance> instances = new ArrayList<>();
        try {
            HttpReply catalog = consul.get("/v1/catalog/services?stale", ConsulQuestions.PATIENCE);
            if (catalog.status() != 200) {
                return new CatalogRead(
                        List.of(),
                        0,
                        "status " + catalog.status() + ": " + catalog.body().strip());
            }
            Set<String> wanted = new TreeSet<>();
            Set<String> others = new TreeSet<>();
            ConsulQuestions.json(catalog).properties().forEach(each -> {
                boolean isFirst = first.contains(each.getKey())
                        || Stream.iterate(0, i -> i + 1)
                                .limit(each.getValue().size())
                                .anyMatch(i ->
                                        first.contains(each.getValue().path(i).asText()));
                (isFirst ? wanted : others).add(each.getKey());
            });
            List<String> names = Stream.concat(wanted.stream(), others.stream())
                    .filter(name -> !name.equals(CONSUL))
                    .toList();
            JsonNode ofAgent = consul.json("/v1/agent/checks?");
            List<Callable<JsonNode>> questions = new ArrayList<>();
            names.stream().limit(MOST_SERVICES).forEach(name -> questions.add(() -> health(name)));
            for (JsonNode service : SideBySide.all(AT_A_TIME, questions)) {
                if (service.isMissingNode()) {
                    return new CatalogRead(instances, 0, "not every service's instances could be read");
                }
                service.forEach(entry -> instances.add(RegisteredInstance.of(entry, ofAgent)));
            }
            instances.sort(Comparator.comparing(RegisteredInstance::service).thenComparing(RegisteredInstance::key));
            return new CatalogRead(instances, Math.max(0, names.size() - MOST_SERVICES), "");
        } catch (IOException failed) {
            return new CatalogRead(instances, 0, String.valueOf(failed.getMessage()));
        }
    }

    private JsonNode health(String service) throws InterruptedException {
        return consul.json("/v1/health/service/" + ConsulQuestions.encoded(service) + "?stale");
    }
}
