package dev.pointsman.cli.doctor;

import dev.pointsman.cli.doctor.RegisteredInstance.RegisteredCheck;
import dev.pointsman.cli.doctor.RegisteredServices.CatalogRead;
import dev.pointsman.registry.OneLine;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * By what instances are checked. Sources: fabio and Consul serve an instance without a check for ever, whether it lives or not (peers.md,
 * "instance without check"); a check of 127.0.0.1 says nothing about the address that clients use (consul.md 2.2); critical instances without
 * {@code deregister_critical_service_after} stay (fabio #674, registrator's docs).
 */
final class InstanceChecksCheckup implements Checkup {
    /** What Consul prints of an HTTP and a TCP check that responded, and of those that did not. */
    private static final Pattern CHECKED = Pattern.compile(
            "^HTTP [A-Z]+ (\\S+): |^TCP connect (\\S+): |^(?:Get|Head|Post) \"?(\\S+?)\"?: |^dial tcp (\\S+): ");

    private final RegisteredServices services;

    InstanceChecksCheckup(RegisteredServices services) {
        this.services = services;
    }

    @Override
    public List<Finding> findings() throws InterruptedException {
        CatalogRead read = services.read();
        List<Finding> found = new ArrayList<>();
        List<Finding> ill = new ArrayList<>();
        for (RegisteredInstance each : read.instances()) {
            long own = each.checks().stream()
                    .filter(check -> !check.isMaintenance())
                    .count();
            if (own == 0) {
                found.add(Finding.warning(
                        DoctorCheck.INSTANCE_CHECK,
                        each.name(),
                        "has no check",
                        "the registry lists it until somebody deregisters it, whether it lives or not",
                        "register it with an HTTP check; pointsman register and ServiceAgent do"));
            }
            for (RegisteredCheck check : each.checks()) {
                String host = checkedHost(check);
                if (host != null
                        && RegisteredInstance.isLoopback(host)
                        && !RegisteredInstance.isLoopback(each.address())) {
                    found.add(loopbackOnly(each, check, host));
                }
            }
            if (!each.critical().isEmpty() && !each.isInMaintenance()) {
                RegisteredCheck check = each.critical().get(0);
                ill.add(Finding.note(
                        DoctorCheck.INSTANCE_HEALTH,
                        each.name(),
                        "is critical: " + check.name() + ": " + OneLine.of(check.output(), 150),
                        "it gets no request as long as others are well; one that is gone for good stays listed without"
                                + " deregister_critical_service_after",
                        "start it or deregister it, and set DeregisterCriticalServiceAfter (1m) where it registers"));
            }
        }
        if (found.isEmpty() && !read.instances().isEmpty()) {
            found.add(Finding.ok(DoctorCheck.INSTANCE_CHECK, "the registry", "every instance has a check of its own"));
        }
        List<Finding> all = new ArrayList<>(Checkup.firstOf(found));
        all.addAll(Checkup.firstOf(ill));
        return all;
    }

    private static Finding loopbackOnly(RegisteredInstance each, RegisteredCheck check, String host) {
        return Finding.warning(
                DoctorCheck.INSTANCE_CHECK,
                each.name(),
                "its check \"" + check.name() + "\" asks " + host + ", and clients use " + each.address(),
                "a program that listens on loopback only, or a firewall, looks healthy and can be reached by nobody",
                "have the check ask the address that is registered");
    }

    /** The host that a check asks, by what it printed last; null where that is not said. */
    static @Nullable String checkedHost(RegisteredCheck check) {
        URI asked = asked(check);
        String host = asked == null ? null : asked.getHost();
        return host != null && host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /** The URL that a check asks, one with the scheme {@code tcp} where it only connects; null where that is not said. */
    static @Nullable URI asked(RegisteredCheck check) {
        Matcher printed = CHECKED.matcher(check.output());
        if (!printed.find()) {
            return null;
        }
        String url = printed.group(1) != null ? printed.group(1) : printed.group(3);
        String connected = printed.group(2) != null ? printed.group(2) : printed.group(4);
        try {
            return url != null ? new URI(url) : new URI("tcp://" + connected);
        } catch (URISyntaxException other) {
            return null;
        }
    }
}
