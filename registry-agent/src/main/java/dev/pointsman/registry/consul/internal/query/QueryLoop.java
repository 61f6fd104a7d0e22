package dev.pointsman.registry.consul.internal.query;

import dev.pointsman.registry.RegistryException;
import dev.pointsman.registry.RegistryException.Kind;
import dev.pointsman.registry.consul.internal.query.BlockingQuery.AwaitDemand;
import dev.pointsman.registry.consul.internal.query.BlockingQuery.PauseQuery;
import dev.pointsman.registry.consul.internal.query.BlockingQuery.QueryStep;
import dev.pointsman.registry.consul.internal.query.BlockingQuery.SendQuery;
import dev.pointsman.registry.consul.internal.query.ConsulTransport.ConsulCall;
import dev.pointsman.registry.consul.internal.query.ConsulTransport.ListResponse;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A loop that sends Consul one blocking query after the other, as {@link BlockingQuery} decides, until it is closed: no
 * failure ends it. Lives on one Vert.x context.
 *
 * @param <T> what a response is parsed into
 */
public final class QueryLoop<T> implements SilenceWatch.Resumable {
    private static final Logger LOG = LoggerFactory.getLogger(QueryLoop.class);
    private static final long NO_CONTENT = -1;
    private static final Buffer NOTHING = Buffer.buffer("[]");
    /** What a step may take beyond the head of a response: its body, a review, a pause. */
    private static final Duration SLACK = Duration.ofSeconds(30);
    /** Consul's own limit. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);
    /** An attempt that is younger than this may well be responded to yet. */
    private static final Duration FRESH = Duration.ofMillis(500);

    /** The receiver of a loop's responses and failures. */
    public interface Follower<T> {
        /** Parses the content of a response; nothing of it counts yet. */
        T read(Buffer body) throws RegistryException;

        /** Whether the registry listed nothing at all. */
        boolean isEmpty(T data);

        /**
         * Asks whatever has to be asked before a good response is taken over that comes without some of what was known.
         *
         * @param index of the response, as it came
         * @param filtered whether Consul says that it left something out
         * @return completes with a doubt, or null for none; fails with a {@link RegistryException} if the response is none;
         *     null if there is nothing to ask
         */
        @Nullable
        Future<Optional<Doubt>> review(T data, long index, boolean filtered);

        /** Takes a good response, with what speaks against believing what it does not list. */
        void responded(T data, long index, @Nullable Doubt doubt);

        /** Takes note of a good response that was not parsed, because it can only say what is known. */
        void confirmed();

        /** Takes note of a failed attempt; there will be another. */
        void failed(RegistryException failure);
    }

    private final ListQuery list;
    private final String path;
    private final Follower<T> follower;
    private final WatchContext context;
    private final QueryMode mode;
    private final BlockingQuery query;

    private @Nullable ConsulCall call;
    private @Nullable Long timer;
    private long lastStep;
    private boolean reviewing;
    private boolean idle;
    private boolean woken;
    private boolean joined;
    private boolean closed;
    /** The checksum of the newest content, where it was taken over without a doubt. */
    private long content = NO_CONTENT;

    /**
     * Creates a loop that has sent nothing yet.
     *
     * @param list what to query
     */
    public QueryLoop(ListQuery list, QueryMode mode, Follower<T> follower, WatchContext context) {
        this.list = list;
        this.path = list.path();
        this.follower = follower;
        this.context = context;
        boolean forwarded = context.transport().datacenter() != null;
        this.mode = mode;
        this.query = new BlockingQuery(mode, forwarded, this::longestWait, context.nanoTime(), context.random());
    }

