package dev.pointsman.balancer.config;

import dev.pointsman.registry.OneLine;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The environment variables {@code OTEL_*}, read by their forms. An empty one is as none (OpenTelemetry, Environment Variable
 * Specification). What cannot be read is a problem: to go by the default instead would send spans elsewhere than was asked for.
 */
final class TelemetryVariables {
    private static final int LAST_PORT = 65_535;

    private final Map<String, String> environment;
    private final Consumer<String> problems;
    private final boolean looksAtFiles;

    /**
     * Variables to be read.
     *
     * @param problems told of each value that cannot be read, in a sentence
     * @param looksAtFiles whether files that are named have to be there
     */
    TelemetryVariables(Map<String, String> environment, Consumer<String> problems, boolean looksAtFiles) {
        this.environment = environment;
        this.problems = problems;
        this.looksAtFiles = looksAtFiles;
    }

    /** The first of these that is set; the last of them if none is. */
    String firstSet(String... names) {
        String last = "";
        for (String name : names) {
            last = name;
            if (text(name) != null) {
                break;
            }
        }
        return last;
    }

    @Nullable
    String text(String name) {
        String value = environment.get(name);
        return value == null || value.isBlank() ? null : value.strip();
    }

    String text(String name, String otherwise) {
        String value = text(name);
        return value == null ? otherwise : value;
    }

    void problem(String name, String expected) {
        problems.accept(name + ": \"" + OneLine.of(text(name, "")) + "\" (expected: " + expected + ")");
    }

    /** A problem of a value that is not to be shown. */
    void secretProblem(String name, String expected) {
        problems.accept(name + ": a value that is not shown (expected: " + expected + ")");
    }

    /** Whether it is {@code true}, in any case; none is as {@code false}. */
    boolean isTrue(String name) {
        String value = text(name, "false").toLowerCase(Locale.ROOT);
        if (!value.equals("true") && !value.equals("false")) {
            problem(name, "true or false");
        }
        return value.equals("true");
    }

    int number(String name, int least, int otherwise) {
        String value = text(name);
        if (value == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(value);
            if (number >= least) {
                return number;
            }
        } catch (NumberFormatException noNumber) {
            // reported below with what is too small
        }
        problem(name, "a whole number from " + least + " on");
        return otherwise;
    }

    Duration millis(String name, int least, int otherwise) {
        return Duration.ofMillis(number(name, least, otherwise));
    }

    double ratio(String name, double otherwise) {
        String value = text(name);
        if (value == null) {
            return otherwise;
        }
        Double ratio = ObservationSettings.ratio(value);
        if (ratio == null) {
            problem(name, ObservationSettings.RATIO);
            return otherwise;
        }
        return ratio;
    }

    /** Words that are separated by commas. */
    Set<String> words(String name, Set<String> otherwise) {
        String value = text(name);
        if (value == null) {
            return otherwise;
        }
        Set<String> words = new LinkedHashSet<>();
        for (String word : value.split(",", -1)) {
            if (!word.isBlank()) {
                words.add(word.strip());
            }
        }
        return words;
    }

    /** Pairs {@code key=value}, separated by commas, with percent-encoded values (W3C Baggage). */
    Map<String, String> pairs(String name) {
        Map<String, String> pairs = new LinkedHashMap<>();
        String value = text(name);
        if (value == null) {
            return pairs;
        }
        for (String pair : value.split(",", -1)) {
            int equals = pair.indexOf('=');
            String decoded = equals > 0 ? decoded(pair.substring(equals + 1).strip()) : null;
            if (decoded != null) {
                pairs.put(pair.substring(0, equals).strip(), decoded);
            } else if (!pair.isBlank()) {
                secretProblem(name, "key=value pairs, separated by commas, their values percent-encoded");
                return Map.of();
            }
        }
        return pairs;
    }

    private static @Nullable String decoded(String value) {
        try {
            return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException noEncoding) {
            return null;
        }
    }

    /** A URL by http or https; null if there is none. A user in it would not be sent, but shown wherever the URL is. */
    @Nullable
    URI url(String name) {
        String value = text(name);
        if (value == null) {
            return null;
        }
        try {
            URI url = new URI(value);
            boolean isHttp = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
            boolean isPort = url.getPort() == -1 || (url.getPort() > 0 && url.getPort() <= LAST_PORT);
            if (isHttp && url.getHost() != null && isPort && url.getUserInfo() == null) {
                return url;
            }
        } catch (URISyntaxException noUrl) {
            // reported below with all the rest
        }
        // It may have a password in it.
        secretProblem(name, "a URL such as http://localhost:4318; credentials go into OTEL_EXPORTER_OTLP_HEADERS");
        return null;
    }

    /** A file that can be read; null if there is none. */
    @Nullable
    Path file(String name) {
        String value = text(name);
        if (value == null) {
            return null;
        }
        try {
            Path file = Path.of(value).toAbsolutePath();
            if (!looksAtFiles || (Files.isReadable(file) && !Files.isDirectory(file))) {
                return file;
            }
        } catch (InvalidPathException noPath) {
            // reported below with all the rest
        }
        problem(name, "a file that can be read");
        return null;
    }
}
