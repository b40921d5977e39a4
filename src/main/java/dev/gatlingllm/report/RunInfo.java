package dev.gatlingllm.report;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.List;

/**
 * What was run, against what. Whatever is not known is null.
 *
 * @param id name of the run's folder
 * @param simulation class name of the simulation
 * @param start when the run began
 * @param version version of this library
 * @param gatlingVersion version of Gatling
 * @param javaVersion version of the load generator's Java
 * @param seed seed of everything random
 * @param baseUrl root of the server under test; user name, password and query are cut off, so that
 *     no secret reaches a report
 * @param model model as requested
 * @param api {@code chat} or {@code completions}
 * @param tokenizer tokenizer as configured
 * @param remarks what a reader must know of how the figures came about, where they are not simply
 *     those of one run
 */
public record RunInfo(
    String id,
    String simulation,
    Instant start,
    String version,
    String gatlingVersion,
    String javaVersion,
    Long seed,
    String baseUrl,
    String model,
    String api,
    String tokenizer,
    List<Finding> remarks) {

  /** Cuts what may be secret off the base URL. */
  public RunInfo {
    remarks = List.copyOf(remarks);
    baseUrl = baseUrl == null ? null : withoutSecrets(baseUrl);
  }

  /** A run of one load generator, watched to its end. */
  public RunInfo(
      String id,
      String simulation,
      Instant start,
      String version,
      String gatlingVersion,
      String javaVersion,
      Long seed,
      String baseUrl,
      String model,
      String api,
      String tokenizer) {
    this(
        id,
        simulation,
        start,
        version,
        gatlingVersion,
        javaVersion,
        seed,
        baseUrl,
        model,
        api,
        tokenizer,
        List.of());
  }

  /** The same with other remarks. */
  public RunInfo remarked(List<Finding> others) {
    return new RunInfo(
        id,
        simulation,
        start,
        version,
        gatlingVersion,
        javaVersion,
        seed,
        baseUrl,
        model,
        api,
        tokenizer,
        others);
  }

  private static String withoutSecrets(String url) {
    try {
      URI uri = new URI(url);
      String authority = uri.getAuthority();
      String server =
          authority == null ? null : authority.substring(authority.lastIndexOf('@') + 1);
      return new URI(uri.getScheme(), server, uri.getPath(), null, null).toString();
    } catch (URISyntaxException notOne) {
      return null;
    }
  }
}
