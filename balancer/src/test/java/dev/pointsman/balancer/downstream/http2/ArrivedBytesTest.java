package dev.pointsman.balancer.downstream.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.Http2Wire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ArrivedBytesTest {
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final String PING = Http2Wire.frameBytes(Http2Wire.PING, 0, 0, "12345678");

    private final StringBuilder decoded = new StringBuilder();
    private final Queue<Runnable> nextTurn = new ArrayDeque<>();
    private boolean closing;
    private boolean reads = true;
    private final FrameScan scan = new FrameScan((length, type, flags) -> true);
    private final ArrivedBytes arrived = new ArrivedBytes(scan, new ArrivedBytes.Decoder() {
        @Override
        public boolean isClosing() {
            return closing;
        }

        @Override
        public int look(ByteBuf bytes) {
            return scan.scan(bytes);
        }

        @Override
        public void decode(ByteBuf bytes) {
            decoded.append(bytes.toString(StandardCharsets.ISO_8859_1));
            bytes.release();
        }

        @Override
        public void turnDecoded() {}

        @Override
        public void waitingChanged() {
            reads = !isWaiting();
        }

        @Override
        public void inNextTurn(Runnable task) {
            nextTurn.add(task);
        }
    });

    private boolean isWaiting() {
        return arrived.isWaiting();
    }

    @AfterEach
    void nothing_is_kept() {
        arrived.drop();
    }

    @Test
    void thousands_of_frames_in_one_read_are_spread_over_turns_in_order_and_nothing_is_read_meanwhile() {
        String body = Http2Wire.frameBytes(Http2Wire.DATA, 0, 1, "x".repeat(3000));
        String all = PREFACE + PING.repeat(FrameScan.MOST_IN_TURN - 1) + body + PING.repeat(600);
        int firstTurn = all.length() - 600 * PING.length();

        ByteBuf read = reads(all);

        assertThat(decoded.toString()).isEqualTo(all.substring(0, firstTurn));
        assertThat(reads).isFalse();
        turn();
        assertThat(decoded).hasSize(all.length() - 100 * PING.length());
        assertThat(reads).isFalse();
        turn();
        assertThat(decoded.toString()).isEqualTo(all);
        assertThat(reads).isTrue();
        assertThat(nextTurn).isEmpty();
        assertThat(read.refCnt()).isZero();
    }

    @Test
    void what_comes_while_others_wait_waits_behind_them() {
        reads(PREFACE + PING.repeat(FrameScan.MOST_IN_TURN + 1));
        reads("more");

        turn();

        assertThat(decoded.toString()).endsWith(PING + "more");
    }

    @Test
    void a_turn_of_few_frames_takes_nothing_from_the_next() {
        reads(PREFACE);
        for (int i = 0; i < 10; i++) {
            reads(PING.repeat(FrameScan.MOST_IN_TURN));
        }
        assertThat(nextTurn).isEmpty();
    }

    @Test
    void what_waits_is_dropped_with_its_connection() {
        ByteBuf first = reads(PREFACE + PING.repeat(FrameScan.MOST_IN_TURN + 1));
        ByteBuf second = reads("more");
        int before = decoded.length();

        closing = true;
        turn();

        assertThat(decoded).hasSize(before);
        assertThat(first.refCnt()).isZero();
        assertThat(second.refCnt()).isZero();
    }

    private ByteBuf reads(String bytes) {
        ByteBuf read = Unpooled.copiedBuffer(bytes, StandardCharsets.ISO_8859_1);
        arrived.arrive(read);
        arrived.readComplete();
        return read;
    }

    private void turn() {
        nextTurn.remove().run();
    }
}
