package dev.gatlingllm.report;

import dev.gatlingllm.report.assertion.TestCase;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;

/** Writes the assertions of a run as JUnit's XML, which CI servers show: each is a test case. */
public final class JUnitFile {

  public static final String FILE_NAME = "assertions.xml";

  private static final String SUITE = "gatling assertions";

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
      xml.writeAttribute("failures", count(tests, TestCase::failure));
      xml.writeAttribute("errors", "0");
      xml.writeAttribute("skipped", count(tests, TestCase::skipped));
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
    write("failure", test.failure(), xml);
    write("skipped", test.skipped(), xml);
    xml.writeEndElement();
  }

  private static void write(String outcome, @Nullable String message, XMLStreamWriter xml)
      throws XMLStreamException {
    if (message != null) {
      xml.writeStartElement(outcome);
      xml.writeAttribute("message", plain(message));
      xml.writeEndElement();
    }
  }

  private static String count(List<TestCase> tests, Function<TestCase, @Nullable String> outcome) {
    return Long.toString(tests.stream().filter(test -> outcome.apply(test) != null).count());
  }

  /** XML excludes most control characters, and request names may contain them. */
  private static String plain(String words) {
    return words.replaceAll("[^\\x{20}-\\x{D7FF}\\x{E000}-\\x{FFFD}\\x{10000}-\\x{10FFFF}]", " ");
  }
}
