package dev.pointsman.agent;

/** A whole service: on a free port, registered in Consul as "greeter" for as long as it runs. The README shows it. */
final class EmbeddingExample {
    private EmbeddingExample() {}

    public static void main(String[] args) {
        ServiceAgent agent = ServiceAgent.start(
                AgentOptions.of("greeter"), request -> request.response().end("hello"));
        System.out.println("greeting on " + agent.url());
    }
}
