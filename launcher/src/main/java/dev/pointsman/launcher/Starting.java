package dev.pointsman.launcher;

import dev.pointsman.agent.ServiceFacts;
import dev.pointsman.launcher.loop.Loop;
import dev.pointsman.launcher.process.Child;
import dev.pointsman.launcher.process.PortHolder;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How an instance comes up: a free port, a process, and questions until that answers there. A port that is lost to somebody
 * else costs it a process, and is not held against it: it takes another port, and with it another id. Confined to the
 * launcher's loop.
 */
final class Starting {
    /** Whose instance it is. */
    interface Owner {
        /** Whether it is to go on coming up. */
        boolean isWanted();

        /** It has a process, not necessarily the last one. */
        void spawned(Child child);

        /** Its own process answers on its own port; what follows is up to the owner. */
        void answers(Child child);

        /** It will not come up. */
        void failed(String why);

        /** It has stopped coming up because it is not wanted any more. */
        void abandoned();

        /** It was up, and has failed too many checks in a row since. */
        void hung(Child child, String why);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Starting.class);
    /** What is left of a program whose own process ended is not asked for long. */
    private static final Duration SWEEP = Duration.ofSeconds(2);

    private final ServicePlan plan;
    private final Tools tools;
    private final Tally tally;
    private final Owner owner;

    private String id = "";
    private int port;
    private int ports;
    private @Nullable Child child;
    private @Nullable Checking checking;
    private Loop.@Nullable Timer limit;

    Starting(ServicePlan plan, Tools tools, Tally tally, Owner owner) {
        this.plan = plan;
        this.tools = tools;
        this.tally = tally;
        this.owner = owner;
    }

    void begin() {
        try {
            port = tools.ports().next();
        } catch (IOException e) {
            owner.failed("found no free port: " + e.getMessage());
            return;
        }
        ports++;
        id = ServiceFacts.id(plan.type(), tools.address(), port);
        String thisId = id;
        // Written down before there is anything to leave behind.
        tools.loop().then(tools.roll().put(thisId, 0), written -> spawn(thisId));
    }

    private void spawn(String thisId) {
        if (!owner.isWanted()) {
            owner.abandoned();
            return;
        }
        tools.loop().then(tools.programs().start(Facts.program(plan, tools, thisId, port)), (started, failure) -> {
            if (failure != null) {
                owner.failed("cannot be started: " + failure.getMessage());
            } else {
                spawned(started);
            }
        });
    }

    private void spawned(Child started) {
        child = started;
        tally.starts++;
        tools.roll().put(id, started.pid());
        owner.spawned(started);
        if (!owner.isWanted()) {
            // Asked to end before there was anything to end.
            owner.abandoned();
            return;
        }
        limit = tools.loop().after(plan.rules().startTimeout(), () -> tooSlow(started));
        checking = new Checking(plan, port, tools, () -> answers(started), why -> owner.hung(started, why));
        checking.begin();
    }

    /** Something answers on the port; whether it is ours is another question. */
    private void answers(Child asked) {
        tools.loop().then(tools.programs().holder(port, asked), holder -> {
            if (!isStill(asked)) {
                return;
            }
            switch (holder.kind()) {
                case ANOTHER -> portLost(asked, holder.name());
                case NOBODY -> again();
                case OURS, UNKNOWN -> owner.answers(asked);
            }
        });
    }

    private void again() {
        if (checking != null) {
            checking.again();
        }
    }

    /** Whether this is the process that is to come up. */
    boolean isStill(Child asked) {
        return child == asked && owner.isWanted();
    }

    /** From here on it is asked whether it is still well. */
    void isUp() {
        cancelLimit();
        if (checking != null) {
            checking.isUp();
        }
    }

    private void tooSlow(Child asked) {
        tools.loop().then(tools.programs().holder(port, asked), holder -> {
            if (isStill(asked) && holder.kind() == PortHolder.Kind.ANOTHER) {
                portLost(asked, holder.name());
            } else {
                tools.loop().then(tools.programs().listening(asked), listening -> tooSlow(asked, listening));
            }
        });
    }

    private void tooSlow(Child asked, List<Integer> listening) {
        if (isStill(asked)) {
            owner.failed(Words.tooSlow(plan, port, checking == null ? "" : checking.why(), listening));
        }
    }

    private void portLost(Child asked, String to) {
        tally.portsLost++;
        stop();
        String holder = to.isEmpty() ? "somebody else" : to;
        LOG.info("{} lost its port {} to {}; it gets another one.", id, port, holder);
        String lostId = id;
        child = null;
        tools.loop().then(asked.end(plan.rules().stopTimeout()), killed -> tools.roll()
                .remove(lostId));
        if (ports >= tools.ports().tries()) {
            owner.failed(
                    "lost its port to " + holder + (ports > 1 ? ", as it did " + (ports - 1) + " others before" : ""));
        } else {
            begin();
        }
    }

    /** Its process ended before it was registered: by itself, or because the port was taken. */
    void exited(Child ended, int code) {
        stop();
        tools.loop().then(ended.end(SWEEP), killed -> {
            if (!isStill(ended)) {
                return;
            }
            if (!tools.ports().isFree(port)) {
                portLost(ended, "");
            } else {
                tally.exits++;
                owner.failed(Words.exit(code) + " before it was up");
            }
        });
    }

    /** Nothing is asked any more, and nothing waited for. */
    void stop() {
        cancelLimit();
        if (checking != null) {
            checking.stop();
        }
    }

    private void cancelLimit() {
        if (limit != null) {
            limit.cancel();
        }
    }

    String id() {
        return id;
    }

    int port() {
        return port;
    }

    /** The newest process, or null. */
    @Nullable
    Child child() {
        return child;
    }

    String health() {
        return checking == null ? "unknown" : checking.health();
    }
}
