package dev.pointsman.balancer.route;

/**
 * The rule that a route asks for a user and a password (Basic; RFC 7617). Immutable, thread-safe.
 *
 * @param file the path of an htpasswd file with bcrypt hashes
 * @param realm what browsers show, without quotes
 * @param pass whether the instance gets the Authorization field, too
 */
public record AuthRule(String file, String realm, boolean pass) {
    /** The rule by which nobody is let in: of fabio's, the one that names a scheme that there is not. */
    public static final AuthRule NOBODY = new AuthRule("", "restricted", false);
}
