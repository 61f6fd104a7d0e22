package dev.pointsman.registry.consul;

import com.orbitz.consul.AgentClient;
import com.orbitz.consul.Consul;
import com.orbitz.consul.async.ConsulResponseCallback;
import com.orbitz.consul.model.ConsulResponse;
import com.orbitz.consul.model.agent.FullService;
import com.orbitz.consul.model.agent.ImmutableRegCheck;
import com.orbitz.consul.model.agent.ImmutableRegistration;
import com.orbitz.consul.model.agent.Registration;
import com.orbitz.consul.option.QueryOptions;
import dev.pointsman.registry.HttpCheck;
import dev.pointsman.registry.Registrar;
import dev.pointsman.registry.RegistryException;
import dev.pointsman.registry.ServiceCheck;
import dev.pointsman.registry.ServiceRegistration;
import dev.pointsman.registry.TcpCheck;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A registrar that registers services on one Consul agent, by the orbitz client. The agent has to be the same one over a service's whole
 * life: another agent cannot deregister it.
 *
 * <p>Each call blocks, for at most {@value #CALL_SECONDS} s (connecting: 1 s; between two bytes: 3 s), and makes
 * one attempt: retrying is the caller's. A failure is one {@link RegistryException}; what Consul said is in its message.
 * Nothing is sent to Consul before the first call, so this can be made while Consul is away. Thread-safe.
 */
public final class ConsulRegistrar implements Registrar {
    private static final int CONNECT_MILLIS = 1_000;
    private static final int IDLE_MILLIS = 3_000;
    private static final int CALL_SECONDS = 5;

    private final AgentClient agent;
    private final Consul consul;
    private final ExecutorService executor;
    private final ConsulFailures failures;

    /** @throws BadAddressException when the certificates or the key cannot be used */
    public ConsulRegistrar(ConsulAddress address) {
        executor = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "consul-registrar");
            thread.setDaemon(true);
            return thread;
        });
        consul = client(address, executor);
        agent = consul.agentClient();
        failures = new ConsulFailures(address.url());
    }

    private static Consul client(ConsulAddress address, ExecutorService executor) {
        Consul.Builder builder = Consul.builder()
                .withUrl(address.url())
                // With a ping, nothing could start while Consul is down.
                .withPing(false)
                .withConnectTimeoutMillis(CONNECT_MILLIS)
                .withReadTimeoutMillis(IDLE_MILLIS)
                .withWriteTimeoutMillis(IDLE_MILLIS)
                .withExecutorService(executor);
        if (address.token() != null) {
            // In a header; withAclToken would put it into the URL, and so into logs.
            builder.withTokenAuth(address.token());
        }
        Map<String, String> headers = new HashMap<>();
        if (address.namespace() != null) {
            headers.put("X-Consul-Namespace", address.namespace());
        }
        if (address.partition() != null) {
            headers.put("X-Consul-Partition", address.partition());
        }
        if (!headers.isEmpty()) {
            builder.withHeaders(headers);
        }
        if (address.tls()) {
            ConsulTls.configure(builder, address);
        }
        return builder.build();
    }

    /**
     * Registers without {@code replace-existing-checks}: a check that runs keeps its state and its timer, and
     * maintenance mode stays. A check that is new starts as passing, so the service must be listening by now.
     */
    @Override
    public void register(ServiceRegistration registration) throws RegistryException {
        call("register " + registration.id(), done -> {
            agent.register(forOrbitz(registration));
            done.complete(true);
        });
    }

    @Override
    public void deregister(String id) throws RegistryException {
        try {
            call("deregister " + id, done -> {
                agent.deregister(id);
                done.complete(true);
            });
        } catch (RegistryException e) {
            if (!ConsulFailures.isNotFound(e)) {
                throw e;
            }
            // Consul 1.11 and newer say so when the id is not there, older ones respond 200: gone is gone.
        }
    }

    @Override
    public boolean isRegistered(String id) throws RegistryException {
        try {
            // The synchronous getService hides why it failed; only the callback tells a 404 from the rest.
            return call("look up " + id, done -> agent.getService(id, QueryOptions.BLANK, new Found(done)));
        } catch (RegistryException e) {
            if (ConsulFailures.isNotFound(e)) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public void maintenance(String id, boolean on, String reason) throws RegistryException {
        call((on ? "take out of service " : "take back into service ") + id, done -> {
            agent.toggleMaintenanceMode(id, on, reason);
            done.complete(true);
        });
    }

    @Override
    public void close() {
        consul.destroy();
    }

    private interface AgentCall {
        void run(CompletableFuture<Boolean> done);
    }

    private boolean call(String what, AgentCall request) throws RegistryException {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        try {
            executor.execute(() -> {
                try {
                    request.run(done);
                } catch (RuntimeException e) {
                    done.completeExceptionally(e);
                }
            });
            return done.get(CALL_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw failures.of(what, e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw failures.unreachable(what, "no complete response within " + CALL_SECONDS + " s", e);
        } catch (RejectedExecutionException e) {
            throw failures.unreachable(what, "this client is closed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failures.unreachable(what, "interrupted", e);
        }
    }

    private record Found(CompletableFuture<Boolean> done) implements ConsulResponseCallback<FullService> {
        @Override
        public void onComplete(ConsulResponse<FullService> response) {
            done.complete(true);
        }

        @Override
        public void onFailure(Throwable failure) {
            done.completeExceptionally(failure);
        }
    }

    private static Registration forOrbitz(ServiceRegistration registration) {
        return ImmutableRegistration.builder()
                .id(registration.id())
                .name(registration.name())
                .address(Optional.ofNullable(registration.address()))
                .port(registration.port())
                .tags(registration.tags())
                .meta(registration.meta())
                .check(forOrbitz(registration.check()))
                .build();
    }

    private static Registration.RegCheck forOrbitz(ServiceCheck check) {
        ImmutableRegCheck.Builder builder = ImmutableRegCheck.builder()
                .interval(go(check.interval()))
                .timeout(go(check.timeout()))
                .deregisterCriticalServiceAfter(go(check.deregisterAfter()))
                // Counts for a new check; Consul ignores it for a running one.
                .status("passing");
        if (check instanceof HttpCheck http) {
            builder.http(http.url());
        } else if (check instanceof TcpCheck tcp) {
            builder.tcp(tcp.authority());
        }
        return builder.build();
    }

    /** A duration in the notation of Go's {@code time.ParseDuration}. */
    private static String go(Duration duration) {
        long millis = duration.toMillis();
        return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
    }
}
