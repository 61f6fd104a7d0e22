package dev.pointsman.cli.doctor;

import dev.pointsman.cli.doctor.RegisteredServices.CatalogRead;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where instances say that they are. Sources: a service in a container or on a laptop that registers 127.0.0.1 (peers.md, "port bound only on
 * loopback"), Consul's 400 for 0.0.0.0 that older agents did not give, consul #22769 and rickfast #473 (no port), and ids that
 * change with each start, which leave the same address behind twice.
 */
final class InstanceAddressCheckup implements Checkup {
    private final RegisteredServices services;
    private final boolean isConsulHere;

    /** @param isConsulHere whether the agent that is asked is on this machine */
    InstanceAddressCheckup(RegisteredServices services, boolean isConsulHere) {
        this.services = services;
        this.isConsulHere = isConsulHere;
    }

    @Override
    public List<Finding> findings() throws InterruptedException {
        CatalogRead read = services.read();
        List<Finding> found = new ArrayList<>();
        boolean hasOthers = !isConsulHere
                || read.instances().stream()
                        .anyMatch(each -> !each.address().isEmpty() && !RegisteredInstance.isLoopback(each.address()));
        Map<String, RegisteredInstance> byAddress = new TreeMap<>();
        for (RegisteredInstance each : read.instances()) {
            if (each.port() == 0 || each.address().isEmpty()) {
                found.add(Finding.error(
                        DoctorCheck.INSTANCE_ADDRESS,
                        each.name(),
                        each.port() == 0 ? "has no port" : "has no address",
                        "it gets no request",
                        "register it with the port and the address that it listens on"));
                continue;
            }
            if (each.address().equals("0.0.0.0") || each.address().equals("::")) {
                found.add(
                        Finding.error(
                                DoctorCheck.INSTANCE_ADDRESS,
                                each.name(),
                                "registered " + each.address() + ", which is no address to connect to",
                                "whoever connects to it reaches itself",
                                "register the machine's address: --advertise or POINTSMAN_ADVERTISE, or Address in the definition"));
            } else if (RegisteredInstance.isLoopback(each.address()) && hasOthers) {
                found.add(loopback(each));
            }
            RegisteredInstance other = byAddress.putIfAbsent(each.authority(), each);
            // On loopback two machines may well have the same.
            if (other != null
                    && (!RegisteredInstance.isLoopback(each.address())
                            || other.key().node().equals(each.key().node()))) {
                found.add(twice(other, each));
            }
        }
        if (found.isEmpty() && !read.instances().isEmpty()) {
            return List.of(Finding.ok(
                    DoctorCheck.INSTANCE_ADDRESS,
                    "the registry",
                    read.instances().size() + " instances have addresses of their own that can be reached from here"));
        }
        return Checkup.firstOf(found);
    }

    private Finding loopback(RegisteredInstance each) {
        return Finding.error(
                DoctorCheck.INSTANCE_ADDRESS,
                each.name(),
                "registered a loopback address, while "
                        + (isConsulHere ? "others are on other machines" : "the registry is on another machine"),
                "a balancer on another machine connects to itself instead",
                "register the machine's address: --advertise or POINTSMAN_ADVERTISE, or Address in the definition");
    }

    private static Finding twice(RegisteredInstance one, RegisteredInstance other) {
        return Finding.warning(
                DoctorCheck.INSTANCE_ADDRESS,
                other.name(),
                "has the same address and port as " + one.name(),
                one.service().equals(other.service())
                        ? "one of them is a leftover, and is used once only"
                        : "one of them is a leftover, and its requests reach the other service",
                "deregister the one that is gone: curl -X PUT CONSUL/v1/agent/service/deregister/ID, on its own agent");
    }
}
