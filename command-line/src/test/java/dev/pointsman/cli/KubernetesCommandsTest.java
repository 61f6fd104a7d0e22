package dev.pointsman.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.balancer.config.BalancerSettings;
import dev.pointsman.balancer.config.ConfigSource;
import dev.pointsman.balancer.config.ReadConfig;
import dev.pointsman.cli.RegisterFlags.ProgramToRegister;
import dev.pointsman.cli.kubernetes.KubernetesFolder;
import dev.pointsman.cli.kubernetes.KubernetesFolder.Json;
import dev.pointsman.cli.run.CommandFailure;
import dev.pointsman.launcher.plan.LaunchEnvironment;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.ParseResult;

/** What the pods of {@code deploy/kubernetes} run is read by the commands themselves, and agrees with what stands around it. */
class KubernetesCommandsTest {
    /** In which a balancer deregisters and ends, behind grace and drain: docs/stopping.md. */
    private static final Duration LAST_STEPS = Duration.ofSeconds(4);

    private final KubernetesFolder base = KubernetesFolder.named("base");
    private final KubernetesFolder trying = KubernetesFolder.named("trying");

    @TempDir
    private Path folder = Path.of(".");

    @Test
    void the_balancer_listens_where_its_pod_says() throws Exception {
        JsonObject pod = pod(base, "pointsman-balancer");
        BalancerConfig config = balancer(pod);

        assertThat(config.listen().port()).isEqualTo(port(pod, "http"));
        assertThat(config.admin().port()).isEqualTo(port(pod, "admin"));
        assertThat(config.listen().host()).isEqualTo("0.0.0.0");
        assertThat(config.admin().host()).as("asked by the kubelet").isEqualTo("0.0.0.0");
        assertThat(config.register()).isTrue();
    }

    @Test
    void the_balancer_has_the_routes_of_the_services_and_the_registry_that_are_there_for_trying() throws Exception {
        BalancerConfig config = balancer(pod(base, "pointsman-balancer"));

        assertThat(config.routes())
                .extracting(route -> route.key() + " " + route.describeTarget())
                .containsExactlyInAnyOrder("/api api-service", "/ webapp-service");
        JsonObject registry = trying.object("Service", config.consul().host());
        assertThat(config.consul().port())
                .isEqualTo(Json.number(
                        Json.objects(Json.at(registry, "spec.ports")).get(0), "port"));
    }

    @Test
    void the_pod_outlives_grace_and_drain_and_grace_outlives_the_readiness_probe() throws Exception {
        JsonObject pod = pod(base, "pointsman-balancer");
        BalancerConfig config = balancer(pod);
        Duration grace = config.limits().grace();
        JsonObject probe = Json.at(container(pod), "readinessProbe").getAsJsonObject();
        int noticed = Json.number(probe, "periodSeconds") * Json.number(probe, "failureThreshold")
                + Json.number(probe, "timeoutSeconds");

        assertThat(grace).isGreaterThan(Duration.ofSeconds(noticed));
        assertThat(Duration.ofSeconds(Json.number(pod, "terminationGracePeriodSeconds")))
                .isGreaterThan(grace.plus(config.limits().drain()).plus(LAST_STEPS));
    }

    @Test
    void the_secrets_for_trying_are_those_that_the_balancer_asks_for() throws Exception {
        BalancerConfig config = balancer(pod(base, "pointsman-balancer"));

        assertThat(config.stickySecret()).isEqualTo("for-trying-only-sticky-secret");
        assertThat(config.adminAccess().token()).isEqualTo("for-trying-only-admin-token");
    }

    @Test
    void the_sample_service_listens_where_its_pod_says() throws Exception {
        JsonObject pod = pod(trying, "api-service");
        ParseResult read = parse(pod);

        assertThat(read.commandSpec().name()).isEqualTo("service");
        assertThat(read.matchedPositional(0).<String>getValue()).isEqualTo("api-service");
        assertThat(read.<String>matchedOptionValue("--port", "")).isEqualTo(String.valueOf(port(pod, "http")));
        assertThat(environment(trying, pod)).containsKeys("CONSUL_HTTP_ADDR", "POINTSMAN_ADVERTISE");
    }

