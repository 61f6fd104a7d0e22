package dev.pointsman.cli.kubernetes;

import com.google.gson.JsonObject;
import dev.pointsman.cli.kubernetes.KubernetesFolder.Json;
import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import java.util.Map;

/**
 * The schema of Kubernetes' API, as the models of its Java client have it: which fields there are, of which type, and which are
 * needed. Values that only a server knows (such as {@code ClusterIP}) are not judged.
 */
final class KubernetesSchema {
    private static final Map<String, Class<?>> MODELS = Map.of(
            "v1 Namespace", V1Namespace.class,
            "v1 Service", V1Service.class,
            "v1 ServiceAccount", V1ServiceAccount.class,
            "apps/v1 Deployment", V1Deployment.class,
            "apps/v1 StatefulSet", V1StatefulSet.class,
            "policy/v1 PodDisruptionBudget", V1PodDisruptionBudget.class,
            "networking.k8s.io/v1 NetworkPolicy", V1NetworkPolicy.class,
            "autoscaling/v2 HorizontalPodAutoscaler", V2HorizontalPodAutoscaler.class);

    private KubernetesSchema() {}

    /** @throws IllegalArgumentException that says what is wrong, and where */
    static void check(JsonObject object) {
        String kind = Json.text(object, "apiVersion") + " " + Json.text(object, "kind");
        Class<?> model = MODELS.get(kind);
        if (model == null) {
            throw new IllegalArgumentException(kind + ": no such kind is known here");
        }
        try {
            // Reads strictly, by the adapters of the models.
            Object unused = JSON.getGson().fromJson(object, model);
        } catch (RuntimeException wrong) {
            throw new IllegalArgumentException(kind + ": " + wrong.getMessage(), wrong);
        }
    }
}
