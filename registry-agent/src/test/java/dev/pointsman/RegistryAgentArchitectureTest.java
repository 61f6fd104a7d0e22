package dev.pointsman;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.pointsman.testkit.Rules;

/** The directions of imports between the packages of this module that concern the agent; those below it have rules of their own. */
@AnalyzeClasses(packages = "dev.pointsman", importOptions = Rules.MainCode.class)
class RegistryAgentArchitectureTest {
    private static final String REGISTRY = "dev.pointsman.registry";
    private static final String CONSUL = "dev.pointsman.registry.consul..";
    private static final String AGENT = "dev.pointsman.agent..";
    private static final String HTTP = "dev.pointsman.http..";

    @ArchTest
    static final ArchRule the_agent_knows_the_registry_its_consul_adapter_and_how_a_port_is_read_alone = classes()
            .that()
            .resideInAPackage(AGENT)
            .should()
            .onlyDependOnClassesThat(Rules.ours(REGISTRY, CONSUL, HTTP, AGENT));

    @ArchTest
    static final ArchRule how_a_port_is_read_depends_on_nothing_but_the_facts =
            classes().that().resideInAPackage(HTTP).should().onlyDependOnClassesThat(Rules.ours(HTTP, REGISTRY));
}
