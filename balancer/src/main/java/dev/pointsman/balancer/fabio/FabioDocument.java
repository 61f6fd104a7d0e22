package dev.pointsman.balancer.fabio;

import dev.pointsman.balancer.fabio.FabioCommand.Add;
import dev.pointsman.balancer.fabio.FabioCommand.Del;
import dev.pointsman.balancer.fabio.FabioCommand.Weight;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A document of commands in fabio's language, one a line, as it stands in Consul's KV. Lines that are blank or begin with
 * {@code #} or {@code //} say nothing. Immutable.
 *
 * @param name where it stands, for people: the key in the KV
 * @param commands in their order
 */
public record FabioDocument(String name, List<FabioCommand> commands) {
    private static final Pattern ADD =
            words("route add (\\S+) (\\S+) (\\S+)( weight (\\S+))?( tags \"([^\"]*)\")?( opts \"([^\"]*)\")?");
    private static final Pattern DEL_TAGS_OF_SERVICE = words("route del (\\S+) tags \"([^\"]*)\"");
    private static final Pattern DEL_TAGS = words("route del tags \"([^\"]*)\"");
    private static final Pattern DEL = words("route del (\\S+)( (\\S+)( (\\S+))?)?");
    private static final Pattern WEIGHT_OF_SERVICE =
            words("route weight (\\S+) (\\S+) weight (\\S+)( tags \"([^\"]*)\")?");
    private static final Pattern WEIGHT = words("route weight (\\S+) weight (\\S+) tags \"([^\"]*)\"");
    private static final Pattern KIND = Pattern.compile("route\\s+(add|del|weight).*");

    public FabioDocument {
        commands = List.copyOf(commands);
    }

    /**
     * Reads a document.
     *
     * @param name where it stands, for people
     * @throws BadDocumentException if any line is none of a document, with the number of each such line, from 1, and what
     *     was expected there
     */
    public static FabioDocument parse(String name, String text) throws BadDocumentException {
        List<FabioCommand> commands = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i].strip();
            if (line.isEmpty() || line.startsWith("#") || line.startsWith("//")) {
                continue;
            }
            try {
                commands.add(command(line));
            } catch (BadCommandException bad) {
                problems.add(name + ": line " + (i + 1) + ": " + bad.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            throw new BadDocumentException(problems);
        }
        return new FabioDocument(name, commands);
    }

    private static FabioCommand command(String line) throws BadCommandException {
        Matcher kind = KIND.matcher(line);
        return switch (kind.matches() ? kind.group(1) : "") {
            case "add" -> add(line);
            case "del" -> del(line);
            case "weight" -> weight(line);
            default -> throw new BadCommandException(line, "route add, route del or route weight");
        };
    }

    private static Add add(String line) throws BadCommandException {
        Matcher m = ADD.matcher(line);
        if (!m.matches()) {
            throw new BadCommandException(
                    line,
                    "route add SERVICE SOURCE DESTINATION [weight W] [tags \"a,b\"] [opts \"k=v k=v\"], in this order");
        }
        Add add =
                new Add(m.group(1), m.group(2), m.group(3), number(m.group(5)), tags(m.group(7)), options(m.group(9)));
        String problem = FabioDestination.problem(add);
        if (problem != null) {
            throw new BadCommandException(problem);
        }
        return add;
    }

    private static Del del(String line) throws BadCommandException {
        Matcher m = DEL_TAGS_OF_SERVICE.matcher(line);
        if (m.matches()) {
            return new Del(m.group(1), "", "", tags(m.group(2)));
        }
        m = DEL_TAGS.matcher(line);
        if (m.matches()) {
            return new Del("", "", "", tags(m.group(1)));
        }
        m = DEL.matcher(line);
        if (m.matches()) {
            return new Del(m.group(1), orEmpty(m.group(3)), orEmpty(m.group(5)), List.of());
        }
        throw new BadCommandException(
                line, "route del SERVICE [SOURCE [DESTINATION]], or route del [SERVICE] tags \"a,b\"");
    }

    private static Weight weight(String line) throws BadCommandException {
        Matcher m = WEIGHT_OF_SERVICE.matcher(line);
        if (m.matches()) {
            return new Weight(m.group(1), m.group(2), number(m.group(3)), tags(m.group(5)));
        }
        m = WEIGHT.matcher(line);
        if (m.matches()) {
            return new Weight("", m.group(1), number(m.group(2)), tags(m.group(3)));
        }
        throw new BadCommandException(
                line,
                "route weight SERVICE SOURCE weight W [tags \"a,b\"], or route weight SOURCE weight W tags \"a,b\"");
    }

    private static double number(@Nullable String text) throws BadCommandException {
        Double weight = FabioWeights.parse(orEmpty(text));
        if (weight == null) {
            throw new BadCommandException("weight " + text, FabioWeights.EXPECTED);
        }
        return weight;
    }

    private static List<String> tags(@Nullable String list) {
        return list == null || list.isEmpty()
                ? List.of()
                : Arrays.stream(list.split(",", -1)).map(String::strip).toList();
    }

    /** Options between white space: a name, or a name and a value. Of two with one name the last counts. */
    static Map<String, String> options(@Nullable String list) {
        Map<String, String> options = new HashMap<>();
        for (String option : orEmpty(list).strip().split("\\s+", -1)) {
            int equals = option.indexOf('=');
            if (!option.isEmpty()) {
                options.put(
                        equals < 0 ? option : option.substring(0, equals),
                        equals < 0 ? "" : option.substring(equals + 1));
            }
        }
        return options;
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    /** A command as it is documented, where each space stands for any white space. */
    private static Pattern words(String command) {
        return Pattern.compile(command.replace(" ", "\\s+"));
    }
}
