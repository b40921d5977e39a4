package dev.gatlingllm.gatling;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChartNamesTest {

  @TempDir Path folder;

  @Test
  void escapesWhatCouldEndAStringOfScript() {
    assertThat(ChartNames.escaped("</script>\\\n\u2028 caf\u00e9"))
        .isEqualTo("\\u003c/script>\\u005c\\u000a\\u2028 caf\u00e9");
  }

  @Test
  void escapesANameThatIsPartOfAnother() throws IOException {
    String menu =
        "<span class=\"nav-label ellipsed-name\">&lt;b</span>"
            + "<span class=\"nav-label ellipsed-name\">\\', '&lt;b</span>";

    assertThat(ChartNames.escape(menu + "categories: ['<b', '\\&#39;, &#39;<b'],", folder))
        .isEqualTo(menu + "categories: ['\\u003cb', '\\u005c&#39;, &#39;\\u003cb'],");
  }
}