    private Duration longestWait() {
        Duration usual = context.blockFor().multipliedBy(Math.max(1, mode.waits()));
        Duration wait = mode.crowded() ? context.pace().stretched(usual) : usual;
        return wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /** See {@link BlockingQuery#seed}; to be called before the start. */
    void seed(long index) {
        query.seed(index);
    }

    /** Sends the first query. */
    public void start() {
        context.silence().add(this);
        if (mode.crowded()) {
            joined = true;
            context.pace().join();
        }
        carryOut(query.next());
    }

    @Override
    public void resume(boolean reconnected) {
        if (closed || reviewing) {
            return;
        }
        if (idle) {
            if (reconnected) {
                query.distrust();
            }
            return;
        }
        boolean stale = call != null && context.nanoTime().getAsLong() - lastStep > FRESH.toNanos();
        if (reconnected || (query.failing() && (call == null || stale))) {
            interrupt();
            query.startOver();
            carryOut(query.next());
        }
    }

    /**
     * Sends a query now, or after the one under way, because something may have changed. A loop that waits for changes by
     * itself goes on as it was.
     *
     * @param doubtful whether the response is to be doubted
     */
    void wake(boolean doubtful) {
        if (doubtful) {
            query.distrust();
        }
        woken = true;
        if (idle) {
            carryOut(query.next());
        }
    }

    /** Cancels the query under way; there is no further one. */
    public void close() {
        closed = true;
        context.silence().remove(this);
        if (joined) {
            joined = false;
            context.pace().leave();
        }
        interrupt();
    }

    /**
     * Starts over if nothing has happened for longer than any step may take. Every step leads to the next one, so this
     * guards against what should not be possible; a watch that is silently dead would be worse than the check.
     */
    public void restartIfStuck() {
        Duration limit = query.timeout().plus(longer(context.blockFor(), SLACK));
        if (!closed && !idle && context.nanoTime().getAsLong() - lastStep > limit.toNanos()) {
            LOG.warn(
                    "The watch of Consul's {} has been silent for more than {} s: starting it again",
                    path,
                    limit.toSeconds());
            interrupt();
            failed(new RegistryException(Kind.UNREACHABLE, "no response at all"));
        }
    }

    private void interrupt() {
        ConsulCall interrupted = call;
        call = null;
        if (timer != null) {
            context.vertx().cancelTimer(timer);
            timer = null;
        }
        if (interrupted != null) {
            interrupted.cancel();
        }
    }

    private void carryOut(QueryStep step) {
        if (closed) {
            return;
        }
        lastStep = context.nanoTime().getAsLong();
        idle = false;
        reviewing = false;
        if (step instanceof SendQuery send) {
            woken = false;
            send(send);
        } else if (step instanceof AwaitDemand) {
            if (woken) {
                carryOut(query.next());
            } else {
                idle = true;
            }
        } else if (step instanceof PauseQuery pause) {
            // Rounded up: a timer that is early by a fraction would find the bucket empty again.
            long millis = pause.duration().plusNanos(999_999).toMillis();
            timer = context.vertx().setTimer(Math.max(millis, 1), fired -> {
                timer = null;
                carryOut(query.next());
            });
        }
    }

    private void send(SendQuery step) {
        String request = path + "?" + list.parameters() + "index=" + Long.toUnsignedString(step.index()) + "&wait="
                + step.waitFor().toMillis() + "ms";
        ConsulCall sent;
        try {
            sent = context.transport().get(request, step.timeout());
        } catch (RuntimeException e) {
            failed(new RegistryException(Kind.UNREACHABLE, "the request could not be sent: " + e, e));
            return;
        }
        call = sent;
        sent.response().onComplete(ended -> {
            if (call != sent) {
                return;
            }
            call = null;
            if (ended.succeeded()) {
                responded(ended.result());
            } else if (ended.cause() instanceof RegistryException failure) {
                failed(failure);
            } else {
                failed(new RegistryException(Kind.UNREACHABLE, String.valueOf(ended.cause()), ended.cause()));
            }
        });
    }

    private void responded(ListResponse response) {
        context.silence().heard();
        query.received(response.body().length());
        T data;
        long index;
        Future<Optional<Doubt>> review;
        long checksum = mode.isBlocking() ? checksum(response.body()) : 0;
        try {
            if (response.status() == 200
                    && query.isKnown(
                            BlockingQuery.parseIndex(response.index()), checksum == content && !response.cutOff())) {
                follower.confirmed();
                carryOut(query.responded(query.newestIndex()));
                return;
            }
            data = read(response);
            index = BlockingQuery.parseIndex(response.index());
            review = response.cutOff() ? null : follower.review(data, index, response.filtered());
        } catch (RegistryException e) {
            failed(e);
            return;
        } catch (RuntimeException e) {
            LOG.error("Consul's response to {} was not understood, by a fault of ours", path, e);
            failed(new RegistryException(Kind.MALFORMED, "the response was not understood: " + e, e));
            return;
        }
        content = checksum;
        if (review == null) {
            takeOver(data, index, response.cutOff() ? Doubt.CUT_OFF : null);
        } else {
            await(review, data, index);
        }
    }

    /** Of its length too; two contents of one index have never the same by chance, for all that matters here. */
    private static long checksum(Buffer body) {
        CRC32 sum = new CRC32();
        sum.update(body.getBytes());
        return (long) body.length() << 32 | sum.getValue();
    }

    private void await(Future<Optional<Doubt>> review, T data, long index) {
        reviewing = true;
        long step = lastStep;
        review.onComplete(ended -> {
            if (closed || !reviewing || step != lastStep) {
                return;
            }
            reviewing = false;
            if (ended.succeeded()) {
                takeOver(data, index, ended.result().orElse(null));
            } else if (ended.cause() instanceof RegistryException refusal) {
                failed(refusal);
            } else {
                failed(new RegistryException(Kind.MALFORMED, String.valueOf(ended.cause()), ended.cause()));
            }
        });
    }

    private void takeOver(T data, long index, @Nullable Doubt found) {
        QueryStep next = query.responded(index);
        try {
            Doubt doubt = found == null && query.doubtful() ? Doubt.LOST_STATE : found;
            if (doubt != null) {
                // The next response has to be looked into again, even if it says the same.
                content = NO_CONTENT;
            }
            follower.responded(data, query.newestIndex(), doubt);
        } catch (RuntimeException e) {
            LOG.error("Consul's response to {} was not taken over, by a fault of ours", path, e);
        }
        carryOut(next);
    }

    private T read(ListResponse response) throws RegistryException {
        boolean absent = response.status() == 404 && list.mayBeAbsent() && response.index() != null;
        if (response.status() != 200 && !absent) {
            throw response.refusal(list.rights());
        }
        T data = follower.read(absent ? NOTHING : response.body());
        if (response.filtered() && !list.mayBeEmpty() && follower.isEmpty(data)) {
            throw new RegistryException(
                    Kind.REJECTED,
                    "no " + list.entry() + ": is the ACL token allowed to read? It needs " + list.rights());
        }
        return data;
    }

    private void failed(RegistryException failure) {
        QueryStep next = query.failed(failure.kind());
        if (failure.kind() == Kind.UNREACHABLE && !closed) {
            context.silence().unheard();
        }
        try {
            follower.failed(failure);
        } catch (RuntimeException e) {
            LOG.error("A failure of the watch of Consul's {} was not taken over, by a fault of ours", path, e);
        }
        carryOut(next);
    }
}
