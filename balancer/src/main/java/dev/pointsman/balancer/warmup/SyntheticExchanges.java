package dev.pointsman.balancer.warmup;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The made-up messages of the warm-up: requests as curl and browsers send them, and responses as services give them.
 */
final class SyntheticExchanges {
    /** The digit in its target tells which of {@link #EXCHANGES} a request belongs to. */
    private static final String SMALL = """
            GET /0 HTTP/1.1
            Host: localhost:8080
            User-Agent: curl/8.0
            Accept: */*

            """;

    private static final String BROWSER = """
            GET /1 HTTP/1.1
            Host: localhost:8080
            Connection: keep-alive
            Upgrade-Insecure-Requests: 1
            User-Agent: Mozilla/5.0 (X11; Linux x86_64)
            Accept: text/html,application/xhtml+xml,*/*;q=0.8
            Sec-Fetch-Site: none
            Sec-Fetch-Mode: navigate
            Accept-Encoding: gzip, deflate, br
            Accept-Language: en
            Cookie: session=0123456789abcdef; theme=dark

            """;

    private static final String POST = """
            POST /2 HTTP/1.1
            Host: localhost:8080
            User-Agent: curl/8.0
            Accept: */*
            Content-Type: application/json
            Content-Length: 1024

            """ + "x".repeat(1024);

    private static final String TO_CHUNKS = """
            GET /3 HTTP/1.1
            Host: localhost:8080

            """;

    private static final String COUNTED = """
            HTTP/1.1 200 OK
            Date: Sat, 21 Nov 2026 12:00:00 GMT
            Content-Type: text/html
            Content-Length: %d
            Connection: %s
            ETag: "0123456789"

            %s""";

    private static final String CHUNKS = """
            HTTP/1.1 200 OK
            Content-Type: application/json
            Transfer-Encoding: chunked
            Connection: %s

            40
            %s
            0

            """;

    /** Small requests come more often than others, in life as here. */
    private static final int[] ORDER = {0, 1, 0, 2, 0, 1, 0, 2, 0, 1, 3};

    private static final List<Exchange> EXCHANGES = List.of(
            new Exchange(bytes(SMALL), counted(28, false), counted(28, true)),
            new Exchange(bytes(BROWSER), counted(10 * 1024, false), counted(10 * 1024, true)),
            new Exchange(bytes(POST), counted(28, false), counted(28, true)),
            new Exchange(bytes(TO_CHUNKS), chunks(false), chunks(true)));

    /** A request, and the responses to it. */
    private static final class Exchange {
        private final byte[] request;
        private final byte[] response;
        private final byte[] lastResponse;

        Exchange(byte[] request, byte[] response, byte[] lastResponse) {
            this.request = request;
            this.response = response;
            this.lastResponse = lastResponse;
        }
    }

    private SyntheticExchanges() {}

    /** The request of a client's turn, 0 being its first. */
    static byte[] request(int turn) {
        return EXCHANGES.get(ORDER[turn % ORDER.length]).request;
    }

    /**
     * The response of the service.
     *
     * @param head of the request
     * @param last whether the connection ends with it
     */
    static byte[] response(String head, boolean last) {
        Exchange exchange = EXCHANGES.get(head.charAt(head.indexOf('/') + 1) - '0');
        return last ? exchange.lastResponse : exchange.response;
    }

    private static byte[] counted(int length, boolean last) {
        return bytes(COUNTED.formatted(length, connection(last), "x".repeat(length)));
    }

    private static byte[] chunks(boolean last) {
        return bytes(CHUNKS.formatted(connection(last), "x".repeat(0x40)));
    }

    private static String connection(boolean last) {
        return last ? "close" : "keep-alive";
    }

    private static byte[] bytes(String text) {
        return text.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }
}
