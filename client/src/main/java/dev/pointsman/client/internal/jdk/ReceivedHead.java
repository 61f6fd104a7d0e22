package dev.pointsman.client.internal.jdk;

import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpVersion;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The head of a response. */
record ReceivedHead(int statusCode, HttpHeaders headers, HttpClient.Version version)
        implements HttpResponse.ResponseInfo {
    static ReceivedHead of(HttpClientResponse response) {
        Map<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (Map.Entry<String, String> field : response.headers()) {
            fields.computeIfAbsent(field.getKey(), name -> new ArrayList<>(1)).add(field.getValue());
        }
        return new ReceivedHead(
                response.statusCode(),
                HttpHeaders.of(fields, (name, value) -> true),
                response.version() == HttpVersion.HTTP_2 ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1);
    }
}
