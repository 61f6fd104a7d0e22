package dev.pointsman.registry.consul;

import dev.pointsman.registry.RegistryException;
import dev.pointsman.registry.RegistryException.Kind;
import dev.pointsman.registry.consul.Asker.Answer;
import dev.pointsman.registry.consul.BlockingQuery.Ask;
import dev.pointsman.registry.consul.BlockingQuery.Pause;
import dev.pointsman.registry.consul.BlockingQuery.Rest;
import dev.pointsman.registry.consul.BlockingQuery.Step;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks Consul one blocking query after the other, as {@link BlockingQuery} decides, until it is closed: no failure ends
 * it. Lives on one Vert.x context.
 *
 * @param <T> what an answer is read into
 */
final class QueryLoop<T> {
    private static final Logger LOG = LoggerFactory.getLogger(QueryLoop.class);
    private static final int LONGEST_ERROR_TEXT = 120;
    /** A server that has not heard of the leader for longer is cut off, and what it says is as old as that. */
    private static final long LONGEST_LAST_CONTACT_MS = 10_000;

    /** Reads an answer, and takes over what comes of it. */
    interface Follower<T> {
        /** Reads a body; nothing of it counts yet. */
        T read(Buffer body) throws RegistryException;

        /** Whether the registry listed nothing at all. */
        boolean isEmpty(T data);

        /**
         * A good answer.
         *
         * @param doubtful see {@link BlockingQuery#doubtful()}; also when a server answered that is cut off from the others
         */
        void answered(T data, long index, boolean doubtful);

        /** A good answer that was not read, because its index is that of the one before. */
        void confirmed();

        /** An attempt failed; there will be another. */
        void failed(RegistryException failure);
    }

    private final String path;
    private final Follower<T> follower;
    private final Tools tools;
    private final BlockingQuery query;

    private Asker.@Nullable Call call;
    private @Nullable Long timer;
    private long lastStep;
    private boolean resting;
    private boolean wanted;
    private boolean closed;

    /**
     * Nothing asked yet.
     *
     * @param path percent-encoded, without parameters
     */
    QueryLoop(String path, QueryManner manner, Follower<T> follower, Tools tools) {
        this.path = path;
        this.follower = follower;
        this.tools = tools;
        this.query = new BlockingQuery(manner, tools.options().blockFor(), tools.nanoTime(), tools.random());
    }

    /** See {@link BlockingQuery#recall}; before the start. */
    void recall(long index) {
        query.recall(index);
    }

    void start() {
        carryOut(query.next());
    }

    /**
     * Something may have changed: asks now, or after what is under way. For a loop that waits for changes by itself this is
     * nothing new.
     *
     * @param doubtful whether the answer is to be doubted
     */
    void wake(boolean doubtful) {
        if (doubtful) {
            query.distrust();
        }
        wanted = true;
        if (resting) {
            carryOut(query.next());
        }
    }

    void close() {
        closed = true;
        interrupt();
    }

    /**
     * Starts over if nothing has happened for longer than anything may take. Every step leads to the next one, so this
     * guards against what should not be possible; a watch that is silently dead would be worse than the check.
     */
    void restartIfStuck() {
        Duration limit = query.timeout().plus(tools.options().blockFor());
        if (!closed && !resting && tools.nanoTime().getAsLong() - lastStep > limit.toNanos()) {
            LOG.warn(
                    "The watch of Consul's {} has been silent for more than {} s: starting it again",
                    path,
                    limit.toSeconds());
            interrupt();
            failed(new RegistryException(Kind.UNREACHABLE, "no answer at all"));
        }
    }

    private void interrupt() {
        Asker.Call interrupted = call;
        call = null;
        if (timer != null) {
            tools.vertx().cancelTimer(timer);
            timer = null;
        }
        if (interrupted != null) {
            interrupted.cancel();
        }
    }

    private void carryOut(Step step) {
        if (closed) {
            return;
        }
        lastStep = tools.nanoTime().getAsLong();
        resting = false;
        if (step instanceof Ask ask) {
            wanted = false;
            ask(ask);
        } else if (step instanceof Rest) {
            if (wanted) {
                carryOut(query.next());
            } else {
                resting = true;
            }
        } else if (step instanceof Pause pause) {
            // Rounded up: a timer that is early by a fraction would find the bucket empty again.
            long millis = pause.duration().plusNanos(999_999).toMillis();
            timer = tools.vertx().setTimer(Math.max(millis, 1), fired -> {
                timer = null;
                carryOut(query.next());
            });
        }
    }

    private void ask(Ask ask) {
        String question = path + "?stale&index=" + Long.toUnsignedString(ask.index()) + "&wait="
                + ask.waitFor().toMillis() + "ms";
        Asker.Call asked;
        try {
            asked = tools.asker().get(question, ask.timeout());
        } catch (RuntimeException e) {
            failed(new RegistryException(Kind.UNREACHABLE, "the question could not be sent: " + e, e));
            return;
        }
        call = asked;
        asked.answer().onComplete(ended -> {
            if (call != asked) {
                return;
            }
            call = null;
            if (ended.succeeded()) {
                answered(ended.result());
            } else if (ended.cause() instanceof RegistryException failure) {
                failed(failure);
            } else {
                failed(new RegistryException(Kind.UNREACHABLE, String.valueOf(ended.cause()), ended.cause()));
            }
        });
    }

    private void answered(Answer answer) {
        T data;
        long index;
        try {
            if (answer.status() == 200 && query.isKnown(BlockingQuery.parseIndex(answer.index()))) {
                follower.confirmed();
                carryOut(query.answered(query.newestIndex()));
                return;
            }
            data = read(answer);
            index = BlockingQuery.parseIndex(answer.index());
        } catch (RegistryException e) {
            failed(e);
            return;
        } catch (RuntimeException e) {
            LOG.error("Consul's answer to {} was not understood, by a fault of ours", path, e);
            failed(new RegistryException(Kind.MALFORMED, "the answer was not understood: " + e, e));
            return;
        }
        Step next = query.answered(index);
        try {
            boolean cutOff = answer.lastContactMs() > LONGEST_LAST_CONTACT_MS;
            follower.answered(data, query.newestIndex(), cutOff || query.doubtful());
        } catch (RuntimeException e) {
            LOG.error("Consul's answer to {} was not taken over, by a fault of ours", path, e);
        }
        carryOut(next);
    }

    private T read(Answer answer) throws RegistryException {
        if (answer.status() != 200) {
            throw refusal(answer);
        }
        T data = follower.read(answer.body());
        if (answer.filtered() && follower.isEmpty(data)) {
            throw new RegistryException(
                    Kind.REJECTED, "the ACL token may not read any of it (it needs service:read and node:read)");
        }
        return data;
    }

    private static RegistryException refusal(Answer answer) {
        int status = answer.status();
        String text = answer.body().getString(0, Math.min(answer.body().length(), 1024), StandardCharsets.UTF_8.name());
        String said = (status + " " + OneLine.of(text, LONGEST_ERROR_TEXT)).strip();
        if (status == 401 || status == 403) {
            return new RegistryException(
                    Kind.REJECTED,
                    said + ": the ACL token is missing or not good enough (it needs service:read and node:read)");
        }
        return new RegistryException(status == 429 || status >= 500 ? Kind.UNAVAILABLE : Kind.REJECTED, said);
    }

    private void failed(RegistryException failure) {
        Step next = query.failed(failure.kind());
        try {
            follower.failed(failure);
        } catch (RuntimeException e) {
            LOG.error("A failure of the watch of Consul's {} was not taken over, by a fault of ours", path, e);
        }
        carryOut(next);
    }
}
