package dev.pointsman.registry.junit;

import dev.pointsman.registry.consul.ConsulAddress;
import dev.pointsman.registry.embedded.EmbeddedRegistry;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A JUnit annotation that gives a test class an {@link EmbeddedRegistry} of its own: on a free port of 127.0.0.1, from before
 * the class's {@code @BeforeAll} methods until after its {@code @AfterAll} methods.
 *
 * <p>Tests, lifecycle methods and constructors may have parameters of these types: {@link ConsulAddress}, where the registry is;
 * {@link EmbeddedRegistry}, to close it, say; {@link RunningServices}, what {@link WithService} has started.
 *
 * <p>{@code @Nested} classes share the registry of the class around them, unless they have this annotation too. Classes may run in
 * parallel: each has its own registry. Subclasses inherit the annotation, and it may stand on an annotation of your own.
 *
 * <p>The registry checks more often than Consul may ({@code Interval} of a check: 100 ms at least, in place of 1 s), so that tests
 * need not wait; all else is as in Consul. What cannot be started fails the class, with one sentence.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
@ExtendWith(AnnotatedRegistryExtension.class)
public @interface WithEmbeddedRegistry {}
