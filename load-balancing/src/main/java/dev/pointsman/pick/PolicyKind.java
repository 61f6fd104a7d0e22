package dev.pointsman.pick;

import dev.pointsman.pool.PickPolicy;
import java.nio.charset.StandardCharsets;
import java.util.function.BiFunction;

/** The table of pick policies: how each is written in a configuration, and how it is made. A new policy gets a row here. */
public enum PolicyKind {
    ROUND_ROBIN("round-robin", inputs -> new RoundRobinByWeight()),
    PLAIN_ROUND_ROBIN("plain-round-robin", inputs -> new PlainRoundRobin()),
    WEIGHTED("weighted", inputs -> new WeightedRoundRobin()),
    LEAST_IN_FLIGHT("least-in-flight", inputs -> new LeastInFlight()),
    TWO_CHOICES("two-choices", inputs -> new TwoChoices(inputs.seeds().getAsLong())),
    RANDOM("random", inputs -> new WeightedRandom(inputs.seeds().getAsLong())),
    HASH_ADDRESS("hash:address", inputs -> new Rendezvous(HashKey.clientAddress())),
    HASH_HEADER("hash:header", Argument.TOKEN, (name, inputs) -> new Rendezvous(HashKey.header(name))),
    HASH_COOKIE("hash:cookie", Argument.TOKEN, (name, inputs) -> new Rendezvous(HashKey.cookie(name))),
    HASH_QUERY("hash:query", Argument.TEXT, (name, inputs) -> new Rendezvous(HashKey.queryParameter(name))),
    STICKY("sticky", Argument.COOKIE, PolicyKind::sticky);

    /** The kind of text that follows the word, after a colon. */
    private enum Argument {
        NONE,
        /** A name as RFC 9110, 5.6.2 (token) has it: of a header field, or of a cookie. */
        TOKEN,
        /** Any text that is not blank. */
        TEXT,
        /** The name of a cookie, or nothing at all for {@link Policy#STICKY_COOKIE}. */
        COOKIE
    }

    /** Makes a policy without an argument. */
    @FunctionalInterface
    private interface Maker {
        PickPolicy make(PolicyInputs inputs);
    }

    private final String word;
    private final Argument argument;

    /** Stateless, as each row has it, though its type does not say so. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final BiFunction<String, PolicyInputs, PickPolicy> maker;

    PolicyKind(String word, Maker maker) {
        this(word, Argument.NONE, (name, inputs) -> maker.make(inputs));
    }

    PolicyKind(String word, Argument argument, BiFunction<String, PolicyInputs, PickPolicy> maker) {
        this.word = word;
        this.argument = argument;
        this.maker = maker;
    }

    private static PickPolicy sticky(String cookie, PolicyInputs inputs) {
        byte[] secret = inputs.stickySecret().getBytes(StandardCharsets.UTF_8);
        return new Sticky(cookie, secret, new RoundRobinByWeight());
    }

    /** The policy's word in a configuration, without the argument. */
    String word() {
        return word;
    }

    /** The forms in which the policy is written, such as {@code hash:header:NAME}. */
    public String form() {
        return switch (argument) {
            case NONE -> word;
            case TOKEN, TEXT -> word + ":NAME";
            case COOKIE -> word + " or " + word + ":COOKIE";
        };
    }

    /** Whether the word is complete without an argument. */
    boolean standsAlone() {
        return argument == Argument.NONE || argument == Argument.COOKIE;
    }

    /** The argument where none is written. */
    String defaultArgument() {
        return argument == Argument.COOKIE ? Policy.STICKY_COOKIE : "";
    }

    /** Whether the same client, or the same key, goes to the same instance. */
    boolean keepsClients() {
        return switch (this) {
            case HASH_ADDRESS, HASH_HEADER, HASH_COOKIE, HASH_QUERY, STICKY -> true;
            case ROUND_ROBIN, PLAIN_ROUND_ROBIN, WEIGHTED, LEAST_IN_FLIGHT, TWO_CHOICES, RANDOM -> false;
        };
    }

    /** Whether it goes by something that only a request has. */
    boolean needsRequest() {
        return argument != Argument.NONE;
    }

    boolean accepts(String name) {
        return switch (argument) {
            case NONE -> false;
            case TOKEN, COOKIE -> name.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
            case TEXT -> !name.isBlank();
        };
    }

    PickPolicy make(String name, PolicyInputs inputs) {
        return maker.apply(name, inputs);
    }
}
