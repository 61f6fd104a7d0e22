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
 * A test, or a class of tests, that runs programs of others, such as Prometheus. It carries the tag {@code programs}, by which
 * {@code .ci/run} picks these tests once it has them. Where one is not on PATH they are skipped with a sentence that says how
 * to get it; where the environment variable {@code POINTSMAN_REQUIRE_PROGRAMS} is {@code true} they fail instead.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
@Tag("programs")
@ExtendWith(NeedsProgramsExtension.class)
public @interface NeedsPrograms {
    /** The names of the programs. */
    String[] value();

    /** The Debian package that has them. */
    String debianPackage();
}
