package dev.pointsman;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.pointsman.pick.TestPolicies;
import dev.pointsman.pool.PickPolicy;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;

/** Load balancing is plain Java: no I/O, no clock and no random source that was not handed in. */
@AnalyzeClasses(
        packages = {"dev.pointsman.pool", "dev.pointsman.pick"},
        importOptions = ImportOption.DoNotIncludeTests.class)
class LoadBalancingArchitectureTest {
    private static final String POOL = "dev.pointsman.pool..";
    private static final String PICK = "dev.pointsman.pick..";

    @ArchTest
    static final ArchRule pools_know_the_registry_s_facts_alone = classes()
            .that()
            .resideInAPackage(POOL)
            .should()
            .onlyDependOnClassesThat(ours(POOL, "dev.pointsman.registry"));

    @ArchTest
    static final ArchRule pick_policies_know_pools_alone =
            classes().that().resideInAPackage(PICK).should().onlyDependOnClassesThat(ours(POOL, PICK));

    @ArchTest
    static final ArchRule nothing_here_does_input_or_output = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx..", "io.netty..", "java.net..", "java.nio.channels..", "java.nio.file..");

    @ArchTest
    static final ArchRule clocks_are_handed_in = noClasses()
            .should()
            .callMethodWhere(calls(
                    "java.lang.System.nanoTime",
                    "java.lang.System.currentTimeMillis",
                    "java.time.Instant.now",
                    "java.time.Clock.systemUTC",
                    "java.time.Clock.systemDefaultZone",
                    "java.time.InstantSource.system"));

    @ArchTest
    static final ArchRule random_sources_are_handed_in = noClasses()
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName(ThreadLocalRandom.class.getName())
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName(java.util.Random.class.getName())
            .orShould()
            .callMethod(Math.class, "random");

    @ArchTest
    static final ArchRule no_threads_are_started_and_none_waits = noClasses()
            .should()
            .callMethodWhere(calls(
                    "java.lang.Thread.start",
                    "java.lang.Thread.sleep",
                    "java.lang.Object.wait",
                    "java.util.concurrent.TimeUnit.sleep",
                    "java.util.concurrent.locks.LockSupport.parkNanos"))
            .orShould()
            .dependOnClassesThat()
            .haveSimpleName("Executors");

    @ArchTest
    static final ArchRule nothing_prints =
            noClasses().should().accessField(System.class, "out").orShould().accessField(System.class, "err");

    @ArchTest
    static void every_policy_stands_in_the_table(JavaClasses types) {
        Set<String> policies = types.stream()
                .filter(type -> type.isAssignableTo(PickPolicy.class) && !type.isInterface())
                .map(JavaClass::getName)
                .collect(Collectors.toSet());

        assertThat(TestPolicies.all()
                        .map(policy -> policy.getPayload().get().getClass().getName()))
                .hasSizeGreaterThan(1)
                .containsAll(policies);
    }

    private static DescribedPredicate<JavaClass> ours(String... allowed) {
        return DescribedPredicate.not(resideInAnyPackage("dev.pointsman.."))
                .or(resideInAnyPackage(allowed))
                .as("of ours only %s", String.join(", ", allowed));
    }

    private static DescribedPredicate<JavaMethodCall> calls(String... methods) {
        Set<String> names = Set.of(methods);
        return DescribedPredicate.describe(
                "any of " + names,
                call -> names.contains(call.getTargetOwner().getFullName() + "."
                        + call.getTarget().getName()));
    }
}
