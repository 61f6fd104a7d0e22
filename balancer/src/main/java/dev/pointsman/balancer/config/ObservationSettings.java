package dev.pointsman.balancer.config;

import dev.pointsman.balancer.accesslog.LineFormat;
import dev.pointsman.balancer.observe.MaskedNames;
import dev.pointsman.settings.Form;
import dev.pointsman.settings.Form.FormKind;
import dev.pointsman.settings.Option;
import dev.pointsman.settings.Option.OptionBuilder;
import dev.pointsman.settings.Option.SettingScope;
import dev.pointsman.settings.OptionTable;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The part of the table by which one sees what the balancer does. */
final class ObservationSettings {
    private static final int MOST_BUCKETS = 40;
    private static final Pattern RATIO_TEXT = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,15})?");

    static final Option<Boolean> METRICS = row("metrics", Form.bool())
            .byDefault(true)
            .caveat("See [metrics](metrics.md)")
            .means("whether requests are counted and timed, for `/metrics` of the admin port and for the dashboard");

    static final Option<List<Duration>> METRICS_BUCKETS = row(
                    "metrics-buckets",
                    Form.of(
                            FormKind.LIST,
                            "TIMES",
                            "up to " + MOST_BUCKETS + " times such as 5ms,250ms,1s, each longer than the one before",
                            ObservationSettings::buckets,
                            ObservationSettings::joined))
            .byDefault(ObservationConfig.DEFAULT_BUCKETS)
            .example("5ms,50ms,500ms")
            .caveat("What was counted before a change of them is forgotten")
            .means("the upper bounds of the buckets of histograms of times");

    static final Option<String> ACCESS_LOG = row("access-log", Form.text("FILE|-"))
            .otherwise("off")
            .example("/var/log/pointsman/access.log")
            .caveat("Opened anew on SIGUSR1 and SIGHUP. See [the access log](access-log.md)")
            .means("the file that gets a line for each request, or - for standard output");

    static final Option<String> ACCESS_LOG_FORMAT = row(
                    "access-log-format", Form.any(FormKind.TEXT, "combined|json|TEMPLATE"))
            .byDefault(LineFormat.COMBINED)
            .example("{time} {client} {method} {uri} {status} {duration}")
            .caveat("The [keys and placeholders](access-log.md#what-a-line-can-say)")
            .means("what a line of the access log looks like: that of Apache and nginx, a JSON object, or text with"
                    + " placeholders");

    static final Option<Set<String>> MASK = row(
                    "mask",
                    Form.of(
                            FormKind.LIST,
                            "NAMES",
                            "names of query parameters and header fields, default for the usual ones, or none alone",
                            AccessLogConfig::names,
                            AccessLogConfig::joined))
            .byDefault(MaskedNames.DEFAULT)
            .example("default,x-session,ssn")
            .caveat("`default` stands for " + AccessLogConfig.usual() + "; a list without it replaces them")
            .means(
                    "the query parameters and header fields whose values are masked in the access log and, of queries, in traces");

    static final Option<LogFormat> LOG_FORMAT = row(
                    "log-format", Form.choice("FORMAT", "text or json", LogFormat.class))
            .otherwise("POINTSMAN_LOG_FORMAT, else text")
            .caveat("See [the log](#the-log)")
            .means("whether an event of the balancer's own log is a line of text, or a JSON object on one line");

    /** What a ratio has to be, as the end of a sentence. */
    static final String RATIO = "a number from 0 to 1, such as 0.01";

    static final Option<Boolean> TRACING = row("tracing", Form.bool())
            .byDefault(false)
            .caveat("Where to, and more, by OpenTelemetry's variables OTEL_*; see [tracing](tracing.md)")
            .means("whether requests are traced: a trace that a request belongs to is continued, else one begins");

    static final Option<Double> TRACE_SAMPLE = row(
                    "trace-sample",
                    Form.of(FormKind.TEXT, "RATIO", RATIO, ObservationSettings::ratio, ObservationSettings::written))
            .otherwise("what OTEL_TRACES_SAMPLER says, else 1")
            .example("0.01")
            .caveat("Of a request that belongs to a trace its sender has decided")
            .means("how many of the traces that begin here are recorded, from 0 for none to 1 for all");

    static final Option<Boolean> TRACE_RESTART = row("trace-restart", Form.bool())
            .byDefault(false)
            .caveat("For a port that strangers reach: their flag makes you record, and their ids join your traces")
            .means("whether a new trace begins for each request, but for those of trusted-proxies");

    static final OptionTable TABLE = OptionTable.of(
            METRICS,
            METRICS_BUCKETS,
            ACCESS_LOG,
            ACCESS_LOG_FORMAT,
            MASK,
            TRACING,
            TRACE_SAMPLE,
            TRACE_RESTART,
            LOG_FORMAT);

    private ObservationSettings() {}

    private static <T> OptionBuilder<T> row(String key, Form<T> form) {
        return Option.of(key, form).scope(SettingScope.PROGRAM).reloadable();
    }

    private static @Nullable List<Duration> buckets(String list) {
        List<Duration> bounds = new ArrayList<>();
        for (String text : list.split(",", -1)) {
            Duration bound = Form.time().parse().apply(text.strip());
            if (bound == null || (!bounds.isEmpty() && bound.compareTo(bounds.get(bounds.size() - 1)) <= 0)) {
                return null;
            }
            bounds.add(bound);
        }
        return bounds.size() > MOST_BUCKETS ? null : bounds;
    }

    /** A number from 0 to 1 in plain digits; null for other text. */
    static @Nullable Double ratio(String text) {
        if (!RATIO_TEXT.matcher(text.strip()).matches()) {
            return null;
        }
        double ratio = Double.parseDouble(text.strip());
        return ratio <= 1 ? ratio : null;
    }

    private static String written(Double ratio) {
        return BigDecimal.valueOf(ratio).stripTrailingZeros().toPlainString();
    }

    private static String joined(List<Duration> bounds) {
        return String.join(",", bounds.stream().map(Form.time().write()).toList());
    }
}
