package dev.pointsman.launcher.drain;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Balancers that say what a test put into their mouths, and remember what they were asked. */
public final class ScriptedBalancers implements BalancerClient {
    public final List<RegisteredBalancer> present = new ArrayList<>();
    /** Every question, as {@code ADMIN ID}. */
    public final List<String> asked = new ArrayList<>();

    private final Map<String, BalancerReply> replies = new HashMap<>();

    public void add(String name) {
        present.add(new RegisteredBalancer(name, name + ":9901"));
    }

    public void says(String name, String id, BalancerReply reply) {
        replies.put(name + ":9901 " + id, reply);
    }

    /** It may pick the instance, and has so many requests under way there. */
    public void acceptsNew(String name, String id, int inFlight) {
        says(name, id, new BalancerReply.InstanceUse(true, true, inFlight));
    }

    /** It knows the instance and does not pick it. */
    public void leaves(String name, String id, int inFlight) {
        says(name, id, new BalancerReply.InstanceUse(true, false, inFlight));
    }

    @Override
    public CompletionStage<BalancerReply> ask(String admin, DrainSubject subject) {
        String question = admin + " " + subject.id();
        asked.add(question);
        return CompletableFuture.completedFuture(
                replies.getOrDefault(question, new BalancerReply.InstanceUse(false, false, 0)));
    }
}
