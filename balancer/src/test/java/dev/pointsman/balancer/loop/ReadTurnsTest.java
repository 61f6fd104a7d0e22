package dev.pointsman.balancer.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How the connections of an event loop share its turns. */
class ReadTurnsTest {
    private static final int SHARES = ReadTurns.ALL / ReadTurns.ONE_READ;

    private final EmbeddedChannel loop = new EmbeddedChannel();
    private final ReadTurns turns = new ReadTurns(loop.eventLoop(), new LoopBuffers());
    private final List<EmbeddedChannel> channels = new ArrayList<>(List.of(loop));

    @AfterEach
    void close() {
        channels.forEach(EmbeddedChannel::finishAndReleaseAll);
    }

    @Test
    void large_transfers_together_read_no_more_in_a_turn_than_their_share() {
        List<EmbeddedChannel> large = connections(3 * SHARES);

        large.forEach(channel -> reads(channel, ReadTurns.ONE_READ));

        assertThat(mayRead(large)).isLessThan(SHARES);
    }

    @Test
    void those_beyond_read_in_the_turns_that_follow_in_the_order_in_which_they_came() {
        List<EmbeddedChannel> large = connections(SHARES - 1 + 2 * SHARES);
        large.forEach(channel -> reads(channel, ReadTurns.ONE_READ));
        assertThat(mayRead(large)).isEqualTo(SHARES - 1);

        nextTurn();

        assertThat(large.subList(0, 2 * SHARES - 1))
                .allMatch(channel -> channel.config().isAutoRead());
        assertThat(large.subList(2 * SHARES - 1, large.size()))
                .noneMatch(channel -> channel.config().isAutoRead());

        nextTurn();

        assertThat(large).allMatch(channel -> channel.config().isAutoRead());
    }

    @Test
    void small_messages_never_wait() {
        connections(3 * SHARES).forEach(channel -> reads(channel, ReadTurns.ONE_READ));
        EmbeddedChannel small = connections(1).get(0);

        reads(small, 1000);

        assertThat(small.config().isAutoRead()).isTrue();
    }

    @Test
    void a_large_transfer_alone_never_waits() {
        EmbeddedChannel alone = connections(1).get(0);

        for (int turn = 0; turn < 100; turn++) {
            reads(alone, ReadTurns.ONE_READ);
            assertThat(alone.config().isAutoRead()).isTrue();
            nextTurn();
        }
    }

    @Test
    void whose_turn_comes_while_its_receiver_is_full_does_not_read() {
        connections(SHARES).forEach(channel -> reads(channel, ReadTurns.ONE_READ));
        EmbeddedChannel full = connections(1).get(0);
        reads(full, ReadTurns.ONE_READ);
        FairReader reader = full.pipeline().get(FairReader.class);

        reader.setReading(false);
        nextTurn();
        assertThat(full.config().isAutoRead()).isFalse();

        reader.setReading(true);
        assertThat(full.config().isAutoRead()).isTrue();
    }

    @Test
    void what_is_wanted_again_while_it_waits_goes_on_waiting() {
        connections(SHARES).forEach(channel -> reads(channel, ReadTurns.ONE_READ));
        EmbeddedChannel waiting = connections(1).get(0);
        reads(waiting, ReadTurns.ONE_READ);

        waiting.pipeline().get(FairReader.class).setReading(true);

        assertThat(waiting.config().isAutoRead()).isFalse();
        nextTurn();
        assertThat(waiting.config().isAutoRead()).isTrue();
    }

    @Test
    void a_connection_that_ends_while_it_waits_leaves_its_turn_to_the_next() {
        connections(SHARES).forEach(channel -> reads(channel, ReadTurns.ONE_READ));
        List<EmbeddedChannel> ending = connections(SHARES);
        ending.forEach(channel -> reads(channel, ReadTurns.ONE_READ));
        EmbeddedChannel last = connections(1).get(0);
        reads(last, ReadTurns.ONE_READ);

        ending.forEach(channel -> channel.close().syncUninterruptibly());
        nextTurn();

        assertThat(last.config().isAutoRead()).isTrue();
    }

    private List<EmbeddedChannel> connections(int count) {
        List<EmbeddedChannel> opened = IntStream.range(0, count)
                .mapToObj(i -> {
                    EmbeddedChannel channel = new EmbeddedChannel();
                    channel.pipeline().addFirst(new FairReader(turns, channel));
                    return channel;
                })
                .toList();
        channels.addAll(opened);
        return opened;
    }

    private static void reads(EmbeddedChannel channel, int bytes) {
        channel.writeInbound(Unpooled.buffer(bytes).writeZero(bytes));
    }

    private static long mayRead(List<EmbeddedChannel> channels) {
        return channels.stream()
                .filter(channel -> channel.config().isAutoRead())
                .count();
    }

    private void nextTurn() {
        loop.runScheduledPendingTasks();
    }
}
