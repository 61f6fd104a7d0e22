package dev.pointsman.registry.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.testkit.TestHttp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FieldTest {
    @RegisterExtension
    static final EmbeddedRegistryExtension registry = EmbeddedRegistryExtension.with(TestService.named("api")
            .withInstances(2)
            .withHandler(request -> request.response().setStatusCode(503).end()));

    @Test
    void an_api_that_is_overloaded_says_so(RunningServices services) {
        RunningInstance api = services.instances("api").get(0);
        assertThat(new TestHttp(api.url()).get("/orders").status()).isEqualTo(503);
    }
}
