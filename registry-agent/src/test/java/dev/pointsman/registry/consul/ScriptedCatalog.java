package dev.pointsman.registry.consul;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Services with instances and checks as a Consul has them, told to a {@link ScriptedConsul} list by list: each change has
 * one index, and touches the lists that it touches in Consul.
 */
final class ScriptedCatalog {
    static final String CATALOG = "/v1/catalog/services";
    static final String CHECKS = "/v1/health/state/any";
    static final String CRITICAL = "/v1/health/state/critical";
    static final String WARNING = "/v1/health/state/warning";

    /** Where nothing answers. */
    private static final String NOWHERE = "10.0.0.1";

    private record Member(String service, String id, String node, boolean checked, String address, int port) {
        String entry(String status, String meta) {
            String checks = checked
                    ? "{'CheckID':'c-%s','Name':'http','Status':'%s','ServiceName':'%s'}".formatted(id, status, service)
                    : "";
            return ("{'Node':{'Node':'%s','Address':'127.0.0.1'},'Service':{'ID':'%s','Service':'%s','Tags':[],"
                            + "'Meta':{'m':'%s'},'Address':'%s','Port':%d},'Checks':[%s]}")
                    .formatted(node, id, service, meta, address, port, checks);
        }
    }

    private final ScriptedConsul consul;
    private final Map<String, List<Member>> services = new LinkedHashMap<>();
    private final Map<String, String> statuses = new LinkedHashMap<>();
    private final Map<String, String> metas = new LinkedHashMap<>();
    private final Map<String, Long> checkIndexes = new LinkedHashMap<>();
    private final Map<String, Long> nodeIndexes = new LinkedHashMap<>();
    private long index = 100;
    private int answering;
    private String output = "HTTP GET: 200 OK";
    private final Map<String, Integer> places = new LinkedHashMap<>();
    private final Map<String, String> nodeStatuses = new LinkedHashMap<>();
    private final Map<String, String> told = new LinkedHashMap<>();
    private boolean shortListsLate;

    ScriptedCatalog(ScriptedConsul consul) {
        this.consul = consul;
    }

    /** What every check says of itself from now on. */
    void outputs(String text) {
        output = text;
    }

    /** Has all further instances at this port, each at an address of loopback's (127.0.0.0/8) for itself. */
    void answerAt(int port) {
        answering = port;
    }

    /** Services {@code s0} and on, each with so many instances {@code s0-0} and on, spread over ten nodes. */
    void fill(int number, int instances) {
        for (int n = 0; n < number; n++) {
            String service = "s" + n;
            services.put(service, new ArrayList<>());
            int first = n;
            IntStream.range(0, instances).forEach(i -> put(service, service + "-" + i, "n" + (first + i) % 10, true));
            tellService(service);
        }
        tellCatalog();
        tellChecks();
    }

    private void put(String service, String id, String node, boolean checked) {
        Member member = answering == 0
                ? new Member(service, id, node, checked, NOWHERE, 1 + Math.floorMod(id.hashCode(), 65_535))
                : new Member(
                        service,
                        id,
                        node,
                        checked,
                        "127.0.1." + places.computeIfAbsent(id, none -> places.size() + 1),
                        answering);
        services.computeIfAbsent(service, none -> new ArrayList<>()).add(member);
        nodeIndexes.putIfAbsent(node, index);
        if (checked) {
            checkIndexes.put(id, index);
        }
    }

    void register(String service, String id, boolean checked) {
        index++;
        put(service, id, "n1", checked);
        tellService(service);
        if (checked) {
            tellChecks();
        }
        tellCatalog();
    }

    void deregister(String service, String id) {
        index++;
        services.getOrDefault(service, List.of()).removeIf(member -> member.id.equals(id));
        boolean checked = checkIndexes.remove(id) != null;
        tellService(service);
        tellCatalog();
        if (checked) {
            tellChecks();
        }
    }

    void status(String service, String id, String status) {
        index++;
        statuses.put(id, status);
        checkIndexes.put(id, index);
        tellService(service);
        tellChecks();
    }

    /** Something about an instance that no check tells of, though Consul raises the index of their list. */
    void meta(String service, String id, String meta) {
        index++;
        metas.put(id, meta);
        tellService(service);
        tellCatalog();
        tellChecks();
    }

    /**
     * What happens meanwhile is missed by who waits for the short lists: woken by the first of it, Consul reads them when all of
     * it has happened.
     */
    void whileShortListsAreLate(Runnable changes) {
        shortListsLate = true;
        changes.run();
        shortListsLate = false;
        told.clear();
        tellChecks();
    }

    /** A node's own check turns critical; the services on the node have a new index each, and (here) nothing else that is new. */
    void nodeFailed(String node) {
        index++;
        nodeStatuses.put(node, "critical");
        nodeIndexes.put(node, index);
        services.forEach((service, members) -> {
            if (members.stream().anyMatch(member -> member.node.equals(node))) {
                tellService(service);
            }
        });
        tellChecks();
    }

    /** Everything is gone, and the index is another one. */
    void forgetEverything(long newIndex) {
        index = newIndex;
        services.values().forEach(List::clear);
        checkIndexes.clear();
        services.keySet().forEach(this::tellService);
        tellCatalog();
        tellChecks();
    }

    private void tellService(String service) {
        consul.listService(
                service,
                index,
                services.getOrDefault(service, List.of()).stream()
                        .map(member -> member.entry(
                                statuses.getOrDefault(member.id, "passing"), metas.getOrDefault(member.id, "")))
                        .toArray(String[]::new));
    }

    private void tellCatalog() {
        consul.list(
                CATALOG,
                index,
                services.entrySet().stream()
                        .filter(service -> !service.getValue().isEmpty())
                        .map(service -> "'" + service.getKey() + "':[]")
                        .collect(Collectors.joining(",", "{", "}")));
    }

    private void tellChecks() {
        List<String> checks = new ArrayList<>();
        nodeIndexes.forEach((node, at) ->
                checks.add(check(node, "serfHealth", "", nodeStatuses.getOrDefault(node, "passing"), at)));
        services.values().forEach(members -> members.stream()
                .filter(Member::checked)
                .forEach(member -> checks.add(check(
                        member.node,
                        "c-" + member.id,
                        member.service,
                        statuses.getOrDefault(member.id, "passing"),
                        checkIndexes.getOrDefault(member.id, index)))));
        consul.list(CHECKS, index, "[" + String.join(",", checks) + "]");
        tellChecksIn(CRITICAL, "critical", checks);
        tellChecksIn(WARNING, "warning", checks);
    }

    /** Consul wakes who waits for checks in one state where one came to it, changed in it or left it, and for nothing else. */
    private void tellChecksIn(String path, String status, List<String> checks) {
        String those = checks.stream()
                .filter(check -> check.contains("'Status':'" + status + "'"))
                .collect(Collectors.joining(",", "[", "]"));
        if (!shortListsLate && !those.equals(told.put(path, those))) {
            consul.list(path, index, those);
        }
    }

    private String check(String node, String id, String service, String status, long at) {
        return ("{'Node':'%s','CheckID':'%s','Name':'http','Status':'%s','Notes':'','Output':'%s',"
                        + "'ServiceName':'%s','ServiceTags':['x'],'Definition':{'a':{'b':[1]}},'CreateIndex':7,'ModifyIndex':%d}")
                .formatted(node, id, status, output, service, at);
    }
}
