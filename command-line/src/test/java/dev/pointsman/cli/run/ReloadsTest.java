package dev.pointsman.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.cli.ScriptedLauncher;
import dev.pointsman.launcher.api.OperationResult;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ReloadsTest {
    private final ScriptedLauncher launcher = new ScriptedLauncher();
    private final Reloads reloads = new Reloads(launcher);

    @Test
    void changes_during_a_reload_are_one_more_reload() {
        CompletableFuture<OperationResult> first = launcher.hold("reload api 0");
        reloads.ask("api", "a.js changed");
        reloads.ask("api", "b.js changed");
        reloads.ask("api", "c.js changed");
        assertThat(launcher.asked).containsExactly("reload api 0");

        first.complete(new OperationResult(true, "done"));

        assertThat(launcher.asked).containsExactly("reload api 0", "reload api 0");
    }

    @Test
    void one_type_does_not_wait_for_another_and_a_failure_does_not_end_it_all() {
        CompletableFuture<OperationResult> first = launcher.hold("reload api 0");
        reloads.ask("api", "a.js changed");
        reloads.ask("web", "a.js changed");
        first.completeExceptionally(new IllegalStateException("oh"));
        reloads.ask("api", "b.js changed");

        assertThat(launcher.asked).containsExactly("reload api 0", "reload web 0", "reload api 0");
    }
}
