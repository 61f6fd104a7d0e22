package dev.pointsman.cli;

import dev.pointsman.http.CallerRule;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A reader of the name of a host, without a port. */
final class HostNameConverter implements ITypeConverter<String> {
    @Override
    public String convert(String value) {
        if (!CallerRule.isName(value.strip())) {
            throw new TypeConversionException(
                    "'" + value + "' (expected: names of hosts, separated by commas, without ports)");
        }
        return value.strip();
    }
}
