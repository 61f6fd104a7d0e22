package dev.pointsman.cli.doctor;

import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.balancer.config.ListenAddress;
import dev.pointsman.launcher.process.ListeningSockets;
import dev.pointsman.registry.consul.BadAddressException;
import dev.pointsman.registry.consul.ConsulAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The examination of this machine, of the registry and of balancers, made of its checkups. It writes nothing, needs no rights of its own, and shows no
 * secret to anybody but the ACL token to Consul, as a balancer does.
 */
public final class Doctor {
    private static final Duration LONGEST = Duration.ofSeconds(9);
    private static final Duration LONGEST_DEEP = Duration.ofSeconds(25);
    private static final Duration WATCHED = Duration.ofSeconds(2);
    private static final Duration WATCHED_DEEP = Duration.ofSeconds(5);

    private final DoctorConfig read;
    private final List<String> admins;
    private final boolean deep;
    private final Map<String, String> environment;
    private final MachineFolders machine = MachineFolders.REAL;
    private final InstantSource clock = InstantSource.system();

    /**
     * An examination to come. Reads the file.
     *
     * @param file the balancer's configuration; null for none
     * @param consul the registry; null where the file or the environment says it
     * @param admins admin APIs of balancers; none for the one of the configuration
     * @param deep whether to wait for as long as it takes to see more
     */
    public Doctor(
            @Nullable Path file,
            @Nullable String consul,
            List<String> admins,
            boolean deep,
            Map<String, String> environment) {
        this.read = DoctorConfig.read(file, consul, environment);
        this.admins = List.copyOf(admins);
        this.deep = deep;
        this.environment = Map.copyOf(environment);
    }

    /** Looks at everything; takes less than ten seconds, and half a minute where it is deep. */
    public List<Finding> findings() throws InterruptedException {
        Map<DoctorCheck, Checkup> checkups = new LinkedHashMap<>();
        List<String> problems = new ArrayList<>(read.problems());
        ConsulQuestions consul = consul(problems);
        BalancerConfig config = read.config();
        ofFiles(checkups);
        if (config != null) {
            ofMachine(checkups, config);
        }
        Set<String> targets = read.targets();
        RegisteredServices services = consul == null ? null : new RegisteredServices(consul, targets);
        if (consul != null && services != null) {
            ofRegistry(checkups, consul, services, targets, config);
        }
        checkups.put(
                DoctorCheck.BALANCER,
                new BalancersCheckup(admins, config == null ? null : reachable(config.admin()), services, clock));
        int routes = config == null ? 0 : config.routes().size();
        checkups.put(DoctorCheck.CONFIGURATION, new ConfigurationCheckup(read.where(), problems, routes));
        return new Examination(checkups, deep ? LONGEST_DEEP : LONGEST).run();
    }

    private @Nullable ConsulQuestions consul(List<String> problems) {
        ConsulAddress address = read.consul();
        if (address == null) {
            return null;
        }
        try {
            return new ConsulQuestions(address);
        } catch (BadAddressException unusable) {
            problems.addAll(unusable.problems());
            return null;
        }
    }

    private void ofFiles(Map<DoctorCheck, Checkup> checkups) {
        checkups.put(
                DoctorCheck.JAVA_VERSION,
                new JavaCheckup(machine, environment, Runtime.version().feature()));
        checkups.put(
                DoctorCheck.SECRET_FILES,
                new SecretFilesCheckup(
                        read.secretFiles(environment),
                        Set.copyOf(
                                read.files().stream().map(Path::toAbsolutePath).toList())));
        checkups.put(DoctorCheck.FOLDERS, new FoldersCheckup(read.writtenFiles(), FoldersCheckup::real));
        checkups.put(
                DoctorCheck.TEMP_FOLDER,
                new TempFolderCheckup(machine, TempFolderCheckup.unpackedIn(System.getProperties(), environment)));
        ConsulAddress address = read.consul();
        Map<String, Path> certificates = new LinkedHashMap<>();
        if (address != null && address.tls()) {
            put(certificates, "CONSUL_CACERT", address.caCert());
            put(certificates, "CONSUL_CLIENT_CERT", address.clientCert());
        }
        checkups.put(
                DoctorCheck.CERTIFICATES,
                new CertificatesCheckup(certificates, read.upstreamCertificates(), read.ownCertificates(), clock));
    }

