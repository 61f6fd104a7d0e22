package dev.pointsman.balancer.config;

import dev.pointsman.settings.Setting;
import dev.pointsman.settings.Settings;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The secret that a request has to show to be explained in its own response. Shown nowhere. Immutable, thread-safe. */
public final class ExplainSecret {
    /** The environment variable with the secret, which is safer there than on a command line. */
    public static final String VARIABLE = "POINTSMAN_EXPLAIN_SECRET";

    /** Longer than a secret can be; what is longer needs no look. */
    private static final int MOST = 1024;

    private final String text;
    private final byte[] bytes;

    private ExplainSecret(String text) {
        this.text = text;
        this.bytes = text.getBytes(StandardCharsets.UTF_8);
    }

    /** The secret that settings give; null for none, so that no request is explained. Reads the disk. */
    static @Nullable ExplainSecret read(Settings settings, Map<String, String> environment, boolean looksAtFiles) {
        String given = settings.find(BalancerSettings.EXPLAIN_SECRET);
        Setting setting = settings.last(BalancerSettings.EXPLAIN_SECRET.key());
        Setting file = settings.last(BalancerSettings.EXPLAIN_SECRET_FILE.key());
        if (setting != null && file != null) {
            settings.problem(setting.source() + ": beside explain-secret-file (expected: one of them)");
        }
        if (file != null) {
            given = looksAtFiles ? inFile(settings, file) : null;
        } else if (setting == null) {
            given = inVariable(settings, environment.getOrDefault(VARIABLE, ""));
        }
        return given == null ? null : new ExplainSecret(given);
    }

    private static @Nullable String inFile(Settings settings, Setting file) {
        String text = null;
        try {
            text = AdminAccess.tokenIn(Path.of(file.value()).toAbsolutePath());
        } catch (InvalidPathException noPath) {
            // reported below with all the rest
        }
        if (text == null) {
            settings.problem(file, "a file that can be read and holds a secret, " + AdminAccess.EXPECTED);
        }
        return text;
    }

    private static @Nullable String inVariable(Settings settings, String variable) {
        if (variable.isEmpty()) {
            return null;
        }
        if (!AdminAccess.isToken(variable)) {
            settings.problem(VARIABLE + ": not a secret (expected: " + AdminAccess.EXPECTED + ")");
        }
        return variable;
    }

    /** Whether a text is the secret. How long that takes does not depend on where they differ. */
    public boolean isShownBy(String shown) {
        return shown.length() <= MOST && MessageDigest.isEqual(bytes, shown.getBytes(StandardCharsets.UTF_8));
    }

    /** The secret itself, for a digest of all that was given. */
    String text() {
        return text;
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "(not shown)";
    }
}
