package dev.pointsman.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.registry.HttpCheck;
import dev.pointsman.registry.RegistryException.Kind;
import dev.pointsman.registry.ServiceRegistration;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RegistrationTest {
    private static final RetryPacing QUICK =
            new RetryPacing(Duration.ofMillis(5), Duration.ofMillis(5), Duration.ofMillis(10), Duration.ofMillis(20));
    private static final Duration BOUND = Duration.ofSeconds(10);
    private static final ServiceRegistration GREETER = new ServiceRegistration(
            "greeter-1",
            "greeter",
            "127.0.0.1",
            8000,
            List.of("greeter"),
            Map.of(),
            new HttpCheck("http://127.0.0.1:8000/health", BOUND, BOUND, BOUND));

    private final FakeRegistrar registrar = new FakeRegistrar();
    private final Registration registration =
            new Registration(registrar, GREETER, new RegistrationState(QUICK, new SplittableRandom(1)));

    @AfterEach
    void stop() throws InterruptedException {
        registrar.release.countDown();
        registration.stop(BOUND);
    }

    @Test
    void after_the_start_the_service_is_registered() throws InterruptedException {
        registration.start(BOUND);
        assertThat(registrar.known).containsExactly("greeter-1");
        assertThat(registration.isRegistered()).isTrue();
    }

    @Test
    void a_registration_that_is_there_is_checked_and_never_sent_again() throws InterruptedException {
        registration.start(BOUND);
        await().until(() -> registrar.count("check") > 10);
        assertThat(registrar.count("register")).isEqualTo(1);
    }

    @Test
    void a_service_that_the_registry_forgot_is_registered_again() throws InterruptedException {
        registration.start(BOUND);
        registrar.known.clear();
        await().until(() -> registrar.known.contains("greeter-1"));
        assertThat(registrar.count("register")).isEqualTo(2);
    }

    @Test
    void a_service_can_start_while_the_registry_is_unavailable_and_appears_when_it_comes_back()
            throws InterruptedException {
        registrar.failure = Kind.UNREACHABLE;
        registration.start(BOUND);
        assertThat(registration.isRegistered()).isFalse();
        await().until(() -> registrar.count("register") > 10);
        registrar.failure = null;
        await().until(() -> registrar.known.contains("greeter-1"));
        await().until(registration::isRegistered);
    }

    @Test
    void a_registry_that_rejects_is_tried_again() throws InterruptedException {
        registrar.failure = Kind.REJECTED;
        registration.start(BOUND);
        await().until(() -> registrar.count("register") > 3);
        registrar.failure = null;
        await().until(() -> registrar.known.contains("greeter-1"));
    }

    @Test
    void not_even_a_bug_ends_the_loop() throws InterruptedException {
        registrar.bug = new IllegalStateException("a bug by order");
        registration.start(BOUND);
        await().until(() -> registrar.count("register") > 3);
        registrar.bug = null;
        await().until(() -> registrar.known.contains("greeter-1"));
    }

    @Test
    void stopping_deregisters_and_closes_the_registrar() throws InterruptedException {
        registration.start(BOUND);
        registration.stop(BOUND);
        assertThat(registrar.known).isEmpty();
        assertThat(registration.isRegistered()).isFalse();
        assertThat(registrar.closed.getCount()).isZero();
    }

    @Test
    void one_that_is_abandoned_stays_registered_and_cannot_be_deregistered_any_more() throws InterruptedException {
        registration.start(BOUND);
        registration.abandon(BOUND);
        registration.stop(BOUND);
        assertThat(registrar.known).containsExactly("greeter-1");
        assertThat(registrar.closed.getCount()).isZero();
    }

    @Test
    void a_deregistration_that_fails_is_tried_once_more() throws InterruptedException {
        registration.start(BOUND);
        registrar.failure = Kind.UNAVAILABLE;
        registration.stop(BOUND);
        assertThat(registrar.count("deregister")).isEqualTo(2);
    }

    @Test
    void a_registry_that_does_not_respond_holds_up_neither_the_start_nor_the_stop() throws InterruptedException {
        registrar.hangs = "register";
        registration.start(Duration.ofMillis(10));
        registration.stop(Duration.ofMillis(10));
        assertThat(registrar.closed.getCount()).isZero();
    }

    @Test
    void a_registration_that_is_out_is_waited_for_so_that_it_cannot_arrive_after_the_deregistration() throws Exception {
        registrar.hangs = "register";
        registration.start(Duration.ofMillis(10));
        assertThat(registrar.hanging.await(10, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Void> stopping = CompletableFuture.runAsync(() -> {
            try {
                registration.stop(BOUND);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        registrar.release.countDown();
        stopping.get(10, TimeUnit.SECONDS);
        assertThat(registrar.calls).containsExactly("register", "register done", "deregister", "deregister done");
        assertThat(registrar.known).isEmpty();
    }
}
