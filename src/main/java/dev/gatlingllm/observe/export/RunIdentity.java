package dev.gatlingllm.observe.export;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the metrics of a run have in common.
 *
 * @param run the run's id: the name of its folder
 * @param simulation Gatling's name of the simulation
 * @param version of this library
 * @param operation {@code chat} or {@code text_completion}, as the conventions for generative AI
 *     have it
 * @param provider whose API is asked, whatever serves it: {@code openai} or {@code anthropic}
 * @param model that is asked; several are separated by commas
 * @param address host of the server under test
 * @param port of the server under test
 */
public record RunIdentity(
    String run,
    String simulation,
    String version,
    String operation,
    String provider,
    Optional<String> model,
    Optional<String> address,
    int port) {

  /** Returns what describes the load generator. */
  Map<String, Object> resource() {
    Map<String, Object> resource = new LinkedHashMap<>();
    resource.put("service.name", "gatling-llm");
    resource.put("service.version", version);
    resource.put("service.instance.id", run);
    resource.put("gatling_llm.simulation", simulation);
    return resource;
  }

  /** Returns the attributes of every series that the conventions for generative AI ask for. */
  Map<String, Object> attributes() {
    Map<String, Object> attributes = new LinkedHashMap<>();
    attributes.put("gen_ai.operation.name", operation);
    attributes.put("gen_ai.provider.name", provider);
    model.ifPresent(name -> attributes.put("gen_ai.request.model", name));
    address.ifPresent(
        host -> {
          attributes.put("server.address", host);
          attributes.put("server.port", port);
        });
    return attributes;
  }
}
