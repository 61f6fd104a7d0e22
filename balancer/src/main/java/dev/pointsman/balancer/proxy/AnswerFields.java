package dev.pointsman.balancer.proxy;

import io.netty.handler.codec.http.HttpHeaders;
import io.vertx.core.MultiMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** The fields of an answer, on their way to the client. */
final class AnswerFields {
    private AnswerFields() {}

    /** Copies what concerns the client too, in its order, repetitions as they are. */
    static void copy(HttpHeaders from, MultiMap to) {
        List<String> named = ConnectionField.named(from);
        Iterator<Map.Entry<CharSequence, CharSequence>> fields = from.iteratorCharSequence();
        while (fields.hasNext()) {
            Map.Entry<CharSequence, CharSequence> field = fields.next();
            CharSequence name = field.getKey();
            if (!FieldKind.of(name).staysBehind() && !ConnectionField.isNamed(named, name)) {
                to.add(name, field.getValue());
            }
        }
    }

    /** Copies trailers, without those that may not be trailers. */
    static void copyTrailers(HttpHeaders from, MultiMap to) {
        for (Map.Entry<String, String> field : from) {
            if (FieldKind.of(field.getKey()).mayTrail()) {
                to.add(field.getKey(), field.getValue());
            }
        }
    }
}
