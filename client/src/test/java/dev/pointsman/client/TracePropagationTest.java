package dev.pointsman.client;

import static dev.pointsman.client.ClientUnderTest.API;
import static dev.pointsman.client.ClientUnderTest.got;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.RequestOptions;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls in a span of OpenTelemetry's. */
@Timeout(60)
class TracePropagationTest {
    private final OpenTelemetrySdk telemetry = OpenTelemetrySdk.builder()
            // Without a processor it makes no spans.
            .setTracerProvider(SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(SpanExporter.noop()))
                    .build())
            .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
            .build();
    private final Tracer tracer = telemetry.getTracer("test");
    private final TextMapPropagator propagator = telemetry.getPropagators().getTextMapPropagator();
    private final ClientUnderTest test = new ClientUnderTest(
            // As the Javadoc of ContextFields has it.
            options -> options.withContextFields(set -> propagator.inject(Context.current(), set, BiConsumer::accept)));

    @BeforeEach
    void list() throws Exception {
        test.registry.list(
                "api",
                test.dead("dead").listed(),
                TestInstance.start(test.vertx, "tracing", request -> request.response()
                                .end(String.valueOf(request.getHeader("traceparent"))))
                        .listed());
    }

    @AfterEach
    void end() throws Exception {
        test.close();
        telemetry.close();
    }

    private static String traceparent(Span span) {
        SpanContext context = span.getSpanContext();
        return "00-" + context.getTraceId() + "-" + context.getSpanId() + "-"
                + context.getTraceFlags().asHex();
    }

    private static <T> T within(Span span, Supplier<T> call) {
        try (Scope scope = span.makeCurrent()) {
            assertThat(scope).isNotNull();
            return call.get();
        } finally {
            span.end();
        }
    }

    private Future<String> call() {
        return test.client
                .httpClient()
                .request(new RequestOptions().setServer(API))
                .compose(request ->
                        request.send().compose(response -> response.body().map(String::valueOf)));
    }

    @Test
    void a_call_from_a_thread_takes_its_trace_along() throws Exception {
        for (int i = 0; i < 2; i++) {
            Span span = tracer.spanBuilder("call").startSpan();
            try (Scope scope = span.makeCurrent()) {
                assertThat(scope).isNotNull();
                assertThat(test.client
                                .javaClient()
                                .send(ServiceRequest.newBuilder(API, "/").build(), BodyHandlers.ofString())
                                .body())
                        .isEqualTo(traceparent(span));
            }
            span.end();
        }
    }

    @Test
    void a_call_from_a_context_of_vertx_takes_its_trace_along() throws Exception {
        Span span = tracer.spanBuilder("call").startSpan();
        Promise<String> response = Promise.promise();
        test.vertx.runOnContext(there -> within(span, this::call).onComplete(response));
        assertThat(got(response.future())).isEqualTo(traceparent(span));
    }

    @Test
    void a_call_outside_of_any_trace_takes_none_along() throws Exception {
        assertThat(got(call())).isEqualTo("null");
    }
}
