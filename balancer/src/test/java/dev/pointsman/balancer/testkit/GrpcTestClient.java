package dev.pointsman.balancer.testkit;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A client of gRPC by grpc-java, with one connection. */
public final class GrpcTestClient implements AutoCloseable {
    private final ManagedChannel channel;

    private GrpcTestClient(NettyChannelBuilder builder) {
        // Repeats nothing of its own accord, so that what fails is seen.
        channel = builder.maxInboundMessageSize(64 << 20).disableRetry().build();
    }

    /** One that speaks HTTP/2 in clear text. */
    public static GrpcTestClient plain(int port) {
        return new GrpcTestClient(
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext());
    }

    /** One that speaks HTTP/2 over TLS, agreed upon by ALPN. */
    public static GrpcTestClient secured(int port, Path authority, String name) throws Exception {
        return new GrpcTestClient(NettyChannelBuilder.forAddress("127.0.0.1", port)
                .overrideAuthority(name)
                .sslContext(GrpcSslContexts.forClient()
                        .trustManager(authority.toFile())
                        .build()));
    }

    /** Begins a call, without a message. */
    public OneCall begin(MethodDescriptor<String, String> method, CallOptions options, Metadata metadata) {
        OneCall call = new OneCall(channel.newCall(method, options));
        call.start(metadata);
        return call;
    }

    public OneCall begin(MethodDescriptor<String, String> method) {
        return begin(method, CallOptions.DEFAULT, new Metadata());
    }

    /** A call with one message. */
    public OneCall call(MethodDescriptor<String, String> method, String message) {
        return begin(method).send(message).end();
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    /** How a call ended. */
    public record Ended(Status status, Metadata trailers) {
        public Status.Code code() {
            return status.getCode();
        }

        public String message() {
            return String.valueOf(status.getDescription());
        }
    }

    /** A call under way. */
    public static final class OneCall extends ClientCall.Listener<String> {
        private final ClientCall<String, String> call;
        private final CompletableFuture<Metadata> head = new CompletableFuture<>();
        private final CompletableFuture<Ended> end = new CompletableFuture<>();
        private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

        private OneCall(ClientCall<String, String> call) {
            this.call = call;
        }

        private void start(Metadata metadata) {
            call.start(this, metadata);
            call.request(Integer.MAX_VALUE);
        }

        public OneCall send(String message) {
            call.sendMessage(message);
            return this;
        }

        /** Says that there are no more messages. */
        public OneCall end() {
            call.halfClose();
            return this;
        }

        public void cancel() {
            call.cancel("the test wants no more", null);
        }

        /** The next message of the server's; null if the call ends instead. */
        public @Nullable String answer() throws Exception {
            String next = answers.poll();
            while (next == null && !end.isDone()) {
                next = answers.poll(10, TimeUnit.MILLISECONDS);
            }
            return next == null ? answers.poll() : next;
        }

        public Metadata head() throws Exception {
            return head.get(10, TimeUnit.SECONDS);
        }

        public Ended ended() throws Exception {
            return end.get(20, TimeUnit.SECONDS);
        }

        @Override
        public void onHeaders(Metadata received) {
            head.complete(received);
        }

        @Override
        public void onMessage(String message) {
            answers.add(message);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            end.complete(new Ended(status, trailers));
        }
    }
}
