package dev.pointsman.cli.log;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.simple.SimpleServiceProvider;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * The loggers of a process, over those of slf4j-simple: text is printed by these, and JSON beside them, as they know no other
 * form than text. {@link Logging} has SLF4J take this provider by its name.
 */
public final class LogProvider implements SLF4JServiceProvider {
    private final SimpleServiceProvider text = new SimpleServiceProvider();
    private final Map<String, FormattedLogger> loggers = new ConcurrentHashMap<>();

    @Override
    public void initialize() {
        text.initialize();
    }

    @Override
    public ILoggerFactory getLoggerFactory() {
        return name -> loggers.computeIfAbsent(
                name, made -> new FormattedLogger(made, text.getLoggerFactory().getLogger(made)));
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return text.getMarkerFactory();
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return text.getMDCAdapter();
    }

    @Override
    public String getRequestedApiVersion() {
        return text.getRequestedApiVersion();
    }
}
