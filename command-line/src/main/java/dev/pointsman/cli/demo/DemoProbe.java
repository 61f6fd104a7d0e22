package dev.pointsman.cli.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** A client that asks a demo's processes how far they are. */
final class DemoProbe {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Pattern READY_UPSTREAM = Pattern.compile("\"state\" *: *\"ready\"");

    private final DemoPorts ports;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    DemoProbe(DemoPorts ports) {
        this.ports = ports;
    }

    boolean registryResponds() {
        return isFine(ports.registryUrl() + "/v1/status/leader");
    }

    /** Whether the balancer is ready and has so many instances to pick from. */
    boolean balancerIsReadyWith(int instances) {
        String services = get(ports.adminUrl() + "/api/services");
        return isFine(ports.adminUrl() + "/health/ready")
                && READY_UPSTREAM.matcher(services).results().count() >= instances;
    }

    /**
     * Whether so many requests in a row go through services of both types: each of the callers follows the registry by itself,
     * and may still hear of the others when the balancer has.
     */
    boolean servicesCallEachOther(int requests) {
        return IntStream.range(0, requests).allMatch(i -> isFine(ports.clientsUrl() + "/api/chain"));
    }

    private boolean isFine(String url) {
        return !get(url).isEmpty();
    }

    /** The body of a 200, or empty. */
    private String get(String url) {
        try {
            HttpRequest get =
                    HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE).build();
            HttpResponse<String> response = http.send(get, HttpResponse.BodyHandlers.ofString());
            return response.statusCode() == 200 ? response.body() : "";
        } catch (IOException notYet) {
            return "";
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
