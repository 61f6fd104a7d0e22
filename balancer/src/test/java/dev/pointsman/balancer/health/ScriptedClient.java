package dev.pointsman.balancer.health;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** A client whose instances answer as told, at once; one that hangs answers when it is told to. */
final class ScriptedClient implements HealthClient {
    final List<String> asked = new ArrayList<>();
    private final Map<String, CheckResult> answers = new HashMap<>();
    private final Set<String> hanging = new TreeSet<>();
    private final List<Consumer<CheckResult>> waiting = new ArrayList<>();
    boolean closed;

    void answers(String authority, int status) {
        hanging.remove(authority);
        answers.put(authority, new CheckResult(status < 400, "answered " + status));
    }

    void fails(String authority, String what) {
        answers.put(authority, CheckResult.failed(what));
    }

    void isNotAsked(String authority) {
        answers.put(authority, CheckResult.NONE);
    }

    void hangs(String authority) {
        hanging.add(authority);
    }

    int underWay() {
        return waiting.size();
    }

    /** Ends what is under way, with this status. */
    void release(int status) {
        List<Consumer<CheckResult>> all = List.copyOf(waiting);
        waiting.clear();
        all.forEach(done -> done.accept(new CheckResult(status < 400, "answered " + status)));
    }

    @Override
    public void check(CheckSubject subject, Consumer<CheckResult> done) {
        String authority = subject.authority();
        asked.add(authority + subject.rule().path());
        if (hanging.contains(authority)) {
            waiting.add(done);
        } else {
            done.accept(answers.getOrDefault(authority, CheckResult.passed("answered 200")));
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
