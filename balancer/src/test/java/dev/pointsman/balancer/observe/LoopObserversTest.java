package dev.pointsman.balancer.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.MadeUpRequest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoopObserversTest {
    private final List<Runnable> atEndOfTurn = new ArrayList<>();
    private final Recorder told = new Recorder();

    /** Notes the ids of requests. */
    private static final class Recorder implements RequestObserver {
        private final List<String> ids = new ArrayList<>();

        @Override
        public void attemptEnded(ObservedAttempt attempt) {
            throw new UnsupportedOperationException("no attempts here");
        }

        @Override
        public void requestEnded(ObservedRequest request) {
            ids.add(request.id());
        }
    }

    /** Fails at each request. */
    private static final class Broken implements RequestObserver {
        @Override
        public void attemptEnded(ObservedAttempt attempt) {
            throw new UnsupportedOperationException("no attempts here");
        }

        @Override
        public void requestEnded(ObservedRequest request) {
            throw new IllegalStateException("on purpose");
        }
    }

    @Test
    void what_was_over_in_a_turn_is_told_at_its_end_in_order() {
        LoopObservers observers = observers(told);

        end("first", observers);
        end("second", observers);
        assertThat(told.ids).isEmpty();
        endTurn();

        assertThat(told.ids).containsExactly("first", "second");
        assertThat(atEndOfTurn).isEmpty();
    }

    @Test
    void the_next_turn_is_told_of_anew() {
        LoopObservers observers = observers(told);
        end("first", observers);
        endTurn();

        end("second", observers);
        endTurn();

        assertThat(told.ids).containsExactly("first", "second");
    }

    @Test
    void a_turn_with_very_many_requests_is_not_waited_for() {
        LoopObservers observers = observers(told);

        for (int i = 0; i < 1000; i++) {
            end("id", observers);
        }

        assertThat(told.ids).hasSizeGreaterThan(900);
        endTurn();
        assertThat(told.ids).hasSize(1000);
    }

    @Test
    void what_is_over_is_told_at_once_where_observers_are_about_to_change() {
        LoopObservers observers = observers(told);
        end("first", observers);

        observers.tell();
        assertThat(told.ids).containsExactly("first");

        endTurn();
        assertThat(told.ids).containsExactly("first");
    }

    @Test
    void an_observer_that_fails_takes_nothing_from_the_others() {
        LoopObservers observers = observers(new Broken(), told);

        end("first", observers);
        endTurn();
        end("second", observers);
        endTurn();

        assertThat(told.ids).containsExactly("first", "second");
    }

    private LoopObservers observers(RequestObserver... observers) {
        return new LoopObservers(List.of(observers), null, () -> 0, atEndOfTurn::add);
    }

    private static void end(String id, LoopObservers observers) {
        MadeUpRequest request = new MadeUpRequest(observers);
        request.id = id;
        request.noteEnd();
    }

    private void endTurn() {
        List<Runnable> tasks = List.copyOf(atEndOfTurn);
        atEndOfTurn.clear();
        tasks.forEach(Runnable::run);
    }
}
