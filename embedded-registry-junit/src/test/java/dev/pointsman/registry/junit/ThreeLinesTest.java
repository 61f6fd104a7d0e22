package dev.pointsman.registry.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.registry.consul.ConsulAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;

@WithEmbeddedRegistry
@WithService(name = "api", instances = 3)
class ThreeLinesTest {
    @Test
    void three_instances_are_found(ConsulAddress consul, RunningServices services) throws Exception {
        URI query = URI.create(consul.url() + "/v1/health/service/api?passing");
        String found = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(query).build(), BodyHandlers.ofString())
                .body();

        assertThat(services.instances("api")).hasSize(3).allSatisfy(api -> assertThat(found)
                .contains(api.id()));
    }
}
