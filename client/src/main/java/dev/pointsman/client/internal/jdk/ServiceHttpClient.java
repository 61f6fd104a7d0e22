package dev.pointsman.client.internal.jdk;

import dev.pointsman.client.ContextFields;
import dev.pointsman.client.internal.call.CallLoop;
import io.vertx.core.Context;
import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.net.http.WebSocket;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's HTTP client, for requests to services. It makes its calls by Vert.x's form of the client, so that both pick, retry
 * and judge alike. Thread-safe.
 *
 * <p>A body's publisher and subscriber run on the executor, never on an event loop, so they may block. Their signals come in order,
 * one after the other. Redirects are not followed; HTTP/1.1 is spoken, whatever version a request prefers.
 *
 * <p>The methods of JDK 21 to end a client are there on JDK 17 too. They end this client: its calls, and the threads it has made;
 * not the event loops and connections, which it was given.
 */
public final class ServiceHttpClient extends HttpClient implements AutoCloseable {
    private static final Duration LONG = Duration.ofDays(1);
    private static final AtomicInteger THREADS = new AtomicInteger();

    private final List<CallLoop> loops;
    private final AtomicInteger turn = new AtomicInteger();
    private final ContextFields contextFields;
    private final @Nullable Executor given;
    private final Executor executor;
    private final OpenExchanges open;

    /**
     * A client over these loops, which take its calls in turns.
     *
     * @param contextFields are asked for on the thread that sends a request
     * @param executor for publishers, subscribers and what hangs on the futures; null to make daemon threads as they are needed
     */
    public ServiceHttpClient(List<CallLoop> loops, ContextFields contextFields, @Nullable Executor executor) {
        this.loops = List.copyOf(loops);
        this.contextFields = contextFields;
        given = executor;
        if (executor == null) {
            ExecutorService own = Executors.newCachedThreadPool(ServiceHttpClient::thread);
            this.executor = own;
            open = new OpenExchanges(own::shutdown);
        } else {
            this.executor = executor;
            open = new OpenExchanges(() -> {});
        }
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "service-client-" + THREADS.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Sends a request, and waits for the response.
     *
     * @throws java.net.http.HttpTimeoutException if the response has not begun within the request's timeout, or the client's
     * @throws dev.pointsman.client.ServiceCallException if the call failed: with the instances that were tried
     * @throws IllegalStateException on an event loop's thread
     */
    @Override
    public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler)
            throws IOException, InterruptedException {
        if (Context.isOnEventLoopThread()) {
            throw new IllegalStateException("send() waits for the response, which an event loop's thread must not"
                    + " (expected: sendAsync() there)");
        }
        WaitingCaller caller = new WaitingCaller(executor);
        CompletableFuture<HttpResponse<T>> result = begin(request, handler, caller);
        try {
            return caller.await(result);
        } catch (InterruptedException e) {
            result.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            throw CallFailures.of(e.getCause());
        }
    }

    /**
     * Sends a request. Cancelling the future, or completing it exceptionally in another way, cancels the call. What hangs on it
     * runs on the executor.
     */
    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, BodyHandler<T> handler) {
        return begin(request, handler, executor);
    }

    /** As {@link #sendAsync(HttpRequest, BodyHandler)}: HTTP/1.1 has no pushed responses. */
    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(
            HttpRequest request, BodyHandler<T> handler, @Nullable PushPromiseHandler<T> neverCalled) {
        return sendAsync(request, handler);
    }

    private <T> CompletableFuture<HttpResponse<T>> begin(
            HttpRequest request, BodyHandler<T> handler, Executor signals) {
        Objects.requireNonNull(handler, "handler");
        OutgoingRequest outgoing = OutgoingRequest.of(request);
        try {
            outgoing.inject(contextFields);
        } catch (RuntimeException | LinkageError e) {
            return CompletableFuture.failedFuture(CallFailures.of(e));
        }
        CallLoop loop = loops.get(Math.floorMod(turn.getAndIncrement(), loops.size()));
        ServiceExchange<T> exchange = new ServiceExchange<>(request, outgoing, handler, loop, open, executor, signals);
        exchange.begin();
        return exchange.result();
    }

    /** Refused: WebSockets are not balanced. */
    @Override
    public WebSocket.Builder newWebSocketBuilder() {
        throw new UnsupportedOperationException("this client sends requests, it opens no WebSockets");
    }

    @Override
    public Optional<CookieHandler> cookieHandler() {
        return Optional.empty();
    }

    /** Empty: how long a connection to an instance may take is one of the client's timeouts, and one of many attempts. */
    @Override
    public Optional<Duration> connectTimeout() {
        return Optional.empty();
    }

    /** Never: a response that redirects is a response. */
    @Override
    public Redirect followRedirects() {
        return Redirect.NEVER;
    }

    @Override
    public Optional<ProxySelector> proxy() {
        return Optional.empty();
    }

    /** The default one of the process, as the JDK's client has it; instances are called without TLS. */
    @Override
    public SSLContext sslContext() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this process has no default SSL context", e);
        }
    }

    /** Those of {@link #sslContext()}: a copy, which changes nothing. */
    @Override
    public SSLParameters sslParameters() {
        return sslContext().getDefaultSSLParameters();
    }

    @Override
    public Optional<Authenticator> authenticator() {
        return Optional.empty();
    }

    @Override
    public Version version() {
        return Version.HTTP_1_1;
    }

    /** The executor that it was given, if it was. */
    @Override
    public Optional<Executor> executor() {
        return Optional.ofNullable(given);
    }

    // From here on: what HttpClient has since JDK 21, without @Override for JDK 17.

    /** Takes no more requests: they fail as {@code closed}. Those under way go on. */
    @SuppressWarnings("MissingOverride")
    public void shutdown() {
        open.shutDown();
    }

    /** As {@link #shutdown()}, and cancels the calls under way. */
    @SuppressWarnings("MissingOverride")
    public void shutdownNow() {
        open.shutDown();
        for (ServiceExchange<?> exchange : open.all()) {
            exchange.abandon(new IOException("closed"));
        }
    }

    /** Waits until no call is under way after a {@link #shutdown()}, at most for so long. Returns whether that is so. */
    @SuppressWarnings("MissingOverride")
    public boolean awaitTermination(Duration time) throws InterruptedException {
        return open.await(time);
    }

    /** Whether it takes no more requests, and has none under way. */
    @SuppressWarnings("MissingOverride")
    public boolean isTerminated() {
        return open.isTerminated();
    }

    /** {@link #shutdown()}, and waits until all calls are over; when interrupted, cancels them first. */
    @Override
    public void close() {
        shutdown();
        boolean interrupted = false;
        while (!isTerminated()) {
            try {
                boolean unused = awaitTermination(LONG);
            } catch (InterruptedException e) {
                interrupted = true;
                shutdownNow();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
