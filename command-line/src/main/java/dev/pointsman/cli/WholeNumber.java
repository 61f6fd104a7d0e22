package dev.pointsman.cli;

import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The converter of numbers of all commands, which says what it expected; how small and how large is for the command to say.
 *
 * @param <N> the kind of number
 * @param parse throws {@link NumberFormatException}
 */
record WholeNumber<N>(Function<String, N> parse) implements ITypeConverter<N> {
    @Override
    public N convert(String value) {
        try {
            return parse.apply(value);
        } catch (NumberFormatException notANumber) {
            throw new TypeConversionException("\"" + value + "\" (expected: a whole number)");
        }
    }

    /** Has a tree of commands use it for every kind that they have. */
    static CommandLine on(CommandLine root) {
        WholeNumber<Integer> ints = new WholeNumber<>(Integer::valueOf);
        WholeNumber<Long> longs = new WholeNumber<>(Long::valueOf);
        return root.registerConverter(Integer.class, ints)
                .registerConverter(Integer.TYPE, ints)
                .registerConverter(Long.class, longs)
                .registerConverter(Long.TYPE, longs);
    }
}
