package dev.pointsman.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test, or a class of tests, that talks to a real Consul. It carries the tag {@code consul}, by which {@code .ci/run}
 * picks these tests once it has a Consul. Without one they are skipped with a sentence that says how to get one; where
 * the environment variable {@code POINTSMAN_REQUIRE_CONSUL} is {@code true} they fail instead. {@link ConsulUnderTest}
 * and its like start in tests with this annotation only.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
@Tag("consul")
@ExtendWith(NeedsConsulExtension.class)
public @interface NeedsConsul {
    /** The sources that a Consul may come from. */
    Source value() default Source.ANY;

    /** The sources of a Consul. */
    enum Source {
        /** The {@code consul} command on PATH, else a container. */
        ANY,
        /** The {@code consul} command on PATH alone. */
        COMMAND,
        /** A Docker container alone; skipped where there is none, whatever is required. */
        CONTAINER
    }
}
