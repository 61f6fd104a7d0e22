package dev.pointsman.balancer.overview;

import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What somebody wants to see of the services. Immutable.
 *
 * @param text what the name, a route or an instance has to contain, in small letters; empty for anything
 * @param onlyTrouble whether services are left out that are well
 * @param offset how many are left out from the beginning
 * @param limit how many are shown
 */
record OverviewQuery(String text, boolean onlyTrouble, int offset, int limit) {
    static final int MOST = 200;
    private static final int LONGEST_TEXT = 200;
    private static final String DEFAULT_LIMIT = "50";
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

    /**
     * The query of a request.
     *
     * @throws BadQueryException if it makes no sense
     */
    static OverviewQuery of(HttpServerRequest request) throws BadQueryException {
        String text = request.getParam("q", "");
        if (text.length() > LONGEST_TEXT) {
            throw new BadQueryException(
                    "q: " + text.length() + " characters (expected: " + LONGEST_TEXT + " or fewer)");
        }
        String only = request.getParam("only", "");
        if (!only.isEmpty() && !only.equals("trouble")) {
            throw new BadQueryException("only: expected nothing or \"trouble\"");
        }
        int limit = number(request, "limit", DEFAULT_LIMIT);
        if (limit > MOST) {
            throw new BadQueryException("limit: " + limit + " (expected: " + MOST + " or less)");
        }
        return new OverviewQuery(
                text.strip().toLowerCase(Locale.ROOT), !only.isEmpty(), number(request, "offset", "0"), limit);
    }

    private static int number(HttpServerRequest request, String name, String byDefault) throws BadQueryException {
        String given = request.getParam(name, byDefault);
        if (!NUMBER.matcher(given).matches()) {
            throw new BadQueryException(name + ": expected a whole number from 0 on");
        }
        return Integer.parseInt(given);
    }

    /** Thrown for a query that makes no sense, with a sentence. */
    static final class BadQueryException extends Exception {
        private static final long serialVersionUID = 1;

        BadQueryException(String sentence) {
            super(sentence);
        }
    }
}
