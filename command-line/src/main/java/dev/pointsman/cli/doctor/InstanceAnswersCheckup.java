package dev.pointsman.cli.doctor;

import dev.pointsman.balancer.http.UpstreamTransport;
import dev.pointsman.balancer.tls.TlsFailedException;
import dev.pointsman.balancer.upstream.ConnectionOptions;
import dev.pointsman.cli.doctor.HttpQuestions.HttpReply;
import dev.pointsman.cli.doctor.RegisteredInstance.RegisteredCheck;
import dev.pointsman.cli.doctor.RegisteredServices.CatalogRead;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Whether instances can be reached from here, answer HTTP, and keep idle connections for longer than the balancer does. Sources: caddy #6452
 * and h2o #281 (a service that closes first gives random 502s), peers.md ("keep-alive mismatch between pool and service"), and instances that
 * pass a check on their own machine which a firewall cuts off from this one.
 */
final class InstanceAnswersCheckup implements Checkup {
    private static final Duration PATIENCE = Duration.ofMillis(1500);
    private static final Duration SLOW = Duration.ofMillis(200);
    private static final int MOST_INSTANCES = 48;

    private final RegisteredServices services;
    private final Set<String> targets;
    private final HttpQuestions http = new HttpQuestions(null);
    private final Duration watched;
    private final InstanceTransports transports;

    /**
     * A look at the instances.
     *
     * @param targets what routes lead to, whose instances come first
     * @param transports how they are spoken to
     * @param watched for how long an idle connection is watched at the most
     */
    InstanceAnswersCheckup(
            RegisteredServices services, Set<String> targets, InstanceTransports transports, Duration watched) {
        this.transports = transports;
        this.services = services;
        this.targets = targets;
        this.watched = watched;
    }

    @Override
    public List<Finding> findings() throws InterruptedException {
        CatalogRead read = services.read();
        List<RegisteredInstance> asked = new ArrayList<>();
        List<RegisteredInstance> others = new ArrayList<>();
        for (RegisteredInstance each : read.instances()) {
            if (each.port() > 0 && !each.address().isEmpty() && !each.isInMaintenance()) {
                (targets.stream().anyMatch(each::carries) ? asked : others).add(each);
            }
        }
        asked.addAll(others);
        List<Finding> all = new ArrayList<>();
        List<Callable<List<Finding>>> looks = new ArrayList<>();
        asked.stream().limit(MOST_INSTANCES).forEach(each -> looks.add(() -> look(each)));
        SideBySide.all(MOST_INSTANCES, looks).forEach(all::addAll);
        return summed(all, looks.size(), asked.size());
    }

    /** What is wrong one by one, and what is well as a number. */
    private static List<Finding> summed(List<Finding> all, int looked, int asked) {
        List<Finding> found = new ArrayList<>();
        for (DoctorCheck check : List.of(DoctorCheck.INSTANCE_ANSWER, DoctorCheck.KEEP_ALIVE)) {
            List<Finding> wrong = all.stream()
                    .filter(each -> each.check() == check && each.level() != Finding.FindingLevel.OK)
                    .toList();
            long well = all.stream()
                    .filter(each -> each.check() == check && each.level() == Finding.FindingLevel.OK)
                    .count();
            found.addAll(Checkup.firstOf(wrong));
            if (well > 0) {
                String what = check == DoctorCheck.INSTANCE_ANSWER ? " respond" : " keep idle connections";
                found.add(Finding.ok(
                        check,
                        "instances",
                        well + " of " + looked + what + (asked > looked ? " (of " + asked + " in all)" : "")));
            }
        }
        return found;
    }

    private List<Finding> look(RegisteredInstance each) throws InterruptedException {
        String path = checkPath(each);
        UpstreamTransport transport = transports.of(each);
        boolean isTls = transport.protocol().isTls();
        if (transport.protocol().isHttp2()) {
            return List.of(connects(each, transport));
        }
        long start = System.nanoTime();
        try {
            IdleConnection idle = IdleConnection.watch(
                    each.address(),
                    each.port(),
                    path == null ? "/" : path,
                    PATIENCE,
                    watched,
                    plain -> isTls ? transports.secured(plain, transport, each.address()) : plain);
            List<Finding> found = new ArrayList<>();
            found.add(answer(each, isTls ? null : path, idle));
            if (idle.isHttp()) {
                found.add(keepAlive(each, idle));
            }
            return found;
        } catch (SSLException refused) {
            return List.of(noTls(each, transport, refused));
        } catch (IOException | IllegalArgumentException failed) {
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            return List.of(unreachable(each, HttpQuestions.reason(failed) + " (" + took.toMillis() + " ms)"));
        }
    }

    /** What speaks HTTP/2 is connected to, over TLS if it is by that, and asked nothing. */
    private Finding connects(RegisteredInstance each, UpstreamTransport transport) {
        try (Socket plain = new Socket()) {
            plain.connect(new InetSocketAddress(each.address(), each.port()), (int) PATIENCE.toMillis());
            plain.setSoTimeout((int) PATIENCE.toMillis());
            if (transport.protocol().isTls()) {
                transports.secured(plain, transport, each.address()).close();
            }
            return Finding.ok(DoctorCheck.INSTANCE_ANSWER, each.name(), "takes connections");
        } catch (SSLException refused) {
            return noTls(each, transport, refused);
        } catch (IOException | IllegalArgumentException failed) {
            return unreachable(each, HttpQuestions.reason(failed));
        }
    }

