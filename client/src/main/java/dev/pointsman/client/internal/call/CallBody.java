package dev.pointsman.client.internal.call;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request, in the parts in which its caller writes it. The first {@value #KEPT} bytes are kept, so that they can be
 * sent again to another instance; of a longer body only what was not sent yet. For the call's context alone.
 */
final class CallBody {
    /** As many as the balancer keeps. */
    static final int KEPT = 64 * 1024;

    private final List<BodyPart> parts = new ArrayList<>(1);
    private int dropped;
    private long size;
    private boolean ended;

    /** A part of a body, the last one perhaps without data. */
    static final class BodyPart {
        private final @Nullable Buffer data;
        private final boolean last;
        private @Nullable Promise<Void> written;
        private @Nullable Throwable failure;
        private boolean forgotten;

        private BodyPart(@Nullable Buffer data, boolean last) {
            this.data = data;
            this.last = last;
        }

        @Nullable
        Buffer data() {
            return data;
        }

        boolean isLast() {
            return last;
        }

        /** Completes once it was written to an instance, and fails when the call does; to be asked for before it is written. */
        Future<Void> whenWritten() {
            Promise<Void> promise = Promise.promise();
            written = promise;
            return promise.future();
        }

        /** Notes that it has been written, to whichever instance. */
        void written() {
            if (written != null) {
                written.tryComplete();
            }
        }

        /** Notes that it could not be written to an instance. It may be written to another one, unless it is forgotten. */
        void notWritten(Throwable cause) {
            failure = cause;
            if (forgotten) {
                fail(cause);
            }
        }

        private void forget() {
            forgotten = true;
            if (failure != null) {
                fail(failure);
            }
        }

        private void fail(Throwable cause) {
            if (written != null) {
                written.tryFail(cause);
            }
        }
    }

    /** Adds a part. */
    BodyPart add(@Nullable Buffer data, boolean last) {
        BodyPart part = new BodyPart(data, last);
        parts.add(part);
        size += data == null ? 0 : data.length();
        ended = last;
        return part;
    }

    /** Whether its last part is there. */
    boolean isEnded() {
        return ended;
    }

    /** The number of parts that were added. */
    int count() {
        return dropped + parts.size();
    }

    /** The part with this number, counted from 0; one that is still there. */
    BodyPart part(int number) {
        return parts.get(number - dropped);
    }

    /** Whether all that was added is still there. */
    boolean isWhole() {
        return dropped == 0;
    }

    /** Forgets what was sent, if it is more than is kept. */
    void trim(int sent) {
        if (size > KEPT) {
            forget(sent);
        }
    }

    /** Forgets the parts before this one. */
    void forget(int before) {
        int gone = before - dropped;
        if (gone > 0) {
            for (int i = 0; i < gone; i++) {
                parts.get(i).forget();
            }
            if (gone == parts.size()) {
                parts.clear();
            } else {
                parts.subList(0, gone).clear();
            }
            dropped = before;
        }
    }

    /** Notes that nothing is written any more. */
    void fail(Throwable cause) {
        parts.forEach(part -> part.fail(cause));
    }
}
