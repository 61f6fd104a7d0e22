package dev.pointsman.balancer.http;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** The fields of a response or a trailer section, filtered for the next hop. */
public final class ResponseFields {
    private ResponseFields() {}

    /** Removes the fields that concern the upstream's connection only; the others keep their order and repetitions. */
    public static void removeHopByHop(HttpHeaders fields) {
        boolean names = false;
        List<CharSequence> hopByHop = List.of();
        Iterator<Map.Entry<CharSequence, CharSequence>> all = fields.iteratorCharSequence();
        while (all.hasNext()) {
            Map.Entry<CharSequence, CharSequence> field = all.next();
            FieldKind kind = FieldKind.of(field.getKey());
            if (kind.isHopByHop()) {
                names |= kind == FieldKind.CONNECTION && !ConnectionField.isUsual(field.getValue());
                hopByHop = hopByHop.isEmpty() ? new ArrayList<>(2) : hopByHop;
                hopByHop.add(field.getKey());
            }
        }
        List<String> named = names ? ConnectionField.named(fields) : List.of();
        hopByHop.forEach(fields::remove);
        named.forEach(fields::remove);
    }

    /** Copies trailers, without those that may not be trailers. */
    public static void copyTrailers(HttpHeaders from, BiConsumer<String, String> to) {
        for (Map.Entry<String, String> field : from) {
            if (FieldKind.of(field.getKey()).mayBeTrailer()) {
                to.accept(field.getKey(), field.getValue());
            }
        }
    }
}
