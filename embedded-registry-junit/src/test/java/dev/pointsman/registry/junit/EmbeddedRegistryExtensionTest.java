package dev.pointsman.registry.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.pointsman.registry.consul.ConsulAddress;
import dev.pointsman.testkit.TestHttp;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The registry as a field; {@link FieldTest} is README.md's example of it. */
@Timeout(60)
@WithService(name = "web")
class EmbeddedRegistryExtensionTest {
    /** The front asks the api, whose address it has from the registry that this very field starts. */
    @RegisterExtension
    static final EmbeddedRegistryExtension registry = EmbeddedRegistryExtension.with(
            TestService.named("api").withInstances(2).withTags("v1").withMeta("zone", "a"),
            TestService.named("front").withHandlers(() -> {
                String address = address();
                return request -> request.response().end("asks " + address);
            }));

    private static String before = "";

    private static String address() {
        return registry.address().url();
    }

    @BeforeAll
    static void begin(ConsulAddress consul) {
        before = consul.url();
    }

    @AfterAll
    static void it_is_there_until_the_end() {
        assertThat(address()).isEqualTo(before);
    }

    @Test
    void the_field_knows_the_address_and_parameters_are_the_same_as_with_the_annotation(
            ConsulAddress consul, RunningServices services) {
        assertThat(registry.address()).isEqualTo(consul);
        assertThat(new TestHttp(address())
                        .get("/v1/health/service/api?passing&tag=v1")
                        .json())
                .hasSize(2)
                .allSatisfy(entry -> assertThat(
                                entry.get("Service").get("Meta").get("zone").asText())
                        .isEqualTo("a"));
        assertThat(services.instances("api")).hasSize(2);
    }

    @Test
    void a_service_may_ask_for_the_address_as_it_starts(RunningServices services) {
        String front = services.instances("front").get(0).url();
        assertThat(new TestHttp(front).get("/").body()).isEqualTo("asks " + before);
    }

    @Test
    @WithService(name = "extra")
    void annotations_of_services_may_stand_beside_it(RunningServices services) {
        assertThat(services.instances("web")).hasSize(1);
        assertThat(services.instances("extra")).hasSize(1);
        assertThat(new TestHttp(address()).get("/v1/agent/services").json()).hasSize(5);
    }

    @Nested
    class Inside {
        @Test
        void a_nested_class_shares_it(ConsulAddress consul, RunningServices services) {
            assertThat(consul.url()).isEqualTo(before);
            assertThat(services.instances("api")).hasSize(2);
        }
    }

    @Nested
    @WithEmbeddedRegistry
    class WithAnAnnotation {
        @Test
        void a_nested_class_may_have_its_own(ConsulAddress consul) {
            assertThat(consul.url()).isNotEqualTo(before);
        }
    }

    @Test
    void there_is_no_address_while_nothing_runs() {
        EmbeddedRegistryExtension idle = EmbeddedRegistryExtension.with();
        assertThatIllegalStateException()
                .isThrownBy(idle::address)
                .withMessage("There is a registry only while the tests of the class run.");
    }
}
