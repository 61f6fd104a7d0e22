package dev.pointsman.registry.junit;

import dev.pointsman.registry.consul.ConsulAddress;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A JUnit extension that is {@link WithEmbeddedRegistry} and {@link WithService} in one field, where handlers may be lambdas and the
 * registry's address is known in static code.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final EmbeddedRegistryExtension registry = EmbeddedRegistryExtension.with(
 *         TestService.named("api").withInstances(3).withHandler(request -> request.response().end("hello")));
 * }</pre>
 *
 * <p>In a static field: one registry for the class. In another: a new one for each test (for each class with {@code
 * Lifecycle.PER_CLASS}). Parameters are the same as with the annotation; {@link WithService} may stand beside it, {@link
 * WithEmbeddedRegistry} not.
 *
 * <p>Thread-safe.
 */
public final class EmbeddedRegistryExtension implements BeforeAllCallback, BeforeEachCallback, ParameterResolver {
    private final List<TestService> services;
    private final List<TestRegistry> registries = new CopyOnWriteArrayList<>();

    private EmbeddedRegistryExtension(List<TestService> services) {
        this.services = services;
    }

    /** An extension that starts a registry and these services, none if none is named. */
    public static EmbeddedRegistryExtension with(TestService... services) {
        return new EmbeddedRegistryExtension(List.of(services));
    }

    /**
     * The address of the registry, which runs from before the first {@code @BeforeAll} method of the class until after the last {@code
     * @AfterAll} method.
     *
     * @throws IllegalStateException when there is none at this time; or several, as when classes run in parallel that inherit this
     *     field: they take a parameter of the type {@link ConsulAddress} instead
     */
    public ConsulAddress address() {
        registries.removeIf(TestRegistry::isClosed);
        List<TestRegistry> running = List.copyOf(registries);
        if (running.size() != 1) {
            throw new IllegalStateException(
                    running.isEmpty()
                            ? "There is a registry only while the tests of the class run."
                            : "Several classes that inherit this extension run at this time, each with a registry of its own:"
                                    + " take a parameter of the type ConsulAddress instead.");
        }
        return running.get(0).address();
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        enter(context);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        enter(context);
    }

    /** The scope of this class or test, begun if need be; null if an annotation nearer to it has the registry. */
    private @Nullable TestScope enter(ExtensionContext context) {
        if (RegistryOwner.of(context) != RegistryOwner.FIELD) {
            return null;
        }
        TestScope nearest = TestScope.nearest(context);
        if (nearest != null && nearest.field() == this) {
            return nearest.isOf(context) ? nearest : nearest.beginInside(context);
        }
        if (nearest != null && nearest.isOf(context)) {
            throw RegistryOwner.twice(context.getRequiredTestClass());
        }
        return TestScope.beginWithRegistry(context, this, services);
    }

    /** Takes note of a registry that was started for this field. */
    void begun(TestRegistry registry) {
        registries.add(registry);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        if (!RegistryParameters.has(parameter) || RegistryOwner.of(context) != RegistryOwner.FIELD) {
            return false;
        }
        TestScope nearest = TestScope.nearest(context);
        return nearest == null || nearest.field() == this;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        TestScope scope = Objects.requireNonNull(enter(context), "supportsParameter said that this field has it");
        return RegistryParameters.value(parameter, scope);
    }
}
