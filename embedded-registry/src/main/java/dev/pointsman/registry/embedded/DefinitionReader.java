package dev.pointsman.registry.embedded;

import dev.pointsman.registry.Weights;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The reader of registrations: services and checks from JSON, with what is wrong in them refused in Consul's words. */
final class DefinitionReader {
    private static final String BAD_STATUS = "Status for checks must 'passing', 'warning', 'critical'";

    private static final int MAX_META_PAIRS = 64;
    private static final int MAX_META_KEY = 128;
    private static final int MAX_META_VALUE = 512;
    private static final Pattern META_KEY = Pattern.compile("[a-zA-Z0-9_-]+");
    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    private DefinitionReader() {}

    /**
     * A registration with the agent.
     *
     * @param service its facts, both indexes 0
     * @param checks its checks in the order given, {@code Check} before {@code Checks}
     */
    record ServiceDefinition(Service service, List<CheckDefinition> checks) {}

    static ServiceDefinition serviceDefinition(LenientJson fields) {
        List<CheckDefinition> checks = new ArrayList<>();
        LenientJson single = fields.fields("Check");
        List<LenientJson> given = new ArrayList<>(single.isEmpty() ? List.of() : List.of(single));
        given.addAll(fields.list("Checks"));
        Service service = service(fields);
        given.forEach(one -> checks.add(check(one)));
        return new ServiceDefinition(service, checks);
    }

    private static Service service(LenientJson fields) {
        String name = fields.string("Name");
        if (name.isEmpty()) {
            throw ApiException.badRequest("Missing service name");
        }
        String address = fields.string("Address");
        if (address.equals("0.0.0.0") || address.equals("::") || address.equals("[::]")) {
            throw ApiException.badRequest("Invalid service address");
        }
        int port = fields.integer("Port", 0);
        if (port < 0 || port > 65535) {
            // Consul takes them, and the clients that read the catalog then trip over them.
            throw ApiException.badRequest("Invalid service port: " + port + " (expected: 0 to 65535)");
        }
        Map<String, String> meta = fields.stringMap("Meta");
        checkMeta(meta);
        String id = fields.string("ID");
        return new Service(
                id.isEmpty() ? name : id,
                name,
                fields.strings("Tags"),
                address,
                port,
                meta,
                taggedAddresses(fields, address, port),
                weights(fields),
                fields.bool("EnableTagOverride"),
                fields.fields("Connect").bool("Native"),
                0,
                0);
    }

    /** A literal address also stands under its family's labels, as in Consul. */
    private static Map<String, Service.TaggedAddress> taggedAddresses(LenientJson fields, String address, int port) {
        Map<String, Service.TaggedAddress> tagged = new LinkedHashMap<>();
        fields.fieldsMap("TaggedAddresses")
                .forEach((label, given) -> tagged.put(
                        label, new Service.TaggedAddress(given.string("Address"), given.integer("Port", 0))));
        String family =
                address.indexOf(':') >= 0 ? "ipv6" : IPV4.matcher(address).matches() ? "ipv4" : "";
        if (!family.isEmpty()) {
            tagged.putIfAbsent("lan_" + family, new Service.TaggedAddress(address, port));
            tagged.putIfAbsent("wan_" + family, new Service.TaggedAddress(address, port));
        }
        return tagged;
    }

    private static Weights weights(LenientJson fields) {
        if (!fields.has("Weights")) {
            return Weights.DEFAULT;
        }
        LenientJson given = fields.fields("Weights");
        int passing = given.integer("Passing", 0);
        int warning = given.integer("Warning", 0);
        if (passing < 1) {
            throw ApiException.badRequest("Invalid Weights: Passing must be greater than 0");
        }
        if (warning < 0) {
            throw ApiException.badRequest("Invalid Weights: Warning must be greater or equal than 0");
        }
        if (passing > 65535 || warning > 65535) {
            throw ApiException.badRequest("Invalid Weights: DNS Weight must be between 0 and 65535");
        }
        return new Weights(passing, warning);
    }

