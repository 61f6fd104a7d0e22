package dev.pointsman.registry.junit;

import dev.pointsman.registry.OneLine;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.junit.platform.commons.support.AnnotationSupport;

/** The services that {@link WithService} on a class or method asks for. */
final class AnnotatedServices {
    private AnnotatedServices() {}

    /** @throws IllegalArgumentException with one sentence when an annotation says something that cannot be */
    static List<TestService> on(AnnotatedElement element) {
        List<TestService> services = new ArrayList<>();
        for (WithService annotation : AnnotationSupport.findRepeatableAnnotations(element, WithService.class)) {
            try {
                services.add(service(annotation));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "@WithService(name = \"" + OneLine.of(annotation.name()) + "\") of " + name(element)
                                + " has a mistake, " + e.getMessage(),
                        e);
            }
        }
        return services;
    }

    /** A class or method as it is told to people. */
    static String name(AnnotatedElement element) {
        if (element instanceof Method method) {
            return method.getDeclaringClass().getSimpleName() + "." + method.getName() + "()";
        }
        return element instanceof Class<?> type ? type.getSimpleName() : element.toString();
    }

    private static TestService service(WithService annotation) {
        TestService service = TestService.named(annotation.name())
                .withInstances(annotation.instances())
                .withTags(annotation.tags());
        for (String pair : annotation.meta()) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("meta: " + OneLine.of(pair) + " (expected: key=value)");
            }
            service = service.withMeta(pair.substring(0, equals), pair.substring(equals + 1));
        }
        Class<? extends Handler<HttpServerRequest>> handler = annotation.handler();
        return handler == InstanceNameHandler.class ? service : service.withHandlers(() -> make(handler));
    }

    private static Handler<HttpServerRequest> make(Class<? extends Handler<HttpServerRequest>> type) {
        try {
            Constructor<? extends Handler<HttpServerRequest>> constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            return constructor.newInstance();
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("the constructor of " + type.getName() + " threw " + e.getCause(), e);
        } catch (LinkageError e) {
            throw new IllegalStateException(
                    "its handler " + type.getName() + " cannot be loaded: " + TestService.reason(e), e);
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IllegalStateException(
                    "its handler " + type.getName()
                            + " cannot be made (expected: a class, static if it is nested, with a constructor without arguments)",
                    e);
        }
    }
}
