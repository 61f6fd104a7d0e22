package dev.pointsman.registry.junit;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** The extension behind {@link WithEmbeddedRegistry} and {@link WithService}. Without state: that is in JUnit's store. */
final class AnnotatedRegistryExtension implements BeforeAllCallback, BeforeEachCallback, ParameterResolver {
    @Override
    public void beforeAll(ExtensionContext context) {
        enter(context);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        enter(context);
    }

    /** The scope of this class or test, begun if need be; null if a field has the registry and has not begun yet. */
    private static @Nullable TestScope enter(ExtensionContext context) {
        TestScope nearest = TestScope.nearest(context);
        if (nearest != null && nearest.isOf(context)) {
            return nearest;
        }
        if (RegistryOwner.of(context) == RegistryOwner.FIELD) {
            return null;
        }
        if (context.getTestMethod().isEmpty() && RegistryOwner.isAnnotated(context.getRequiredTestClass())) {
            return TestScope.beginWithRegistry(context, null, List.of());
        }
        if (nearest != null) {
            return nearest.beginInside(context);
        }
        throw new ExtensionConfigurationException("@WithService of "
                + context.getRequiredTestClass().getSimpleName()
                + " has no registry: it needs @WithEmbeddedRegistry on the class, or a field of the type"
                + " EmbeddedRegistryExtension with @RegisterExtension.");
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        // What a field has begun is that field's to give: two givers are none, for JUnit.
        return RegistryParameters.has(parameter) && RegistryOwner.of(context) != RegistryOwner.FIELD;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        TestScope scope = Objects.requireNonNull(enter(context), "supportsParameter said that no field has it");
        return RegistryParameters.value(parameter, scope);
    }
}
