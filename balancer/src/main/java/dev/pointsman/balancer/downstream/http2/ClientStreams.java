package dev.pointsman.balancer.downstream.http2;

import dev.pointsman.balancer.downstream.Http2Abuse;
import dev.pointsman.balancer.downstream.Http2Counts;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The streams of a client's connection on which something is under way. For one event loop. */
final class ClientStreams extends Http2ConnectionAdapter {
    private static final Logger log = LoggerFactory.getLogger(ClientStreams.class);

    private final Http2ClientConnection owner;
    private final Http2Connection connection;
    private final Http2Connection.PropertyKey key;
    private final Http2Counts counts;
    private final ResetStreams resets = new ResetStreams();
    private int open;

    ClientStreams(Http2ClientConnection owner, Http2Connection connection, Http2Counts counts) {
        this.owner = owner;
        this.connection = connection;
        this.key = connection.newKey();
        this.counts = counts;
        connection.addListener(this);
    }

    /** Takes note of a request that begins. */
    void add(Http2Stream frames, Http2ClientStream stream) {
        counts.stream();
        open++;
        frames.setProperty(key, stream);
    }

    /** The one with this id; null for none that is open. */
    @Nullable
    Http2ClientStream of(int id) {
        Http2Stream frames = connection.stream(id);
        return frames == null ? null : of(frames);
    }

    @Nullable
    Http2ClientStream of(Http2Stream frames) {
        return frames.getProperty(key);
    }

    /** Those that were reset. */
    ResetStreams resets() {
        return resets;
    }

    int count() {
        return open;
    }

    /** Resets those on which nothing happened for too long. */
    void resetSilent(long now, long idleNanos) {
        for (Http2ClientStream stream : all()) {
            if (stream.isSilent(now, idleNanos)) {
                if (stream.isStalled()) {
                    counts.abuse(Http2Abuse.STALLED);
                }
                stream.timeOut();
            }
        }
    }

    /** Ends all of them, since their connection has ended. */
    void endAll() {
        all().forEach(Http2ClientStream::closed);
    }

    private List<Http2ClientStream> all() {
        List<Http2ClientStream> all = new ArrayList<>(open);
        try {
            connection.forEachActiveStream(frames -> {
                Http2ClientStream stream = of(frames);
                if (stream != null) {
                    all.add(stream);
                }
                return true;
            });
        } catch (Http2Exception impossible) {
            log.error("streams cannot be listed", impossible);
        }
        return all;
    }

    @Override
    public void onStreamClosed(Http2Stream frames) {
        Http2ClientStream stream = of(frames);
        if (stream != null) {
            open--;
            stream.closed();
            owner.streamClosed(stream);
        }
    }
}
