package dev.pointsman.client;

import dev.pointsman.pick.Policy;
import dev.pointsman.pool.PoolOptions;
import dev.pointsman.registry.consul.ConsulAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The options of a {@link ServiceClient}. Immutable: {@link #defaults()} gives the defaults, each {@code with} method a copy with
 * one thing changed. Everything is checked when it is set; what is wrong gets one sentence in an
 * {@link IllegalArgumentException}.
 *
 * @param consul where the registry is. Default: Consul's own environment variables, see {@link ConsulAddress#from}
 * @param viewFile a file, in a folder that exists, in which is kept where the instances are, so that a process can start while
 *     the registry is down; null (the default) for none. One file for each process; its clients share it
 * @param policy how to pick among the instances. Default: {@link Policy#DEFAULT}, round robin bounded by load
 * @param pool when instances are ejected, slow start, requests in flight for each, failing open. Default:
 *     {@link PoolOptions#DEFAULT}
 * @param timeouts the time limits of a call. Default: {@link CallTimeouts#DEFAULT}
 * @param locality where the client is, and which instances are near. Default: {@link Locality#from} the environment
 * @param hedge after which time a request that may be sent again goes to a second instance as well; null (the default) for never
 * @param retries whether a request that failed at one instance may go on to another. Default: true
 * @param connections the most connections to one instance, 1 or more; a request beyond waits for one. Default: 1,024
 * @param listener is told what becomes of calls. Default: {@link CallListener#NONE}
 * @param contextFields the fields that every call takes along. Default: {@link ContextFields#NONE}
 */
public record ClientOptions(
        ConsulAddress consul,
        @Nullable Path viewFile,
        Policy policy,
        PoolOptions pool,
        CallTimeouts timeouts,
        Locality locality,
        @Nullable HedgeAfter hedge,
        boolean retries,
        int connections,
        CallListener listener,
        ContextFields contextFields) {
    private static final int CONNECTIONS = 1024;

    public ClientOptions {
        if (connections < 1) {
            throw new IllegalArgumentException("connections: " + connections + " (expected: 1 or more)");
        }
    }

    /**
     * The defaults, with this process's environment.
     *
     * @throws IllegalArgumentException when an environment variable cannot be used, with every problem there is
     */
    public static ClientOptions defaults() {
        return from(System.getenv());
    }

    /**
     * The defaults.
     *
     * @param environment where {@code CONSUL_...} and {@value Locality#ZONE_VARIABLE} are looked up
     * @throws IllegalArgumentException when one of these cannot be used, with every problem there is
     */
    public static ClientOptions from(Map<String, String> environment) {
        return new ClientOptions(
                ConsulAddress.from(null, environment),
                null,
                Policy.DEFAULT,
                PoolOptions.DEFAULT,
                CallTimeouts.DEFAULT,
                Locality.from(environment),
                null,
                true,
                CONNECTIONS,
                CallListener.NONE,
                ContextFields.NONE);
    }

    /** See {@link #consul()}. */
    public ClientOptions withConsul(ConsulAddress address) {
        return with(draft -> draft.consul = address);
    }

    /** See {@link #viewFile()}. */
    public ClientOptions withViewFile(@Nullable Path file) {
        return with(draft -> draft.viewFile = file);
    }

    /** See {@link #policy()}. */
    public ClientOptions withPolicy(Policy newPolicy) {
        return with(draft -> draft.policy = newPolicy);
    }

    /**
     * The policy that is written so, as in the balancer's configuration.
     *
     * @throws IllegalArgumentException if none is
     */
    public ClientOptions withPolicy(String written) {
        Policy parsed = Policy.parse(written);
        if (parsed == null) {
            throw new IllegalArgumentException("policy: '" + written + "' (expected: " + Policy.EXPECTED + ")");
        }
        return withPolicy(parsed);
    }

    /** See {@link #pool()}. */
    public ClientOptions withPool(PoolOptions options) {
        return with(draft -> draft.pool = options);
    }

    /** See {@link #timeouts()}. */
    public ClientOptions withTimeouts(CallTimeouts newTimeouts) {
        return with(draft -> draft.timeouts = newTimeouts);
    }

    /** See {@link #locality()}. */
    public ClientOptions withLocality(Locality where) {
        return with(draft -> draft.locality = where);
    }

    /** See {@link #hedge()}. */
    public ClientOptions withHedgeAfter(@Nullable HedgeAfter time) {
        return with(draft -> draft.hedge = time);
    }

    /** See {@link HedgeAfter#parse}. */
    public ClientOptions withHedgeAfter(String written) {
        return withHedgeAfter(HedgeAfter.parse(written));
    }

    /** See {@link #retries()}. */
    public ClientOptions withoutRetries() {
        return with(draft -> draft.retries = false);
    }

    /** See {@link #connections()}. */
    public ClientOptions withConnections(int most) {
        return with(draft -> draft.connections = most);
    }

    /** See {@link #listener()}. */
    public ClientOptions withListener(CallListener newListener) {
        return with(draft -> draft.listener = newListener);
    }

    /** See {@link #contextFields()}. */
    public ClientOptions withContextFields(ContextFields fields) {
        return with(draft -> draft.contextFields = fields);
    }

    private ClientOptions with(Consumer<ClientOptionsDraft> change) {
        ClientOptionsDraft draft = new ClientOptionsDraft(this);
        change.accept(draft);
        return draft.options();
    }

    /** The options, to be changed. */
    private static final class ClientOptionsDraft {
        private ConsulAddress consul;
        private @Nullable Path viewFile;
        private Policy policy;
        private PoolOptions pool;
        private CallTimeouts timeouts;
        private Locality locality;
        private @Nullable HedgeAfter hedge;
        private boolean retries;
        private int connections;
        private CallListener listener;
        private ContextFields contextFields;

        ClientOptionsDraft(ClientOptions from) {
            consul = from.consul;
            viewFile = from.viewFile;
            policy = from.policy;
            pool = from.pool;
            timeouts = from.timeouts;
            locality = from.locality;
            hedge = from.hedge;
            retries = from.retries;
            connections = from.connections;
            listener = from.listener;
            contextFields = from.contextFields;
        }

        ClientOptions options() {
            return new ClientOptions(
                    consul,
                    viewFile,
                    policy,
                    pool,
                    timeouts,
                    locality,
                    hedge,
                    retries,
                    connections,
                    listener,
                    contextFields);
        }
    }
}
