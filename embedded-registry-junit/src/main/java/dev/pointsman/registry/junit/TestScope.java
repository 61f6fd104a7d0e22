package dev.pointsman.registry.junit;

import java.lang.reflect.AnnotatedElement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * A class's or a test's share of what runs: its services, and its registry where it does not use that of what is around it.
 * JUnit's store keeps it and closes it at the end of the class or test, also when the start has failed.
 */
final class TestScope implements AutoCloseable {
    private static final Namespace NAMESPACE = Namespace.create(TestScope.class);

    private final ExtensionContext context;
    private final TestRegistry registry;
    private final boolean ownsRegistry;
    private final @Nullable EmbeddedRegistryExtension field;
    private final RunningServices services;

    private TestScope(
            ExtensionContext context,
            TestRegistry registry,
            boolean ownsRegistry,
            @Nullable EmbeddedRegistryExtension field,
            RunningServices services) {
        this.context = context;
        this.registry = registry;
        this.ownsRegistry = ownsRegistry;
        this.field = field;
        this.services = services;
    }

    /** The scope of this class or test, else the nearest one around it; null when nothing has begun yet. */
    static @Nullable TestScope nearest(ExtensionContext context) {
        return context.getStore(NAMESPACE).get(TestScope.class, TestScope.class);
    }

    /** Begins a scope with a registry of its own, and starts these services and those of the annotations in it. */
    static TestScope beginWithRegistry(
            ExtensionContext context, @Nullable EmbeddedRegistryExtension field, List<TestService> services) {
        List<TestService> all = new ArrayList<>(services);
        if (context.getTestMethod().isPresent()) {
            // A registry for one test has what the class wants, too: nothing else is there to give it.
            all.addAll(annotated(context.getRequiredTestClass()));
        }
        all.addAll(annotated(element(context)));
        TestRegistry registry = startRegistry(context);
        if (field != null) {
            // Before the services: their handlers may ask the field for the address.
            field.begun(registry);
        }
        TestScope scope = new TestScope(context, registry, true, field, new RunningServices(null, registry));
        scope.begin(all);
        return scope;
    }

    /** Begins a scope within this one, which is restored first, and starts the services of the annotations. */
    TestScope beginInside(ExtensionContext inner) {
        List<TestService> annotated = annotated(element(inner));
        explained(inner, services::restore);
        TestScope scope = new TestScope(inner, registry, false, field, new RunningServices(services, registry));
        scope.begin(annotated);
        return scope;
    }

    private void begin(List<TestService> all) {
        // Before anything starts, so that JUnit ends what has started when the next thing does not.
        context.getStore(NAMESPACE).put(TestScope.class, this);
        explained(context, () -> all.forEach(services::start));
    }

    private static TestRegistry startRegistry(ExtensionContext context) {
        try {
            return TestRegistry.start();
        } catch (IllegalStateException e) {
            throw failed(context, e);
        }
    }

    private static List<TestService> annotated(AnnotatedElement element) {
        try {
            return AnnotatedServices.on(element);
        } catch (IllegalArgumentException e) {
            throw new ExtensionConfigurationException(String.valueOf(e.getMessage()), e);
        }
    }

    private static void explained(ExtensionContext context, Runnable start) {
        try {
            start.run();
        } catch (IllegalStateException e) {
            throw failed(context, e);
        }
    }

    private static ExtensionConfigurationException failed(ExtensionContext context, IllegalStateException e) {
        return new ExtensionConfigurationException(
                "The services of " + AnnotatedServices.name(element(context)) + " cannot be had: " + e.getMessage(), e);
    }

    private static AnnotatedElement element(ExtensionContext context) {
        return context.getTestMethod().isPresent() ? context.getRequiredTestMethod() : context.getRequiredTestClass();
    }

    /** Whether this is the scope of that class or test, and not of one around it. */
    boolean isOf(ExtensionContext other) {
        // By the class and not by its context: the invocations of a parameterized class have contexts below that of the
        // class.
        return other.getTestMethod().isPresent()
                ? other.getUniqueId().equals(context.getUniqueId())
                : context.getTestMethod().isEmpty() && other.getRequiredTestClass() == context.getRequiredTestClass();
    }

    TestRegistry registry() {
        return registry;
    }

    RunningServices services() {
        return services;
    }

    /** The field whose registry this is, or null if it is that of an annotation. */
    @Nullable
    EmbeddedRegistryExtension field() {
        return field;
    }

    @Override
    public void close() {
        EndSteps steps = new EndSteps().take(services::end);
        if (ownsRegistry) {
            steps.take(registry::close);
        }
        steps.finish("The services of " + AnnotatedServices.name(element(context)) + " left something behind");
    }
}
