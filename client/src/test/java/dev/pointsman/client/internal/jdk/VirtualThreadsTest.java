package dev.pointsman.client.internal.jdk;

import static dev.pointsman.client.internal.jdk.TestService.request;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** What JDK 21 has in addition. */
@EnabledForJreRange(min = JRE.JAVA_21)
class VirtualThreadsTest {
    @Test
    void a_thousand_virtual_threads_wait_for_their_responses() throws Exception {
        ExecutorService threads = (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        try (TestService service = new TestService();
                ServiceHttpClient client = service.client()) {
            List<Future<String>> bodies = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                String body = "number " + i;
                bodies.add(threads.submit(() -> client.send(
                                request("/echo")
                                        .POST(BodyPublishers.ofString(body))
                                        .build(),
                                BodyHandlers.ofString())
                        .body()));
            }
            for (int i = 0; i < bodies.size(); i++) {
                assertThat(bodies.get(i).get(20, SECONDS)).isEqualTo("number " + i);
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void whoever_knows_it_as_the_jdks_client_can_close_it() throws Exception {
        try (TestService service = new TestService()) {
            HttpClient client = service.client();
            client.send(request("/hello").build(), BodyHandlers.ofString());
            HttpClient.class.getMethod("close").invoke(client);
            assertThat(HttpClient.class.getMethod("isTerminated").invoke(client))
                    .isEqualTo(true);
        }
    }
}
