package dev.pointsman.balancer.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * Messages in form, of every kind that the grammar allows, and ways to put them out of form: all of it from one source of
 * randomness, so that a seed tells a case. Bodies like to look like requests. Not thread-safe.
 */
public final class RandomMessages {
    private static final String ALPHA_NUMERIC = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    private static final String TOKEN = ALPHA_NUMERIC + "!#$%&'*+-.^_`|~";
    private static final String PATH = ALPHA_NUMERIC + "-._~!$&'()*+,;=:@/%";
    private static final String[] METHODS = {"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW"};
    private static final String DECOY = "GET /hidden HTTP/1.1\r\nHost: hidden\r\n\r\n";

    /** What makes two readers differ, when it stands where it should not, or is missing where it should stand. */
    private static final String[] NASTY = {
        "\r",
        "\n",
        "\r\n",
        "\u0000",
        " ",
        "\t",
        ":",
        ",",
        ";",
        "\"",
        "0",
        "1",
        "f",
        "-",
        "+",
        "x",
        "\u000b",
        "\u007f",
        "\u00e9",
        "chunked",
        "Content-Length: 3\r\n",
        "Transfer-Encoding: chunked\r\n",
        "\r\n\r\n",
        "HTTP/1.1",
        "Host: b\r\n"
    };

    private final Random random;

    public RandomMessages(long seed) {
        this.random = new Random(seed);
    }

    /**
     * A message and what it means.
     *
     * @param bytes as it goes over the wire
     * @param meaning the message as a recipient should read it
     */
    public record Sample(String bytes, Message meaning) {}

    /** A request with this target at the beginning of its own. */
    public Sample request(String target) {
        String uri = target + "/" + characters(PATH, random.nextInt(30))
                + (random.nextInt(3) == 0 ? "?" + characters(PATH + "?", 9) : "");
        String start = METHODS[random.nextInt(METHODS.length)] + " " + uri + " HTTP/1.1";
        return message(start, List.of("Host: h" + random.nextInt(100)));
    }

    /** A final response. */
    public Sample response() {
        return message("HTTP/1.1 " + (200 + random.nextInt(4) * 100 + random.nextInt(4) + 6) + " Said so", List.of());
    }

    private Sample message(String start, List<String> first) {
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        StringBuilder bytes = new StringBuilder(start).append("\r\n");
        first.forEach(line -> append(line, bytes, fields));
        for (int i = random.nextInt(8); i > 0; i--) {
            append(
                    "X" + characters(TOKEN, 1 + random.nextInt(12)) + ":" + blanks() + value() + blanks(),
                    bytes,
                    fields);
        }
        String body = body();
        List<Map.Entry<String, String>> trailers = new ArrayList<>();
        switch (start.startsWith("HTTP/") ? 1 + random.nextInt(2) : random.nextInt(3)) {
            case 0 -> {
                body = "";
                bytes.append("\r\n");
            }
            case 1 -> {
                bytes.append(anyCase("Content-Length"))
                        .append(": ")
                        .append(body.length())
                        .append("\r\n\r\n");
                bytes.append(body);
            }
            default -> {
                bytes.append(anyCase("Transfer-Encoding")).append(": chunked\r\n\r\n");
                appendChunks(body, bytes);
                for (int i = random.nextInt(3); i > 0; i--) {
                    append("Y" + characters(TOKEN, 3) + ": " + value(), bytes, trailers);
                }
                bytes.append("\r\n");
            }
        }
        return new Sample(bytes.toString(), new Message(new Head(start, fields), body, new Head("", trailers)));
    }

    private static void append(String line, StringBuilder bytes, List<Map.Entry<String, String>> fields) {
        bytes.append(line).append("\r\n");
        int colon = line.indexOf(':');
        fields.add(Map.entry(line.substring(0, colon), line.substring(colon + 1).replaceAll("^[ \t]+|[ \t]+\\z", "")));
    }

    private void appendChunks(String body, StringBuilder bytes) {
        int at = 0;
        while (at < body.length()) {
            int length = Math.min(body.length() - at, 1 + random.nextInt(random.nextBoolean() ? 5 : 4000));
            String size = Integer.toHexString(length);
            bytes.append("0".repeat(random.nextInt(3)))
                    .append(random.nextBoolean() ? size : size.toUpperCase(Locale.ROOT))
                    .append(random.nextInt(4) == 0 ? ";a=\"b;c\"" : "")
                    .append("\r\n")
                    .append(body, at, at + length)
                    .append("\r\n");
            at += length;
        }
        bytes.append("0\r\n");
    }

    private String body() {
        return switch (random.nextInt(6)) {
            case 0 -> "";
            case 1 -> DECOY;
            case 2 -> "0\r\n\r\n" + DECOY;
            case 3 -> characters("\r\n0123456789: ", random.nextInt(60));
            case 4 -> bytes(random.nextInt(300));
            default -> bytes(random.nextInt(20_000)) + DECOY;
        };
    }

    private String bytes(int count) {
        StringBuilder bytes = new StringBuilder(count);
        for (int i = 0; i < count; i++) {
            bytes.append((char) random.nextInt(256));
        }
        return bytes.toString();
    }

    private String value() {
        StringBuilder value = new StringBuilder();
        for (int i = random.nextInt(30); i > 0; i--) {
            int c = random.nextInt(256);
            value.append((char) (c < ' ' ? '\t' : c == 0x7f ? ' ' : c));
        }
        return value.toString();
    }

    private String blanks() {
        return characters(" \t", random.nextInt(3));
    }

    private String anyCase(String name) {
        return switch (random.nextInt(3)) {
            case 0 -> name.toLowerCase(Locale.ROOT);
            case 1 -> name.toUpperCase(Locale.ROOT);
            default -> name;
        };
    }

    private String characters(String from, int count) {
        StringBuilder characters = new StringBuilder(count);
        for (int i = 0; i < count; i++) {
            characters.append(from.charAt(random.nextInt(from.length())));
        }
        return characters.toString();
    }

    /** The same with one to three slips: something left out, put in, doubled or put for something else. */
    public String spoil(String bytes) {
        StringBuilder spoiled = new StringBuilder(bytes);
        for (int i = random.nextInt(3); i >= 0 && spoiled.length() > 2; i--) {
            // Heads are where it matters.
            int at = random.nextInt(Math.min(spoiled.length(), 300));
            String nasty = NASTY[random.nextInt(NASTY.length)];
            switch (random.nextInt(4)) {
                case 0 -> spoiled.deleteCharAt(at);
                case 1 -> spoiled.insert(at, nasty);
                case 2 -> spoiled.replace(at, at + 1, nasty);
                default ->
                    spoiled.insert(at, spoiled.substring(at, Math.min(spoiled.length(), at + random.nextInt(30))));
            }
        }
        return spoiled.toString();
    }

    /** Cut into packets; the first few are small. */
    public List<String> packets(String bytes) {
        List<String> packets = new ArrayList<>();
        int at = 0;
        while (at < bytes.length()) {
            int length = packets.size() > 12 ? bytes.length() : 1 + random.nextInt(random.nextBoolean() ? 10 : 2000);
            int end = Math.min(bytes.length(), at + length);
            packets.add(bytes.substring(at, end));
            at = end;
        }
        return packets;
    }

    /** From one to this many. */
    public int upTo(int most) {
        return 1 + random.nextInt(most);
    }
}
