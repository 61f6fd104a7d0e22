package dev.pointsman.balancer.filter;

import dev.pointsman.balancer.route.FieldTemplate;
import dev.pointsman.balancer.route.FieldTemplate.FieldVariable;
import org.jspecify.annotations.Nullable;

/** The values of the variables in header fields, for one request. */
final class FieldValues {
    private final FilteredRequest request;
    private final String instance;

    /**
     * @param instance address and port; null if none responds
     */
    FieldValues(FilteredRequest request, @Nullable String instance) {
        this.request = request;
        this.instance = instance == null ? "" : instance;
    }

    String of(FieldTemplate template) {
        return template.fill(variable -> visible(value(variable)));
    }

    private String value(FieldVariable variable) {
        return switch (variable) {
            case REQUEST_ID -> request.id();
            case CLIENT_ADDRESS -> request.originAddress();
            case PEER_ADDRESS -> request.peerAddress();
            case ROUTE -> request.routeName();
            case HOST -> {
                String host = request.host();
                yield host == null ? "" : host;
            }
            case METHOD -> request.method();
            case PATH -> path(request.target().originForm());
            case QUERY -> query(request.target().originForm());
            case SCHEME -> request.scheme();
            case INSTANCE -> instance;
        };
    }

    private static String path(String originForm) {
        int query = originForm.indexOf('?');
        return query < 0 ? originForm : originForm.substring(0, query);
    }

    private static String query(String originForm) {
        int query = originForm.indexOf('?');
        return query < 0 ? "" : originForm.substring(query + 1);
    }

    /** Control characters end fields; none should have come this far, and none goes further. */
    private static String visible(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ' || c == 0x7f || c > 0xff) {
                return value.replaceAll("[^ -~\\x80-\\xff]", "?");
            }
        }
        return value;
    }
}
