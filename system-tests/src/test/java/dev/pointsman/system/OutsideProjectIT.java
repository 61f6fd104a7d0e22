package dev.pointsman.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.registry.embedded.EmbeddedRegistry;
import dev.pointsman.testkit.TestHttp;
import io.vertx.core.Vertx;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The modules as a project sees them that is not part of this repository: from an empty local repository, with nothing of
 * our parent's {@code dependencyManagement}, which Maven does not apply to those who depend on a module.
 */
@Timeout(600)
class OutsideProjectIT {
    private static final String LIST = "resolved-dependencies.txt";
    private static final Pattern README_S_SERVICE =
            Pattern.compile("```java\\n([^`]*public class Greeter[^`]*ServiceAgent\\.start[^`]*)```");

    private static final Pattern README_S_TEST = Pattern.compile("```java\\n(@WithEmbeddedRegistry[^`]*)```");

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    static Path folder;

    private static OutsideMaven maven;
    private static Path greeter;

    @RegisterExtension
    final Cluster cluster = new Cluster();

    /** With nothing but {@code registry-agent} and the parent of its pom to be had from us. */
    @BeforeAll
    static void build_the_readme_s_service() throws Exception {
        maven = new OutsideMaven(folder);
        PublishedModule library = PublishedModule.of("registry-agent");
        maven.installParent();
        maven.install(library);
        greeter = maven.project(library);
        Matcher service = README_S_SERVICE.matcher(PublishedModule.readme());
        assertThat(service.find()).as("a service in README.md").isTrue();
        Path source = greeter.resolve(Path.of("src", "main", "java", "Greeter.java"));
        Files.createDirectories(source.getParent());
        Files.writeString(source, service.group(1));
        maven.run(
                greeter,
                "package",
                OutsideMaven.goal("list"),
                OutsideMaven.goal("build-classpath"),
                "-DincludeScope=runtime",
                "-DoutputFile=target/" + LIST,
                "-Dmdep.outputFile=target/class-path.txt");
    }

    @Test
    void the_readme_s_service_greets_is_registered_and_leaves_when_it_is_told_to() throws Exception {
        Vertx vertx = Vertx.vertx();
        cluster.atTheEnd(() -> vertx.close().await());
        String address = "http://127.0.0.1:"
                + EmbeddedRegistry.start(
                                vertx, EmbeddedRegistry.Options.defaults().withPort(0))
                        .await()
                        .port();
        TestHttp registry = new TestHttp(address);
        String classPath = greeter.resolve("target").resolve("classes")
                + File.pathSeparator
                + Files.readString(greeter.resolve("target").resolve("class-path.txt"))
                        .strip();

        Program program =
                cluster.start("greeter", Map.of("CONSUL_HTTP_ADDR", address), Jar.java("-cp", classPath, "Greeter"));

        String url = program.awaitOutput("where it greets", Pattern.compile("greeting on (http://\\S+)"))
                .group(1);
        assertThat(new TestHttp(url).get("/").body()).isEqualTo("hello");
        assertThat(registry.get("/v1/health/service/greeter?passing").json()).hasSize(1);
        program.signal("TERM");
        assertThat(program.awaitExit()).isEqualTo(143);
        assertThat(registry.get("/v1/health/service/greeter").json()).isEmpty();
    }

    @Test
    void a_service_gets_what_the_library_was_tested_with() {
        assertThat(PublishedModule.dependencies(greeter.resolve("target").resolve(LIST)))
                .isEqualTo(PublishedModule.of("registry-agent").testedDependencies());
    }

    @Test
    void a_test_outside_gets_a_registry_and_three_instances_by_the_readme_s_annotations() throws Exception {
        PublishedModule annotations = PublishedModule.of("embedded-registry-junit");
        maven.install(PublishedModule.of("embedded-registry"));
        maven.install(annotations);
        Path project = maven.project(
                "tests-with-a-registry",
                OutsideMaven.dependency("dev.pointsman", annotations.artifactId(), PublishedModule.version(), "test"),
                OutsideMaven.dependency(
                        "org.junit.jupiter", "junit-jupiter", PublishedModule.fromParentPom("junit.version"), "test"),
                OutsideMaven.dependency(
                        "org.assertj", "assertj-core", PublishedModule.fromParentPom("assertj.version"), "test"));
        Matcher test = README_S_TEST.matcher(annotations.ownReadme());
        assertThat(test.find()).as("a test in the module's README.md").isTrue();
        Path source = project.resolve(Path.of("src", "test", "java", "ThreeLinesTest.java"));
        Files.createDirectories(source.getParent());
        Files.writeString(source, """
                import static org.assertj.core.api.Assertions.assertThat;

                import dev.pointsman.registry.consul.ConsulAddress;
                import dev.pointsman.registry.junit.*;
                import java.net.URI;
                import java.net.http.HttpClient;
                import java.net.http.HttpRequest;
                import java.net.http.HttpResponse.BodyHandlers;
                import org.junit.jupiter.api.Test;

                %s
                """.formatted(test.group(1)));

        maven.run(project, "test");

        assertThat(project.resolve(Path.of("target", "surefire-reports", "ThreeLinesTest.txt")))
                .content()
                .contains("Tests run: 1, Failures: 0, Errors: 0, Skipped: 0");
    }

    @Test
    void every_module_brings_a_project_outside_what_it_was_tested_with() throws Exception {
        List<PublishedModule> others = PublishedModule.all().stream()
                .filter(module -> !module.artifactId().equals("registry-agent"))
                .toList();
        List<Path> projects = new ArrayList<>();
        for (PublishedModule module : others) {
            maven.install(module);
            projects.add(maven.project(module));
        }

        maven.run(
                maven.together(projects),
                OutsideMaven.goal("list"),
                "-DincludeScope=runtime",
                "-DoutputFile=target/" + LIST);

        SoftAssertions each = new SoftAssertions();
        for (int i = 0; i < projects.size(); i++) {
            each.assertThat(PublishedModule.dependencies(
                            projects.get(i).resolve("target").resolve(LIST)))
                    .as(others.get(i).artifactId())
                    .isEqualTo(others.get(i).testedDependencies());
        }
        each.assertAll();
    }
}
