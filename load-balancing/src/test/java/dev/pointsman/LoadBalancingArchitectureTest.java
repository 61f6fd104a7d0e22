package dev.pointsman;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.pointsman.canary.CanaryPicks;
import dev.pointsman.pick.NearestFirst;
import dev.pointsman.pick.TestPolicies;
import dev.pointsman.pool.Outcome;
import dev.pointsman.pool.PickPolicy;
import dev.pointsman.testkit.Rules;
import java.net.URLDecoder;
import java.util.Set;
import java.util.stream.Collectors;

/** Load balancing is plain Java: no I/O, no threads, no clock and no random source that was not handed in. */
@AnalyzeClasses(
        packages = {
            "dev.pointsman.pool",
            "dev.pointsman.pick",
            "dev.pointsman.canary",
            "dev.pointsman.latency",
            "dev.pointsman.retry"
        },
        importOptions = Rules.MainCode.class)
class LoadBalancingArchitectureTest {
    private static final String POOL = "dev.pointsman.pool..";
    private static final String CANARY = "dev.pointsman.canary..";
    private static final String LATENCY = "dev.pointsman.latency..";
    private static final String RETRY = "dev.pointsman.retry..";
    private static final String PICK = "dev.pointsman.pick..";

    @ArchTest
    static final ArchRule pools_know_the_registry_s_facts_alone = classes()
            .that()
            .resideInAPackage(POOL)
            .should()
            .onlyDependOnClassesThat(Rules.ours(POOL, "dev.pointsman.registry"));

    @ArchTest
    static final ArchRule pick_policies_know_pools_alone =
            classes().that().resideInAPackage(PICK).should().onlyDependOnClassesThat(Rules.ours(POOL, PICK));

    @ArchTest
    static final ArchRule canaries_know_pools_and_the_registry_s_facts_and_no_policy = classes()
            .that()
            .resideInAPackage(CANARY)
            .should()
            .onlyDependOnClassesThat(Rules.ours(CANARY, POOL, LATENCY, "dev.pointsman.registry"));

    @ArchTest
    static final ArchRule times_of_responses_know_nothing_else =
            classes().that().resideInAPackage(LATENCY).should().onlyDependOnClassesThat(Rules.ours(LATENCY));

    @ArchTest
    static final ArchRule the_retry_rule_knows_how_attempts_end_alone = classes()
            .that()
            .resideInAPackage(RETRY)
            .should()
            .onlyDependOnClassesThat(Rules.ours(RETRY).or(type(Outcome.class)));

    @ArchTest
    static final ArchRule nothing_here_does_input_or_output = noClasses()
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                            "io.vertx..", "io.netty..", "java.net..", "java.nio.channels..", "java.nio.file..")
                    // It turns one text into another.
                    .and(not(type(URLDecoder.class))));

    @ArchTest
    static final ArchRule clocks_are_handed_in = noClasses().should().accessTargetWhere(Rules.readsAClock());

    @ArchTest
    static final ArchRule random_sources_have_a_seed_that_is_handed_in =
            noClasses().should().dependOnClassesThat().haveFullyQualifiedName("java.util.Random");

    @ArchTest
    static final ArchRule no_thread_is_started = noClasses()
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.util.concurrent.Executors")
            .orShould()
            .callMethod(Thread.class, "start");

    @ArchTest
    static void every_policy_stands_in_the_table(JavaClasses types) {
        Set<String> policies = types.stream()
                .filter(type -> type.isAssignableTo(PickPolicy.class) && !type.isInterface())
                // These part what the others pick from.
                .filter(type -> !type.isEquivalentTo(CanaryPicks.class) && !type.isEquivalentTo(NearestFirst.class))
                .map(JavaClass::getName)
                .collect(Collectors.toSet());

        assertThat(policies).hasSizeGreaterThan(1);
        assertThat(TestPolicies.all()
                        .map(policy -> policy.getPayload().get().getClass().getName()))
                .containsAll(policies);
    }
}
