package dev.pointsman.balancer.config;

import dev.pointsman.settings.Form;
import dev.pointsman.settings.Form.FormKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The rule of who may change anything by the admin API. Immutable.
 *
 * @param token that has to be shown; null for none, or for the one in {@code tokenFile}
 * @param tokenFile the file with the token; null for none
 * @param routesFile where routes that were given there are kept; null for nowhere
 */
public record AdminAccess(
        @Nullable String token,
        @Nullable Path tokenFile,
        @Nullable Path routesFile) {
    /** Nobody may. */
    public static final AdminAccess NONE = new AdminAccess(null, null, null);

    /** The environment variable with the token, which is safer there than on a command line. */
    public static final String TOKEN_VARIABLE = "POINTSMAN_ADMIN_TOKEN";

    static final String EXPECTED = "16 to 1024 characters of ASCII without spaces";
    static final Form<String> TOKEN_FORM =
            Form.of(FormKind.TEXT, "TEXT", EXPECTED, text -> isToken(text) ? text : null, text -> text);

    private static final Pattern TOKEN = Pattern.compile("[!-~]{16,1024}");

    static boolean isToken(String text) {
        return TOKEN.matcher(text).matches();
    }

    /** The token in a file, without white space around it; null if there is none that can be used. Reads the disk. */
    public static @Nullable String tokenIn(Path file) {
        try {
            if (Files.size(file) > 4096) {
                return null;
            }
            String text = Files.readString(file, StandardCharsets.UTF_8).strip();
            return isToken(text) ? text : null;
        } catch (IOException unreadable) {
            return null;
        }
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "AdminAccess[token=" + (token == null ? "none" : "(not shown)") + ", tokenFile=" + tokenFile
                + ", routesFile=" + routesFile + "]";
    }
}
