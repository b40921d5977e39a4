package dev.gatlingllm.report.assertion;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * The assertions of a run in the form of JUnit's XML reports, which CI servers show: each is a test
 * case, and one that does not hold has failed.
 */
public final class JUnitFile {

  public static final String FILE_NAME = "assertions.xml";

  private static final String SUITE = "gatling assertions";

  private JUnitFile() {}

  public static void write(List<Outcome> outcomes, Path folder) throws IOException {
    try (Writer file = Files.newBufferedWriter(folder.resolve(FILE_NAME), StandardCharsets.UTF_8)) {
      XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(file);
      xml.writeStartDocument("UTF-8", "1.0");
      xml.writeStartElement("testsuite");
      xml.writeAttribute("name", SUITE);
      xml.writeAttribute("tests", Integer.toString(outcomes.size()));
      xml.writeAttribute(
          "failures", Long.toString(outcomes.stream().filter(outcome -> !outcome.holds()).count()));
      xml.writeAttribute("errors", "0");
      for (Outcome outcome : outcomes) {
        write(outcome, xml);
      }
      xml.writeEndElement();
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException e) {
      throw new IOException(FILE_NAME + " cannot be written", e);
    }
  }

  private static void write(Outcome outcome, XMLStreamWriter xml) throws XMLStreamException {
    xml.writeStartElement("testcase");
    xml.writeAttribute("classname", SUITE);
    xml.writeAttribute("name", plain(outcome.assertion()));
    if (!outcome.holds()) {
      xml.writeStartElement("failure");
      xml.writeAttribute("message", plain(outcome.failure()));
      xml.writeEndElement();
    }
    xml.writeEndElement();
  }

  /** XML has no place for most control characters, and request names may hold them. */
  private static String plain(String words) {
    return words.replaceAll("[^\\x{20}-\\x{D7FF}\\x{E000}-\\x{FFFD}\\x{10000}-\\x{10FFFF}]", " ");
  }
}
