package dev.pointsman.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/**
 * Maven projects outside this repository, with a local repository of their own that is empty but for modules of ours, put
 * there as {@code mvn install} puts them. Maven is the one on PATH with the machine's own settings. What this build has
 * downloaded is offered as a remote repository beside those, so that few downloads remain; where these fail for want of
 * a network the test is skipped, or fails when the environment variable {@code POINTSMAN_REQUIRE_DOWNLOADS} is
 * {@code true}.
 */
final class OutsideMaven {
    private static final int MINUTES = 6;
    /** Maven's words for a download that failed; one that found nothing to download is "Could not find". */
    private static final Pattern DOWNLOAD_FAILED =
            Pattern.compile("Could not transfer|Unknown host|Network is unreachable");

    private final Path folder;
    private final Path localRepository;

    OutsideMaven(Path folder) {
        this.folder = folder;
        this.localRepository = folder.resolve("repository");
    }

    void install(PublishedModule module) throws IOException {
        put(module.artifactId(), module.pom(), ".pom");
        put(module.artifactId(), module.jar(), ".jar");
    }

    void installParent() throws IOException {
        put("pointsman-parent", PublishedModule.parentPom(), ".pom");
    }

    private void put(String artifactId, Path file, String ending) throws IOException {
        String version = PublishedModule.version();
        Path there = localRepository.resolve(Path.of("dev", "pointsman", artifactId, version));
        Files.createDirectories(there);
        Files.copy(file, there.resolve(artifactId + "-" + version + ending), StandardCopyOption.REPLACE_EXISTING);
    }

    /** A project that depends on this module alone; without any source yet. Returns its folder. */
    Path project(PublishedModule dependency) throws IOException {
        return project(
                "uses-" + dependency.artifactId(),
                dependency("dev.pointsman", dependency.artifactId(), PublishedModule.version(), "compile"));
    }

    /** A project of this name with these dependencies; without any source yet. Returns its folder. */
    Path project(String name, String... dependencies) throws IOException {
        Path project = Files.createDirectories(folder.resolve(name));
        Files.writeString(project.resolve("pom.xml"), """
                <project xmlns="http://maven.apache.org/POM/4.0.0">
                  <modelVersion>4.0.0</modelVersion>
                  <groupId>outside</groupId>
                  <artifactId>%s</artifactId>
                  <version>1</version>
                  <properties>
                    <maven.compiler.release>17</maven.compiler.release>
                    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
                  </properties>
                  <dependencies>%s</dependencies>
                  %s
                </project>
                """.formatted(name, String.join("", dependencies), machinery()));
        return project;
    }

    /** A dependency as it stands in a pom. */
    static String dependency(String groupId, String artifactId, String version, String scope) {
        return """
                <dependency>
                  <groupId>%s</groupId>
                  <artifactId>%s</artifactId>
                  <version>%s</version>
                  <scope>%s</scope>
                </dependency>
                """.formatted(groupId, artifactId, version, scope);
    }

    /** Builds all of these as one, so that Maven starts once. Returns the folder of the whole. */
    Path together(List<Path> projects) throws IOException {
        StringBuilder modules = new StringBuilder();
        projects.forEach(project -> modules.append("<module>%s</module>".formatted(project.getFileName())));
        Files.writeString(folder.resolve("pom.xml"), """
                <project xmlns="http://maven.apache.org/POM/4.0.0">
                  <modelVersion>4.0.0</modelVersion>
                  <groupId>outside</groupId>
                  <artifactId>all</artifactId>
                  <version>1</version>
                  <packaging>pom</packaging>
                  <modules>%s</modules>
                  %s
                </project>
                """.formatted(modules, machinery()));
        return folder;
    }

    /** Plugins in the versions that this build has downloaded anyway, and where they are. */
    private static String machinery() {
        StringBuilder plugins = new StringBuilder();
        for (String plugin : List.of("resources", "compiler", "surefire", "jar")) {
            plugins.append("<plugin><artifactId>maven-%s-plugin</artifactId><version>%s</version></plugin>"
                    .formatted(plugin, PublishedModule.fromParentPom(plugin + "-plugin.version")));
        }
        Path downloaded = Path.of(System.getProperty(
                "localRepository",
                Path.of(System.getProperty("user.home"), ".m2", "repository").toString()));
        String repository = """
                <id>downloaded</id>
                <url>%s</url>
                <releases><checksumPolicy>ignore</checksumPolicy></releases>
                <snapshots><enabled>false</enabled></snapshots>
                """.formatted(downloaded.toUri());
        return """
                <build><pluginManagement><plugins>%s</plugins></pluginManagement></build>
                <repositories><repository>%s</repository></repositories>
                <pluginRepositories><pluginRepository>%s</pluginRepository></pluginRepositories>
                """.formatted(plugins, repository, repository);
    }

    /** A goal of the plugin that lists dependencies, in full: a short name has to be looked up in the network. */
    static String goal(String name) {
        return "org.apache.maven.plugins:maven-dependency-plugin:"
                + PublishedModule.fromParentPom("dependency-plugin.version") + ":" + name;
    }

    /** Runs Maven in this folder until it is done; fails when it does, with its output. */
    void run(Path project, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("mvn", "-B", "-ntp", "-Dmaven.repo.local=" + localRepository));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile(folder, "maven", ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(project.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        // What the Maven that runs this test was told is not for this one.
        builder.environment().keySet().removeAll(List.of("MAVEN_BASEDIR", "MAVEN_PROJECTBASEDIR", "MAVEN_ARGS"));
        Process maven = builder.start();
        try {
            boolean ended = maven.waitFor(MINUTES, TimeUnit.MINUTES);
            String printed = Files.readString(output);
            if (!ended) {
                throw new AssertionError(command + " was not done after " + MINUTES + " minutes:\n" + printed);
            }
            if (maven.exitValue() != 0) {
                skipWithoutNetwork(printed);
                throw new AssertionError(command + " failed:\n" + printed);
            }
        } finally {
            maven.descendants().forEach(ProcessHandle::destroyForcibly);
            maven.destroyForcibly();
        }
    }

    private static void skipWithoutNetwork(String printed) {
        if (DOWNLOAD_FAILED.matcher(printed).find()
                && !Boolean.parseBoolean(System.getenv("POINTSMAN_REQUIRE_DOWNLOADS"))) {
            Assumptions.abort(
                    "Maven cannot download what a project outside this repository needs; with a network, or with a"
                            + " mirror in Maven's settings, this test runs (POINTSMAN_REQUIRE_DOWNLOADS=true makes this a failure)."
                            + " It printed:\n" + printed);
        }
    }
}
