package dev.gatlingllm.report.assertion;

import dev.gatlingllm.report.AtomicFile;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;

/** Writes the assertions of a run as JUnit's XML, which CI servers show: each is a test case. */
public final class JUnitFile {

  public static final String FILE_NAME = "assertions.xml";

  private static final String SUITE = "gatling assertions";

  /**
   * One assertion.
   *
   * @param name the assertion in words
   * @param failure what was found instead; null if the assertion holds
   */
  public record TestCase(String name, @Nullable String failure) {}

  private JUnitFile() {}

  /** Writes the file, replacing an earlier one atomically. */
  public static void write(List<TestCase> tests, Path folder) throws IOException {
    StringWriter file = new StringWriter();
    try {
      XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(file);
      xml.writeStartDocument("UTF-8", "1.0");
      xml.writeStartElement("testsuite");
      xml.writeAttribute("name", SUITE);
      xml.writeAttribute("tests", Integer.toString(tests.size()));
      xml.writeAttribute(
          "failures", Long.toString(tests.stream().filter(test -> test.failure() != null).count()));
      xml.writeAttribute("errors", "0");
      for (TestCase test : tests) {
        write(test, xml);
      }
      xml.writeEndElement();
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException e) {
      throw new IOException(FILE_NAME + " cannot be written", e);
    }
    AtomicFile.write(folder.resolve(FILE_NAME), file.toString());
  }

  private static void write(TestCase test, XMLStreamWriter xml) throws XMLStreamException {
    xml.writeStartElement("testcase");
    xml.writeAttribute("classname", SUITE);
    xml.writeAttribute("name", plain(test.name()));
    if (test.failure() != null) {
      xml.writeStartElement("failure");
      xml.writeAttribute("message", plain(test.failure()));
      xml.writeEndElement();
    }
    xml.writeEndElement();
  }

  /** XML excludes most control characters, and request names may contain them. */
  private static String plain(String words) {
    return words.replaceAll("[^\\x{20}-\\x{D7FF}\\x{E000}-\\x{FFFD}\\x{10000}-\\x{10FFFF}]", " ");
  }
}
