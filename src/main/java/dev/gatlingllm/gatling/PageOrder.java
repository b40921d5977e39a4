package dev.gatlingllm.gatling;

import io.gatling.charts.report.GroupContainer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Which request's page Gatling draws next. Gatling does not tell a component what page it is for,
 * but shows the tree of requests to the polar chart of the index page, the first page drawn, and
 * then walks that tree: the requests of a group, then its groups. The page checks the name again
 * against its own menu, and shows nothing where they differ.
 */
final class PageOrder {

  private final Queue<String> requests = new ArrayDeque<>();
  private final Map<String, Integer> pages = new HashMap<>();

  void forget() {
    requests.clear();
    pages.clear();
  }

  void learn(GroupContainer group) {
    for (String name : CollectionConverters.asJava(group.requests()).keySet()) {
      requests.add(name);
      pages.merge(name, 1, Integer::sum);
    }
    CollectionConverters.asJava(group.groups()).values().forEach(this::learn);
  }

  Optional<String> nextRequest() {
    return Optional.ofNullable(requests.poll());
  }

  /** How many pages a request name has: one for each group of Gatling's that it occurs in. */
  int pagesOf(String request) {
    return pages.getOrDefault(request, 0);
  }
}
