package dev.pointsman.cli;

import java.util.regex.Pattern;

/** What of environment variables is not for every eye that sees a terminal: by their names, as nothing else tells. */
final class SecretValues {
    private static final String MASK = "***";

    private static final Pattern SECRET_NAME =
            Pattern.compile("(?i).*(TOKEN|SECRET|PASSW|PASSPHRASE|CREDENTIAL|PRIVATE|COOKIE|SESSION|SIGNATURE|DSN"
                    + "|(^|_)(PASS|PWD|KEY|AUTH|SALT|CERT)(_|$)|APIKEY|(^|_)[A-Z]*KEYS?$).*");

    /** Not secret, whatever it looks like. */
    private static final Pattern KNOWN =
            Pattern.compile("PWD|OLDPWD|SSH_AUTH_SOCK|XDG_SESSION_.*|DESKTOP_SESSION|SESSION_MANAGER");

    private static final Pattern URL_PASSWORD = Pattern.compile("(://[^/:@\\s]*:)[^/@\\s]+(@)");

    private SecretValues() {}

    /** The value as it may be shown. */
    static String masked(String name, String value) {
        if (value.isEmpty()) {
            return value;
        }
        return SECRET_NAME.matcher(name).matches() && !KNOWN.matcher(name).matches()
                ? MASK
                : URL_PASSWORD.matcher(value).replaceAll("$1" + MASK + "$2");
    }
}
