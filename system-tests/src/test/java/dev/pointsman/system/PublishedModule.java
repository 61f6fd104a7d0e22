package dev.pointsman.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A module of this repository that others can depend on, as its build has left it. */
record PublishedModule(Path folder, String artifactId, String javaModuleName) {
    /** Tests run in their module's folder. */
    private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();

    private static final Pattern COORDINATES =
            Pattern.compile("([\\w.-]+:[\\w.-]+:jar(?::[\\w.-]+)?:[\\w.-]+):(?:compile|runtime)\\b");

    private static final Pattern ARTIFACT =
            Pattern.compile("([\\w.-]+:[\\w.-]+):jar(?::[\\w.-]+)?:[\\w.-]+:(?:compile|runtime)\\b");

    static Path parentPom() {
        return REPOSITORY.resolve("pom.xml");
    }

    static String readme() {
        return read(REPOSITORY.resolve("README.md"));
    }

    /** The value of a property of the parent pom, or of an element that stands in it once. */
    static String fromParentPom(String element) {
        return element(read(parentPom()), element);
    }

    static String version() {
        return fromParentPom("version");
    }

    /** The README of this module. */
    String ownReadme() {
        return read(folder.resolve("README.md"));
    }

    /** All of them, in the order in which they are built. */
    static List<PublishedModule> all() {
        return Pattern.compile("<module>([^</]+)</module>")
                .matcher(read(parentPom()))
                .results()
                .map(module -> REPOSITORY.resolve(module.group(1)))
                .filter(folder -> !read(pom(folder)).contains("<maven.deploy.skip>true"))
                .map(folder -> {
                    String own = read(pom(folder)).replaceAll("(?s)<parent>.*?</parent>", "");
                    return new PublishedModule(folder, element(own, "artifactId"), element(own, "java-module.name"));
                })
                .toList();
    }

    static PublishedModule of(String artifactId) {
        return all().stream()
                .filter(module -> module.artifactId().equals(artifactId))
                .findFirst()
                .orElseThrow();
    }

    /** The page that says what it is. */
    String page() {
        return read(folder.resolve("README.md"));
    }

    /** A source file of its main code. */
    String source(String file) {
        return read(folder.resolve(Path.of("src", "main", "java")).resolve(file));
    }

    Path pom() {
        return pom(folder);
    }

    private static Path pom(Path folder) {
        return folder.resolve("pom.xml");
    }

    Path jar() {
        return built(artifactId + "-" + version() + ".jar");
    }

    /** What this module was tested with: what a program that uses it has on its class path, but for modules of our own. */
    SortedSet<String> testedDependencies() {
        return dependencies(built("resolved-dependencies.txt"));
    }

    private Path built(String name) {
        Path file = folder.resolve("target").resolve(name);
        if (!Files.isReadable(file)) {
            throw new AssertionError(file + " is missing; run these tests by mvn verify");
        }
        return file;
    }

    /** From a file that {@code dependency:list} has written: {@code group:artifact:jar:version}, without our own. */
    static SortedSet<String> dependencies(Path list) {
        return COORDINATES
                .matcher(read(list))
                .results()
                .map(found -> found.group(1))
                .filter(coordinates -> !coordinates.startsWith("dev.pointsman:"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** From such a file, {@code group:artifact} of all, our own included. */
    static SortedSet<String> artifacts(Path list) {
        return ARTIFACT.matcher(read(list))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String element(String xml, String name) {
        Matcher matcher =
                Pattern.compile("<" + Pattern.quote(name) + ">([^<]+)</").matcher(xml);
        Stream<MatchResult> found = matcher.results();
        return found.findFirst()
                .orElseThrow(() -> new AssertionError("no <" + name + "> in the pom"))
                .group(1);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }
}
