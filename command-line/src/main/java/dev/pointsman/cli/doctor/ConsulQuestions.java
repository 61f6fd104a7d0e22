package dev.pointsman.cli.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pointsman.cli.doctor.HttpQuestions.HttpReply;
import dev.pointsman.registry.consul.ConsulAddress;
import dev.pointsman.registry.consul.ConsulTls;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The questions to one Consul agent: reads alone. The ACL token goes there as a field and nowhere else, as the balancer would send
 * it. Thread-safe.
 */
final class ConsulQuestions {
    static final Duration PATIENCE = Duration.ofSeconds(3);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int TOO_MANY_REQUESTS = 429;

    private final ConsulAddress address;
    private final HttpQuestions http;
    private final AtomicInteger limited = new AtomicInteger();
    private @Nullable String unreachable;
    private boolean wasTried;

    /** @throws dev.pointsman.registry.consul.BadAddressException when a file of TLS cannot be used */
    ConsulQuestions(ConsulAddress address) {
        this.address = address;
        this.http = new HttpQuestions(address.tls() ? ConsulTls.context(address) : null);
    }

    ConsulAddress address() {
        return address;
    }

    /** How often the agent said that it is asked too much. */
    int limited() {
        return limited.get();
    }

    /** Why the agent cannot be reached; null if it can. Asked once, by whoever comes first. */
    synchronized @Nullable String unreachable() throws InterruptedException {
        if (!wasTried) {
            wasTried = true;
            try {
                HttpReply unused = get("/v1/status/leader?", PATIENCE);
            } catch (IOException failed) {
                unreachable = failed.getMessage();
            }
        }
        return unreachable;
    }

    boolean isReached() throws InterruptedException {
        return unreachable() == null;
    }

    /**
     * Asks the agent.
     *
     * @param path with a question mark, so that more parameters can follow
     */
    HttpReply get(String path, Duration longest) throws IOException, InterruptedException {
        return send("GET", path, null, longest);
    }

    /** Asks with a document. */
    HttpReply post(String path, String document) throws IOException, InterruptedException {
        return send("POST", path, document, PATIENCE);
    }

    private HttpReply send(String method, String path, @Nullable String document, Duration longest)
            throws IOException, InterruptedException {
        String token = address.token();
        String scope = (address.namespace() == null ? "" : "&ns=" + encoded(address.namespace()))
                + (address.partition() == null ? "" : "&partition=" + encoded(address.partition()));
        HttpReply reply = http.ask(
                method,
                address.url() + path + scope,
                token == null ? Map.of() : Map.of("X-Consul-Token", token),
                document,
                longest);
        if (reply.status() == TOO_MANY_REQUESTS) {
            limited.incrementAndGet();
        }
        return reply;
    }

    /** The JSON of a response with 200; a missing node for anything else. */
    JsonNode json(String path) throws InterruptedException {
        try {
            return json(get(path, PATIENCE));
        } catch (IOException failed) {
            return JSON.missingNode();
        }
    }

    static JsonNode json(HttpReply reply) {
        try {
            return reply.status() == 200 ? JSON.readTree(reply.body()) : JSON.missingNode();
        } catch (JsonProcessingException none) {
            return JSON.missingNode();
        }
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
