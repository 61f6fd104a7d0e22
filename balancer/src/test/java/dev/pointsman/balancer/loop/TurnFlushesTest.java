package dev.pointsman.balancer.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When what the connections of an event loop have written is sent. */
class TurnFlushesTest {
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final TurnFlushes flushes = new TurnFlushes(tasks::add);
    private final List<EmbeddedChannel> channels = new ArrayList<>();

    @AfterEach
    void close() {
        channels.forEach(EmbeddedChannel::finishAndReleaseAll);
    }

    @Test
    void small_messages_of_all_connections_are_sent_at_the_end_of_the_turn() {
        List<EmbeddedChannel> several = connections(3);

        several.forEach(channel -> writes(channel, 100));

        assertThat(several).noneMatch(TurnFlushesTest::hasSent);
        turnEnds();
        assertThat(several).allMatch(TurnFlushesTest::hasSent);
    }

    @Test
    void the_next_turn_has_an_end_of_its_own() {
        EmbeddedChannel channel = connections(1).get(0);
        writes(channel, 100);
        turnEnds();
        ByteBuf first = channel.readOutbound();
        first.release();

        writes(channel, 100);
        assertThat(hasSent(channel)).isFalse();
        turnEnds();

        assertThat(hasSent(channel)).isTrue();
    }

    @Test
    void a_large_message_is_sent_at_once_and_takes_along_what_was_written_before() {
        EmbeddedChannel channel = connections(1).get(0);

        writes(channel, 100);
        writes(channel, TurnFlushes.LARGE);

        assertThat(channel.outboundMessages()).hasSize(2);
    }

    @Test
    void no_message_waits_for_more_connections_than_a_few() {
        List<EmbeddedChannel> many = connections(TurnFlushes.MOST_WAITING);

        many.forEach(channel -> writes(channel, 100));

        assertThat(many).allMatch(TurnFlushesTest::hasSent);
    }

    @Test
    void what_is_written_while_others_are_sent_is_sent_in_the_same_turn() {
        EmbeddedChannel other = connections(1).get(0);
        flushes.add(unusedTurn -> writes(other, 100));

        turnEnds();

        assertThat(hasSent(other)).isTrue();
    }

    @Test
    void a_fault_of_one_connection_does_not_keep_others_from_sending() {
        EmbeddedChannel other = connections(1).get(0);
        flushes.add(unusedTurn -> {
            throw new IllegalStateException("a fault");
        });
        writes(other, 100);

        assertThatThrownBy(this::turnEnds).hasMessage("a fault");
        turnEnds();

        assertThat(hasSent(other)).isTrue();
    }

    private List<EmbeddedChannel> connections(int count) {
        List<EmbeddedChannel> opened = IntStream.range(0, count)
                .mapToObj(i -> new EmbeddedChannel(flushes.handler()))
                .toList();
        channels.addAll(opened);
        return opened;
    }

    private static void writes(EmbeddedChannel channel, int bytes) {
        Channels.writeAndFlush(channel, Unpooled.buffer(bytes).writeZero(bytes));
    }

    private static boolean hasSent(EmbeddedChannel channel) {
        return !channel.outboundMessages().isEmpty();
    }

    private void turnEnds() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    @Test
    void who_sends_is_told_whether_the_turn_is_over() {
        List<Boolean> told = new ArrayList<>();
        flushes.add(told::add);
        turnEnds();

        for (int i = 0; i < TurnFlushes.MOST_WAITING; i++) {
            flushes.add(told::add);
        }

        assertThat(told).startsWith(true, false).hasSize(1 + TurnFlushes.MOST_WAITING);
    }
}
