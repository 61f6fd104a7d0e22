package dev.pointsman.balancer.route;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The users of an htpasswd file whose hashes are of bcrypt, and what is wrong with its other lines. Immutable, thread-safe.
 *
 * @param hashes by user
 * @param problems a sentence for each line that cannot be used; none holds anything that stands there, as the file may be
 *     another than was meant
 */
public record Htpasswd(Map<String, String> hashes, List<String> problems) {
    /** At 2^16 rounds one look at a password takes seconds already. */
    private static final int MOST_COST = 16;

    private static final Pattern BCRYPT = Pattern.compile("\\$2[aby]\\$(\\d\\d)\\$[./A-Za-z0-9]{53}");

    /** Without a user. */
    public static final Htpasswd EMPTY = new Htpasswd(Map.of(), List.of());

    public Htpasswd {
        hashes = Map.copyOf(hashes);
        problems = List.copyOf(problems);
    }

    /**
     * Reads the lines of a file; empty ones and those that begin with {@code #} do not count.
     *
     * @param file its name, for the problems
     */
    public static Htpasswd parse(String file, List<String> lines) {
        Map<String, String> hashes = new HashMap<>();
        List<String> problems = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            int colon = line.indexOf(':');
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String where = file + ":" + (i + 1) + ": ";
            if (colon < 1) {
                problems.add(where + "no user (expected: USER:HASH, as htpasswd -B makes it)");
                continue;
            }
            String user = line.substring(0, colon);
            String hash = line.substring(colon + 1);
            String flaw = flaw(hash);
            if (flaw != null) {
                problems.add(where + flaw);
            } else if (hashes.putIfAbsent(user, hash) != null) {
                problems.add(where + "a user who stands in a line before (expected: each user once)");
            }
        }
        return new Htpasswd(hashes, problems);
    }

    private static @Nullable String flaw(String hash) {
        var bcrypt = BCRYPT.matcher(hash);
        if (!bcrypt.matches()) {
            return "not a user with a hash that can be used (expected: USER:HASH with a bcrypt hash, as htpasswd -B makes"
                    + " it)";
        }
        int cost = Integer.parseInt(bcrypt.group(1));
        return cost < 4 || cost > MOST_COST ? "a bcrypt hash of another cost (expected: 4 to " + MOST_COST + ")" : null;
    }
}
