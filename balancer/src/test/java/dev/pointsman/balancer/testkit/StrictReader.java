package dev.pointsman.balancer.testkit;

import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads HTTP/1.1 messages as the grammar of RFC 9112 has them and in no other way: a judge of what the proxy sends. It
 * forgives nothing that a sender must not do, even where a receiver may. Anything else is an {@link AssertionError} that
 * names the rule.
 */
public final class StrictReader {
    private static final String TOKEN_CHARACTERS = "!#$%&'*+-.^_`|~";
    private static final Pattern REQUEST_LINE = Pattern.compile("([^ ]+) ([^ ]+) HTTP/1\\.1");
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] [1-9][0-9][0-9] [\\t -~\\x80-\\xff]*");
    private static final Pattern COUNT = Pattern.compile("[0-9]+");
    private static final Pattern CHUNK_SIZE = Pattern.compile("[0-9A-Fa-f]{1,15}");

    /** Fields that a recipient needs before the body, and that a trailer section therefore must not have (9110, 6.5.1). */
    private static final Set<String> NEVER_TRAILERS = Set.of(
            "transfer-encoding",
            "content-length",
            "host",
            "connection",
            "te",
            "trailer",
            "upgrade",
            "content-encoding",
            "content-type",
            "content-range",
            "authorization",
            "max-forwards",
            "cache-control",
            "expect",
            "x-forwarded-for");

    private final Wire wire;

    public StrictReader(Wire wire) {
        this.wire = wire;
    }

    /** One request, whole; a client that expects a 100 before it sends its body gets one. */
    public Message readRequest() throws IOException {
        String start = readLine();
        require(REQUEST_LINE.matcher(start).matches(), "RFC 9112, 3: a request line is not", start);
        List<Map.Entry<String, String>> fields = readFields();
        Head head = new Head(start, fields);
        require(isToken(head.method()), "RFC 9110, 9.1: a method is not", head.method());
        require(
                head.uri().chars().allMatch(c -> c > ' ' && c < 0x7f),
                "RFC 3986, 2: a target has bytes that none may have",
                head.uri());
        require(head.uri().indexOf('#') < 0, "RFC 9112, 3.2: a target has a fragment", head.uri());
        require(head.all("host").size() == 1, "RFC 9112, 3.2: Host is not there exactly once", head.toString());
        if ("100-continue".equalsIgnoreCase(head.one("expect")) && hasBody(head)) {
            wire.sendHead("HTTP/1.1 100 Continue");
        }
        return readBody(head, "0");
    }

    /** One final response, whole; interim ones before it fail the test. */
    public Message readResponse(String method) throws IOException {
        Head head = readResponseHead();
        require(head.status() >= 200, "not a final response", head.start());
        return readRest(method, head);
    }

    /** The same, but passes over interim ones. */
    public Message readFinalResponse(String method) throws IOException {
        Head head = readResponseHead();
        while (head.status() < 200) {
            require(head.status() != 101, "RFC 9110, 7.8: a switch that was not asked for", head.start());
            head = readResponseHead();
        }
        return readRest(method, head);
    }

    private Message readRest(String method, Head head) throws IOException {
        int status = head.status();
        boolean bodiless = method.equals("HEAD") || status == 204 || status == 304;
        if (status == 204) {
            require(
                    !head.has("transfer-encoding") && !head.has("content-length"),
                    "RFC 9110, 8.6; RFC 9112, 6.1: a 204 with a length or a coding",
                    head.toString());
        }
        return bodiless ? new Message(head, "", new Head("", List.of())) : readBody(head, "close");
    }

    /** The head of a response, be it interim or final. */
    public Head readResponseHead() throws IOException {
        String start = readLine();
        require(STATUS_LINE.matcher(start).matches(), "RFC 9112, 4: a status line is not", start);
        return new Head(start, readFields());
    }

    private static boolean hasBody(Head head) {
        return head.has("transfer-encoding") || head.has("content-length");
    }

    private Message readBody(Head head, String withoutFraming) throws IOException {
        List<String> lengths = head.all("content-length");
        List<String> codings = head.all("transfer-encoding");
        require(lengths.size() + codings.size() <= 1, "RFC 9112, 6.1 to 6.3: framed twice", head.toString());
        if (!codings.isEmpty()) {
            require(codings.get(0).equals("chunked"), "RFC 9112, 6.1: coding other than chunked", codings.get(0));
            return readChunked(head);
        }
        if (!lengths.isEmpty()) {
            require(COUNT.matcher(lengths.get(0)).matches(), "RFC 9110, 8.6: a length is not", lengths.get(0));
            int length = new BigInteger(lengths.get(0)).intValueExact();
            return new Message(head, wire.read(length), new Head("", List.of()));
        }
        return new Message(head, withoutFraming.equals("close") ? wire.readToEnd() : "", new Head("", List.of()));
    }

    private Message readChunked(Head head) throws IOException {
        StringBuilder body = new StringBuilder();
        while (true) {
            String size = readLine();
            require(CHUNK_SIZE.matcher(size).matches(), "RFC 9112, 7.1: a chunk size is not", size);
            int length = Integer.parseInt(size, 16);
            if (length == 0) {
                break;
            }
            body.append(wire.read(length));
            require(readLine().isEmpty(), "RFC 9112, 7.1: chunk data that is not followed by CRLF", size);
        }
        List<Map.Entry<String, String>> trailers = readFields();
        for (Map.Entry<String, String> trailer : trailers) {
            String name = trailer.getKey().toLowerCase(Locale.ROOT);
            require(!NEVER_TRAILERS.contains(name), "RFC 9110, 6.5.1: not a field for a trailer section", name);
        }
        return new Message(head, body.toString(), new Head("", trailers));
    }

    private List<Map.Entry<String, String>> readFields() throws IOException {
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        for (String line = readLine(); !line.isEmpty(); line = readLine()) {
            int colon = line.indexOf(':');
            require(colon > 0 && isToken(line.substring(0, colon)), "RFC 9112, 5: a field line is not", line);
            String value = line.substring(colon + 1);
            require(
                    value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c != 0x7f)),
                    "RFC 9110, 5.5: a field value has control bytes",
                    line);
            fields.add(Map.entry(line.substring(0, colon), value.strip()));
        }
        return fields;
    }

    /** Up to CRLF; neither CR nor LF may stand alone (RFC 9112, 2.2). */
    private String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int oneByte = wire.readByte();
            require(oneByte != '\n', "RFC 9112, 2.2: a bare LF after", line.toString());
            if (oneByte == '\r') {
                require(wire.readByte() == '\n', "RFC 9112, 2.2: a bare CR after", line.toString());
                return line.toString();
            }
            line.append((char) oneByte);
        }
    }

    private static boolean isToken(String name) {
        return !name.isEmpty()
                && name.chars()
                        .allMatch(c -> (c >= 'a' && c <= 'z')
                                || (c >= 'A' && c <= 'Z')
                                || (c >= '0' && c <= '9')
                                || TOKEN_CHARACTERS.indexOf(c) >= 0);
    }

    private static void require(boolean kept, String rule, String what) {
        if (!kept) {
            throw new AssertionError(rule + ": \"" + what + "\"");
        }
    }
}
