package dev.pointsman.balancer.fabio;

import dev.pointsman.balancer.fabio.FabioCommand.Add;
import dev.pointsman.balancer.route.Redirect;
import dev.pointsman.registry.Instance;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The reader of fabio's tags: {@code urlprefix-HOST/PATH option=value ...} on an instance is the command to route that
 * source to it. Immutable, thread-safe.
 *
 * @param prefix what its tags begin with; {@code urlprefix-} by default, as with fabio
 * @param datacenter what {@code $DC} stands for
 */
public record FabioTag(String prefix, String datacenter) {
    private static final String WEIGHT = "weight=";
    private static final String REDIRECT = FabioOptions.REDIRECT + "=";
    private static final String PROTO = FabioOptions.PROTO + "=";

    /** Whether a tag is one of fabio's. */
    public boolean isOne(String tag) {
        return tag.strip().startsWith(prefix);
    }

    /** The tags that are none of fabio's: those by which a document's commands may name the instance. */
    public List<String> others(Instance instance) {
        return instance.tags().stream()
                .map(String::strip)
                .filter(tag -> !isOne(tag))
                .toList();
    }

    /**
     * The command of a tag.
     *
     * @param tag one of fabio's
     * @param problems takes a sentence's end for each option that has no effect as it stands
     * @throws BadCommandException if it is no command; the message is what was expected, as a sentence's end
     */
    public Add read(Instance instance, String tag, Consumer<String> problems) throws BadCommandException {
        String text = tag.strip().substring(prefix.length()).strip();
        int space = text.indexOf(' ');
        String source = source(space < 0 ? text : text.substring(0, space));
        String destination = "http://" + instance.authority() + "/";
        Map<String, String> options = new HashMap<>();
        double weight = 0;
        for (String option : (space < 0 ? "" : text.substring(space)).strip().split("\\s+", -1)) {
            if (option.startsWith(WEIGHT)) {
                weight = weight(option);
            } else if (option.startsWith(REDIRECT)) {
                String url = redirect(option, options, problems);
                destination = url == null ? destination : url;
            } else if (option.startsWith(PROTO) && FabioOptions.PROTOCOLS.contains(option.substring(PROTO.length()))) {
                destination = option.substring(PROTO.length()) + "://" + instance.authority();
            } else {
                options.putAll(FabioDocument.options(option));
            }
        }
        Add add = new Add(instance.service(), source, destination, weight, others(instance), options);
        String problem = FabioDestination.problem(add);
        if (problem != null) {
            throw new BadCommandException(problem);
        }
        return add;
    }

    private String source(String text) throws BadCommandException {
        if (text.isEmpty() || text.chars().anyMatch(c -> c <= ' ')) {
            throw new BadCommandException(
                    text,
                    "HOST/PATH or /PATH behind " + prefix + ", and options behind a space, such as " + prefix
                            + "shop.example.com/api strip=/api");
        }
        int slash = text.indexOf('/');
        if (text.startsWith(":") || slash < 0) {
            return text;
        }
        return FabioVariables.expand(text.substring(0, slash), datacenter).toLowerCase(Locale.ROOT)
                + "/"
                + FabioVariables.expand(text.substring(slash + 1), datacenter);
    }

    private static double weight(String option) throws BadCommandException {
        Double weight = FabioWeights.parse(option.substring(WEIGHT.length()));
        if (weight == null) {
            throw new BadCommandException(option, FabioWeights.EXPECTED);
        }
        return weight;
    }

    /** The URL of a redirection, whose code is put into the options; null if it is none, so that it has no effect. */
    private static @Nullable String redirect(String option, Map<String, String> options, Consumer<String> problems) {
        String[] parts = option.substring(REDIRECT.length()).split(",", -1);
        if (parts.length != 2 || !FabioOptions.isRedirectCode(parts[0]) || !Redirect.isUrl(parts[1])) {
            problems.accept(
                    "\"" + option + "\" (expected: " + REDIRECT + "CODE,URL with a CODE from 300 to 399 and a URL"
                            + " such as https://www.example.com$path; nobody is redirected)");
            return null;
        }
        options.put(FabioOptions.REDIRECT, parts[0]);
        return parts[1];
    }
}
