package dev.pointsman.testkit;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The commands of a Chromium that drives itself for tests, by PATH. */
public final class ChromiumCommands {
    private ChromiumCommands() {}

    /** The browser: {@code chromium}, or what others call it. */
    public static Optional<Path> chromium() {
        return onPath("chromium", "chromium-browser", "google-chrome");
    }

    /** Its driver, which speaks WebDriver. */
    public static Optional<Path> driver() {
        return onPath("chromedriver");
    }

    private static Optional<Path> onPath(String... names) {
        String path = System.getenv("PATH");
        if (path == null) {
            return Optional.empty();
        }
        return Arrays.stream(names)
                .flatMap(name -> folders(path).map(folder -> folder.resolve(name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static Stream<Path> folders(String path) {
        return Pattern.compile(Pattern.quote(File.pathSeparator))
                .splitAsStream(path)
                .filter(folder -> !folder.isEmpty())
                .map(Path::of);
    }
}
