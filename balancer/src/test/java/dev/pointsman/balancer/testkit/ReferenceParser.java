package dev.pointsman.balancer.testkit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How a client's bytes are to be read: the judge of whether the proxy read them right. Built to be simple, not fast. It
 * tells bytes in form from those that may be taken leniently and from those that must be refused.
 */
public final class ReferenceParser {
    private static final String TCHAR = "!#$%&'*+-.^_`|~";

    private final String bytes;
    private int at;

    /** What the bytes are up to where reading stopped, and why it did. */
    public record Reading(List<Message> requests, End end) {}

    /** Why reading stopped. */
    public enum End {
        /** All bytes were read. */
        CLEAN,
        /** More bytes would have to come. */
        INCOMPLETE,
        /** What comes next may be refused or taken leniently, and what comes behind that is open. */
        OPEN,
        /** What comes next must be refused, and nothing behind it counts. */
        REFUSED
    }

    private static final class Stop extends IOException {
        private static final long serialVersionUID = 1;
        private final transient End end;

        private Stop(End end) {
            super(end.name());
            this.end = end;
        }
    }

    private ReferenceParser(String bytes) {
        this.bytes = bytes;
    }

    public static Reading read(String bytes) {
        ReferenceParser parser = new ReferenceParser(bytes);
        List<Message> requests = new ArrayList<>();
        try {
            while (parser.at < bytes.length()) {
                requests.add(parser.request());
            }
            return new Reading(requests, End.CLEAN);
        } catch (Stop stop) {
            return new Reading(requests, stop.end);
        }
    }

    private Message request() throws Stop {
        if (bytes.charAt(at) == '\r' || bytes.charAt(at) == '\n') {
            throw new Stop(End.OPEN);
        }
        String start = line();
        String[] words = start.split(" ", -1);
        // Other blanks, other versions, other forms of targets: some are fine, some are not; other tests look at each.
        if (words.length != 3
                || !isToken(words[0])
                || !words[1].matches("/[!-\"$-~]*")
                || !words[2].equals("HTTP/1.1")
                || words[0].equals("CONNECT")) {
            throw new Stop(End.OPEN);
        }
        List<Map.Entry<String, String>> fields = fields();
        Head head = new Head(start, fields);
        List<String> lengths = head.all("content-length");
        List<String> codings = head.all("transfer-encoding");
        refuseIf(head.all("host").size() != 1);
        if (!head.all("host").get(0).matches("[a-zA-Z0-9]+")) {
            throw new Stop(End.OPEN);
        }
        refuseIf(!lengths.isEmpty() && !codings.isEmpty());
        refuseIf(lengths.stream().anyMatch(length -> !length.matches("[0-9]{1,18}(, ?[0-9]{1,18})*")));
        refuseIf(codings.stream().anyMatch(coding -> !coding.equalsIgnoreCase("chunked") && !coding.contains(",")));
        if (lengths.size() > 1 || codings.size() > 1) {
            throw new Stop(End.OPEN);
        }
        for (String special : new String[] {"expect", "upgrade", "connection", "max-forwards"}) {
            if (head.has(special)) {
                throw new Stop(End.OPEN);
            }
        }
        if (!codings.isEmpty()) {
            if (!codings.get(0).equalsIgnoreCase("chunked")) {
                throw new Stop(End.OPEN);
            }
            return chunked(head);
        }
        if (!lengths.isEmpty()) {
            if (lengths.get(0).contains(",")) {
                throw new Stop(End.OPEN);
            }
            return new Message(head, take(Long.parseLong(lengths.get(0))), new Head("", List.of()));
        }
        return new Message(head, "", new Head("", List.of()));
    }

    private Message chunked(Head head) throws Stop {
        StringBuilder body = new StringBuilder();
        while (true) {
            String line = line();
            int extension = line.indexOf(';');
            String size = extension < 0 ? line : line.substring(0, extension);
            if (!size.matches("[0-9a-fA-F]{1,15}")) {
                refuseIf(!size.matches("[0-9a-fA-F]+[ \t]*"));
                throw new Stop(End.OPEN);
            }
            if (!line.equals(size) && !line.matches("[0-9a-fA-F]+(;[a-zA-Z]+=\"[a-zA-Z;]+\")+")) {
                throw new Stop(End.OPEN);
            }
            long length = Long.parseLong(size, 16);
            if (length == 0) {
                return new Message(head, body.toString(), new Head("", fields()));
            }
            body.append(take(length));
            refuseIf(!take(2).equals("\r\n"));
        }
    }

    private List<Map.Entry<String, String>> fields() throws Stop {
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            if (line.startsWith(" ") || line.startsWith("\t")) {
                throw new Stop(End.OPEN);
            }
            int colon = line.indexOf(':');
            refuseIf(colon < 1 || !isToken(line.substring(0, colon)));
            String value = line.substring(colon + 1).replaceAll("^[ \t]+|[ \t]+\\z", "");
            refuseIf(value.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f));
            fields.add(Map.entry(line.substring(0, colon), value));
        }
        return fields;
    }

    /** Up to CRLF; a bare LF may end a line for some parsers, a bare CR for none. */
    private String line() throws Stop {
        int end = at;
        while (end < bytes.length() && bytes.charAt(end) != '\r' && bytes.charAt(end) != '\n') {
            end++;
        }
        if (end >= bytes.length() - 1 && (end == bytes.length() || bytes.charAt(end) == '\r')) {
            throw new Stop(End.INCOMPLETE);
        }
        if (bytes.charAt(end) == '\n') {
            throw new Stop(End.OPEN);
        }
        refuseIf(bytes.charAt(end + 1) != '\n');
        String line = bytes.substring(at, end);
        at = end + 2;
        return line;
    }

    private String take(long count) throws Stop {
        if (bytes.length() - at < count) {
            throw new Stop(End.INCOMPLETE);
        }
        String taken = bytes.substring(at, at + (int) count);
        at += (int) count;
        return taken;
    }

    /** A reader may wait for the end of the section before it says so. */
    private void refuseIf(boolean wrong) throws Stop {
        if (wrong) {
            boolean whole = bytes.indexOf("\n\r\n", at) >= 0 || bytes.indexOf("\n\n", at) >= 0;
            throw new Stop(whole ? End.REFUSED : End.INCOMPLETE);
        }
    }

    private static boolean isToken(String name) {
        return !name.isEmpty()
                && name.toLowerCase(Locale.ROOT)
                        .chars()
                        .allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || TCHAR.indexOf(c) >= 0);
    }
}
