package dev.pointsman.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test, or a class of tests, that looks at a page in a real Chromium. Without {@code chromium} and {@code chromedriver} on
 * PATH it is skipped with a sentence that says how to get them; where the environment variable
 * {@code POINTSMAN_REQUIRE_CHROMIUM} is {@code true} it fails instead.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
@ExtendWith(NeedsChromiumExtension.class)
public @interface NeedsChromium {}
