package dev.pointsman.registry.junit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;

/** What a class's registry comes from: what says so on the class itself, else on the nearest of the classes around it. */
enum RegistryOwner {
    ANNOTATION,
    FIELD,
    NOTHING;

    static RegistryOwner of(ExtensionContext context) {
        List<Class<?>> outwards = new ArrayList<>(context.getEnclosingTestClasses());
        Collections.reverse(outwards);
        outwards.add(0, context.getRequiredTestClass());
        for (Class<?> type : outwards) {
            boolean annotated = isAnnotated(type);
            boolean field = hasField(type);
            if (annotated && field) {
                throw twice(type);
            }
            if (annotated || field) {
                return annotated ? ANNOTATION : FIELD;
            }
        }
        return NOTHING;
    }

    static boolean isAnnotated(Class<?> type) {
        return AnnotationSupport.isAnnotated(type, WithEmbeddedRegistry.class);
    }

    private static boolean hasField(Class<?> type) {
        return !AnnotationSupport.findAnnotatedFields(
                        type,
                        RegisterExtension.class,
                        field -> field.getType() == EmbeddedRegistryExtension.class,
                        HierarchyTraversalMode.TOP_DOWN)
                .isEmpty();
    }

    static ExtensionConfigurationException twice(Class<?> type) {
        return new ExtensionConfigurationException(type.getSimpleName()
                + " has more than one registry: one @WithEmbeddedRegistry, or one field of the type"
                + " EmbeddedRegistryExtension, is enough.");
    }
}
