package dev.pointsman.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The converter of numbers of all commands, which says what it expected; how small and how large is for the command to say. */
final class WholeNumber implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String value) {
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException notANumber) {
            throw new TypeConversionException("\"" + value + "\" (expected: a whole number)");
        }
    }
}
