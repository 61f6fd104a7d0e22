package dev.pointsman.registry.junit;

import dev.pointsman.registry.consul.ConsulAddress;
import dev.pointsman.registry.embedded.EmbeddedRegistry;
import java.util.Set;
import org.junit.jupiter.api.extension.ParameterContext;

/** The types of parameters that a test may have of us. */
final class RegistryParameters {
    private static final Set<Class<?>> TYPES =
            Set.of(ConsulAddress.class, EmbeddedRegistry.class, RunningServices.class);

    private RegistryParameters() {}

    static boolean has(ParameterContext parameter) {
        return TYPES.contains(parameter.getParameter().getType());
    }

    /** The value of a parameter of one of the types. */
    static Object value(ParameterContext parameter, TestScope scope) {
        Class<?> type = parameter.getParameter().getType();
        if (type == RunningServices.class) {
            return scope.services();
        }
        return type == ConsulAddress.class
                ? scope.registry().address()
                : scope.registry().registry();
    }
}
