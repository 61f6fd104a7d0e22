package dev.pointsman.pick;

import dev.pointsman.registry.Health;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.ServiceView;
import dev.pointsman.registry.Weights;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A service's instances as they are, and as their registry has them, which hears of things later. */
final class SimulatedService {
    enum State {
        WELL,
        CRASHED,
        HANGING
    }

    static final class Member {
        final String id;
        State state = State.WELL;
        Health health = Health.PASSING;
        int weight = 1;
        int started;

        private Member(String id) {
            this.id = id;
        }

        private Instance asListed() {
            String reason = health == Health.PASSING ? "" : "simulated";
            return new Instance(
                    new InstanceKey("n1", id),
                    "svc",
                    "127.0.0.1",
                    1 + Integer.parseInt(id.substring(1)) % 60_000,
                    List.of(),
                    Map.of("started", Integer.toString(started)),
                    new Weights(weight, 1),
                    health,
                    reason);
        }
    }

    private final SplittableRandom random;
    private final Map<String, Member> listed = new HashMap<>();
    private int born;

    SimulatedService(SplittableRandom random) {
        this.random = random;
    }

    int size() {
        return listed.size();
    }

    void join() {
        String id = "a" + born++;
        listed.put(id, new Member(id));
    }

    void leave(Member member) {
        listed.remove(member.id);
    }

    /** Null when it is not listed any more. */
    @Nullable
    Member get(InstanceKey key) {
        return listed.get(key.id());
    }

    boolean has(Member member) {
        return listed.get(member.id) == member;
    }

    List<Member> members() {
        List<Member> members = new ArrayList<>(listed.values());
        members.sort((one, other) -> one.id.compareTo(other.id));
        return members;
    }

    Member any() {
        List<Member> members = members();
        return members.get(random.nextInt(members.size()));
    }

    ServiceView view() {
        return new ServiceView("svc", members().stream().map(Member::asListed).toList());
    }
}
