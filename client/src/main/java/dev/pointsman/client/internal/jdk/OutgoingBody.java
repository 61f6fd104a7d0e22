package dev.pointsman.client.internal.jdk;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request.
 *
 * @param whole all of it, where it is small and in memory already
 * @param publisher who has it, where it is to be sent as it is published
 * @param length in bytes, below 0 if it is not known
 */
record OutgoingBody(@Nullable Buffer whole, @Nullable BodyPublisher publisher, long length) {
    private static final OutgoingBody NONE = new OutgoingBody(null, null, 0);

    /** Up to this many bytes a body in memory is given to the call in one piece. */
    private static final int SMALL = 64 * 1024;

    /** The JDK's publishers of what is in memory: they publish at once, on the thread that asks them to. */
    private static final Set<Class<?>> IN_MEMORY = Set.copyOf(List.of(
            BodyPublishers.ofString("").getClass(),
            BodyPublishers.ofByteArray(new byte[0]).getClass()));

    static OutgoingBody of(HttpRequest request) {
        BodyPublisher publisher = request.bodyPublisher().orElse(null);
        long length = publisher == null ? 0 : publisher.contentLength();
        if (publisher == null || length == 0) {
            return NONE;
        }
        return length > 0 && length <= SMALL && IN_MEMORY.contains(publisher.getClass())
                ? new OutgoingBody(collected(publisher, (int) length), null, length)
                : new OutgoingBody(null, publisher, length);
    }

    boolean isStreamed() {
        return publisher != null;
    }

    private static Buffer collected(BodyPublisher publisher, int length) {
        ByteBuf bytes = Unpooled.buffer(length);
        publisher.subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(ByteBuffer item) {
                bytes.writeBytes(item);
            }

            @Override
            public void onError(Throwable failure) {
                throw new IllegalStateException(failure);
            }

            @Override
            public void onComplete() {}
        });
        return BufferInternal.buffer(bytes);
    }
}
