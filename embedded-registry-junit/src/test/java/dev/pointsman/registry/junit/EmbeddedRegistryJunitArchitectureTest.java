package dev.pointsman.registry.junit;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.pointsman.testkit.Rules;

/** What the poms do not hold: which part of registry-agent this module uses. */
@AnalyzeClasses(packages = "dev.pointsman.registry.junit", importOptions = Rules.MainCode.class)
class EmbeddedRegistryJunitArchitectureTest {
    @ArchTest
    static final ArchRule it_starts_a_registry_and_agents_and_knows_nothing_else_of_ours = classes()
            .should()
            .onlyDependOnClassesThat(Rules.ours(
                    "dev.pointsman.agent",
                    "dev.pointsman.registry",
                    "dev.pointsman.registry.consul",
                    "dev.pointsman.registry.embedded",
                    "dev.pointsman.registry.junit"));
}