    private static void put(Map<String, Path> files, String name, @Nullable Path file) {
        if (file != null) {
            files.put(name, file);
        }
    }

    private void ofMachine(Map<DoctorCheck, Checkup> checkups, BalancerConfig config) {
        int clients = config.limits().maxConnections();
        checkups.put(
                DoctorCheck.DESCRIPTORS,
                new DescriptorsCheckup(machine, clients, read.targets().size()));
        checkups.put(
                DoctorCheck.LOCAL_PORTS,
                new LocalPortsCheckup(
                        machine,
                        clients,
                        Map.of(
                                "port",
                                config.listen().port(),
                                "admin",
                                config.admin().port())));
        checkups.put(DoctorCheck.LISTEN_QUEUE, new ListenQueueCheckup(machine));
        Map<String, InetSocketAddress> wanted = new LinkedHashMap<>();
        wanted.put(
                "port",
                new InetSocketAddress(config.listen().host(), config.listen().port()));
        wanted.put(
                "admin",
                new InetSocketAddress(config.admin().host(), config.admin().port()));
        ListeningSockets sockets = ListeningSockets.in(machine.proc());
        checkups.put(
                DoctorCheck.LISTEN_PORT,
                new ListenPortCheckup(
                        machine,
                        wanted,
                        ListenPortCheckup::failure,
                        port -> sockets.holder(port, Set.of()),
                        () -> isBalancer(config.admin())));
    }

    private void ofRegistry(
            Map<DoctorCheck, Checkup> checkups,
            ConsulQuestions consul,
            RegisteredServices services,
            Set<String> targets,
            @Nullable BalancerConfig config) {
        boolean comesAlong = config != null && config.dev();
        checkups.put(DoctorCheck.CONSUL_AGENT, new ConsulAgentCheckup(consul, clock, comesAlong));
        checkups.put(DoctorCheck.CONSUL_WAIT, new ConsulWaitCheckup(consul, deep ? WATCHED_DEEP : WATCHED));
        checkups.put(DoctorCheck.CONSUL_RIGHTS, new RightsCheckup(consul, services, config, targets, clock));
        checkups.put(
                DoctorCheck.INSTANCE_ADDRESS,
                new InstanceAddressCheckup(services, consul.address().isLoopback()));
        checkups.put(DoctorCheck.INSTANCE_CHECK, new InstanceChecksCheckup(services));
        checkups.put(
                DoctorCheck.INSTANCE_ANSWER,
                new InstanceAnswersCheckup(
                        services, targets, new InstanceTransports(config), deep ? WATCHED_DEEP : WATCHED));
        if (config != null) {
            checkups.put(DoctorCheck.TAGS, new TagsCheckup(services, config, clock));
            checkups.put(
                    DoctorCheck.ROUTES,
                    new RoutesCheckup(services, config, consul.address().url()));
        }
    }

    /** Where an admin API can be asked from this machine; null where its port is not known. */
    private static @Nullable String reachable(ListenAddress admin) {
        if (admin.port() == 0) {
            return null;
        }
        return switch (admin.host()) {
            case "0.0.0.0" -> "127.0.0.1:" + admin.port();
            case "::" -> "[::1]:" + admin.port();
            default -> admin.toString();
        };
    }

    private static boolean isBalancer(ListenAddress admin) {
        String address = reachable(admin);
        try {
            return address != null
                    && ConsulQuestions.json(new HttpQuestions(null)
                                    .ask(
                                            "GET",
                                            BalancersCheckup.url(address) + "/api/status",
                                            Map.of(),
                                            null,
                                            Duration.ofSeconds(2)))
                            .path("startedAt")
                            .isTextual();
        } catch (IOException none) {
            return false;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