    private static Finding noTls(RegisteredInstance each, UpstreamTransport transport, SSLException refused) {
        return Finding.error(
                DoctorCheck.INSTANCE_ANSWER,
                each.name(),
                "no TLS with it, which its routes ask for (" + transport + "): "
                        + TlsFailedException.of(refused).getMessage(),
                "requests go to other instances, or get 502; the balancer ejects it, again and again",
                "see to the instance's certificate, to upstream-ca and to server-name; or leave out proto: https if it"
                        + " speaks clear text");
    }

    private static Finding unreachable(RegisteredInstance each, String why) {
        String what = "cannot be reached from here: " + why;
        return each.isPassing()
                ? Finding.error(
                        DoctorCheck.INSTANCE_ANSWER,
                        each.name(),
                        what + "; its checks pass",
                        "a balancer on this machine ejects it, again and again",
                        "see that it listens on the address that it registered, and that no firewall is in between")
                : Finding.note(
                        DoctorCheck.INSTANCE_ANSWER,
                        each.name(),
                        what + "; its checks fail, too",
                        "it gets no request",
                        "start it, or deregister it if it is gone for good");
    }

    private Finding answer(RegisteredInstance each, @Nullable String path, IdleConnection idle)
            throws InterruptedException {
        if (!idle.isHttp()) {
            return Finding.warning(
                    DoctorCheck.INSTANCE_ANSWER,
                    each.name(),
                    idle.statusLine().isEmpty()
                            ? "takes connections and does not respond to HTTP"
                            : "does not respond in HTTP/1: " + idle.statusLine(),
                    "requests that a route sends there get 502 or 504",
                    "see which port it serves HTTP/1.1 on, and register that one; if it speaks TLS, give its routes"
                            + " proto: https");
        }
        if (path == null) {
            return Finding.ok(DoctorCheck.INSTANCE_ANSWER, each.name(), "responds");
        }
        try {
            HttpReply reply = http.ask(
                    "GET",
                    "http://" + each.authority() + path,
                    Map.of("User-Agent", "pointsman-doctor"),
                    null,
                    PATIENCE);
            if (reply.status() >= 400 && each.isPassing()) {
                return Finding.warning(
                        DoctorCheck.INSTANCE_ANSWER,
                        each.name(),
                        "responds to its check's " + path + " with " + reply.status() + " here, while its check passes",
                        "what answers here may be another program than the one that is checked",
                        "compare: curl -i http://" + each.authority() + path);
            }
            return reply.took().compareTo(SLOW) > 0
                    ? Finding.note(
                            DoctorCheck.INSTANCE_ANSWER,
                            each.name(),
                            "takes " + reply.took().toMillis() + " ms for its check's " + path,
                            "a check that takes longer than its timeout takes the instance out",
                            "have the check ask something cheap")
                    : Finding.ok(DoctorCheck.INSTANCE_ANSWER, each.name(), "responds");
        } catch (IOException failed) {
            return Finding.warning(
                    DoctorCheck.INSTANCE_ANSWER,
                    each.name(),
                    "does not respond to its check's " + path + ": " + failed.getMessage(),
                    "requests that a route sends there fail or wait",
                    "compare: curl -i http://" + each.authority() + path);
        }
    }

    private Finding keepAlive(RegisteredInstance each, IdleConnection idle) {
        Duration pool = ConnectionOptions.KEEP_ALIVE;
        Duration closed = idle.closedAfter();
        Long says = idle.says();
        if (idle.isClosing()) {
            return Finding.note(
                    DoctorCheck.KEEP_ALIVE,
                    each.name(),
                    "ends its connection with each response",
                    "each request pays for a new connection and uses up a local port for a minute",
                    "have the service keep connections (HTTP/1.1 keep-alive) for longer than "
                            + HttpQuestions.seconds(pool));
        }
        if (says != null && says <= 1) {
            return Finding.note(
                    DoctorCheck.KEEP_ALIVE,
                    each.name(),
                    "says that it keeps idle connections for " + says + " s only",
                    "the balancer uses none of them again, since it keeps a second's distance",
                    "have the service keep them for longer than " + HttpQuestions.seconds(pool));
        }
        // As the balancer does: a second less than it says, else the pool's own time.
        Duration used = says == null ? pool : Duration.ofSeconds(says - 1);
        if (closed != null && closed.compareTo(used) < 0) {
            return Finding.warning(
                    DoctorCheck.KEEP_ALIVE,
                    each.name(),
                    "closes idle connections after " + closed.toMillis() + " ms"
                            + (says == null ? " without saying so" : " though it says " + says + " s"),
                    "the balancer keeps them for " + HttpQuestions.seconds(used)
                            + ", so now and then a request meets one that is just being closed, and a POST then fails with 502",
                    "raise the service's keep-alive timeout above " + HttpQuestions.seconds(pool)
                            + ", or have it send Keep-Alive: timeout=N");
        }
        return Finding.ok(DoctorCheck.KEEP_ALIVE, each.name(), "keeps idle connections");
    }

    /** The path and query of its HTTP check; null where there is none. */
    static @Nullable String checkPath(RegisteredInstance each) {
        for (RegisteredCheck check : each.checks()) {
            URI asked = InstanceChecksCheckup.asked(check);
            if (asked != null && "http".equals(asked.getScheme()) && asked.getPort() == each.port()) {
                String path = asked.getRawPath();
                return (path == null || path.isEmpty() ? "/" : path)
                        + (asked.getRawQuery() == null ? "" : "?" + asked.getRawQuery());
            }
        }
        return null;
    }
}
