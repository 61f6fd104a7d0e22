package dev.pointsman.launcher.plan;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;

/**
 * The times at which a type is reloaded, in the five fields of crontab(5): minute, hour, day of the month, month, day of the
 * week. Where clocks are put forward, a time that does not exist is skipped; where they are put back, a time that comes twice counts
 * once for a fixed hour. Immutable, thread-safe.
 *
 * @param expression such as {@code 0 3 * * *}
 * @param zone whose time of day it is
 */
public record CronSchedule(String expression, ZoneId zone) {
    private static final CronParser PARSER = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));

    /** @throws IllegalArgumentException if the expression is none, or there is no such time */
    public CronSchedule {
        expression = expression.strip().replaceAll("\\s+", " ");
        if (execution(expression).nextExecution(ZonedDateTime.now(zone)).isEmpty()) {
            throw new IllegalArgumentException("there is no such time");
        }
    }

    /** The schedule of an expression; empty if it is none. */
    static Optional<CronSchedule> parse(String expression, ZoneId zone) {
        try {
            return Optional.of(new CronSchedule(expression, zone));
        } catch (IllegalArgumentException none) {
            return Optional.empty();
        }
    }

    /** The first time after another one. */
    public Instant after(Instant time) {
        return execution(expression)
                .nextExecution(time.atZone(zone))
                .map(ZonedDateTime::toInstant)
                .orElse(Instant.MAX);
    }

    private static ExecutionTime execution(String expression) {
        return ExecutionTime.forCron(PARSER.parse(expression));
    }
}