    private static void checkMeta(Map<String, String> meta) {
        if (meta.size() > MAX_META_PAIRS) {
            throw badMeta("Node metadata cannot contain more than 64 key/value pairs");
        }
        meta.forEach((key, value) -> {
            String pair = "Couldn't load metadata pair ('" + key + "', '" + value + "'): ";
            if (key.isEmpty()) {
                throw badMeta(pair + "Key cannot be blank");
            }
            if (!META_KEY.matcher(key).matches()) {
                throw badMeta(pair + "Key contains invalid characters");
            }
            if (key.length() > MAX_META_KEY) {
                throw badMeta(pair + "Key is too long (limit: 128 characters)");
            }
            if (value.length() > MAX_META_VALUE) {
                throw badMeta(pair + "Value is too long (limit: 512 characters)");
            }
        });
    }

    private static ApiException badMeta(String why) {
        return ApiException.badRequest("Invalid Service Meta: " + why);
    }

    /** A check, of a service's registration or on its own; without a name and an id unless it was given them. */
    static CheckDefinition check(LenientJson fields) {
        if (!fields.strings("Args").isEmpty() || !fields.strings("ScriptArgs").isEmpty()) {
            throw ApiException.of(
                    500,
                    "Scripts are disabled on this agent from remote calls; to enable, configure 'enable_script_checks'"
                            + " to true");
        }
        Duration interval = fields.duration("Interval");
        Duration ttl = fields.duration("TTL");
        Duration timeout = fields.duration("Timeout");
        CheckDefinition.CheckKind kind = kind(fields, interval, ttl);
        String given = fields.string("CheckID");
        String id = given.isEmpty() ? fields.string("ID") : given;
        if (id.equals(Catalog.SERF_HEALTH)) {
            throw ApiException.badRequest("Invalid check ID: \"serfHealth\" is the registry's own");
        }
        String method = fields.string("Method");
        return new CheckDefinition(
                id,
                fields.string("Name"),
                fields.string("Notes"),
                fields.string("ServiceID"),
                status(fields.string("Status")),
                kind,
                kind == CheckDefinition.CheckKind.HTTP ? fields.string("HTTP") : fields.string("TCP"),
                method.isEmpty() ? "GET" : method,
                fields.stringsMap("Header"),
                fields.string("Body"),
                fields.bool("TLSSkipVerify"),
                interval,
                timeout.isZero() || timeout.isNegative() ? DEFAULT_TIMEOUT : timeout,
                ttl,
                fields.duration("DeregisterCriticalServiceAfter"),
                fields.integer("FailuresBeforeCritical", 0),
                fields.integer("SuccessBeforePassing", 0));
    }

    private static CheckDefinition.CheckKind kind(LenientJson fields, Duration interval, Duration ttl) {
        boolean beats = ttl.compareTo(Duration.ZERO) > 0;
        boolean repeats = interval.compareTo(Duration.ZERO) > 0;
        CheckDefinition.CheckKind kind = kind(fields);
        if (repeats && beats) {
            throw badCheck("Interval and TTL cannot both be specified");
        }
        if (kind == CheckDefinition.CheckKind.TTL && !beats) {
            throw badCheck("TTL must be > 0 for TTL checks");
        }
        if (kind != CheckDefinition.CheckKind.TTL && kind != CheckDefinition.CheckKind.ALIAS && !repeats) {
            throw badCheck("Interval must be > 0 for Script, HTTP, or TCP checks");
        }
        return kind;
    }

    private static CheckDefinition.CheckKind kind(LenientJson fields) {
        if (!fields.string("HTTP").isEmpty()) {
            return CheckDefinition.CheckKind.HTTP;
        }
        if (!fields.string("TCP").isEmpty()) {
            return CheckDefinition.CheckKind.TCP;
        }
        if (!fields.string("GRPC").isEmpty()) {
            return CheckDefinition.CheckKind.GRPC;
        }
        boolean alias = !fields.string("AliasService").isEmpty()
                || !fields.string("AliasNode").isEmpty();
        return alias ? CheckDefinition.CheckKind.ALIAS : CheckDefinition.CheckKind.TTL;
    }

    private static ApiException badCheck(String why) {
        return ApiException.badRequest("Invalid check: " + why);
    }

    private static @Nullable CheckStatus status(String given) {
        CheckStatus status = CheckStatus.of(given);
        if (status == null && !given.isEmpty()) {
            throw ApiException.badRequest(BAD_STATUS);
        }
        return status;
    }
}
