package dev.pointsman.registry.consul;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A reader of Consul's environment variables into one {@link ConsulAddress}, which collects every problem on the way.
 * Used once.
 */
final class ConsulSettings {
    private static final Set<String> TRUE = Set.of("1", "t", "T", "true", "TRUE", "True");
    private static final Set<String> FALSE = Set.of("0", "f", "F", "false", "FALSE", "False");

    private final Map<String, String> environment;
    private final List<String> problems = new ArrayList<>();

    ConsulSettings(Map<String, String> environment) {
        this.environment = environment;
    }

    ConsulAddress read(@Nullable String flag) {
        HostAndPort where = where(flag);
        boolean tls = bool("CONSUL_HTTP_SSL", false) || where.tls();
        ConsulAddress address = new ConsulAddress(
                where.host(),
                where.port(tls),
                tls,
                token(),
                file("CONSUL_CACERT"),
                file("CONSUL_CLIENT_CERT"),
                file("CONSUL_CLIENT_KEY"),
                bool("CONSUL_HTTP_SSL_VERIFY", true),
                header("CONSUL_NAMESPACE"),
                header("CONSUL_PARTITION"),
                // Consul's own programs have no variable for it either.
                null);
        both("CONSUL_CLIENT_CERT", "CONSUL_CLIENT_KEY");
        refuse(
                "CONSUL_HTTP_AUTH",
                "basic authentication is not supported; unset it, CONSUL_HTTP_TOKEN carries ACL tokens");
        refuse(
                "CONSUL_CAPATH",
                "a directory of certificates is not supported; unset it and name one file in CONSUL_CACERT");
        refuse(
                "CONSUL_TLS_SERVER_NAME",
                "another name in the certificate is not supported; unset it and use that name");
        if (!problems.isEmpty()) {
            throw new BadAddressException(problems);
        }
        return address;
    }

    private HostAndPort where(@Nullable String flag) {
        @Nullable String fromEnvironment = value("CONSUL_HTTP_ADDR");
        String source = flag != null ? "--consul" : "CONSUL_HTTP_ADDR";
        @Nullable String text = flag != null ? flag.strip() : fromEnvironment;
        if (text == null) {
            return HostAndPort.DEFAULT;
        }
        try {
            return HostAndPort.parse(text);
        } catch (IllegalArgumentException bad) {
            problems.add(source + ": " + bad.getMessage());
            return HostAndPort.DEFAULT;
        }
    }

    /** The ACL token, chosen as by Consul's own client: a token in the file wins over one in the environment. */
    private @Nullable String token() {
        @Nullable Path file = file("CONSUL_HTTP_TOKEN_FILE");
        if (file == null) {
            return header("CONSUL_HTTP_TOKEN");
        }
        try {
            String token = Files.readString(file).strip();
            if (token.isEmpty() || !printable(token)) {
                problems.add("CONSUL_HTTP_TOKEN_FILE: " + file + " (expected: a file with one ACL token in it)");
            }
            return token;
        } catch (IOException e) {
            problems.add("CONSUL_HTTP_TOKEN_FILE: " + file + " cannot be read: " + e.getMessage());
            return null;
        }
    }

    private @Nullable Path file(String name) {
        @Nullable String text = value(name);
        if (text == null) {
            return null;
        }
        try {
            Path file = Path.of(text);
            if (Files.isRegularFile(file) && Files.isReadable(file)) {
                return file;
            }
        } catch (InvalidPathException e) {
            // reported below like a path that leads nowhere
        }
        problems.add(name + ": " + text + " (expected: a file that can be read)");
        return null;
    }

    private boolean bool(String name, boolean otherwise) {
        @Nullable String text = value(name);
        if (text == null || TRUE.contains(text)) {
            return text == null ? otherwise : true;
        }
        if (!FALSE.contains(text)) {
            problems.add(name + ": " + text + " (expected: true or false)");
        }
        return false;
    }

    /** A value that goes into a header of each request; it is not repeated in the problem, it may be the token. */
    private @Nullable String header(String name) {
        @Nullable String text = value(name);
        if (text != null && !printable(text)) {
            problems.add(name + ": contains blanks or characters outside ASCII (expected: one plain word)");
        }
        return text;
    }

    private static boolean printable(String text) {
        return text.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    private void both(String one, String other) {
        boolean first = value(one) != null;
        boolean second = value(other) != null;
        if (first != second) {
            problems.add(
                    (first ? one : other) + " is set without " + (first ? other : one) + " (expected: both or none)");
        }
    }

    private void refuse(String name, String why) {
        if (value(name) != null) {
            problems.add(name + " is set: " + why);
        }
    }

    private @Nullable String value(String name) {
        @Nullable String text = environment.get(name);
        return text == null || text.isBlank() ? null : text.strip();
    }
}
