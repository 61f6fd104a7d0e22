package dev.pointsman.balancer.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.balancer.testkit.GrpcTestCalls;
import dev.pointsman.balancer.testkit.GrpcTestClient;
import dev.pointsman.balancer.testkit.GrpcTestClient.OneCall;
import dev.pointsman.balancer.testkit.GrpcTestServer;
import dev.pointsman.balancer.testkit.TestBalancer;
import io.grpc.Status.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Instances of gRPC that are replaced while calls are under way, and some that fail. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GrpcReplacementTest {
    private static final int STREAMS = 12;
    private static final int CALLERS = 4;

    @RegisterExtension
    private final TestBalancer balancer = new TestBalancer();

    private final List<GrpcTestServer> servers = new ArrayList<>();

    private GrpcTestServer join(String id) throws Exception {
        GrpcTestServer server = new GrpcTestServer(id, null);
        servers.add(server);
        balancer.consul().list("svc", id, server.port(), "passing", "");
        return server;
    }

    private GrpcTestClient client() throws Exception {
        return GrpcTestClient.plain(balancer.ports().get(0));
    }

    @RepeatedTest(2)
    void all_instances_are_replaced_and_no_call_fails() throws Exception {
        List<GrpcTestServer> old = List.of(join("a"), join("b"), join("c"));
        balancer.start("route=/=svc;proto=grpc");
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger answered = new AtomicInteger();
        ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
        try (GrpcTestClient client = client()) {
            List<OneCall> streams = new ArrayList<>();
            for (int i = 0; i < STREAMS; i++) {
                OneCall stream = client.begin(GrpcTestCalls.PING_PONG);
                assertThat(stream.send("hello").answer()).isEqualTo("hello");
                streams.add(stream);
            }
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                running.add(callers.submit(() -> {
                    while (!over.get()) {
                        OneCall call = client.call(GrpcTestCalls.UNARY, "x".repeat(2_000));
                        if (call.ended().code() != Code.OK) {
                            failures.add(call.ended().status().toString());
                        }
                        answered.incrementAndGet();
                    }
                    return null;
                }));
            }

            for (int i = 0; i < old.size(); i++) {
                GrpcTestServer successor = join("new-" + i);
                await().until(() -> successor.calls() > 0);
                // It leaves the registry and goes away at once, so that calls are still on their way to it.
                balancer.consul().forget(List.of("a", "b", "c").get(i));
                old.get(i).leave();
                int before = answered.get();
                await().until(() -> answered.get() > before + 50);
                for (OneCall stream : streams) {
                    assertThat(stream.send("still here").answer()).isEqualTo("still here");
                }
            }
            for (OneCall stream : streams) {
                assertThat(stream.end().ended().code()).isEqualTo(Code.OK);
            }
            for (GrpcTestServer each : old) {
                assertThat(each.hasLeft()).isTrue();
            }
            over.set(true);
            for (Future<?> each : running) {
                each.get(20, TimeUnit.SECONDS);
            }
        } finally {
            over.set(true);
            callers.shutdown();
            closeAll();
        }
        assertThat(failures).isEmpty();
    }

    private void closeAll() throws Exception {
        for (GrpcTestServer each : servers) {
            each.close();
        }
    }

    @Test
    void without_an_instance_a_call_is_unavailable_and_without_a_route_unimplemented() throws Exception {
        balancer.start("route=/pointsman.testing.TestService=svc;proto=grpc");
        try (GrpcTestClient client = client()) {
            var unavailable = client.call(GrpcTestCalls.UNARY, "x").ended();
            assertThat(unavailable.code()).isEqualTo(Code.UNAVAILABLE);
            assertThat(unavailable.message()).startsWith("no instance of this service is available right now");
            assertThat(client.call(GrpcTestCalls.NO_SERVICE, "x").ended().code())
                    .isEqualTo(Code.UNIMPLEMENTED);
        }
    }

    @Test
    void calls_of_an_instance_that_dies_are_unavailable_and_the_next_ones_go_elsewhere() throws Exception {
        GrpcTestServer dying = join("a");
        balancer.start("route=/=svc;proto=grpc");
        try (GrpcTestClient client = client()) {
            OneCall waiting = client.begin(GrpcTestCalls.PING_PONG).send("hello");
            assertThat(waiting.answer()).isEqualTo("hello");
            GrpcTestServer other = join("b");
            await().until(() -> {
                String unused = client.call(GrpcTestCalls.UNARY, "x").answer();
                return other.calls() > 0;
            });

            dying.close();

            assertThat(waiting.ended().code()).isIn(Code.UNAVAILABLE, Code.INTERNAL, Code.CANCELLED);
            for (int i = 0; i < 4; i++) {
                assertThat(client.call(GrpcTestCalls.UNARY, "name").answer()).isEqualTo("b");
            }
        } finally {
            closeAll();
        }
    }
}
