package dev.pointsman.balancer.http;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * The fields of a request whose names have an underscore. They are valid (RFC 9110, 5.6.2), and rare; programs that get
 * them by way of CGI's rules cannot tell them from those with a hyphen in its place.
 */
public enum UnderscoreFields {
    /** They pass, but for those that spell a forwarding field, see {@link FieldKind#FORWARDING_CLAIM}. The default. */
    PASS,
    /** None passes, whoever the client is, as with nginx. */
    DROP;

    /** Removes those that do not pass from a head or a trailer section. */
    public void removeFrom(HttpHeaders fields) {
        if (this == PASS || fields.isEmpty()) {
            return;
        }
        List<CharSequence> dropped = List.of();
        Iterator<Map.Entry<CharSequence, CharSequence>> all = fields.iteratorCharSequence();
        while (all.hasNext()) {
            CharSequence name = all.next().getKey();
            if (FieldKind.hasUnderscore(name)) {
                dropped = dropped.isEmpty() ? new ArrayList<>(2) : dropped;
                dropped.add(name);
            }
        }
        dropped.forEach(fields::remove);
    }
}
