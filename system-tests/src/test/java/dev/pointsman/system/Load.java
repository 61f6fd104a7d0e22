package dev.pointsman.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.SocketFactory;

/**
 * Clients that send GETs (or POSTs) to a port without a pause, each on its own kept-alive connection, and count which
 * instance responded and what failed. All that is not a greeting of the sample service has failed.
 */
final class Load {
    static final int CLIENTS = 4;
    private static final int FAILURES_KEPT = 5;
    /** A client that fails this often has nothing more to find out. */
    private static final int MOST_FAILURES = 50;

    private final String path;
    private final LoadKind kind;
    private final Responders responders = new Responders();
    private final AtomicInteger failed = new AtomicInteger();
    private final Queue<String> firstFailures = new ConcurrentLinkedQueue<>();
    /** Failures on connections that stood. */
    private final Queue<String> lost = new ConcurrentLinkedQueue<>();

    private final List<KeepAliveClient> clients = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopping;

    /** What clients do. */
    enum LoadKind {
        GETS,
        POSTS,
        /** The clients end with a response that says {@code Connection: close}, as those that have other balancers to go to. */
        GETS_UNTIL_TOLD_TO_CLOSE,
        /** A connection for each request. */
        GETS_ON_NEW_CONNECTIONS
    }

    private Load(String path, LoadKind kind) {
        this.path = path;
        this.kind = kind;
    }

    /**
     * Starts it.
     *
     * @param port of a balancer, or of what stands before several
     */
    static Load start(int port, String path, LoadKind kind) {
        return start(port, path, kind, SocketFactory.getDefault());
    }

    /** The same by sockets of another kind. */
    static Load start(int port, String path, LoadKind kind, SocketFactory sockets) {
        Load load = new Load(path, kind);
        for (int i = 0; i < CLIENTS; i++) {
            KeepAliveClient client = new KeepAliveClient(port, sockets);
            Thread thread = new Thread(() -> load.run(client), "load-" + i);
            load.clients.add(client);
            load.threads.add(thread);
            thread.start();
        }
        return load;
    }

    private void run(KeepAliveClient client) {
        int failures = 0;
        boolean leaves = kind == LoadKind.GETS_UNTIL_TOLD_TO_CLOSE;
        while (!stopping && failures < MOST_FAILURES && !(leaves && client.wasToldToClose())) {
            try {
                Response response = kind == LoadKind.POSTS ? client.post(path) : client.get(path);
                if (kind == LoadKind.GETS_ON_NEW_CONNECTIONS) {
                    client.close();
                }
                if (response.isGreeting()) {
                    responders.count(response.pid());
                } else {
                    failures++;
                    failed(response.toString());
                }
            } catch (ConnectException refused) {
                failures++;
                failed(refused.toString());
            } catch (IOException e) {
                failures++;
                failed(e.toString());
                lost.add(e.toString());
            }
        }
    }

    private void failed(String why) {
        if (failed.incrementAndGet() <= FAILURES_KEPT) {
            firstFailures.add(why);
        }
    }

    /** See {@link Responders#responses}. */
    Map<Long, Long> responses() {
        return responders.responses();
    }

    long total() {
        return responders.total();
    }

    /** See {@link Responders#awaitMore}. */
    void awaitMore(long count) {
        responders.awaitMore(count);
    }

    /** See {@link Responders#awaitResponsesFromEach}. */
    void awaitResponsesFromEach(ServiceProcess... services) {
        responders.awaitResponsesFromEach(services);
    }

    /** See {@link Responders#awaitResponsesOnlyFrom}. */
    void awaitResponsesOnlyFrom(ServiceProcess... services) {
        responders.awaitResponsesOnlyFrom(services);
    }

    /** Whether every client has left, see {@code leaveWhenTold}. */
    boolean isOver() {
        return threads.stream().noneMatch(Thread::isAlive);
    }

    /** How many requests have failed up to now. */
    int failures() {
        return failed.get();
    }

    /** Fails the test if any request has failed up to now. */
    void hasNotFailed() {
        assertThat(firstFailures)
                .as("failures among %s and more responses, %s in all; the first ones", total(), failed)
                .isEmpty();
    }

    /** Waits until every client is refused, and fails the test if one has failed in another way. */
    void endsRefused() {
        Soon.isTrue("every client to be refused", this::isOver);
        assertThat(total()).as("responses").isPositive();
        assertThat(lost)
                .as("requests on connections that stood, and without a response")
                .isEmpty();
    }

    /** Lets the requests under way finish, sends no more, and fails the test if any has failed. */
    void endsWithoutFailure() {
        stopping = true;
        Soon.isTrue("the responses to the last requests", this::isOver);
        assertThat(total()).as("responses").isPositive();
        hasNotFailed();
    }

    /** Ends it whatever is under way. */
    void end() {
        stopping = true;
        try {
            for (int i = 0; i < threads.size(); i++) {
                threads.get(i).join(200);
                clients.get(i).close();
                threads.get(i).join();
            }
        } catch (IOException e) {
            throw new AssertionError("a client's connection cannot be closed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return "responses by pid: " + responses() + ", failures: " + failed + ", the first ones: " + firstFailures;
    }
}
