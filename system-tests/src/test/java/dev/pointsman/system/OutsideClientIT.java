package dev.pointsman.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.agent.AgentOptions;
import dev.pointsman.agent.PortRange;
import dev.pointsman.agent.ServiceAgent;
import dev.pointsman.registry.consul.ConsulAddress;
import dev.pointsman.registry.embedded.EmbeddedRegistry;
import io.vertx.core.Vertx;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The programs of the client's README, in a project outside this repository that depends on {@code client} alone. */
@Timeout(600)
class OutsideClientIT {
    private static final PublishedModule CLIENT = PublishedModule.of("client");
    private static final Pattern PROGRAM =
            Pattern.compile("```java\\n(public static void main[^`]*ServiceClient\\.create[^`]*)```");
    private static final Pattern FIRST_EXAMPLE =
            Pattern.compile("\\n \\* (try \\(ServiceClient services.*?\\n \\* \\})\\n", Pattern.DOTALL);
    private static final String IMPORTS = """
            import dev.pointsman.client.*;
            import java.net.URI;
            import java.net.http.*;
            import java.net.http.HttpResponse.BodyHandlers;
            import java.util.concurrent.*;
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    static Path folder;

    private static Path caller;
    private static List<String> programs;

    @RegisterExtension
    final Cluster cluster = new Cluster();

    @BeforeAll
    static void build_the_readme_s_first_program() throws Exception {
        programs = PROGRAM.matcher(CLIENT.page())
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(programs).as("programs in the client's README.md").hasSize(2);
        OutsideMaven maven = new OutsideMaven(folder);
        maven.installParent();
        for (String module : List.of("registry-agent", "load-balancing", "client")) {
            maven.install(PublishedModule.of(module));
        }
        caller = maven.project(CLIENT);
        Path sources = Files.createDirectories(caller.resolve(Path.of("src", "main", "java")));
        Files.writeString(sources.resolve("Caller.java"), program("Caller", programs.get(0)));
        maven.run(
                caller,
                "package",
                OutsideMaven.goal("list"),
                OutsideMaven.goal("build-classpath"),
                "-DincludeScope=runtime",
                "-DoutputFile=target/list.txt",
                "-Dmdep.outputFile=target/class-path.txt");
    }

    private static String program(String name, String main) {
        return IMPORTS + "public class " + name + " {\n" + main + "}\n";
    }

    /** Starts a registry and an instance of api-service; returns the environment of a program that calls it. */
    private Map<String, String> serve() {
        Vertx vertx = Vertx.vertx();
        cluster.atTheEnd(() -> vertx.close().await());
        int registry = EmbeddedRegistry.start(
                        vertx, EmbeddedRegistry.Options.defaults().withPort(0))
                .await()
                .port();
        AgentOptions options = AgentOptions.of("api-service", null, Map.of())
                .withConsul(ConsulAddress.of("127.0.0.1", registry))
                .withPorts(PortRange.of(0))
                .withLinger(Duration.ZERO);
        ServiceAgent service =
                ServiceAgent.start(options, vertx, request -> request.response().end("hello"));
        cluster.atTheEnd(service::close);
        return Map.of("CONSUL_HTTP_ADDR", "http://127.0.0.1:" + registry);
    }

    private static String classPath() throws Exception {
        Path target = caller.resolve("target");
        return target.resolve("classes")
                + File.pathSeparator
                + Files.readString(target.resolve("class-path.txt")).strip();
    }

    @Test
    void the_first_program_gets_its_response_and_ends_by_itself() throws Exception {
        Program program = cluster.start("caller", serve(), Jar.java("-cp", classPath(), "Caller"));

        assertThat(program.awaitExit()).as(program.output()).isZero();
        assertThat(program.output()).contains("200 hello");
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void virtual_threads_get_their_responses_and_the_program_ends_by_itself() throws Exception {
        Path source = folder.resolve("VirtualCaller.java");
        Files.writeString(source, program("VirtualCaller", programs.get(1)));

        Program program = cluster.start("virtual-caller", serve(), Jar.java("-cp", classPath(), source.toString()));

        assertThat(program.awaitExit()).as(program.output()).isZero();
        assertThat(program.output().lines().filter("hello"::equals)).hasSize(1000);
    }

    @Test
    void the_first_program_is_the_first_example_of_the_javadoc() {
        String javadoc = FIRST_EXAMPLE
                .matcher(CLIENT.source("dev/pointsman/client/ServiceClient.java"))
                .results()
                .findFirst()
                .orElseThrow()
                .group(1);
        List<String> statements =
                javadoc.replace(" * ", "").lines().map(String::strip).toList();

        assertThat(statements).hasSizeGreaterThan(2);
        assertThat(programs.get(0).lines().map(String::strip)).containsSubsequence(statements);
    }

    @Test
    void it_brings_what_the_readme_lists() {
        String page = CLIENT.page();
        String section = page.substring(page.indexOf("\n## What it brings"), page.indexOf("\n## In this module"));
        TreeSet<String> listed = Pattern.compile("`([\\w.-]+:[\\w.-]+)`")
                .matcher(section)
                .results()
                .map((MatchResult found) -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        listed.add("dev.pointsman:client");

        assertThat(PublishedModule.artifacts(caller.resolve("target").resolve("list.txt")))
                .isEqualTo(listed);
    }

    @Test
    void it_brings_nothing_that_only_a_balancer_or_a_registry_needs() {
        assertThat(PublishedModule.artifacts(caller.resolve("target").resolve("list.txt")))
                .isNotEmpty()
                .noneMatch(Pattern.compile(":(launcher|embedded-registry|balancer|settings|command-line)$"
                                + "|vertx-(web|http-proxy|auth)|jna|snakeyaml|picocli|yaml|slf4j-simple|logback")
                        .asPredicate());
    }
}
