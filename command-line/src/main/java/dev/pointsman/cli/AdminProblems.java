package dev.pointsman.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.pointsman.cli.AdminApiClient.AdminReply;
import dev.pointsman.registry.OneLine;
import java.util.ArrayList;
import java.util.List;

/** What the admin API says is wrong with a request to it. */
final class AdminProblems {
    private static final int LONGEST = 1000;

    private AdminProblems() {}

    /** The sentences of a response that is none of success. */
    static List<String> of(AdminReply reply) {
        List<String> sentences = new ArrayList<>();
        try {
            JsonNode body = new JsonMapper().readTree(reply.body());
            body.path("problems").forEach(each -> sentences.add(OneLine.of(each.asText(), LONGEST)));
            if (sentences.isEmpty() && body.hasNonNull("error")) {
                sentences.add(OneLine.of(body.path("error").asText(), LONGEST));
            }
        } catch (JsonProcessingException noJson) {
            // Not the admin API, or something between us and it: the status says what is left to say.
        }
        if (sentences.isEmpty()) {
            sentences.add("the admin API responded with status " + reply.status() + " (expected: 200)");
        }
        return sentences;
    }
}
