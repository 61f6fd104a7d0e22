package dev.pointsman;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.pointsman.testkit.Rules;

/** The directions of imports between the packages of this module, and the purity of its plain parts. */
@AnalyzeClasses(packages = "dev.pointsman", importOptions = Rules.MainCode.class)
class RegistryAgentArchitectureTest {
    private static final String REGISTRY = "dev.pointsman.registry";
    private static final String CONSUL = "dev.pointsman.registry.consul..";
    private static final String AGENT = "dev.pointsman.agent..";

    /** Plain Java: no I/O, and no clock that was not handed in. */
    private static final DescribedPredicate<JavaClass> PLAIN = resideInAnyPackage(REGISTRY)
            .or(resideInAnyPackage(CONSUL).and(simpleName("BlockingQuery")))
            .as("the plain classes");

    @ArchTest
    static final ArchRule the_agent_knows_the_registry_and_its_consul_adapter_alone = classes()
            .that()
            .resideInAPackage(AGENT)
            .should()
            .onlyDependOnClassesThat(Rules.ours(REGISTRY, CONSUL, AGENT));

    @ArchTest
    static final ArchRule plain_classes_know_neither_vertx_nor_netty =
            noClasses().that(PLAIN).should().dependOnClassesThat().resideInAnyPackage("io.vertx..", "io.netty..");

    @ArchTest
    static final ArchRule plain_classes_are_given_their_clock =
            noClasses().that(PLAIN).should().accessTargetWhere(Rules.readsAClock());
}
