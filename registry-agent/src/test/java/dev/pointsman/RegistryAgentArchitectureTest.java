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

    @ArchTest
    static final ArchRule the_agent_knows_the_registry_and_its_consul_adapter_alone = classes()
            .that()
            .resideInAPackage(AGENT)
            .should()
            .onlyDependOnClassesThat(Rules.ours(REGISTRY, CONSUL, AGENT));
}
