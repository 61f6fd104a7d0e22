package dev.pointsman.balancer.config;

import dev.pointsman.balancer.route.AccessRule;
import dev.pointsman.balancer.route.AuthRule;
import dev.pointsman.balancer.route.CompressRule;
import dev.pointsman.balancer.route.CorsRule;
import dev.pointsman.balancer.route.FieldTemplate;
import dev.pointsman.balancer.route.HeaderEdits;
import dev.pointsman.balancer.route.Htpasswd;
import dev.pointsman.balancer.route.Network;
import dev.pointsman.balancer.route.RateLimitRule;
import dev.pointsman.balancer.route.RegexRewrite;
import dev.pointsman.balancer.route.RouteFilters;
import dev.pointsman.settings.Option;
import dev.pointsman.settings.Setting;
import dev.pointsman.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A reader of the options by which a route does more than forward. Its problems are added to those of its settings. */
final class FilterReader {
    private final Settings given;
    private final boolean looksAtFiles;

    /** @param looksAtFiles whether files that are named are looked at, or count as given */
    FilterReader(Settings given, boolean looksAtFiles) {
        this.looksAtFiles = looksAtFiles;
        this.given = given;
    }

    /** The filters; null if there are none. */
    @Nullable
    RouteFilters read() {
        return new RouteFilters(
                        access(),
                        cors(),
                        rateLimit(),
                        auth(),
                        given.find(FilterSettings.REDIRECT),
                        edits(FilterSettings.REQUEST_HEADERS, HeaderEdits.EditedMessage.REQUEST),
                        edits(FilterSettings.RESPONSE_HEADERS, HeaderEdits.EditedMessage.RESPONSE),
                        compress())
                .orNull();
    }

    /** The rewriting by an expression; null if there is none. */
    @Nullable
    RegexRewrite rewrite() {
        Settings parts = parts(FilterSettings.REWRITE);
        if (parts == null) {
            return null;
        }
        String expression = parts.find(FilterSettings.REWRITE_MATCH);
        if (expression == null) {
            missing(parts, FilterSettings.REWRITE, FilterSettings.REWRITE_MATCH);
            return null;
        }
        try {
            return RegexRewrite.of(expression, parts.get(FilterSettings.REWRITE_WITH));
        } catch (RegexRewrite.BadRewriteException bad) {
            given.problem(source(FilterSettings.REWRITE) + ": " + bad.getMessage());
            return null;
        }
    }

    private @Nullable AccessRule access() {
        List<Network> allow = flat(given.each(FilterSettings.ALLOW));
        List<Network> deny = flat(given.each(FilterSettings.DENY));
        return allow.isEmpty() && deny.isEmpty() ? null : new AccessRule(AccessRule.AddressMode.CLIENT, allow, deny);
    }

    private @Nullable CorsRule cors() {
        Settings parts = parts(FilterSettings.CORS);
        if (parts == null) {
            return null;
        }
        List<String> origins = flat(parts.each(FilterSettings.CORS_ORIGINS));
        boolean credentials = parts.get(FilterSettings.CORS_CREDENTIALS);
        if (origins.isEmpty()) {
            missing(parts, FilterSettings.CORS, FilterSettings.CORS_ORIGINS);
            return null;
        }
        if (credentials && origins.contains("*")) {
            given.problem(source(FilterSettings.CORS)
                    + ": credentials with the origin * (expected: the origins by name, as any page could use the cookies of"
                    + " those who look at it)");
            return null;
        }
        return new CorsRule(
                origins,
                flat(parts.each(FilterSettings.CORS_METHODS)),
                flat(parts.each(FilterSettings.CORS_HEADERS)),
                flat(parts.each(FilterSettings.CORS_EXPOSE)),
                credentials,
                parts.get(FilterSettings.CORS_MAX_AGE));
    }

    private @Nullable RateLimitRule rateLimit() {
        Settings parts = parts(FilterSettings.RATE_LIMIT);
        if (parts == null) {
            return null;
        }
        RateLimitRule.Rate rate = parts.find(FilterSettings.RATE);
        Integer burst = parts.find(FilterSettings.BURST);
        RateLimitRule.CountedBy by = parts.get(FilterSettings.BY);
        if (rate == null) {
            missing(parts, FilterSettings.RATE_LIMIT, FilterSettings.RATE);
            return null;
        }
        return new RateLimitRule(rate, burst == null ? rate.requests() : burst, by);
    }

