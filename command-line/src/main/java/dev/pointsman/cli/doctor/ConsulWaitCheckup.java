package dev.pointsman.cli.doctor;

import dev.pointsman.cli.doctor.HttpQuestions.HttpReply;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whether blocking queries are held until something changes, as the balancer's are. Sources: fabio #513 (a proxy in between that ends
 * long requests), consul/blocking.mdx (the index), a proxy that drops the X-Consul fields.
 */
final class ConsulWaitCheckup implements Checkup {
    private static final Pattern NUMBER = Pattern.compile("\\d{1,20}");
    private static final String PATH = "/v1/catalog/services?stale&";

    private final ConsulQuestions consul;
    private final Duration wait;

    /** @param wait how long it is asked to hold a query */
    ConsulWaitCheckup(ConsulQuestions consul, Duration wait) {
        this.consul = consul;
        this.wait = wait;
    }

    @Override
    public List<Finding> findings() throws InterruptedException {
        if (!consul.isReached()) {
            return List.of();
        }
        try {
            HttpReply first = consul.get(PATH, ConsulQuestions.PATIENCE);
            if (first.status() != 200) {
                // The token's checkup says why.
                return List.of();
            }
            String index = first.field("x-consul-index");
            if (index == null || !NUMBER.matcher(index).matches()) {
                return List.of(noIndex(index));
            }
            return List.of(held(index));
        } catch (IOException failed) {
            return List.of(cut(String.valueOf(failed.getMessage())));
        }
    }

    private Finding held(String index) throws InterruptedException {
        String where = consul.address().url();
        // Consul adds up to a sixteenth.
        Duration longest = wait.multipliedBy(17).dividedBy(16).plusSeconds(2);
        try {
            HttpReply second = consul.get(PATH + "index=" + index + "&wait=" + wait.toMillis() + "ms", longest);
            boolean isChanged = !index.equals(second.field("x-consul-index"));
            if (second.status() != 200) {
                return cut("status " + second.status() + " after " + HttpQuestions.seconds(second.took()));
            }
            if (!isChanged && second.took().compareTo(wait.multipliedBy(9).dividedBy(10)) < 0) {
                return Finding.error(
                        DoctorCheck.CONSUL_WAIT,
                        where,
                        "does not hold a query until something changes: it responded after "
                                + HttpQuestions.seconds(second.took()) + " of " + HttpQuestions.seconds(wait),
                        "each watch asks again at once, all the time",
                        "speak to the agent itself; a cache or proxy in between drops the query's index and wait");
            }
            return Finding.ok(
                    DoctorCheck.CONSUL_WAIT,
                    where,
                    isChanged ? "responds when something changes" : "holds queries until something changes");
        } catch (IOException failed) {
            return cut(String.valueOf(failed.getMessage()));
        }
    }

    private Finding noIndex(@Nullable String index) {
        return Finding.error(
                DoctorCheck.CONSUL_WAIT,
                consul.address().url(),
                index == null ? "responds without X-Consul-Index" : "responds with an X-Consul-Index that is no number",
                "without it changes cannot be waited for, and such a response is not used",
                "speak to the agent itself; a proxy in between drops its header fields");
    }

    private Finding cut(String why) {
        return Finding.error(
                DoctorCheck.CONSUL_WAIT,
                consul.address().url(),
                "a query that waits for a change is cut off: " + why,
                "changes are seen late, and the log is full of lost connections",
                "speak to the agent itself, or have the proxy in between allow silent requests of 6 s and more");
    }
}
