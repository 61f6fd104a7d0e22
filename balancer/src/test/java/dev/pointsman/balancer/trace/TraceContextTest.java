package dev.pointsman.balancer.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.Head;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.TracedProxy;
import dev.pointsman.balancer.testkit.WebSocketHandshake;
import dev.pointsman.testkit.OtlpCollector;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What instances are told about the trace that a request belongs to. */
class TraceContextTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00f067aa0ba902b7";
    private static final String SAMPLED = "traceparent: 00-" + TRACE + "-" + PARENT + "-01";
    private static final String NOT_SAMPLED = "traceparent: 00-" + TRACE + "-" + PARENT + "-00";
    private static final Pattern VALID = Pattern.compile("00-([0-9a-f]{32})-([0-9a-f]{16})-(0[01])");

    private final BlockingQueue<Head> arrived = new LinkedBlockingQueue<>();
    private final OtlpCollector collector;
    private final TracedProxy traces;

    @RegisterExtension
    private final TestProxy proxy = new TestProxy("response-timeout=1s", "route=/=svc");

    TraceContextTest() throws Exception {
        collector = OtlpCollector.start();
        traces = new TracedProxy(collector);
    }

    @BeforeEach
    void an_instance_is_there() throws Exception {
        proxy.upstream((request, wire) -> {
            arrived.add(request.head());
            wire.respond(200, "ok");
        });
        trace();
    }

    @AfterEach
    void end() {
        traces.close();
        collector.close();
    }

    private void trace(String... settings) throws Exception {
        proxy.tracedBy(traces.by(settings)).reload("response-timeout=1s", "route=/=svc");
    }

    private Head told(String... fields) throws Exception {
        assertThat(proxy.get("/x", fields).status()).isEqualTo(200);
        Head head = arrived.poll(15, TimeUnit.SECONDS);
        assertThat(head).isNotNull();
        return head;
    }

    private static String part(Head head, int part) {
        assertThat(head.all("traceparent")).hasSize(1);
        var matcher = VALID.matcher(String.valueOf(head.one("traceparent")));
        assertThat(matcher.matches()).as("%s", head.one("traceparent")).isTrue();
        return matcher.group(part);
    }

    @Test
    void a_trace_goes_on_with_a_parent_of_our_own() throws Exception {
        Head head = told(SAMPLED, "tracestate: congo=t61rcWkgMzE", "tracestate: rojo=1 ,, a=2");

        assertThat(part(head, 1)).isEqualTo(TRACE);
        assertThat(part(head, 2)).isNotEqualTo(PARENT);
        assertThat(part(head, 3)).isEqualTo("01");
        assertThat(head.all("tracestate")).containsExactly("congo=t61rcWkgMzE,rojo=1,a=2");
    }

    @Test
    void one_that_is_not_recorded_goes_on_as_well() throws Exception {
        Head head = told(NOT_SAMPLED, "tracestate: a=1");

        assertThat(part(head, 1)).isEqualTo(TRACE);
        assertThat(part(head, 2)).isNotEqualTo(PARENT);
        assertThat(part(head, 3)).isEqualTo("00");
        assertThat(head.one("tracestate")).isEqualTo("a=1");
    }

    @Test
    void a_request_without_a_trace_begins_one() throws Exception {
        Head first = told("tracestate: a=1");
        Head second = told();

        assertThat(part(first, 1)).isNotEqualTo(part(second, 1));
        assertThat(part(first, 3)).isEqualTo("01");
        assertThat(first.has("tracestate")).isFalse();
    }

    @Test
    void a_trace_that_begins_and_is_not_recorded_has_ids_too() throws Exception {
        trace("trace-sample=0");

        Head first = told();
        Head second = told();

        assertThat(part(first, 3)).isEqualTo("00");
        assertThat(part(first, 1)).isNotEqualTo(part(second, 1));
        assertThat(part(told(SAMPLED), 3)).isEqualTo("01");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "traceparent: 00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "traceparent: ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
                "traceparent: ",
                "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n"
                        + "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
            })
    void one_that_is_not_valid_is_as_none_and_its_state_is_not_read(String traceparent) throws Exception {
        Head head = told(traceparent, "tracestate: a=1");

        assertThat(part(head, 1)).isNotEqualTo(TRACE);
        assertThat(head.has("tracestate")).isFalse();
    }

    @Test
    void a_later_version_is_sent_on_as_the_one_that_is_known() throws Exception {
        Head head = told("TraceParent: cc-" + TRACE + "-" + PARENT + "-ff-what-comes", "TraceState: a=1");

        assertThat(part(head, 1)).isEqualTo(TRACE);
        assertThat(part(head, 3)).isEqualTo("01");
        assertThat(head.one("tracestate")).isEqualTo("a=1");
    }

    @Test
    void a_broken_state_is_dropped_and_the_trace_goes_on() throws Exception {
        Head head = told(SAMPLED, "tracestate: a=1", "tracestate: B=2");

        assertThat(part(head, 1)).isEqualTo(TRACE);
        assertThat(head.has("tracestate")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {SAMPLED, NOT_SAMPLED})
    void each_attempt_has_an_id_of_its_own(String traceparent) throws Exception {
        proxy.rawUpstream(wire -> {
            arrived.add(wire.readMessage().head());
            wire.close();
        });

        // In some order: one of them is closed before it responded, and the request goes to the other one.
        Head first = told(traceparent);
        if (arrived.isEmpty()) {
            first = told(traceparent);
        }
        Head second = arrived.poll(15, TimeUnit.SECONDS);

        assertThat(second).isNotNull();
        assertThat(part(first, 1)).isEqualTo(part(second, 1)).isEqualTo(TRACE);
        assertThat(part(first, 2)).isNotEqualTo(part(second, 2));
        assertThat(part(first, 3)).isEqualTo(part(second, 3));
    }

    @Test
    void strangers_are_not_believed_where_traces_restart_and_trusted_proxies_are() throws Exception {
        proxy.tracedBy(traces.by("trace-restart=true")).reload("route=/=svc");
        Head stranger = told(SAMPLED, "tracestate: a=1");
        assertThat(part(stranger, 1)).isNotEqualTo(TRACE);
        assertThat(stranger.has("tracestate")).isFalse();

        proxy.reload("route=/=svc", "trusted-proxies=127.0.0.1");
        Head trusted = told(SAMPLED, "tracestate: a=1");
        assertThat(part(trusted, 1)).isEqualTo(TRACE);
        assertThat(trusted.one("tracestate")).isEqualTo("a=1");
    }

    @Test
    void a_websocket_is_traced_as_well() throws Exception {
        var client = proxy.connect();
        WebSocketHandshake.ask(client, "/ws", SAMPLED);
        client.readMessage();

        assertThat(part(arrived.take(), 1)).isEqualTo(TRACE);
    }

    @Test
    void a_route_that_removes_the_fields_removes_ours_too() throws Exception {
        proxy.reload("route=/=svc;request-headers;remove=traceparent;remove=tracestate");

        Head head = told(SAMPLED, "tracestate: a=1");

        assertThat(head.has("traceparent")).isFalse();
        assertThat(head.has("tracestate")).isFalse();
    }

    @Test
    void without_traces_the_fields_pass_as_they_came() throws Exception {
        proxy.tracedBy(null).reload("route=/=svc");

        Head head = told("traceparent: 00-1-2-3", "TraceState: ,a=1 ,", "tracestate: b");

        assertThat(head.all("traceparent")).containsExactly("00-1-2-3");
        assertThat(head.all("tracestate")).containsExactly(",a=1 ,", "b");
    }
}
