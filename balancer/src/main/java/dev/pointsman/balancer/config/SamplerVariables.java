package dev.pointsman.balancer.config;

/** The variables by which OpenTelemetry says which traces are recorded. */
final class SamplerVariables {
    private static final String SAMPLER = "OTEL_TRACES_SAMPLER";
    private static final String ARGUMENT = "OTEL_TRACES_SAMPLER_ARG";

    private SamplerVariables() {}

    static TraceSampling read(TelemetryVariables variables) {
        String sampler = variables.text(SAMPLER, "parentbased_always_on");
        return switch (sampler) {
            case "always_on" -> new TraceSampling(false, 1);
            case "always_off" -> new TraceSampling(false, 0);
            case "traceidratio" -> new TraceSampling(false, variables.ratio(ARGUMENT, 1));
            case "parentbased_always_on" -> TraceSampling.DEFAULT;
            case "parentbased_always_off" -> new TraceSampling(true, 0);
            case "parentbased_traceidratio" -> new TraceSampling(true, variables.ratio(ARGUMENT, 1));
            default -> {
                variables.problem(SAMPLER, "always_on, always_off, traceidratio, or one of them after parentbased_");
                yield TraceSampling.DEFAULT;
            }
        };
    }
}
