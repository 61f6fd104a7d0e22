package dev.pointsman.cli.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.pointsman.cli.kubernetes.KubernetesFolder.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every object is one that Kubernetes takes, and what refers to another finds it. */
class KubernetesManifestsTest {
    private static final Set<String> KEYS_OF_KUSTOMIZE = Set.of(
            "apiVersion",
            "kind",
            "namespace",
            "resources",
            "components",
            "configMapGenerator",
            "secretGenerator",
            "labels",
            "patches");

    static List<KubernetesFolder> folders() throws IOException {
        return KubernetesFolder.all();
    }

    static List<JsonObject> workloads() throws IOException {
        return KubernetesFolder.everything().stream()
                .filter(each -> Set.of("Deployment", "StatefulSet").contains(Json.text(each, "kind")))
                .toList();
    }

    @Test
    void every_object_is_valid_by_the_schema_of_kubernetes() throws IOException {
        List<JsonObject> objects = KubernetesFolder.everything();

        assertThat(objects).hasSizeGreaterThan(10).allSatisfy(KubernetesSchema::check);
    }

    /** The test above would be worth nothing if this went unnoticed. */
    @ParameterizedTest
    @CsvSource({
        "base/deployment.yaml, minReadySeconds:, minReadySecond:, minReadySecond",
        "base/deployment.yaml, readOnlyRootFilesystem:, readonlyRootFilesystem:, readonlyRootFilesystem",
        "base/deployment.yaml, periodSeconds: 10, periodSeconds: often, often",
        "base/deployment.yaml, port: admin, prot: admin, prot",
        "base/deployment.yaml, apiVersion: apps/v1, apiVersion: apps/v2, apps/v2",
        "base/service.yaml, targetPort:, targetport:, targetport",
        "base/network-policy.yaml, podSelector:, podselector:, podselector",
        "base/pod-disruption-budget.yaml, maxUnavailable:, maxUnavailible:, maxUnavailible",
        "autoscaling/horizontal-pod-autoscaler.yaml, averageUtilization:, averageUtilisation:, averageUtilisation",
        "autoscaling/horizontal-pod-autoscaler.yaml, maxReplicas: 10, minReplicas: 2, maxReplicas",
        "trying/consul.yaml, volumeClaimTemplates:, volumeClaimTemplate:, volumeClaimTemplate"
    })
    void a_misspelt_field_is_noticed(String file, String right, String wrong, String named) throws IOException {
        String text = Files.readString(KubernetesFolder.named(file).path()).replace("\r", "");
        assertThat(text).contains(right);
        List<JsonObject> objects = KubernetesFolder.documents(text.replace(right, wrong));

        assertThatThrownBy(() -> objects.forEach(KubernetesSchema::check))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(named);
    }

