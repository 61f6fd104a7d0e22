package dev.pointsman.testkit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One {@link ConsulUnderTest} for all tests of a class, stopped after the last; when a test fails, the end of the
 * agent's output is in the report.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final ConsulExtension consul = new ConsulExtension();
 * }</pre>
 */
public final class ConsulExtension implements BeforeAllCallback, AfterTestExecutionCallback, AfterAllCallback {
    private final String[] moreConfig;
    private @Nullable ConsulUnderTest consul;

    /**
     * An extension that has started nothing yet.
     *
     * @param moreConfig as for {@link ConsulUnderTest#launch}
     */
    public ConsulExtension(String... moreConfig) {
        this.moreConfig = moreConfig.clone();
    }

    /** The running Consul. */
    public ConsulUnderTest get() {
        ConsulUnderTest running = consul;
        if (running == null) {
            throw new IllegalStateException("there is a Consul only while the tests of the class run");
        }
        return running;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        consul = ConsulUnderTest.launch(moreConfig);
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        if (context.getExecutionException().isPresent()) {
            context.publishReportEntry("consul", get().log());
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (consul != null) {
            consul.close();
            consul = null;
        }
    }
}
