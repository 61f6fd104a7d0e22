package dev.pointsman.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The converter of a port from text, with the form of a port in its error message. */
class PortConverter implements ITypeConverter<Integer> {
    /** The converter of a port that other programs must know before it is opened, so that 0 is refused. */
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
