package dev.pointsman.launcher.drain;

import dev.pointsman.launcher.loop.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * The coordinator of drains: waits until every balancer has acknowledged that it uses a new instance, or that it does not use
 * an old one any more. All balancers are asked at the same time, each until it acknowledges or its time is over; a balancer
 * that cannot be asked costs a pause and a warning, and never more. Confined to its loop.
 */
public final class DrainCoordinator {
    /** The bound on how long a balancer may take to use a new instance; its own view of the registry takes milliseconds. */
    static final Duration SERVED_WITHIN = Duration.ofSeconds(10);

    private final Supplier<List<RegisteredBalancer>> present;
    private final BalancerClient client;
    private final Loop loop;

    /** @param present the balancers that are registered at this moment */
    public DrainCoordinator(Supplier<List<RegisteredBalancer>> present, BalancerClient client, Loop loop) {
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
    public CompletionStage<List<String>> served(DrainSubject fresh, DrainSubject old, Duration pause) {
        return all(pause, SERVED_WITHIN, "does not use " + fresh.id() + " after", admin -> client.ask(admin, fresh)
                .thenCompose(reply -> reply instanceof BalancerReply.InstanceUse use && !use.known()
                        ? client.ask(admin, old).thenApply(aboutOld -> new Polled(reply, followsNot(aboutOld)))
                        : CompletableFuture.completedFuture(new Polled(
                                reply, reply instanceof BalancerReply.InstanceUse use && use.acceptsNew()))));
    }

    /** A balancer that knows neither the new one nor the old one has no route to their type. */
    private static boolean followsNot(BalancerReply aboutOld) {
        return aboutOld instanceof BalancerReply.InstanceUse use && !use.known();
    }

    /**
     * Waits until no balancer picks {@code old} any more, nor has a request in flight there, and for the pause in any case:
     * programs that call services without a balancer follow the registry as well, and cannot be asked what they have in flight.
     *
     * @param bound how long the balancers may take
     * @param pause the shortest wait, and the time that a balancer is given which cannot be asked
     * @return as {@link #served}
     */
    public CompletionStage<List<String>> idle(DrainSubject old, Duration bound, Duration pause) {
        CompletionStage<List<String>> asked =
                all(pause, bound, "still uses " + old.id() + " after", admin -> client.ask(admin, old)
                        .thenApply(reply -> new Polled(
                                reply,
                                reply instanceof BalancerReply.InstanceUse use
                                        && !use.acceptsNew()
                                        && use.inFlight() == 0)));
        return loop.pause(pause).thenCombine(asked, (over, sentences) -> sentences);
    }

    private record Polled(BalancerReply reply, boolean satisfied) {}

    private interface BalancerQuestion {
        CompletionStage<Polled> ask(String admin);
    }

    private CompletionStage<List<String>> all(Duration pause, Duration bound, String late, BalancerQuestion question) {
        List<CompletableFuture<List<String>>> outcomes = new ArrayList<>();
        for (RegisteredBalancer balancer : present.get()) {
            outcomes.add(new BalancerPoll(balancer, pause, bound, late, question).begin());
        }
        return CompletableFuture.allOf(outcomes.toArray(CompletableFuture[]::new))
                .thenApply(done -> outcomes.stream()
                        .flatMap(outcome -> outcome.join().stream())
                        .toList());
    }

    /** The polling of one balancer. */
    private final class BalancerPoll {
        private final RegisteredBalancer balancer;
        private final Duration pause;
        private final Duration bound;
        private final String late;
        private final BalancerQuestion question;
        private final PollSchedule schedule;
        private final CompletableFuture<List<String>> done = new CompletableFuture<>();

        BalancerPoll(
                RegisteredBalancer balancer, Duration pause, Duration bound, String late, BalancerQuestion question) {
            this.balancer = balancer;
            this.pause = pause;
            this.bound = bound;
            this.late = late;
            this.question = question;
            this.schedule = new PollSchedule(loop.nanos(), bound);
        }

        CompletableFuture<List<String>> begin() {
            ask();
            return done;
        }

        private void ask() {
            String admin = balancer.admin();
            if (admin == null) {
                replied(new Polled(new BalancerReply.TooOld(), false));
                return;
            }
            loop.then(question.ask(admin), (polled, failure) -> {
                if (failure == null) {
                    replied(polled);
                } else {
                    replied(new Polled(new BalancerReply.NoReply(String.valueOf(failure.getMessage())), false));
                }
            });
        }

        private void replied(Polled polled) {
            if (polled.reply instanceof BalancerReply.NoReply && !present.get().contains(balancer)) {
                // It was stopped gracefully meanwhile: it uses nothing any more.
                done.complete(List.of());
                return;
            }
            PollSchedule.PollStep step = schedule.next(polled.reply, polled.satisfied, loop.nanos());
            if (step instanceof PollSchedule.Again again) {
                loop.after(again.pause(), this::ask);
            } else if (step instanceof PollSchedule.Done) {
                done.complete(List.of());
            } else if (step instanceof PollSchedule.TooLate) {
                done.complete(List.of("The balancer " + balancer.name() + " " + late + " " + words(bound) + "."));
            } else if (step instanceof PollSchedule.Unknown unknown) {
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
