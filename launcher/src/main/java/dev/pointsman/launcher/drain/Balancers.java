package dev.pointsman.launcher.drain;

import dev.pointsman.launcher.loop.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Waits until every balancer has acknowledged that an instance came or left. All balancers are asked at the same time, each
 * until it has said so or its time is over; one that cannot be asked costs a pause and a word, and never more. Confined to its
 * loop.
 */
public final class Balancers {
    /** How long a balancer may take to use a new instance; its own view of the registry takes milliseconds. */
    static final Duration SERVED_WITHIN = Duration.ofSeconds(10);

    private final Supplier<List<Balancer>> present;
    private final BalancerClient client;
    private final Loop loop;

    /** @param present the balancers that are registered at this moment */
    public Balancers(Supplier<List<Balancer>> present, BalancerClient client, Loop loop) {
        this.present = present;
        this.client = client;
        this.loop = loop;
    }

    /**
     * Waits until the balancers that use {@code old} use {@code fresh} too.
     *
     * @param pause how long to wait for a balancer that cannot be asked
     * @return completes on the loop, never fails, with a sentence on each balancer that did not acknowledge
     */
    public CompletionStage<List<String>> served(Subject fresh, Subject old, Duration pause) {
        return all(pause, SERVED_WITHIN, "does not use " + fresh.id() + " after", admin -> client.ask(admin, fresh)
                .thenCompose(reply -> reply instanceof Reply.Answer answer && !answer.known()
                        ? client.ask(admin, old).thenApply(aboutOld -> new Heard(reply, followsNot(aboutOld)))
                        : CompletableFuture.completedFuture(
                                new Heard(reply, reply instanceof Reply.Answer answer && answer.acceptsNew()))));
    }

    /** A balancer that knows neither the new one nor the old one has no route to their type. */
    private static boolean followsNot(Reply aboutOld) {
        return aboutOld instanceof Reply.Answer answer && !answer.known();
    }

    /**
     * Waits until no balancer picks {@code old} any more, nor has a request under way there.
     *
     * @param bound how long the balancers may take
     * @param pause how long to wait where there is no balancer, and for one that cannot be asked
     * @return as {@link #served}
     */
    public CompletionStage<List<String>> idle(Subject old, Duration bound, Duration pause) {
        if (present.get().isEmpty()) {
            return loop.pause(pause).thenApply(over -> List.of());
        }
        return all(pause, bound, "still uses " + old.id() + " after", admin -> client.ask(admin, old)
                .thenApply(reply -> new Heard(
                        reply,
                        reply instanceof Reply.Answer answer && !answer.acceptsNew() && answer.inFlight() == 0)));
    }

    private record Heard(Reply reply, boolean satisfied) {}

    private interface Question {
        CompletionStage<Heard> ask(String admin);
    }

    private CompletionStage<List<String>> all(Duration pause, Duration bound, String late, Question question) {
        List<CompletableFuture<List<String>>> outcomes = new ArrayList<>();
        for (Balancer balancer : present.get()) {
            outcomes.add(new Talk(balancer, pause, bound, late, question).begin());
        }
        return CompletableFuture.allOf(outcomes.toArray(CompletableFuture[]::new))
                .thenApply(done -> outcomes.stream()
                        .flatMap(outcome -> outcome.join().stream())
                        .toList());
    }

    /** With one balancer. */
    private final class Talk {
        private final Balancer balancer;
        private final Duration pause;
        private final Duration bound;
        private final String late;
        private final Question question;
        private final Conversation conversation;
        private final CompletableFuture<List<String>> done = new CompletableFuture<>();

        Talk(Balancer balancer, Duration pause, Duration bound, String late, Question question) {
            this.balancer = balancer;
            this.pause = pause;
            this.bound = bound;
            this.late = late;
            this.question = question;
            this.conversation = new Conversation(loop.nanos(), bound);
        }

        CompletableFuture<List<String>> begin() {
            ask();
            return done;
        }

        private void ask() {
            String admin = balancer.admin();
            if (admin == null) {
                heard(new Heard(new Reply.TooOld(), false));
                return;
            }
            loop.then(question.ask(admin), (heard, failure) -> {
                if (failure == null) {
                    heard(heard);
                } else {
                    heard(new Heard(new Reply.Silence(String.valueOf(failure.getMessage())), false));
                }
            });
        }

        private void heard(Heard heard) {
            if (heard.reply instanceof Reply.Silence && !present.get().contains(balancer)) {
                // It was stopped meanwhile, in good order: it uses nothing any more.
                done.complete(List.of());
                return;
            }
            Conversation.Step step = conversation.heard(heard.reply, heard.satisfied, loop.nanos());
            if (step instanceof Conversation.Again again) {
                loop.after(again.pause(), this::ask);
            } else if (step instanceof Conversation.Done) {
                done.complete(List.of());
            } else if (step instanceof Conversation.TooLate) {
                done.complete(List.of("The balancer " + balancer.name() + " " + late + " " + words(bound) + "."));
            } else if (step instanceof Conversation.Unknown unknown) {
                String sentence = "The balancer " + balancer.name() + " " + unknown.why() + "; it was given "
                        + words(pause) + " instead.";
                loop.after(pause, () -> done.complete(List.of(sentence)));
            }
        }
    }

    private static String words(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }
}
