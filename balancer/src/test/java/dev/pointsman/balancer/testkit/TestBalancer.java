package dev.pointsman.balancer.testkit;

import dev.pointsman.balancer.Balancer;
import dev.pointsman.balancer.config.ConfigReader;
import dev.pointsman.settings.Setting;
import dev.pointsman.testkit.TestHttp;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A whole balancer with its registry, both new for each test; {@code /} goes to {@code svc}, unless a test says otherwise. */
public final class TestBalancer implements BeforeEachCallback, AfterEachCallback {
    private final List<AutoCloseable> closeables = new ArrayList<>();
    private @Nullable TinyConsul consul;
    private @Nullable Balancer balancer;

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        consul = opened(TinyConsul.start());
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        for (int i = closeables.size() - 1; i >= 0; i--) {
            closeables.get(i).close();
        }
        closeables.clear();
    }

    /** Starts one more balancer on the same registry; the newest is the one that is asked. */
    public TestBalancer start(String... flags) throws Exception {
        List<Setting> settings = new ArrayList<>();
        if (Arrays.stream(flags).noneMatch(flag -> flag.startsWith("listen="))) {
            settings.addAll(List.of(Setting.flag("host", "127.0.0.1"), Setting.flag("port", "0")));
        }
        settings.addAll(
                List.of(Setting.flag("admin", "127.0.0.1:0"), Setting.flag("consul", "127.0.0.1:" + consul().port())));
        // A client of a test may keep its connection for as long as it likes.
        settings.add(Setting.flag("grace", "0s"));
        settings.add(Setting.flag("drain", "200ms"));
        for (String flag : flags) {
            int equals = flag.indexOf('=');
            settings.add(Setting.flag(flag.substring(0, equals), flag.substring(equals + 1)));
        }
        if (settings.stream().noneMatch(setting -> setting.key().equals("route"))) {
            settings.add(Setting.flag("route", "/=svc"));
        }
        Balancer started = finish(Balancer.start(ConfigReader.read(settings, Map.of())));
        balancer = started;
        closeables.add(() -> finish(started.stop()));
        return this;
    }

    /** Stops the newest balancer in order. */
    public void stop() throws Exception {
        finish(Objects.requireNonNull(balancer).stop());
    }

    /** An instance that passes its checks, and responses as told. */
    public ScriptedUpstream instance(String id, ScriptedUpstream.Response response) throws IOException {
        ScriptedUpstream upstream = opened(ScriptedUpstream.standalone(response));
        consul().list("svc", id, upstream.port(), "passing", "");
        return upstream;
    }

    /** Instances that respond with their ids. */
    public void instances(String... ids) throws IOException {
        for (String id : ids) {
            instance(id, (request, wire) -> wire.respond(200, id));
        }
    }

    public TinyConsul consul() {
        return Objects.requireNonNull(consul);
    }

    /** A client of the balancer. */
    public TestHttp client() {
        return new TestHttp(
                "http://127.0.0.1:" + Objects.requireNonNull(balancer).port());
    }

    /** A connection to the balancer, closed with the test. */
    public Wire connect() throws IOException {
        return opened(Wire.to(Objects.requireNonNull(balancer).port()));
    }

    /** The ports of all listeners, in the order in which they are configured. */
    public List<Integer> ports() {
        return Objects.requireNonNull(balancer).ports();
    }

    /** The port of the admin API. */
    public int adminPort() {
        return Objects.requireNonNull(balancer).adminPort();
    }

    /** A client of the admin API. */
    public TestHttp admin() {
        return new TestHttp(
                "http://127.0.0.1:" + Objects.requireNonNull(balancer).adminPort());
    }

    private <T extends AutoCloseable> T opened(T closeable) {
        closeables.add(closeable);
        return closeable;
    }

    private static <T> T finish(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
