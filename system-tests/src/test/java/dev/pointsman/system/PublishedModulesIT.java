package dev.pointsman.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is in the jars and behind them. */
class PublishedModulesIT {
    @ParameterizedTest
    @MethodSource("dev.pointsman.system.PublishedModule#all")
    void a_jar_says_its_module_s_name(PublishedModule module) throws Exception {
        try (JarFile jar = new JarFile(module.jar().toFile())) {
            assertThat(jar.getManifest().getMainAttributes().getValue("Automatic-Module-Name"))
                    .isEqualTo(module.javaModuleName())
                    .startsWith("dev.pointsman.");
        }
    }

    @Test
    void there_are_the_modules_that_the_house_promises() {
        assertThat(PublishedModule.all())
                .extracting(PublishedModule::javaModuleName)
                .containsExactlyInAnyOrder(
                        "dev.pointsman.registry.agent",
                        "dev.pointsman.loadbalancing",
                        "dev.pointsman.registry.embedded",
                        "dev.pointsman.client",
<<<<<<< HEAD
                        "dev.pointsman.registry.junit",
=======
>>>>>>> c16-door
                        "dev.pointsman.settings",
                        "dev.pointsman.launcher",
                        "dev.pointsman.balancer",
                        "dev.pointsman.sample",
                        "dev.pointsman.cli");
    }

    @Test
    void a_service_s_dependencies_are_vertx_core_and_what_talks_to_consul() {
        assertThat(PublishedModule.of("registry-agent").testedDependencies())
                .isNotEmpty()
                .allSatisfy(coordinates -> assertThat(coordinates)
                        .doesNotStartWith("net.java.dev.jna:")
                        .doesNotStartWith("info.picocli:")
                        .doesNotStartWith("org.yaml:")
                        .doesNotContain(
                                "vertx-web", "vertx-http-proxy", "vertx-auth", "dataformat-yaml", "slf4j-simple"));
    }

    @Test
<<<<<<< HEAD
    void junit_comes_with_the_module_for_tests_alone() {
        assertThat(PublishedModule.all()).allSatisfy(module -> assertThat(module.testedDependencies().stream()
                        .anyMatch(coordinates -> coordinates.startsWith("org.junit")))
                .as(module.artifactId())
                .isEqualTo(module.artifactId().equals("embedded-registry-junit")));
=======
    void a_caller_s_dependencies_are_a_service_s() {
        assertThat(PublishedModule.of("client").testedDependencies())
                .isEqualTo(PublishedModule.of("load-balancing").testedDependencies())
                .isEqualTo(PublishedModule.of("registry-agent").testedDependencies());
>>>>>>> c16-door
    }

    @Test
    void the_library_needs_no_other_module_of_this_repository() throws Exception {
        assertThat(Files.readString(PublishedModule.of("registry-agent")
                        .pom()
                        .resolveSibling("target")
                        .resolve("resolved-dependencies.txt")))
                .doesNotContain("dev.pointsman:");
    }
}
