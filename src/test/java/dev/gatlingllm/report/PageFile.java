package dev.gatlingllm.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A page as a file: its markup and the data that it draws. */
public final class PageFile {

  private PageFile() {}

  /** Returns the data in a page's markup. */
  public static JsonNode data(String page) throws IOException {
    JsonNode data = HtmlPage.dataIn(page);
    assertThat(data.isObject()).isTrue();
    return data;
  }

  /** Returns the data of a page, after checking that the file is well-formed and loads nothing. */
  public static JsonNode data(Path file) throws IOException {
    String page = Files.readString(file);
    assertThat(page).startsWith("<!doctype html>").doesNotContain("<img", "\u2028");
    assertThat(page.replaceFirst("id=\"llm-data\">.*?</script>", ""))
        .doesNotContain("src=", "@import", "url(", "<link");
    assertThat(page.split("<script")).hasSize(3);
    assertThat(page.split("</script")).hasSize(3);
    return data(page);
  }
}
