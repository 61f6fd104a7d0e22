package dev.pointsman.balancer.testkit;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The calls of the service that gRPC is tested with. Messages are text: what the server is to do, and what it has done. */
public final class GrpcTestCalls {
    public static final String SERVICE = "pointsman.testing.TestService";

    static final MethodDescriptor.Marshaller<String> TEXT = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(String text) {
            return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String parse(InputStream bytes) {
            try {
                return new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }
    };

    /** One message, one answer: {@code size N}, {@code status CODE MESSAGE}, or what is said comes back. */
    public static final MethodDescriptor<String, String> UNARY = method(MethodType.UNARY, SERVICE, "Unary");

    /** The sizes of all messages, added up. */
    public static final MethodDescriptor<String, String> UPLOAD =
            method(MethodType.CLIENT_STREAMING, SERVICE, "Upload");

    /** A message of each of the sizes that are asked for, with commas in between. */
    public static final MethodDescriptor<String, String> DOWNLOAD =
            method(MethodType.SERVER_STREAMING, SERVICE, "Download");

    /** An answer to each message, as it comes. */
    public static final MethodDescriptor<String, String> PING_PONG =
            method(MethodType.BIDI_STREAMING, SERVICE, "PingPong");

    /** The answers to all messages, when the last one is there. */
    public static final MethodDescriptor<String, String> HALF_DUPLEX =
            method(MethodType.BIDI_STREAMING, SERVICE, "HalfDuplex");

    /** Never an answer. */
    public static final MethodDescriptor<String, String> SLEEP = method(MethodType.UNARY, SERVICE, "Sleep");

    /** A method that the server has not. */
    public static final MethodDescriptor<String, String> NO_METHOD = method(MethodType.UNARY, SERVICE, "Unheard");

    /** A service that the server has not. */
    public static final MethodDescriptor<String, String> NO_SERVICE =
            method(MethodType.UNARY, "pointsman.testing.Unheard", "Unary");

    /** What the server sends back in its initial metadata. */
    public static final Metadata.Key<String> ECHOED_FIRST =
            Metadata.Key.of("x-grpc-test-echo-initial", Metadata.ASCII_STRING_MARSHALLER);

    /** What the server sends back in its trailing metadata. */
    public static final Metadata.Key<byte[]> ECHOED_LAST =
            Metadata.Key.of("x-grpc-test-echo-trailing-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private GrpcTestCalls() {}

    static MethodDescriptor<String, String> method(MethodType type, String service, String name) {
        return MethodDescriptor.<String, String>newBuilder(TEXT, TEXT)
                .setType(type)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(service, name))
                .build();
    }
}
