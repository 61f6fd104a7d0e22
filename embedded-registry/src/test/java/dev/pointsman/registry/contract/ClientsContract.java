package dev.pointsman.registry.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.orbitz.consul.Consul;
import com.orbitz.consul.model.agent.ImmutableRegCheck;
import com.orbitz.consul.model.agent.ImmutableRegistration;
import com.orbitz.consul.model.health.ServiceHealth;
import dev.pointsman.testkit.NeedsConsul;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** The round of a service's life with clients of other projects. */
interface ClientsContract {
    RegistryDriver registry();

    @Test
    default void the_orbitz_client_registers_passes_finds_and_deregisters() throws Exception {
        String web = registry().fresh("web");
        Consul consul = Consul.builder()
                .withUrl(registry().url())
                .withExecutorService(Executors.newCachedThreadPool())
                .build();
        try {
            consul.agentClient()
                    .register(ImmutableRegistration.builder()
                            .id(web + "-1")
                            .name(web)
                            .address("127.0.0.1")
                            .port(80)
                            .addTags("t")
                            .putMeta("k", "v")
                            .check(ImmutableRegCheck.builder()
                                    .ttl("600s")
                                    .deregisterCriticalServiceAfter("2m")
                                    .build())
                            .build());
            assertThat(consul.agentClient().isRegistered(web + "-1")).isTrue();
            registry().awaitStatus(web, "service:" + web + "-1", "critical");

            consul.agentClient().pass(web + "-1", "well");

            registry().awaitStatus(web, "service:" + web + "-1", "passing");
            List<ServiceHealth> found =
                    consul.healthClient().getHealthyServiceInstances(web).getResponse();
            assertThat(found).singleElement().satisfies(instance -> {
                assertThat(instance.getService().getId()).isEqualTo(web + "-1");
                assertThat(instance.getService().getPort()).isEqualTo(80);
                assertThat(instance.getService().getTags()).containsExactly("t");
                assertThat(instance.getService().getMeta()).containsEntry("k", "v");
                assertThat(instance.getNode().getNode()).isEqualTo(registry().nodeName());
            });
            assertThat(consul.catalogClient().getServices().getResponse()).containsKey(web);
            assertThat(consul.agentClient().getAgent().getConfig().getNodeName())
                    .isEqualTo(registry().nodeName());
            consul.agentClient().toggleMaintenanceMode(web + "-1", true, "rest");
            registry().awaitStatus(web, "_service_maintenance:" + web + "-1", "critical");

            consul.agentClient().deregister(web + "-1");

            registry().awaitHealth(web, JsonNode::isEmpty);
        } finally {
            consul.destroy();
        }
    }

    @Test
    @NeedsConsul(NeedsConsul.Source.COMMAND)
    default void the_consul_command_registers_lists_watches_and_deregisters() throws Exception {
        String web = registry().fresh("web");

        assertThat(consul("services", "register", "-name=" + web, "-id=" + web + "-1", "-port=80", "-tag=t"))
                .contains("Registered service: " + web);
        registry().awaitInstance(web);
        assertThat(consul("catalog", "services", "-tags")).containsPattern(web + " +t");
        assertThat(consul("catalog", "nodes", "-service=" + web))
                .contains(registry().nodeName());
        assertThat(consul("members")).contains(registry().nodeName(), "alive");
        assertThat(consul("watch", "-type=service", "-service=" + web)).contains("\"" + web + "-1\"");
        assertThat(consul("maint", "-enable", "-service=" + web + "-1", "-reason=rest"))
                .contains("maintenance is now enabled");
        assertThat(consul("maint")).contains(web + "-1", "rest");
        assertThat(consul("maint", "-disable", "-service=" + web + "-1")).contains("maintenance is now disabled");
        assertThat(consul("kv", "put", web, "v")).contains("Success");
        assertThat(consul("kv", "get", web)).contains("v");
        assertThat(consul("services", "deregister", "-id=" + web + "-1")).contains("Deregistered service");
        registry().awaitHealth(web, JsonNode::isEmpty);
    }

    private String consul(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("consul"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("CONSUL_HTTP_ADDR", registry().url());
        Process process = builder.start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(command + ": " + output).isZero();
            return output;
        } finally {
            process.destroyForcibly();
        }
    }
}
