package dev.pointsman.balancer.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.balancer.config.ConfigReader;
import dev.pointsman.balancer.http.RequestTarget;
import dev.pointsman.balancer.route.PathRewrite;
import dev.pointsman.balancer.route.Redirect;
import dev.pointsman.balancer.route.RouteOptions;
import dev.pointsman.settings.Setting;
import dev.pointsman.testkit.RoutingVector;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The shared cases of rewriting; ours as an operator writes them, fabio's by the values that they are read into. */
class RewriteVectorsTest {
    static Stream<RoutingVector> ours() {
        return RoutingVector.of("rewrite", "native");
    }

    @ParameterizedTest
    @MethodSource("ours")
    void ours_are_written_as_options(RoutingVector vector) throws Exception {
        JsonNode given = vector.input().path("options");
        StringBuilder route = new StringBuilder(vector.input().path("route").asText() + "=");
        route.append(given.has("redirect") ? "" : "svc");
        if (given.has("strip")) {
            route.append(";strip-prefix=").append(given.path("strip").asText());
        }
        if (given.has("prepend")) {
            route.append(";add-prefix=").append(given.path("prepend").asText());
        }
        if (given.has("host")) {
            route.append(";host=").append(given.path("host").asText());
        }
        if (given.has("redirect")) {
            route.append(";redirect=")
                    .append(given.path("redirect").path(0).asText())
                    .append(',')
                    .append(given.path("redirect").path(1).asText());
        }
        RouteOptions options = ConfigReader.read(List.of(Setting.flag("route", route.toString())), Map.of())
                .routes()
                .get(0)
                .options();

        Redirect redirect = options.filters() == null ? null : options.filters().redirect();
        check(vector, options.path(), redirect);
        String host = vector.expected().path("host").asText("");
        if (!host.isEmpty()) {
            String sent = options.host().equals(RouteOptions.HOST_AS_SENT)
                    ? vector.input().path("request").path("host").asText()
                    : options.host();
            assertThat(sent).isEqualTo(host);
        }
    }

    static Stream<RoutingVector> fabios() {
        return RoutingVector.of("rewrite", "fabio");
    }

    @ParameterizedTest
    @MethodSource("fabios")
    void those_of_fabio_are_rewritings_of_text(RoutingVector vector) {
        JsonNode given = vector.input().path("options");
        PathRewrite path = new PathRewrite(
                PathRewrite.PrefixMode.TEXT,
                given.path("strip").asText(""),
                null,
                given.path("prepend").asText(""));
        JsonNode to = given.path("redirect");
        Redirect redirect = to.isMissingNode()
                ? null
                : new Redirect(to.path(0).asInt(), to.path(1).asText(), Redirect.RedirectDialect.FABIO);

        check(vector, path, redirect);
    }

    private static void check(RoutingVector vector, PathRewrite path, @Nullable Redirect redirect) {
        JsonNode request = vector.input().path("request");
        RequestTarget target = RequestTarget.of(request.path("path").asText());
        if (vector.expected().has("path")) {
            assertThat(path.apply(target.originForm(), target.path()))
                    .isEqualTo(vector.expected().path("path").asText());
        }
        if (vector.expected().has("location")) {
            Redirect leading = Objects.requireNonNull(redirect);
            assertThat(leading.status())
                    .isEqualTo(vector.expected().path("status").asInt());
            assertThat(leading.location(request.path("host").asText(), target.originForm(), target.path(), path))
                    .isEqualTo(vector.expected().path("location").asText());
        }
    }
}
