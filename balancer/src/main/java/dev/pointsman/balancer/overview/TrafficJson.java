package dev.pointsman.balancer.overview;

import dev.pointsman.balancer.traffic.ConnectionTraffic;
import dev.pointsman.balancer.traffic.Traffic;
import dev.pointsman.balancer.traffic.TrafficHistory;
import dev.pointsman.balancer.traffic.TrafficHistory.HistoryPoint;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rates and quantiles as JSON; null for what is not known. */
final class TrafficJson {
    private TrafficJson() {}

    static JsonObject of(Traffic traffic) {
        return new JsonObject()
                .put("rate", rounded(traffic.rate()))
                .put("errors", rounded(traffic.errors()))
                .put("p50Ms", rounded(traffic.p50Millis()))
                .put("p99Ms", rounded(traffic.p99Millis()));
    }

    static JsonObject of(ConnectionTraffic traffic) {
        return new JsonObject()
                .put("open", traffic.open())
                .put("rate", rounded(traffic.rate()))
                .put("received", rounded(traffic.received()))
                .put("sent", rounded(traffic.sent()));
    }

    /** To three digits behind the point, which is more than is known. */
    private static @Nullable Double rounded(double value) {
        return Double.isNaN(value) ? null : Math.round(value * 1000) / 1000.0;
    }

    static JsonObject of(List<HistoryPoint> points) {
        JsonArray list = new JsonArray();
        for (HistoryPoint point : points) {
            JsonObject json = new JsonObject().put("at", point.at().toString());
            list.add(json.mergeIn(of(point.traffic())));
        }
        return new JsonObject().put("stepMs", TrafficHistory.STEP.toMillis()).put("points", list);
    }
}
