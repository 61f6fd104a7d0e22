package dev.pointsman.system;

import static dev.pointsman.system.Cluster.API;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.client.CallTimeouts;
import dev.pointsman.client.ServiceAddress;
import dev.pointsman.client.ServiceClient;
import dev.pointsman.pool.Availability;
import dev.pointsman.system.ClientLoad.CallKind;
import dev.pointsman.testkit.ConsulExtension;
import dev.pointsman.testkit.NeedsConsul;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Instances that die or hang without a word while callers without a balancer in between go on. */
@NeedsConsul
class CallersOfFailingInstancesIT {
    @RegisterExtension
    static final ConsulExtension consul = new ConsulExtension();

    @RegisterExtension
    final Cluster cluster = new Cluster(consul);

    @Test
    void a_killed_instance_costs_no_call_but_posts_that_it_had_received_and_not_responded_to() {
        List<ServiceProcess> services = cluster.services(3, API);
        ServiceProcess killed = services.get(0);
        ServiceClient client = cluster.serviceClient(options -> options);
        ClientLoad load = cluster.load(client);
        load.responders().awaitResponsesFromEach(services.toArray(ServiceProcess[]::new));

        killed.signal("KILL");
        killed.awaitExit();

        load.responders().awaitResponsesOnlyFrom(services.get(1), services.get(2));
        load.endsWithNothingInFlight();
        assertThat(load.failures(CallKind.GET)).isEmpty();
        assertThat(load.failures(CallKind.KEYED_POST)).isEmpty();
        assertThat(load.failures(CallKind.POST))
                .hasSizeLessThanOrEqualTo(ClientLoad.callersOf(CallKind.POST))
                .allSatisfy(failure -> assertThat(failure.sentence()).contains("before it responded"));
    }

    @Test
    void all_instances_killed_and_others_started_leave_nothing_of_the_old_ones() {
        List<ServiceProcess> before = cluster.services(2, API);
        ServiceClient client = cluster.serviceClient(options -> options);
        ClientLoad load = cluster.load(client);
        load.responders().awaitResponsesFromEach(before.toArray(ServiceProcess[]::new));
        List<ServiceProcess> after = cluster.services(2, API);
        load.responders().awaitResponsesFromEach(after.toArray(ServiceProcess[]::new));

        before.forEach(service -> service.signal("KILL"));

        load.responders().awaitResponsesOnlyFrom(after.toArray(ServiceProcess[]::new));
        load.endsWithNothingInFlight();
        assertThat(load.failures(CallKind.GET)).isEmpty();
        assertThat(load.failures(CallKind.KEYED_POST)).isEmpty();
        // They are killed one after the other: whoever lost a call to the first may have been at the second by then.
        assertThat(load.failures(CallKind.POST))
                .doesNotHaveDuplicates()
                .allSatisfy(failure -> assertThat(failure.sentence()).contains("before it responded"));
    }

    @Test
    void a_stopped_instance_holds_few_posts_which_complete_when_it_continues_and_no_call_fails() {
        List<ServiceProcess> services = cluster.services(3, API);
        ServiceProcess stopped = services.get(0);
        ServiceClient client = cluster.serviceClient(options -> options.withTimeouts(
                CallTimeouts.DEFAULT.withAttempt(Duration.ofMillis(300)).withResponse(Duration.ofMinutes(4))));
        ClientLoad load = cluster.load(client);
        load.responders().awaitResponsesFromEach(services.toArray(ServiceProcess[]::new));

        stopped.signal("STOP");

        load.responders().awaitResponsesOnlyFrom(services.get(1), services.get(2));
        // GETs have gone on to other instances. What it holds are POSTs: those that it had at that moment, or two by
        // which it was
        // found out.
        assertHolds(load, stopped);
        awaitAvailability(client, stopped, Availability.CRITICAL);
        load.responders().awaitResponsesOnlyFrom(services.get(1), services.get(2));
        assertHolds(load, stopped);

        stopped.signal("CONT");

        load.responders().awaitResponsesFromEach(services.toArray(ServiceProcess[]::new));
        awaitAvailability(client, stopped, Availability.READY);
        load.responders().awaitResponsesOnlyFrom(services.toArray(ServiceProcess[]::new));
        load.endsWithoutFailure();
    }

    private static void assertHolds(ClientLoad load, ServiceProcess stopped) {
        Soon.holds("few requests that hang", () -> assertThat(load.inFlight(stopped))
                .isLessThanOrEqualTo(ClientLoad.callersOf(CallKind.POST)));
    }

    private static void awaitAvailability(ServiceClient client, ServiceProcess of, Availability expected) {
        Soon.isTrue(of + " to be " + expected, () -> client.instances(ServiceAddress.of(API)).upstreams().stream()
                .anyMatch(upstream -> upstream.key().id().equals(of.id()) && upstream.availability() == expected));
    }
}
