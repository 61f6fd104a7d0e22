package dev.pointsman.registry.junit;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A JUnit annotation that starts instances of a service in the test's process, each on a free port of 127.0.0.1 and registered
 * in the registry of {@link WithEmbeddedRegistry} or {@link EmbeddedRegistryExtension}.
 *
 * <p>On a class: the instances start before its first test and are stopped after its last. What a test stopped or crashed is
 * started again before the next test, on another port. On a method: they are there for this test alone. May be repeated, also
 * with the same name, such as for two versions with different tags.
 *
 * <p>{@link RunningServices} as a parameter gives the instances. A crashed one is critical in the registry a quarter of a second
 * later, as its check runs every 200 ms.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
@Repeatable(WithServices.class)
@ExtendWith(AnnotatedRegistryExtension.class)
public @interface WithService {
    /** The service's name in the registry and its first tag: letters, digits, dots, dashes and underscores. */
    String name();

    /** How many to start, 1 to 100, as each has a Vert.x of its own with its threads. Default: 1 */
    int instances() default 1;

    /** More tags beside the name. Default: none */
    String[] tags() default {};

    /** Metadata, each as {@code key=value}, such as {@code "zone=a"}. Default: none */
    String[] meta() default {};

    /**
     * A class with a constructor without arguments, of which each instance gets an object: it gets every request but those for {@code
     * /health}, on one event loop, which it must not block. Default: responds 200 with {@code {"service":NAME,"id":ID}} as JSON
     */
    Class<? extends Handler<HttpServerRequest>> handler() default InstanceNameHandler.class;
}
