package dev.pointsman.testkit;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import java.util.Set;

/** The vocabulary of the architecture tests. */
public final class Rules {
    private static final Set<String> CLOCKS = Set.of(
            "java.lang.System.nanoTime",
            "java.lang.System.currentTimeMillis",
            "java.time.Instant.now",
            "java.time.LocalDateTime.now",
            "java.time.ZonedDateTime.now",
            "java.time.OffsetDateTime.now",
            "java.time.Clock.systemUTC",
            "java.time.Clock.systemDefaultZone");
    private static final Set<String> SLEEPS = Set.of(
            "java.lang.Thread.sleep",
            "java.util.concurrent.TimeUnit.sleep",
            "java.util.concurrent.TimeUnit.timedWait",
            "java.util.concurrent.locks.LockSupport.parkNanos",
            "java.util.concurrent.locks.LockSupport.parkUntil");

    private Rules() {}

    /** The main code of the modules under test: neither tests nor this test kit. */
    public static final class MainCode implements ImportOption {
        private final ImportOption noTests = new DoNotIncludeTests();

        @Override
        public boolean includes(Location location) {
            return noTests.includes(location) && !location.contains("/testkit/");
        }
    }

    /** Classes outside this repository, and those of this repository that are in these packages. */
    public static DescribedPredicate<JavaClass> ours(String... allowed) {
        return DescribedPredicate.not(resideInAnyPackage("dev.pointsman.."))
                .or(resideInAnyPackage(allowed))
                .as("of ours only %s", String.join(", ", allowed));
    }

    /** A call or a reference to a method that tells the time. */
    public static DescribedPredicate<JavaAccess<?>> readsAClock() {
        return DescribedPredicate.describe("tells the time", access -> CLOCKS.contains(name(access)));
    }

    /** A call or a reference to a method that blocks its thread until a time has passed. */
    public static DescribedPredicate<JavaAccess<?>> sleeps() {
        return DescribedPredicate.describe("sleeps", access -> SLEEPS.contains(name(access)) || isTimedWait(access));
    }

    /** Whether it is {@code Object.wait} with a time, which every class inherits. */
    private static boolean isTimedWait(JavaAccess<?> access) {
        return access instanceof JavaMethodCall call
                && call.getName().equals("wait")
                && !call.getTarget().getRawParameterTypes().isEmpty()
                && call.getTarget().getRawParameterTypes().stream()
                        .allMatch(parameter ->
                                parameter.isEquivalentTo(long.class) || parameter.isEquivalentTo(int.class));
    }

    private static String name(JavaAccess<?> access) {
        return access.getTargetOwner().getFullName() + "." + access.getTarget().getName();
    }
}
