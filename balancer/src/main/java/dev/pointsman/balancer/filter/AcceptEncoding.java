package dev.pointsman.balancer.filter;

import java.util.List;
import java.util.Locale;

/** Whether a client takes gzip, by its Accept-Encoding (RFC 9110, 12.5.3). */
final class AcceptEncoding {
    private AcceptEncoding() {}

    /**
     * Whether gzip is taken, and not less gladly than what is not encoded.
     *
     * @param words of the field, with their parameters
     */
    static boolean takesGzip(List<String> words) {
        double gzip = -1;
        double identity = 0;
        double others = -1;
        for (String word : words) {
            String[] parts = word.split(";", -1);
            String coding = parts[0].strip().toLowerCase(Locale.ROOT);
            double quality = quality(parts);
            switch (coding) {
                case "gzip", "x-gzip" -> gzip = Math.max(gzip, quality);
                case "identity" -> identity = quality;
                case "*" -> others = quality;
                default -> {
                    // Another coding.
                }
            }
        }
        double asked = gzip < 0 ? others : gzip;
        return asked > 0 && asked >= identity;
    }

    private static double quality(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip().toLowerCase(Locale.ROOT);
            if (parameter.startsWith("q=")) {
                String value = parameter.substring(2).strip();
                return value.matches("0(\\.\\d{0,3})?|1(\\.0{0,3})?") ? Double.parseDouble(value) : 0;
            }
        }
        return 1;
    }
}
