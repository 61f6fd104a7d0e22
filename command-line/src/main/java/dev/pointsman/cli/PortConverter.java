package dev.pointsman.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a port, and says what one looks like. */
class PortConverter implements ITypeConverter<Integer> {
    /** For what has to be told to others before it is opened, where "any free one" says nothing. */
    static final class Certain extends PortConverter {
        Certain() {
            super(1);
        }
    }

    private final int least;

    PortConverter() {
        this(0);
    }

    private PortConverter(int least) {
        this.least = least;
    }

    @Override
    public Integer convert(String value) {
        try {
            int port = Integer.parseInt(value);
            if (port >= least && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException notANumber) {
            // said below, with all other values that are no port
        }
        throw new TypeConversionException("\"" + value + "\" (expected: a whole number from " + least + " to 65535)");
    }
}
