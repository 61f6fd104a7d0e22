package dev.pointsman.registry.consul.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.registry.RegistryException;
import dev.pointsman.registry.RegistryException.Kind;
import dev.pointsman.testkit.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutageLogTest {
    private final ManualTime time = new ManualTime();
    private final List<String> warnings = new ArrayList<>();
    private final List<String> news = new ArrayList<>();
    private final OutageLog outages = new OutageLog("http://consul:8500", time::nanos, warnings::add, news::add);

    private void fail(String watch, Kind kind) {
        outages.failed(watch, new RegistryException(kind, kind + " for " + watch));
    }

    @Test
    void an_outage_is_said_once_and_its_end_once_however_many_watches_notice_it() {
        for (int attempt = 0; attempt < 10; attempt++) {
            fail("a", Kind.UNREACHABLE);
            fail("b", Kind.UNREACHABLE);
        }
        assertThat(warnings).singleElement().asString().contains("http://consul:8500", "cannot be reached");

        time.pass(Duration.ofMillis(12_300));
        outages.succeeded("a");
        assertThat(news).isEmpty();
        outages.succeeded("b");
        outages.succeeded("b");
        assertThat(news).singleElement().asString().contains("again", "12.3 s");

        fail("a", Kind.UNREACHABLE);
        assertThat(warnings).hasSize(2);
    }

    @Test
    void a_registry_that_comes_up_with_errors_is_said_once_too() {
        fail("a", Kind.UNREACHABLE);
        fail("a", Kind.UNAVAILABLE);
        fail("a", Kind.UNREACHABLE);
        fail("a", Kind.UNAVAILABLE);
        assertThat(warnings).hasSize(2);
        outages.succeeded("a");
        assertThat(news).hasSize(1);
    }

    @Test
    void a_refusal_concerns_one_watch_and_does_not_hide_an_outage() {
        fail("secret", Kind.REJECTED);
        fail("secret", Kind.REJECTED);
        assertThat(warnings).singleElement().asString().contains("refuses secret");
        fail("a", Kind.UNREACHABLE);
        assertThat(warnings).hasSize(2);
        outages.succeeded("a");
        assertThat(news).singleElement().asString().contains("responds again");
        outages.succeeded("secret");
        assertThat(news).last().asString().contains("secret");
    }

    @Test
    void a_watch_that_ended_during_an_outage_does_not_keep_it_going() {
        fail("a", Kind.UNREACHABLE);
        fail("b", Kind.UNREACHABLE);
        outages.forget("a");
        outages.succeeded("b");
        assertThat(news).hasSize(1);
    }
}
