package dev.pointsman.balancer.config;

import dev.pointsman.canary.CanaryOptions;
import dev.pointsman.canary.CanaryRamp;
import dev.pointsman.canary.UserKey;
import dev.pointsman.settings.Form;
import dev.pointsman.settings.Form.FormKind;
import dev.pointsman.settings.Option;
import dev.pointsman.settings.Option.OptionBuilder;
import dev.pointsman.settings.Option.SettingScope;
import dev.pointsman.settings.OptionTable;
import dev.pointsman.settings.Settings;
import java.math.BigDecimal;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The part of the table about which users a route sends where: to a branch of its split, and to canaries. */
final class CanarySettings {
    private static final int MANY = 1_000_000;
    private static final CanaryOptions OPTIONS = CanaryOptions.DEFAULT;
    private static final Pattern NUMBER = Pattern.compile("\\d{1,3}(\\.\\d{1,3})?");
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    static final Option<UserKey> SPLIT_BY = row("split-by", users())
            .caveat("Requests that do not tell their user are shared out one by one")
            .example("cookie:uid")
            .means("what keeps a user to one branch of a route with several, on every balancer; by default requests are"
                    + " shared out one by one");

    static final Option<UserKey> CANARY_BY = row("canary-by", users())
            .byDefault(OPTIONS.by())
            .caveat("Requests that do not tell their user do not go to [canaries](canaries.md)")
            .example("cookie:uid")
            .means("what tells users apart where instances are tagged as canaries");

    static final Option<CanaryRamp> CANARY_RAMP = row(
                    "canary-ramp",
                    Form.of(
                            FormKind.TEXT,
                            "SHARES every TIME",
                            CanaryRamp.EXPECTED,
                            CanaryRamp::parse,
                            CanaryRamp::toString))
            .caveat("Counts instead of the share in the tag; `canary=0%` holds it at 0")
            .example("5%,20%,50%,100% every 10m")
            .means(
                    "the steps by which a canary's share goes up, from when its version is first seen, while it does no worse"
                            + " than the others");

    static final Option<Double> CANARY_ERRORS = row(
                    "canary-errors",
                    Form.of(
                            FormKind.TEXT,
                            "PERCENT",
                            "percentage points from 0% to 99%, such as 1% or 0.5%",
                            text -> number(text, "%", value -> value < 100 ? value / 100 : null),
                            value -> written(BigDecimal.valueOf(value).multiply(HUNDRED), "%")))
            .byDefault(OPTIONS.errors())
            .caveat("[How it is compared](canaries.md#when-a-canary-is-aborted)")
            .means(
                    "percentage points by which a canary's share of 5xx and failures may be higher than the others' before it"
                            + " is aborted");

    static final Option<Double> CANARY_SLOWER = row(
                    "canary-slower",
                    Form.of(
                            FormKind.TEXT,
                            "FACTOR",
                            "a factor of 1x or more, such as 2x or 1.5x",
                            text -> number(text, "x", value -> value >= 1 ? value : null),
                            value -> written(BigDecimal.valueOf(value), "x")))
            .byDefault(OPTIONS.slower())
            .caveat("Less than 5 ms more never counts")
            .means(
                    "how many times as long as the others' a canary's 99th percentile, to the head of the response, may be"
                            + " before it is aborted");

    static final Option<Integer> CANARY_SAMPLES = row("canary-samples", Form.number(1, MANY))
            .byDefault(OPTIONS.samples())
            .means("requests that a canary must have had, and the others, before they are compared, and between"
                    + " comparisons");

    static final OptionTable TABLE =
            OptionTable.of(SPLIT_BY, CANARY_BY, CANARY_RAMP, CANARY_ERRORS, CANARY_SLOWER, CANARY_SAMPLES);

    private CanarySettings() {}

    /** Reads what a route does with canaries. */
    static CanaryOptions read(Settings settings) {
        return new CanaryOptions(
                settings.get(CANARY_BY),
                settings.find(CANARY_RAMP),
                settings.get(CANARY_ERRORS),
                settings.get(CANARY_SLOWER),
                settings.get(CANARY_SAMPLES));
    }

    private static Form<UserKey> users() {
        return Form.of(
                FormKind.CHOICE,
                "address|cookie:NAME|header:NAME",
                UserKey.EXPECTED,
                UserKey::parse,
                UserKey::toString);
    }

    private static @Nullable Double number(String text, String unit, Function<Double, @Nullable Double> withinLimits) {
        String stripped = text.strip();
        String digits = stripped.endsWith(unit) ? stripped.substring(0, stripped.length() - unit.length()) : "";
        return NUMBER.matcher(digits).matches() ? withinLimits.apply(Double.valueOf(digits)) : null;
    }

    private static String written(BigDecimal number, String unit) {
        return number.stripTrailingZeros().toPlainString() + unit;
    }

    private static <T> OptionBuilder<T> row(String key, Form<T> form) {
        return Option.of(key, form).scope(SettingScope.PART).reloadable();
    }
}
