package dev.pointsman.system;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An HTTP response.
 *
 * @param headers by lower-case name
 */
record Response(int status, Map<String, String> headers, String body) {
    private static final Pattern PID = Pattern.compile(" response from (\\d+)\\s*");

    String header(String name) {
        return headers.getOrDefault(name, "");
    }

    boolean isGreeting() {
        return status == 200 && PID.matcher(body).find();
    }

    /** Which instance of the sample service responded; fails the test when it was none. */
    long pid() {
        Matcher greeting = PID.matcher(body);
        if (status != 200 || !greeting.find()) {
            throw new AssertionError("expected an instance's greeting, got " + this);
        }
        return Long.parseLong(greeting.group(1));
    }
}
