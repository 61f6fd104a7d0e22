package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.route.NormalPath;

/**
 * What a request asks for (RFC 9112, 3.2).
 *
 * @param originForm path and query as the client sent them, octet for octet: what is forwarded
 * @param authority the host of an absolute-form target, which then counts instead of the Host field (3.2.2); empty
 *     otherwise
 * @param path the path in normal form, without the query: what routes are matched on
 */
record RequestTarget(String originForm, String authority, String path) {
    static RequestTarget of(String uri) {
        String authority = "";
        String originForm = uri;
        int scheme = uri.startsWith("/") ? -1 : uri.indexOf("://");
        if (scheme > 0) {
            int start = scheme + 3;
            int end = start;
            while (end < uri.length() && uri.charAt(end) != '/' && uri.charAt(end) != '?') {
                end++;
            }
            authority = uri.substring(start, end);
            String rest = uri.substring(end);
            originForm = rest.startsWith("/") ? rest : "/" + rest;
        }
        int query = originForm.indexOf('?');
        return new RequestTarget(
                originForm, authority, NormalPath.of(query < 0 ? originForm : originForm.substring(0, query)));
    }
}
