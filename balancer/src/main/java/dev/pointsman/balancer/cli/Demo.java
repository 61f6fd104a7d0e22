package dev.pointsman.balancer.cli;

import dev.pointsman.balancer.StartException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/**
 * The processes of a demo: started in the order in which they need each other, stopped the other way round, so that
 * every service can still deregister. {@link #run} and {@link #stop} may be called from different threads.
 */
final class Demo {
    private static final List<String> SERVICES =
            List.of("api-service", "api-service", "webapp-service", "webapp-service");
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final long POLL_MILLIS = 50;
    private static final Pattern READY_UPSTREAM = Pattern.compile("\"state\" *: *\"ready\"");

    /** What each group of processes gets to end by itself; all together stay below 5 s. */
    private static final long END_MILLIS = 1_500;

    private final Ports ports;
    private final Path balancerJar;
    private final Path serviceJar;
    private final PrintWriter out;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
    private final List<Child> children = new ArrayList<>();
    private boolean stopping;

    /** Where the demo listens. */
    record Ports(int clients, int admin, int registry) {}

    Demo(Ports ports, Path balancerJar, Path serviceJar, PrintWriter out) {
        this.ports = ports;
        this.balancerJar = balancerJar;
        this.serviceJar = serviceJar;
        this.out = out;
    }

    /** Starts everything, says what to try, and returns when it was stopped. */
    void run() throws StartException, IOException, InterruptedException {
        try {
            startAll();
            awaitTheEnd();
        } catch (StartException broken) {
            // Who stops a demo that is still starting need not hear what did not start.
            if (!isStopping()) {
                throw broken;
            }
        }
    }

    private void startAll() throws StartException, IOException, InterruptedException {
        refuseUsedPorts();
        say("Starting a registry, a balancer and four services ...");
        Child registry = start("registry", balancerJar, "registry", "--port", text(ports.registry));
        await(registry, "the registry", () -> answers(registryUrl() + "/v1/status/leader"));
        String consul = registryUrl();
        Child balancer = start(
                "balancer",
                balancerJar,
                "balancer",
                "--port",
                text(ports.clients),
                "--admin",
                "127.0.0.1:" + ports.admin,
                "--consul",
                consul);
        for (String type : SERVICES) {
            start(type, serviceJar, type, "--consul", consul);
        }
        await(balancer, "the balancer and its services", this::everyInstanceIsReady);
        sayWhatToTry();
    }

    /** Services may come and go; the two that everything depends on may not. */
    private void awaitTheEnd() throws StartException, InterruptedException {
        List<Child> essential;
        synchronized (children) {
            essential = children.stream()
                    .filter(child -> !SERVICES.contains(child.name()))
                    .toList();
        }
        while (essential.stream().allMatch(Child::isAlive)) {
            Thread.sleep(POLL_MILLIS);
        }
        for (Child child : essential) {
            if (!child.isAlive() && !isStopping()) {
                throw new StartException("the " + child.name() + " ended (exit code " + child.exitCode()
                        + "), and nothing works without it; the others are stopped");
            }
        }
    }

    private boolean isStopping() {
        synchronized (children) {
            return stopping;
        }
    }

    /** Asks first, so that all ports in use are named at once; who loses a race is told by the process itself. */
    private void refuseUsedPorts() throws StartException {
        List<String> used = new ArrayList<>();
        addIfUsed(used, "0.0.0.0", ports.clients, "the balancer's port", "--port");
        addIfUsed(used, "127.0.0.1", ports.admin, "the admin port", "--admin-port");
        addIfUsed(used, "127.0.0.1", ports.registry, "the registry's port", "--registry-port");
        if (!used.isEmpty()) {
            throw new StartException(String.join(", and ", used) + "; stop what uses it, or choose another");
        }
    }

    private static void addIfUsed(List<String> used, String host, int port, String what, String flag) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getByName(host), port));
        } catch (IOException inUse) {
            used.add(what + " " + port + " is in use by another program (" + flag + ")");
        }
    }

    private Child start(String name, Path jar, String... arguments) throws IOException, StartException {
        synchronized (children) {
            if (stopping) {
                throw new StartException("stopped while starting");
            }
            Child child = Child.start(name, jar, List.of(arguments), out);
            children.add(child);
            return child;
        }
    }

    private void await(Child child, String what, BooleanSupplier ready) throws StartException, InterruptedException {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (!ready.getAsBoolean()) {
            if (!child.isAlive()) {
                throw new StartException("the " + child.name() + " did not start (exit code " + child.exitCode() + ")");
            }
            if (System.nanoTime() - deadline > 0) {
                throw new StartException(what + " did not get ready within " + START_LIMIT.toSeconds() + " s");
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private boolean everyInstanceIsReady() {
        String admin = "http://127.0.0.1:" + ports.admin;
        String services = get(admin + "/api/services");
        return answers(admin + "/health/ready")
                && READY_UPSTREAM.matcher(services).results().count() >= SERVICES.size();
    }

    private boolean answers(String url) {
        return !get(url).isEmpty();
    }

    /** The body of a 200, or nothing. */
    private String get(String url) {
        try {
            HttpRequest get = HttpRequest.newBuilder(URI.create(url))
                    .timeout(Duration.ofSeconds(1))
                    .build();
            HttpResponse<String> response = http.send(get, HttpResponse.BodyHandlers.ofString());
            return response.statusCode() == 200 ? response.body() : "";
        } catch (IOException notYet) {
            return "";
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    private void sayWhatToTry() {
        String clients = "http://localhost:" + ports.clients;
        String elsewhere = ports.registry == 8500 ? "" : " --consul " + registryUrl();
        say("");
        say("Pointsman is running: a registry, a balancer, two api-service and two webapp-service instances.");
        say("");
        say("  curl " + clients + "/api/anything      answered by the next api-service");
        say("  curl " + clients + "/                  answered by the next webapp-service");
        say("  curl http://127.0.0.1:" + ports.admin + "/api/services   what the balancer knows");
        say("  curl " + registryUrl() + "/v1/catalog/services   what the registry knows (Consul's API)");
        say("");
        say("Add an instance, in another terminal:  ./pointsman service api-service" + elsewhere);
        say("It gets requests as soon as it is up; end it with Ctrl-C and it gets none any more.");
        say("");
        say("Ctrl-C here stops everything.");
    }

    /**
     * Stops whatever runs, services first; what does not end by itself is ended.
     *
     * @return whether this was the first call; later ones do nothing
     */
    boolean stop() {
        List<Child> all;
        synchronized (children) {
            if (stopping) {
                return false;
            }
            stopping = true;
            all = children.stream().filter(Child::isAlive).toList();
        }
        if (!all.isEmpty()) {
            say("");
            say("Stopping " + all.size() + " processes ...");
            stop(all.stream().filter(child -> SERVICES.contains(child.name())).toList());
            stop(all.stream().filter(child -> child.name().equals("balancer")).toList());
            stop(all.stream().filter(child -> child.name().equals("registry")).toList());
            say("Stopped.");
        }
        return true;
    }

    private static void stop(List<Child> group) {
        group.forEach(Child::terminate);
        long deadline = System.nanoTime() + Duration.ofMillis(END_MILLIS).toNanos();
        for (Child child : group) {
            try {
                child.awaitEnd(Math.max(
                        0, Duration.ofNanos(deadline - System.nanoTime()).toMillis()));
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private String registryUrl() {
        return "http://127.0.0.1:" + ports.registry;
    }

    private static String text(int number) {
        return Integer.toString(number);
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }
}
