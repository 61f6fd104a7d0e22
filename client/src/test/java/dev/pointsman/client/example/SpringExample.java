package dev.pointsman.client.example;

import dev.pointsman.client.ClientOptions;
import dev.pointsman.client.ServiceClient;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;

/** What a program with Spring writes; docs/spring.md shows it from the first annotation on. */
@Configuration(proxyBeanMethods = false)
class SpringExample {
    @Bean
    ClientOptions clientOptions() {
        return ClientOptions.defaults(); // Consul where CONSUL_HTTP_ADDR says, or on this machine
    }

    @Bean(destroyMethod = "close")
    ServiceClient services(ClientOptions options) {
        return ServiceClient.create(options);
    }

    @Bean
    RestClient apiClient(ServiceClient services) {
        JdkClientHttpRequestFactory requests = new JdkClientHttpRequestFactory(services.javaClient());
        requests.setReadTimeout(Duration.ofSeconds(2)); // for a whole call, with all its attempts
        return RestClient.builder()
                .requestFactory(requests)
                .baseUrl("http://api-service.service.consul")
                .build();
    }

    @Bean
    Greetings greetings(RestClient apiClient) {
        return HttpServiceProxyFactory.builderFor(RestClientAdapter.create(apiClient))
                .build()
                .createClient(Greetings.class);
    }

    /** The service, as the program sees it. */
    interface Greetings {
        @GetExchange("/hello")
        String hello();
    }
}
