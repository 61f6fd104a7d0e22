package dev.pointsman.registry.embedded;

import dev.pointsman.registry.OneLine;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent of the registry's node: registers services in the catalog, with their checks under the ids that Consul gives
 * them, keeps maintenance mode, and passes on what the checks find out. Not thread-safe.
 */
final class LocalAgent implements Checks.CheckedAgent {
    /** The type of a maintenance check. */
    static final String MAINTENANCE = "maintenance";

    static final String NODE_MAINTENANCE = "_node_maintenance";
    static final String SERVICE_MAINTENANCE = "_service_maintenance:";

    private static final Logger LOG = LoggerFactory.getLogger(LocalAgent.class);

    private final Catalog catalog;
    private @Nullable Checks checks;

    LocalAgent(Catalog catalog) {
        this.catalog = catalog;
    }

    /** Gives the agent its checks, once, before anything else; they need the agent themselves. */
    void setChecks(Checks runner) {
        checks = runner;
    }

    private Checks checks() {
        if (checks == null) {
            throw new IllegalStateException("the agent was not given its checks");
        }
        return checks;
    }

    Collection<Service> services() {
        return catalog.services().stream()
                .filter(service -> !service.id().equals(SelfNode.SERVICE))
                .toList();
    }

    /** The agent's own services: the registry's entry for itself is in the catalog alone, as in Consul. */
    @Nullable
    Service service(String id) {
        return id.equals(SelfNode.SERVICE) ? null : catalog.service(id);
    }

    Collection<Check> allChecks() {
        return catalog.checks().stream()
                .filter(check -> !check.id().equals(Catalog.SERF_HEALTH))
                .toList();
    }

    @Nullable
    Check check(String id) {
        return catalog.check(id);
    }

    /** The checks that count for a service: its own and the node's maintenance. */
    List<Check> checksFor(String serviceId) {
        List<Check> found = new ArrayList<>(catalog.checksOf(""));
        found.removeIf(check -> check.id().equals(Catalog.SERF_HEALTH));
        found.addAll(catalog.checksOf(serviceId));
        return found;
    }

    /**
     * Registers a service, or brings the one with the same id up to date.
     *
     * @param replaceChecks whether the service's checks that are not among the new ones go, maintenance included
     */
    void register(DefinitionReader.ServiceDefinition definition, boolean replaceChecks) {
        Service service = definition.service();
        List<CheckDefinition> wanted = new ArrayList<>();
        for (int i = 0; i < definition.checks().size(); i++) {
            CheckDefinition check = definition.checks().get(i);
            String id = definition.checks().size() == 1
                    ? "service:" + service.id()
                    : "service:" + service.id() + ":" + (i + 1);
            wanted.add(check.named(
                    check.id().isEmpty() ? id : check.id(),
                    check.name().isEmpty() ? "Service '" + service.name() + "' check" : check.name(),
                    service.id()));
        }
        Collection<Check> before = catalog.checksOf(service.id());
        catalog.putService(
                service,
                wanted.stream().map(check -> asRegistered(check, service)).toList(),
                replaceChecks);
        for (Check old : before) {
            if (check(old.id()) == null) {
                checks().stop(old.id());
            }
        }
        wanted.forEach(checks()::start);
        LOG.info("Registered {} of service {}", OneLine.of(service.id()), OneLine.of(service.name()));
    }

    /** False if there is no service of that id. */
    boolean deregister(String serviceId) {
        if (service(serviceId) == null) {
            return false;
        }
        catalog.checksOf(serviceId).forEach(check -> checks().stop(check.id()));
        boolean removed = catalog.removeService(serviceId);
        LOG.info("Deregistered {}", OneLine.of(serviceId));
        return removed;
    }

    /** Registers one more check; its service must be known. */
    void register(CheckDefinition definition) {
        Service service = definition.serviceId().isEmpty() ? null : service(definition.serviceId());
        Check check = asRegistered(definition, service);
        Check known = check(definition.id());
        catalog.putCheck(known == null ? check : check.withResult(known.status(), known.output()));
        checks().start(definition);
    }

    boolean deregisterCheck(String checkId) {
        checks().stop(checkId);
        return catalog.removeCheck(checkId);
    }

    /** A heartbeat for a TTL check; false if there is none of that id. */
    boolean heartbeat(String checkId, CheckStatus status, String output) {
        return checks().heartbeat(checkId, status, output);
    }

    /** Maintenance of one service, which must be known. */
    void serviceMaintenance(Service service, boolean on, String reason) {
        String id = SERVICE_MAINTENANCE + service.id();
        String notes = reason.isEmpty() ? "This service is in maintenance; no reason was given." : reason;
        maintenance(id, "Service Maintenance Mode", notes, service, on);
    }

    /** Maintenance of the node and so of everything on it. */
    void nodeMaintenance(boolean on, String reason) {
        String notes = reason.isEmpty() ? "This node is in maintenance; no reason was given." : reason;
        maintenance(NODE_MAINTENANCE, "Node Maintenance Mode", notes, null, on);
    }

    private void maintenance(String id, String name, String notes, @Nullable Service service, boolean on) {
        if (!on) {
            catalog.removeCheck(id);
        } else if (check(id) == null) {
            // Consul keeps the first reason when maintenance is enabled twice.
            catalog.putCheck(check(id, name, CheckStatus.CRITICAL, notes, service, MAINTENANCE));
        }
    }

    private Check asRegistered(CheckDefinition definition, @Nullable Service service) {
        CheckStatus status = definition.status() == null ? CheckStatus.CRITICAL : definition.status();
        return check(
                definition.id(),
                definition.name(),
                status,
                definition.notes(),
                service,
                definition.kind().wire());
    }

    private Check check(
            String id, String name, CheckStatus status, String notes, @Nullable Service service, String type) {
        return new Check(
                id,
                name,
                status,
                notes,
                "",
                service == null ? "" : service.id(),
                service == null ? "" : service.name(),
                service == null ? List.of() : service.tags(),
                type,
                0,
                0);
    }

    @Override
    public @Nullable CheckStatus status(String checkId) {
        Check check = check(checkId);
        return check == null ? null : check.status();
    }

    @Override
    public void report(String checkId, CheckStatus status, String output) {
        Check known = check(checkId);
        if (known != null && known.status() != status) {
            LOG.info("Check {} is {}: {}", OneLine.of(checkId), status.wire(), OneLine.of(output, 400));
        }
        catalog.setResult(checkId, status, output);
    }

    @Override
    public void abandon(String serviceId, String checkId) {
        LOG.info("Check {} was critical for too long: deregistering {}", OneLine.of(checkId), OneLine.of(serviceId));
        deregister(serviceId);
    }
}
