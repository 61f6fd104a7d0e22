package dev.pointsman.balancer.downstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.CapturedLog;
import dev.pointsman.testkit.ManualTime;
import io.netty.channel.Channel;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalIoHandler;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AcceptGateTest {
    @RegisterExtension
    private final CapturedLog log = new CapturedLog();

    private final ManualTime time = new ManualTime();
    private final AcceptGate gate = new AcceptGate("clients", time::nanos);
    private final EmbeddedChannel port = new EmbeddedChannel(gate.handler());

    private final MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());

    @AfterEach
    void endLoops() throws Exception {
        loops.shutdownGracefully(0, 0, TimeUnit.SECONDS).get(10, TimeUnit.SECONDS);
    }

    private Channel accept() {
        Channel client = new LocalChannel();
        loops.register(client).syncUninterruptibly();
        port.writeInbound(client);
        return client;
    }

    private void fail() {
        port.pipeline().fireExceptionCaught(new IOException("Too many open files"));
    }

    private boolean accepts() {
        return port.config().isAutoRead();
    }

    private void pass() {
        port.advanceTimeBy(AcceptGate.PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        port.runScheduledPendingTasks();
        time.pass(AcceptGate.PAUSE);
    }

    @Test
    void beyond_the_limit_clients_wait_until_one_leaves() throws Exception {
        gate.limit(2);
        accept();
        assertThat(accepts()).isTrue();
        Channel second = accept();
        assertThat(accepts()).isFalse();

        second.close().syncUninterruptibly();
        // Due after what the gate has scheduled on the same loop.
        loops.next().schedule(() -> {}, 20, TimeUnit.MILLISECONDS).get(10, TimeUnit.SECONDS);
        port.runPendingTasks();

        assertThat(accepts()).isTrue();
    }

    @Test
    void after_a_failure_nothing_is_accepted_for_a_moment_and_then_again() {
        fail();
        assertThat(accepts()).isFalse();

        pass();

        assertThat(accepts()).isTrue();
        port.checkException();
    }

    @Test
    void a_gate_that_is_full_stays_closed_after_a_failure() {
        gate.limit(1);
        accept();
        fail();

        pass();

        assertThat(accepts()).isFalse();
    }

    @Test
    void a_thousand_failures_are_one_line_until_clients_were_accepted_for_a_while() {
        failOften();
        accept();
        failOften();
        assertThat(log.text().lines())
                .singleElement()
                .asString()
                .contains("WARN", "clients cannot be accepted", "Too many open files");

        time.pass(AcceptGate.CALM);
        accept();
        failOften();

        assertThat(log.text().lines()).hasSize(2);
    }

    private void failOften() {
        for (int i = 0; i < 1000; i++) {
            fail();
            pass();
        }
    }
}
