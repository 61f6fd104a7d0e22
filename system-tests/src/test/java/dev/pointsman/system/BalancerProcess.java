package dev.pointsman.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.pointsman.testkit.TestHttp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** A balancer of its own process, as its clients and its operators see it. */
final class BalancerProcess {
    private static final Pattern CLIENTS = Pattern.compile("clients +http://[^ ,]*:(\\d+)(?:,.*)?\\n");
    private static final Pattern ADMIN = Pattern.compile("admin +http://[^ ]*:(\\d+)/api/services\\n");

    private final Program program;
    private final int port;
    private final int adminPort;
    private final TestHttp admin;

    private BalancerProcess(Program program, int port, int adminPort) {
        this.program = program;
        this.port = port;
        this.adminPort = adminPort;
        this.admin = new TestHttp("http://127.0.0.1:" + adminPort);
    }

    /** Waits until it has said where it serves. */
    static BalancerProcess awaitReady(Program program) {
        int adminPort = Integer.parseInt(program.awaitOutput("its ports", ADMIN).group(1));
        int port = Integer.parseInt(program.awaitOutput("its ports", CLIENTS).group(1));
        return new BalancerProcess(program, port, adminPort);
    }

    Program program() {
        return program;
    }

    /** Where clients are served. */
    int port() {
        return port;
    }

    /** Where the admin API is. */
    int adminPort() {
        return adminPort;
    }

    /** As curl: one GET on a connection of its own. */
    Response get(String path) {
        try (KeepAliveClient client = new KeepAliveClient(port)) {
            return client.get(path);
        } catch (IOException e) {
            throw new UncheckedIOException("GET " + path + " through " + program.name(), e);
        }
    }

    CompletableFuture<Response> getLater(String path) {
        return CompletableFuture.supplyAsync(() -> get(path));
    }

    /** Which instances responded to so many requests, one after the other, each on a connection of its own. */
    List<Long> pidsOf(int requests, String path) {
        return IntStream.range(0, requests).mapToObj(i -> get(path).pid()).toList();
    }

    /** Where its dashboard is. */
    String dashboard() {
        return "http://127.0.0.1:" + adminPort + "/";
    }

    /** A reply of the admin API. */
    TestHttp.Reply admin(String path) {
        return admin.get(path);
    }

    /** The target's part of {@code /api/services}. */
    JsonNode service(String target) {
        for (JsonNode service : admin("/api/services").json().path("services")) {
            if (service.path("target").asText().equals(target)) {
                return service;
            }
        }
        throw new AssertionError("no route of " + program.name() + " has the target " + target);
    }

    /** The instance's part of {@code /api/services}; a missing node when it is not there. */
    JsonNode upstream(String target, String id) {
        for (JsonNode upstream : service(target).path("upstreams")) {
            if (upstream.path("id").asText().equals(id)) {
                return upstream;
            }
        }
        return MissingNode.getInstance();
    }

    /** id to state of the target's instances. */
    Map<String, String> states(String target) {
        Map<String, String> states = new LinkedHashMap<>();
        service(target)
                .path("upstreams")
                .forEach(upstream -> states.put(
                        upstream.path("id").asText(), upstream.path("state").asText()));
        return states;
    }

    void awaitReadyInstances(String target, int count) {
        Soon.isTrue(
                count + " ready instances of " + target + " in " + program.name(),
                () -> service(target).path("ready").asInt() == count);
    }

    void awaitState(String target, String id, String state) {
        Soon.isTrue(
                id + " to be " + state + " in " + program.name(),
                () -> state.equals(states(target).get(id)));
    }
}
