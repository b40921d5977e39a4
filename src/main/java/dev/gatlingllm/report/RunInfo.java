package dev.gatlingllm.report;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * What was run, against what. Unknown values are null. Immutable.
 *
 * @param id name of the run's folder
 * @param simulation class name of the simulation
 * @param start when the run began
 * @param versions of the software
 * @param seed seed of everything random
 * @param target the server under test and what was asked of it
 * @param remarks findings that belong to the run itself, such as how it was recovered or merged
 */
public record RunInfo(
    String id,
    String simulation,
    Instant start,
    Versions versions,
    Long seed,
    Target target,
    List<Finding> remarks) {

  /** Takes a copy; refuses null for versions, target and remarks. */
  public RunInfo {
    Objects.requireNonNull(versions, "versions");
    Objects.requireNonNull(target, "target");
    remarks = List.copyOf(remarks);
  }

  /**
   * Versions of this library, of Gatling and of the load generator's Java.
   *
   * @param gatlingLlm version of this library
   */
  public record Versions(String gatlingLlm, String gatling, String java) {}

  /**
   * The server under test and what was asked of it.
   *
   * @param baseUrl root of the server; without user name, password and query, so that no secret
   *     reaches a report
   * @param model model as requested
   * @param api {@code chat} or {@code completions}
   * @param tokenizer tokenizer as configured
   */
  public record Target(String baseUrl, String model, String api, String tokenizer) {

    /** Removes what may be secret from the base URL. */
    public Target {
      baseUrl = baseUrl == null ? null : withoutSecrets(baseUrl);
    }
  }

  /** Returns a copy with other remarks. */
  public RunInfo withRemarks(List<Finding> others) {
    return new RunInfo(id, simulation, start, versions, seed, target, others);
  }

  private static String withoutSecrets(String url) {
    try {
      URI uri = new URI(url);
      String authority = uri.getAuthority();
      String server =
          authority == null ? null : authority.substring(authority.lastIndexOf('@') + 1);
      return new URI(uri.getScheme(), server, uri.getPath(), null, null).toString();
    } catch (URISyntaxException invalid) {
      return null;
    }
  }
}
