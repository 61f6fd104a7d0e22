package dev.pointsman.balancer;

import dev.pointsman.agent.AgentException;
import dev.pointsman.agent.AgentOptions;
import dev.pointsman.agent.MachineAddress;
import dev.pointsman.agent.Registration;
import dev.pointsman.agent.RegistrationFormat;
import dev.pointsman.agent.RegistrationState;
import dev.pointsman.agent.RetryPacing;
import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.registry.HttpCheck;
import dev.pointsman.registry.ServiceRegistration;
import dev.pointsman.registry.consul.ConsulAddress;
import dev.pointsman.registry.consul.ConsulRegistrar;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The balancer's own entry in the registry, by which a launcher that replaces instances finds its admin API and can ask
 * whether an instance is still in use (docs/drain-protocol.md). Thread-safe.
 */
final class OwnRegistration {
    /** The service's name, and its tag. */
    static final String SERVICE = "pointsman-balancer";

    private static final Logger log = LoggerFactory.getLogger(OwnRegistration.class);
    private static final String PROTOCOL = "1";
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(5);
    private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(1);
    private static final Duration STOP = Duration.ofSeconds(1);

    private final Registration registration;

    private OwnRegistration(Registration registration) {
        this.registration = registration;
    }

    /**
     * Registers the balancer, and keeps it registered; does not wait for the registry.
     *
     * @return null where it would be of no use: the admin API is on loopback only, and the registry is not
     */
    static @Nullable OwnRegistration begin(BalancerConfig config, int port, int adminPort) {
        ConsulAddress consul = config.consul();
        String host = config.admin().host();
        if (isLoopback(host) && !consul.isLoopback()) {
            log.info(
                    "not registered as {}: the admin API listens on {} only, where a launcher on another machine cannot"
                            + " ask it (--admin 0.0.0.0:{} lets it; docs/drain-protocol.md)",
                    SERVICE,
                    host,
                    adminPort);
            return null;
        }
        try {
            String address = advertised(host, consul);
            return new OwnRegistration(keep(consul, registration(address, port, adminPort)));
        } catch (AgentException | IllegalArgumentException unknown) {
            log.warn("not registered as {}: {}", SERVICE, unknown.getMessage());
            return null;
        }
    }

    private static String advertised(String adminHost, ConsulAddress consul) {
        AgentOptions options = AgentOptions.of(SERVICE, null, System.getenv())
                .withConsul(consul)
                .withHost(adminHost);
        return MachineAddress.advertised(options);
    }

    private static ServiceRegistration registration(String address, int port, int adminPort) {
        String admin = RegistrationFormat.authority(address, adminPort);
        return new ServiceRegistration(
                RegistrationFormat.id(SERVICE, address, adminPort),
                SERVICE,
                address,
                port,
                List.of(SERVICE),
                Map.of("admin", admin, "proto", PROTOCOL),
                new HttpCheck("http://" + admin + "/health/live", CHECK_INTERVAL, CHECK_TIMEOUT, FORGOTTEN_AFTER));
    }

    private static Registration keep(ConsulAddress consul, ServiceRegistration service) {
        SplittableRandom random = new SplittableRandom(new SecureRandom().nextLong());
        Registration registration = new Registration(
                new ConsulRegistrar(consul), service, new RegistrationState(RetryPacing.DEFAULT, random));
        registration.begin();
        return registration;
    }

    private static boolean isLoopback(String host) {
        InetAddress literal = NetUtil.createInetAddressFromIpAddressString(host);
        return literal == null ? host.equals("localhost") : literal.isLoopbackAddress();
    }

    /** Takes the balancer out of service in the registry, where it stays listed; does not wait for the registry. */
    void startMaintenance() {
        registration.startMaintenance("stopping");
    }

    /** Leaves the entry to another process, which is at the same address; blocks, for about a second at the most. */
    void leave() throws InterruptedException {
        registration.abandon(STOP);
    }

    /** Deregisters the balancer; blocks, for about a second at the most. */
    void end() throws InterruptedException {
        registration.stop(STOP);
    }
}