    private @Nullable AuthRule auth() {
        Settings parts = parts(FilterSettings.AUTH);
        if (parts == null) {
            return null;
        }
        String file = parts.find(FilterSettings.AUTH_FILE);
        AuthRule rule = new AuthRule(
                file == null ? "" : file, parts.get(FilterSettings.AUTH_REALM), parts.get(FilterSettings.AUTH_PASS));
        if (file == null) {
            missing(parts, FilterSettings.AUTH, FilterSettings.AUTH_FILE);
        } else if (looksAtFiles) {
            checkUsers(given, source(FilterSettings.AUTH), file);
        }
        return rule;
    }

    /** Looks at the file now, as nobody could log in later on. */
    static void checkUsers(Settings given, String source, String file) {
        try {
            Htpasswd read = Htpasswd.parse(file, Files.readAllLines(Path.of(file)));
            read.problems().forEach(problem -> given.problem(source + ": " + problem));
        } catch (IOException | InvalidPathException unreadable) {
            given.problem(source + ": \"" + file + "\" (expected: an htpasswd file that can be read)");
        }
    }

    private HeaderEdits edits(Option<Boolean> option, HeaderEdits.EditedMessage message) {
        Settings parts = parts(option);
        if (parts == null) {
            return HeaderEdits.NONE;
        }
        Setting own = given.last(option.key());
        if (own != null && parts.all().isEmpty()) {
            given.problem(own.source() + ": nothing to change (expected: set, add or remove)");
        }
        List<String> remove = flat(parts.each(FilterSettings.REMOVE));
        remove.forEach(name -> check(option, name, message));
        return new HeaderEdits(
                fields(FilterSettings.SET, parts, message), fields(FilterSettings.ADD, parts, message), remove);
    }

    private List<HeaderEdits.NamedField> fields(
            Option<String> option, Settings parts, HeaderEdits.EditedMessage message) {
        List<HeaderEdits.NamedField> fields = new ArrayList<>();
        for (Map.Entry<Setting, Map.Entry<String, String>> pair : parts.pairs(option.key())) {
            String name = pair.getValue().getKey().strip();
            FieldTemplate value = FieldTemplate.parse(pair.getValue().getValue().strip());
            String refusal = HeaderEdits.refusal(name, message);
            if (!refusal.isEmpty()) {
                given.problem(pair.getKey().source() + ": \"" + name + "\" (expected: " + refusal + ")");
            } else if (value == null) {
                given.problem(pair.getKey(), FieldTemplate.EXPECTED);
            } else {
                fields.add(new HeaderEdits.NamedField(name, value));
            }
        }
        return fields;
    }

    private void check(Option<?> option, String name, HeaderEdits.EditedMessage message) {
        String refusal = HeaderEdits.refusal(name, message);
        if (!refusal.isEmpty()) {
            given.problem(source(option) + ": remove: \"" + name + "\" (expected: " + refusal + ")");
        }
    }

    private @Nullable CompressRule compress() {
        Settings parts = parts(FilterSettings.COMPRESS);
        if (parts == null) {
            return null;
        }
        boolean on = parts.get(FilterSettings.COMPRESS_ON);
        List<String> types = flat(parts.each(FilterSettings.COMPRESS_TYPES));
        int minSize = parts.get(FilterSettings.COMPRESS_MIN);
        return on ? new CompressRule(types.isEmpty() ? CompressRule.TYPES : types, minSize) : null;
    }

    private static <T> List<T> flat(List<List<T>> lists) {
        return lists.stream().flatMap(List::stream).toList();
    }

    /** The parts of an option, whose problems join the others; null if it was not given. */
    private @Nullable Settings parts(Option<?> option) {
        Setting setting = given.last(option.key());
        return setting == null ? null : new Settings(setting.parts(), given.problems());
    }

    private String source(Option<?> option) {
        Setting setting = given.last(option.key());
        return setting == null ? option.key() : setting.source();
    }

    /** Says that a part is not there; of one that cannot be read it has been said what is wrong. */
    private void missing(Settings parts, Option<?> option, Option<?> part) {
        if (parts.last(part.key()) != null) {
            return;
        }
        given.problem(source(option) + ": no " + part.key() + ": (expected: "
                + part.form().expected() + ")");
    }
}