    @Test
    void the_wrapped_program_is_registered_where_its_pod_says_and_has_the_time_to_leave() throws Exception {
        JsonObject pod = pod(trying, "webapp-service");
        Path python = Files.createFile(folder.resolve("python3"));
        assertThat(python.toFile().setExecutable(true)).isTrue();
        Map<String, String> environment = new HashMap<>(environment(trying, pod));
        environment.put("PATH", folder.toString());
        ParseResult read = parse(pod);
        RegisterFlags flags = (RegisterFlags)
                requireNonNull(read.commandSpec().mixins().get("flags")).userObject();

        ProgramToRegister program = flags.read(read, new LaunchEnvironment(1, folder, environment));

        assertThat(program.plan().type()).isEqualTo("webapp-service");
        assertThat(program.port()).isEqualTo(port(pod, "http"));
        assertThat(program.consul().host()).isEqualTo("consul");
        assertThat(program.advertise()).isEqualTo("10.0.0.1");
        assertThat(Duration.ofSeconds(Json.number(pod, "terminationGracePeriodSeconds")))
                .isGreaterThan(program.plan()
                        .options()
                        .drainTimeout()
                        .plus(program.plan().options().stopTimeout())
                        .plus(LAST_STEPS));
    }

    private BalancerConfig balancer(JsonObject pod) throws Exception {
        ParseResult read = parse(pod);
        assertThat(read.commandSpec().name()).isEqualTo("balancer");
        Path mounted = Path.of(
                Json.text(Json.objects(container(pod).get("volumeMounts")).get(0), "mountPath"));
        Path config = read.matchedOptionValue("--config", Path.of(""));
        assertThat(config).isEqualTo(mounted.resolve("balancer.yaml"));
        ReadConfig found = new ConfigSource(
                        base.path().resolve("balancer.yaml"),
                        SettingFlags.given(read, BalancerSettings.TABLE),
                        environment(trying, pod))
                .readOrThrow();
        return found.config();
    }

    /** A misspelt flag fails here, as it does in the pod. */
    private static ParseResult parse(JsonObject pod) {
        List<String> words = Json.texts(container(pod).get("args"));
        PointsmanCommand commands = new PointsmanCommand(
                Map.of(),
                (plan, output, runtimeFolder) -> {
                    throw new CommandFailure("nothing is to be started here");
                },
                new PrintWriter(new StringWriter()));
        return Main.commandLine(
                        commands,
                        words.get(0),
                        new PrintWriter(new StringWriter()),
                        new PrintWriter(new StringWriter()))
                .parseArgs(words.toArray(String[]::new))
                .subcommand();
    }

    private static JsonObject pod(KubernetesFolder folder, String name) throws IOException {
        return Json.at(folder.object("Deployment", name), "spec.template.spec").getAsJsonObject();
    }

    private static JsonObject container(JsonObject pod) {
        return Json.objects(pod.get("containers")).get(0);
    }

    private static int port(JsonObject pod, String name) {
        return Json.objects(container(pod).get("ports")).stream()
                .filter(port -> Json.text(port, "name").equals(name))
                .mapToInt(port -> Json.number(port, "containerPort"))
                .findFirst()
                .orElseThrow();
    }

    /** The container's variables: secrets as a folder makes them, and an address for what Kubernetes fills in. */
    private static Map<String, String> environment(KubernetesFolder folder, JsonObject pod) throws IOException {
        Map<String, String> environment = new HashMap<>();
        for (JsonObject variable : Json.objects(container(pod).get("env"))) {
            environment.put(Json.text(variable, "name"), value(folder, variable));
        }
        return environment;
    }

    private static String value(KubernetesFolder folder, JsonObject variable) throws IOException {
        if (variable.has("value")) {
            return Json.text(variable, "value");
        }
        if (Json.at(variable, "valueFrom.fieldRef").isJsonObject()) {
            assertThat(Json.text(variable, "valueFrom.fieldRef.fieldPath")).isEqualTo("status.podIP");
            return "10.0.0.1";
        }
        JsonObject secret =
                Json.objects(folder.kustomization().get("secretGenerator")).get(0);
        assertThat(Json.text(variable, "valueFrom.secretKeyRef.name")).isEqualTo(Json.text(secret, "name"));
        String key = Json.text(variable, "valueFrom.secretKeyRef.key") + "=";
        return Json.texts(secret.get("literals")).stream()
                .filter(literal -> literal.startsWith(key))
                .map(literal -> literal.substring(key.length()))
                .findFirst()
                .orElseThrow();
    }
}
