package dev.gatlingllm.gatling;

import io.gatling.charts.report.GroupContainer;
import io.gatling.charts.report.RequestContainer;
import scala.collection.mutable.LinkedHashMap;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Request names as they may stand in a string of JavaScript. Gatling's polar chart puts names into
 * its script as they are, apostrophes aside, so that a name made of a server's words could end the
 * script and open one of its own.
 */
final class ScriptSafeNames {

  private ScriptSafeNames() {}

  /** The same tree of requests, under names that cannot leave their string. */
  static GroupContainer in(GroupContainer group) {
    LinkedHashMap<String, RequestContainer> requests = new LinkedHashMap<>();
    CollectionConverters.asJava(group.requests())
        .forEach(
            (name, request) ->
                requests.put(
                    name,
                    new RequestContainer(
                        escaped(name), request.group(), request.id(), request.stats())));
    LinkedHashMap<String, GroupContainer> groups = new LinkedHashMap<>();
    CollectionConverters.asJava(group.groups())
        .forEach((name, child) -> groups.put(name, in(child)));
    return new GroupContainer(group.group(), group.id(), group.stats(), requests, groups);
  }

  static String escaped(String name) {
    StringBuilder escaped = new StringBuilder();
    for (char character : name.toCharArray()) {
      boolean safe =
          character >= ' '
              && character != '<'
              && character != '\\'
              && character != '\u2028'
              && character != '\u2029';
      escaped.append(safe ? character : String.format("\\u%04x", (int) character));
    }
    return escaped.toString();
  }
}