    @ParameterizedTest
    @MethodSource("folders")
    void kustomize_is_told_of_every_file_and_of_no_other(KubernetesFolder folder) throws IOException {
        Set<String> named = new TreeSet<>(folder.listedFiles());
        named.addAll(folder.generatedFrom());

        assertThat(named).isEqualTo(folder.presentFiles());
        assertThat(folder.listedFolders())
                .allSatisfy(other -> assertThat(folder.path().resolve(other).resolve("kustomization.yaml"))
                        .exists());
        assertThat(folder.kustomization().keySet()).isSubsetOf(KEYS_OF_KUSTOMIZE);
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void a_pod_may_do_nothing_that_it_does_not_need(JsonObject workload) {
        JsonObject pod = Json.at(workload, "spec.template.spec").getAsJsonObject();
        assertThat(Json.at(pod, "automountServiceAccountToken").getAsBoolean()).isFalse();
        assertThat(Json.at(pod, "securityContext.runAsNonRoot").getAsBoolean()).isTrue();
        assertThat(Json.number(pod, "securityContext.runAsUser")).isPositive();
        assertThat(Json.text(pod, "securityContext.seccompProfile.type")).isEqualTo("RuntimeDefault");
        JsonObject container = Json.objects(pod.get("containers")).get(0);
        assertThat(Json.at(container, "securityContext.allowPrivilegeEscalation")
                        .getAsBoolean())
                .isFalse();
        assertThat(Json.at(container, "securityContext.readOnlyRootFilesystem").getAsBoolean())
                .isTrue();
        assertThat(Json.texts(Json.at(container, "securityContext.capabilities.drop")))
                .containsExactly("ALL");
        assertThat(Json.text(container, "resources.limits.memory")).endsWith("Mi");
        assertThat(Json.objects(container.get("volumeMounts")).stream().map(mount -> Json.text(mount, "mountPath")))
                .contains("/tmp");
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void a_workload_selects_its_own_pods_and_its_probes_ask_its_own_ports(JsonObject workload) {
        assertThat(Json.at(workload, "spec.selector.matchLabels"))
                .isEqualTo(Json.at(workload, "spec.template.metadata.labels"));
        JsonObject container =
                Json.objects(Json.at(workload, "spec.template.spec.containers")).get(0);
        List<String> probed = Stream.of("startupProbe", "livenessProbe", "readinessProbe")
                .map(probe -> Json.at(container, probe + ".httpGet.port"))
                .filter(JsonElement::isJsonPrimitive)
                .map(JsonElement::getAsString)
                .toList();
        assertThat(probed).isNotEmpty();
        assertThat(portNames(workload)).containsAll(probed);
    }

    @ParameterizedTest
    @MethodSource("folders")
    void services_policies_and_budgets_find_their_pods(KubernetesFolder folder) throws IOException {
        for (JsonObject each : folder.objects()) {
            String kind = Json.text(each, "kind");
            if (kind.equals("Service")) {
                JsonObject workload = workload(Json.at(each, "spec.selector"));
                for (JsonObject port : Json.objects(Json.at(each, "spec.ports"))) {
                    assertThat(portNames(workload)).contains(Json.text(port, "targetPort"));
                }
            } else if (kind.equals("PodDisruptionBudget")) {
                JsonObject unused = workload(Json.at(each, "spec.selector.matchLabels"));
            } else if (kind.equals("NetworkPolicy")) {
                JsonObject workload = workload(Json.at(each, "spec.podSelector.matchLabels"));
                for (JsonObject rule : Json.objects(Json.at(each, "spec.ingress"))) {
                    for (JsonObject port : Json.objects(rule.get("ports"))) {
                        assertThat(portNames(workload)).contains(Json.text(port, "port"));
                    }
                }
            }
        }
    }

    @Test
    void the_autoscaler_is_for_the_deployment_that_is_there() throws IOException {
        JsonObject target = Json.at(
                        KubernetesFolder.named("autoscaling").object("HorizontalPodAutoscaler", "pointsman-balancer"),
                        "spec.scaleTargetRef")
                .getAsJsonObject();
        JsonObject deployment =
                KubernetesFolder.named("base").object(Json.text(target, "kind"), Json.text(target, "name"));

        assertThat(Json.text(target, "apiVersion")).isEqualTo(Json.text(deployment, "apiVersion"));
        assertThat(Json.at(deployment, "spec.replicas").isJsonNull())
                .as("what the component removes")
                .isFalse();
    }

    private static JsonObject workload(JsonElement labels) throws IOException {
        return workloads().stream()
                .filter(each -> Json.at(each, "spec.template.metadata.labels").equals(labels))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no pods with " + labels));
    }

    private static List<String> portNames(JsonObject workload) {
        List<String> names = new ArrayList<>();
        for (JsonObject container : Json.objects(Json.at(workload, "spec.template.spec.containers"))) {
            for (JsonObject port : Json.objects(container.get("ports"))) {
                names.add(Json.text(port, "name"));
            }
        }
        return names;
    }
}
