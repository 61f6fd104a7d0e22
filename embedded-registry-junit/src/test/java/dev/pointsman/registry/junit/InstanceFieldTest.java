package dev.pointsman.registry.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The registry as a field of the test's object. */
@Timeout(60)
@WithService(name = "web")
class InstanceFieldTest {
    private static final Set<String> addresses = ConcurrentHashMap.newKeySet();

    @RegisterExtension
    final EmbeddedRegistryExtension registry = EmbeddedRegistryExtension.with(TestService.named("api"));

    @RepeatedTest(2)
    @WithService(name = "extra")
    void each_test_has_its_own(RunningServices services) {
        assertThat(addresses.add(registry.address().url())).isTrue();
        assertThat(services.instances("api")).hasSize(1);
        assertThat(services.instances("web")).hasSize(1);
        assertThat(services.instances("extra")).hasSize(1);
    }
}
