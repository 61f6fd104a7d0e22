package dev.pointsman.client.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.pointsman.agent.AgentOptions;
import dev.pointsman.agent.PortRange;
import dev.pointsman.agent.ServiceAgent;
import dev.pointsman.client.ClientOptions;
import dev.pointsman.client.NoInstanceException;
import dev.pointsman.client.ServiceAddress;
import dev.pointsman.client.ServiceClient;
import dev.pointsman.registry.consul.ConsulAddress;
import dev.pointsman.registry.embedded.EmbeddedRegistry;
import dev.pointsman.testkit.GeneratedSection;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.http.MediaType;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

/** The program with Spring that docs/spring.md shows, with a registry and an instance. */
@Timeout(60)
class SpringExampleTest {
    private static final Path EXAMPLE =
            Path.of("src", "test", "java", "dev", "pointsman", "client", "example", "SpringExample.java");

    private final Vertx vertx = Vertx.vertx();
    private final GenericApplicationContext context = new AnnotationConfigApplicationContext();
    private ConsulAddress consul = ConsulAddress.of("127.0.0.1", 1);

    @BeforeEach
    void start() throws Exception {
        int port = EmbeddedRegistry.start(
                        vertx, EmbeddedRegistry.Options.defaults().withPort(0))
                .await()
                .port();
        consul = ConsulAddress.of("127.0.0.1", port);
        ((AnnotationConfigApplicationContext) context).register(SpringExample.class);
        // In place of the example's own.
        context.addBeanFactoryPostProcessor(
                factory -> context.registerBean("clientOptions", ClientOptions.class, () -> ClientOptions.from(Map.of())
                        .withConsul(consul)));
    }

    @AfterEach
    void end() {
        context.close();
        vertx.close().await();
    }

    private ServiceAgent service() {
        AgentOptions options = AgentOptions.of("api-service", null, Map.of())
                .withConsul(consul)
                .withPorts(PortRange.of(0))
                .withLinger(Duration.ZERO);
        return ServiceAgent.start(options, vertx, request -> request.body()
                .onSuccess(body -> request.response().end("hello " + body)));
    }

    @Test
    void a_rest_client_and_an_interface_call_the_service_by_its_name() {
        try (ServiceAgent service = service()) {
            assertThat(service.id()).isNotEmpty();
            context.refresh();
            assertThat(context.getBean(SpringExample.Greetings.class).hello()).isEqualTo("hello ");
            assertThat(context.getBean(RestClient.class)
                            .post()
                            .uri("/greet")
                            .contentType(MediaType.TEXT_PLAIN)
                            .body("world")
                            .retrieve()
                            .body(String.class))
                    .isEqualTo("hello world");
        }
    }

    @Test
    void a_call_that_no_instance_can_take_fails_with_the_reason() {
        context.refresh();
        assertThatExceptionOfType(ResourceAccessException.class)
                .isThrownBy(() -> context.getBean(SpringExample.Greetings.class).hello())
                .withCauseInstanceOf(NoInstanceException.class)
                .withMessageContaining("api-service: no instance of this service is registered");
    }

    @Test
    void the_client_ends_with_its_context() {
        context.refresh();
        ServiceClient client = context.getBean(ServiceClient.class);
        context.close();
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> client.instances(ServiceAddress.of("api-service")))
                .withMessage("the client is closed");
    }

    @Test
    void the_page_shows_this_example() throws Exception {
        String source = Files.readString(EXAMPLE);
        String made = "```java\n" + source.substring(source.indexOf("@Configuration")) + "```\n";
        assertThat(new GeneratedSection("spring.md", "example").text(made)).isEqualTo(made);
    }
}
