package dev.pointsman.balancer.testkit;

import dev.pointsman.testkit.TestAuthority.Issued;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An instance that speaks gRPC by grpc-java: the service of {@link GrpcTestCalls}, and grpc.health.v1. */
public final class GrpcTestServer implements AutoCloseable {
    private final String name;
    private final Server server;
    private final AtomicInteger calls = new AtomicInteger();
    private final BlockingQueue<String> cancelled = new LinkedBlockingQueue<>();
    private final BlockingQueue<Long> deadlines = new LinkedBlockingQueue<>();
    private volatile boolean serving = true;

    /**
     * A server on a port of its own.
     *
     * @param name its answer to the message {@code name}
     * @param shown what it shows over TLS; null for clear text
     */
    public GrpcTestServer(String name, @Nullable Issued shown) throws Exception {
        this.name = name;
        NettyServerBuilder builder =
                NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        if (shown != null) {
            builder.sslContext(
                    GrpcSslContexts.forServer(shown.cert().toFile(), shown.key().toFile())
                            .build());
        }
        server = builder.maxInboundMessageSize(64 << 20)
                .addService(ServerInterceptors.intercept(service(), new Echo()))
                .addService(health())
                .build()
                .start();
    }

    public int port() {
        return server.getPort();
    }

    /** How many calls have begun here, those for its health aside. */
    public int calls() {
        return calls.get();
    }

    /** What the checks of its health are told from now on. */
    public void serve(boolean wanted) {
        serving = wanted;
    }

    /** The next call whose client went away, by its method. */
    public @Nullable String nextCancelled() throws InterruptedException {
        return cancelled.poll(10, TimeUnit.SECONDS);
    }

    /** The milliseconds that the next call was given. */
    public @Nullable Long nextDeadline() throws InterruptedException {
        return deadlines.poll(10, TimeUnit.SECONDS);
    }

    /** Takes no new calls, and tells the balancer so by GOAWAY; those that there are go on. */
    public void leave() {
        server.shutdown();
    }

    /** Whether the last call has ended after it left. */
    public boolean hasLeft() throws InterruptedException {
        return server.awaitTermination(10, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        server.shutdownNow();
    }

    private ServerServiceDefinition service() {
        return ServerServiceDefinition.builder(GrpcTestCalls.SERVICE)
                .addMethod(GrpcTestCalls.UNARY, ServerCalls.asyncUnaryCall(this::answerAlone))
                .addMethod(GrpcTestCalls.UPLOAD, ServerCalls.asyncClientStreamingCall(Sum::new))
                .addMethod(GrpcTestCalls.DOWNLOAD, ServerCalls.asyncServerStreamingCall((sizes, out) -> {
                    for (String size : sizes.split(",", -1)) {
                        out.onNext("x".repeat(Integer.parseInt(size)));
                    }
                    out.onCompleted();
                }))
                .addMethod(
                        GrpcTestCalls.PING_PONG,
                        ServerCalls.asyncBidiStreamingCall(out -> new Conversation(out, false)))
                .addMethod(
                        GrpcTestCalls.HALF_DUPLEX,
                        ServerCalls.asyncBidiStreamingCall(out -> new Conversation(out, true)))
                .addMethod(GrpcTestCalls.SLEEP, ServerCalls.asyncUnaryCall((message, out) -> noteCancel(out, "Sleep")))
                .build();
    }

    /** By hand: messages of one number. */
    private ServerServiceDefinition health() {
        return ServerServiceDefinition.builder("grpc.health.v1.Health")
                .addMethod(
                        GrpcTestCalls.method(MethodType.UNARY, "grpc.health.v1.Health", "Check"),
                        ServerCalls.asyncUnaryCall((message, out) -> {
                            out.onNext(serving ? "\b\1" : "\b\2");
                            out.onCompleted();
                        }))
                .build();
    }

    private void noteCancel(StreamObserver<String> out, String method) {
        ((ServerCallStreamObserver<String>) out).setOnCancelHandler(() -> cancelled.add(method));
    }

    private void answerAlone(String message, StreamObserver<String> out) {
        if (answer(message, out)) {
            out.onCompleted();
        }
    }

    /** Answers one message; false if that was the end. */
    private boolean answer(String message, StreamObserver<String> out) {
        String[] words = message.split(" ", 3);
        switch (words[0]) {
            case "size" -> out.onNext("x".repeat(Integer.parseInt(words[1])));
            case "name" -> out.onNext(name);
            case "status" -> {
                out.onError(Status.fromCodeValue(Integer.parseInt(words[1]))
                        .withDescription(words[2])
                        .asRuntimeException());
                return false;
            }
            default -> out.onNext(message);
        }
        return true;
    }

    /** Adds up what comes. */
    private static final class Sum implements StreamObserver<String> {
        private final StreamObserver<String> out;
        private long sum;

        Sum(StreamObserver<String> out) {
            this.out = out;
        }

        @Override
        public void onNext(String message) {
            sum += message.length();
        }

        @Override
        public void onError(Throwable cause) {}

        @Override
        public void onCompleted() {
            out.onNext(Long.toString(sum));
            out.onCompleted();
        }
    }

    /** Answers each message when it comes, or all when the last one is there. */
    private final class Conversation implements StreamObserver<String> {
        private final StreamObserver<String> out;
        private final boolean atTheEnd;
        private final List<String> heard = new ArrayList<>();

        Conversation(StreamObserver<String> out, boolean atTheEnd) {
            this.out = out;
            this.atTheEnd = atTheEnd;
            noteCancel(out, "Conversation");
        }

        @Override
        public void onNext(String message) {
            if (atTheEnd) {
                heard.add(message);
            } else {
                boolean unused = answer(message, out);
            }
        }

        @Override
        public void onError(Throwable cause) {}

        @Override
        public void onCompleted() {
            heard.forEach(message -> answer(message, out));
            out.onCompleted();
        }
    }

    /** Counts calls, and sends metadata back. */
    private final class Echo implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata asked, ServerCallHandler<Q, A> next) {
            calls.incrementAndGet();
            Deadline deadline = Context.current().getDeadline();
            if (deadline != null) {
                deadlines.add(deadline.timeRemaining(TimeUnit.MILLISECONDS));
            }
            return next.startCall(
                    new SimpleForwardingServerCall<>(call) {
                        @Override
                        public void sendHeaders(Metadata head) {
                            for (String each : all(asked, GrpcTestCalls.ECHOED_FIRST)) {
                                head.put(GrpcTestCalls.ECHOED_FIRST, each);
                            }
                            super.sendHeaders(head);
                        }

                        @Override
                        public void close(Status status, Metadata trailers) {
                            for (byte[] each : all(asked, GrpcTestCalls.ECHOED_LAST)) {
                                trailers.put(GrpcTestCalls.ECHOED_LAST, each);
                            }
                            super.close(status, trailers);
                        }
                    },
                    asked);
        }
    }

    private static <T> Iterable<T> all(Metadata metadata, Metadata.Key<T> key) {
        Iterable<T> found = metadata.getAll(key);
        return found == null ? List.of() : found;
    }
}
